"""Every refusal is a problem document with a sentence and a stable code."""

import pytest
from django.http import Http404
from rest_framework import exceptions

from web import problems
from web.handling import handle
from web.problems import Away, Invalid, Refused, answer


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused("Not now.", code="in_use"), 409, "in_use"),
        (Invalid("Too small.", field="trees"), 422, "invalid"),
        (Http404(), 404, "not_found"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.ParseError("The body is not JSON."), 400, "parse_error"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/xml"), 415, "unsupported_media_type"),
        (exceptions.ValidationError({"name": ["This field is required."]}), 422, "invalid"),
    ],
)
def test_what_is_expected_becomes_a_document(error: Exception, status: int, code: str) -> None:
    response = handle(error, {})
    assert response is not None
    assert (response.status_code, response.data["code"]) == (status, code)
    assert response.data["detail"]
    assert set(response.data) == {"type", "title", "status", "detail", "code", "errors"}


def test_what_is_not_expected_is_left_to_break_loudly() -> None:
    assert handle(ZeroDivisionError(), {}) is None


def test_a_nested_error_says_where() -> None:
    response = handle(exceptions.ValidationError({"split": {"test_size": ["Too large."]}}), {})
    assert response is not None
    assert response.data["errors"] == [{"field": "split.test_size", "message": "Too large."}]


def test_what_is_away_says_when_to_come_back() -> None:
    response = answer(Away("The workers are not running."))
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response["Content-Type"] == problems.MEDIA_TYPE

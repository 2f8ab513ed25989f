"""Every refusal is a problem document with a sentence and a stable code."""

import pytest
from django.http import Http404
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rest_framework import exceptions

from web import problems
from web.handling import handle
from web.problems import Away, Invalid, Refused, answer


class Small(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    trees: int = Field(ge=1, le=10)


def spec_error(**values: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Small.model_validate(values)
    return caught.value


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


def test_a_bound_names_its_field() -> None:
    refused = Invalid.spec(spec_error(trees=11))
    assert refused.errors[0]["field"] == "trees"
    assert "10" in refused.detail


def test_an_unknown_setting_has_its_own_code() -> None:
    assert Invalid.spec(spec_error(trees=1, leaves=2)).code == "unknown_field"


def test_a_nested_error_says_where() -> None:
    response = handle(exceptions.ValidationError({"split": {"test_size": ["Too large."]}}), {})
    assert response is not None
    assert response.data["errors"] == [{"field": "split.test_size", "message": "Too large."}]


def test_what_is_away_says_when_to_come_back() -> None:
    response = answer(Away("The workers are not running."))
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response["Content-Type"] == problems.MEDIA_TYPE

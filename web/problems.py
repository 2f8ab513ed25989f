"""Every refusal, as the person reads it and as the API answers it (RFC 9457 problem details)."""

import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from pydantic import ValidationError as SpecError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

Errors = list[dict[str, str]]
MEDIA_TYPE = "application/problem+json"


class Refused(Exception):
    """An expected failure. Its text is a sentence for the person: what is wrong and what to do.

    `code` is stable and machine-readable, `status` the HTTP status, `field` the input it belongs to.
    """

    code: str = "refused"
    status: int = HTTPStatus.CONFLICT
    field: str = ""
    retry_after: ClassVar[int | None] = None

    def __init__(self, detail: str, *, code: str = "", field: str = "", status: int = 0) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.field = field or self.field
        self.status = status or self.status

    @property
    def errors(self) -> Errors:
        return [{"field": self.field, "message": self.detail}] if self.field else []


class Forbidden(Refused):
    """The role of the person is too weak."""

    code = "forbidden"
    status = HTTPStatus.FORBIDDEN


class Invalid(Refused):
    """What was sent cannot be used as it is."""

    code = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, detail: str, *, code: str = "", field: str = "", errors: Errors | None = None) -> None:
        super().__init__(detail, code=code, field=field)
        self._errors = errors

    @property
    def errors(self) -> Errors:
        return self._errors if self._errors is not None else super().errors

    @classmethod
    def spec(cls, error: SpecError) -> "Invalid":
        """The same refusal from a pydantic error: one line a field, code of the first."""
        errors = [_spec_line(line) for line in error.errors(include_url=False, include_input=False)]
        return cls(errors[0]["message"], code=_spec_code(error), errors=errors)


class Away(Refused):
    """A part of the house is down for a moment."""

    code = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after = 5


def _spec_line(line: Mapping[str, Any]) -> dict[str, str]:
    message = str(line["msg"]).removeprefix("Value error, ")
    return {"field": ".".join(str(part) for part in line["loc"]), "message": message}


def _spec_code(error: SpecError) -> str:
    kind = error.errors(include_url=False, include_input=False)[0]["type"]
    if kind == "extra_forbidden":
        return "unknown_field"
    if kind.startswith("union_tag"):
        return "unknown_estimator"
    return "invalid"


def document(status: int, detail: str, code: str, errors: Errors | None = None) -> dict[str, Any]:
    """The members of one problem document."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": errors or [],
    }


def answer(refused: Refused) -> JsonResponse:
    """The same for views that are not REST framework's."""
    body = document(refused.status, refused.detail, refused.code, refused.errors)
    response = JsonResponse(body, status=refused.status, content_type=MEDIA_TYPE)
    if refused.retry_after is not None:
        response["Retry-After"] = str(refused.retry_after)
    return response


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's exception handler: everything expected becomes a problem document."""
    refused = _refused(error)
    if refused is None:
        return None
    set_rollback()
    response = Response(document(refused.status, refused.detail, refused.code, refused.errors), refused.status)
    response.content_type = MEDIA_TYPE
    wait = getattr(error, "wait", None) or refused.retry_after
    if wait:
        response["Retry-After"] = str(math.ceil(wait))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response


def _refused(error: Exception) -> Refused | None:
    if isinstance(error, Refused):
        return error
    if isinstance(error, SpecError):
        return Invalid.spec(error)
    if isinstance(error, Http404 | exceptions.NotFound):
        return Refused("There is nothing here that you can see.", code="not_found", status=404)
    if isinstance(error, PermissionDenied):
        return Forbidden("You may not do this.")
    if isinstance(error, exceptions.ValidationError):
        errors = list(_lines(error.detail))
        return Invalid(errors[0]["message"] if errors else "This cannot be used.", errors=errors)
    if isinstance(error, exceptions.APIException):
        code = getattr(error.detail, "code", None) or error.default_code
        return Refused(str(error.detail), code=str(code), status=error.status_code)
    return None


def _lines(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _lines(value, ".".join(part for part in (field, name) if part))
    elif isinstance(detail, list | tuple):
        for value in detail:
            yield from _lines(value, field)
    else:
        yield {"field": field, "message": str(detail)}

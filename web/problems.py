"""Every refusal, as the person reads it and as the API answers it (RFC 9457 problem details)."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.http import JsonResponse

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


class Away(Refused):
    """A part of the house is down for a moment."""

    code = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after = 5


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

"""REST framework's refusals in the same form as ours."""

import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from web.problems import MEDIA_TYPE, Errors, Forbidden, Invalid, Refused, document

CHALLENGE = 'Bearer realm="api"'
"""What every 401 carries: how to say who one is."""

MISSING = ("required", "null", "blank")
"""REST framework's words for a field that says nothing."""


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's exception handler: everything expected becomes a problem document."""
    refused = _refused(error)
    if refused is None:
        return None
    set_rollback()
    response = Response(
        document(refused.status, refused.detail, refused.code, refused.errors), refused.status
    )
    response.content_type = MEDIA_TYPE
    wait = getattr(error, "wait", None) or refused.retry_after
    if wait:
        response["Retry-After"] = str(math.ceil(wait))
    if refused.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = CHALLENGE
    return response


def _refused(error: Exception) -> Refused | None:
    if isinstance(error, Refused):
        return error
    if isinstance(error, Http404 | exceptions.NotFound):
        return Refused("There is nothing here that you can see.", code="not_found", status=404)
    if isinstance(error, PermissionDenied):
        return Forbidden("You may not do this.")
    if isinstance(error, exceptions.ValidationError):
        return _invalid(list(_lines(error.detail)), error.get_codes())
    if isinstance(error, exceptions.APIException):
        code = getattr(error.detail, "code", None) or error.default_code
        return Refused(_sentence(error), code=str(code), status=error.status_code)
    return None


def _sentence(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.NotAuthenticated):
        return "Nobody is signed in. Send a token in the header: Authorization: Bearer mlt_…"
    if isinstance(error, exceptions.UnsupportedMediaType):
        return "A body of this type is not taken here. Send JSON with Content-Type: application/json."
    if isinstance(error, exceptions.NotAcceptable):
        return "Answers are JSON. Send Accept: application/json."
    if isinstance(error, exceptions.MethodNotAllowed):
        return "This address does not know this method. The header Allow names those that it knows."
    if str(error.detail).startswith("Multipart"):
        return "The form cannot be read. Send multipart/form-data with the boundary that it uses."
    return str(error.detail)


def _invalid(errors: Errors, codes: Any) -> Invalid:
    if not errors:
        return Invalid("This cannot be used.")
    first = errors[0]
    said = f"{first['field']}: {first['message']}" if first["field"] else first["message"]
    missing = next(_lines(codes))["message"].rstrip(".") in MISSING
    return Invalid(said, code="required" if missing else "", errors=errors)


def _lines(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _lines(value, ".".join(part for part in (field, name) if part))
    elif isinstance(detail, list | tuple):
        for value in detail:
            yield from _lines(value, field)
    else:
        yield {"field": field, "message": f"{str(detail).rstrip('.')}."}

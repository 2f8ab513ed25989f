"""REST framework's refusals in the same form as ours."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from web.problems import MEDIA_TYPE, Forbidden, Invalid, Refused, document


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
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response


def _refused(error: Exception) -> Refused | None:
    if isinstance(error, Refused):
        return error
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

"""The pages and problem documents for what no view answered."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mltrainer.away import away, is_away
from mltrainer.logs import request_number
from web.problems import Refused, answer

MINUTE = 60
"""Seconds over which allauth counts."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, 400, "bad_request", "This request cannot be understood.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, 403, "forbidden", "You may not do this.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, 404, "not_found", "There is nothing here that you can see.")


def broken(request: HttpRequest) -> HttpResponse:
    if is_away(sys.exc_info()[1]):
        return away(request)
    return _say(request, 500, "internal", "Something broke on the server. Nothing you saved is lost.")


def too_many(request: HttpRequest) -> HttpResponse:
    """One computer asked for too many forms within a minute."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(MINUTE)
    return response


def _say(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return answer(Refused(sentence, code=code, status=status))
    context = {"sentence": sentence, "status": status, "request_number": request_number()}
    return render(request, "error.html", context, status=status)

"""When the database is away: an honest 503 instead of a traceback."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from web import problems

SENTENCE = "The database does not answer right now. Nothing is lost; it is tried again in a few seconds."
Handler = Callable[[HttpRequest], HttpResponse]


class DatabaseAwayMiddleware:
    """Turns a lost database into 503 with Retry-After, for pages and API alike."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return away(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return away(request) if isinstance(exception, OperationalError | InterfaceError) else None


def away(request: HttpRequest) -> HttpResponse:
    refused = problems.Away(SENTENCE)
    if request.path.startswith("/api/"):
        return problems.answer(refused)
    response = render(request, "503.html", {"sentence": SENTENCE}, status=refused.status, using=None)
    response["Retry-After"] = str(refused.retry_after)
    return response

"""When the database or Redis is away: an honest 503 instead of a traceback."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSlow

from web import problems

SENTENCE = "The server cannot reach its database. Nothing is lost; it is tried again in a few seconds."
AWAY = (OperationalError, InterfaceError, RedisAway, RedisSlow)
Handler = Callable[[HttpRequest], HttpResponse]


class DatabaseAwayMiddleware:
    """Turns a lost database or Redis into 503 with Retry-After, for pages and API alike."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except AWAY:
            return away(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return away(request) if isinstance(exception, AWAY) else None


def away(request: HttpRequest) -> HttpResponse:
    refused = problems.Away(SENTENCE)
    if request.path.startswith("/api/"):
        return problems.answer(refused)
    response = render(request, "503.html", {"sentence": SENTENCE}, status=refused.status, using=None)
    response["Retry-After"] = str(refused.retry_after)
    return response

"""The database or Redis does not answer: what the person is told meanwhile."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSlow

from training import patience
from web import problems

SENTENCE = "The server cannot reach its database. Nothing is lost; it is tried again in a few seconds."


def is_away(error: BaseException | None) -> bool:
    """Whether it says that the database or Redis does not answer."""
    return patience.is_away(error) or isinstance(error, RedisAway | RedisSlow)


def away(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After: a problem document for programs, a page that tries again for people."""
    refused = problems.Away(SENTENCE)
    if request.path.startswith("/api/"):
        return problems.answer(refused)
    response = render(request, "503.html", {"sentence": SENTENCE}, status=refused.status, using=None)
    response["Retry-After"] = str(refused.retry_after)
    return response

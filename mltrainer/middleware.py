"""Every answer carries its number; when the database or Redis is away it is an honest 503, no traceback."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mltrainer.away import away, is_away
from mltrainer.logs import request_number

Handler = Callable[[HttpRequest], HttpResponse]


class RequestNumberMiddleware:
    """Sends the number under which the log has this request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["X-Request-ID"] = request_number()
        return response


class DatabaseAwayMiddleware:
    """Turns a database or Redis that is lost in a view into 503, for pages and API alike.

    What middleware below loses is turned by the handler of broken requests.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return away(request) if is_away(exception) else None

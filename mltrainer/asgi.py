"""One door for HTTP and WebSockets."""

import os

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mltrainer.settings")
django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - Django must be ready first

from accounts.sockets import who_is_there  # noqa: E402
from experiments.urls import sockets  # noqa: E402


class OneThread(ASGIHandler):
    """Django's own handler, with all middleware and the view in one thread.

    All of ours are synchronous. Left alone, a request goes back and forth between threads for each that may
    also be asynchronous, which takes longer than most of our pages.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: ASGIRequest) -> HttpResponseBase:  # type: ignore[override]
        answer: HttpResponseBase = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        return answer


application = ProtocolTypeRouter({"http": OneThread(), "websocket": who_is_there(URLRouter(sockets))})

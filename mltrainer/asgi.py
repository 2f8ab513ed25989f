"""One door for HTTP and WebSockets."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mltrainer.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - Django must be ready first

from accounts.sockets import who_is_there  # noqa: E402
from experiments.urls import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": http, "websocket": who_is_there(URLRouter(sockets))})

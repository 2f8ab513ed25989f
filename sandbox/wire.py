"""The talk between parent and zygote: JSON behind its length, with open files passed along."""

from __future__ import annotations

import json
import socket
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LENGTH = struct.Struct("!I")
LARGEST = 1 << 20
LONGEST_PATH = 100
"""Bytes of a socket's path; the systems allow 104 to 108."""


class Unreadable(Exception):
    """What came down the socket is no message."""


class PathTooLong(Exception):
    """The socket's path does not fit; the text says what to do."""


def check_path(path: Path) -> str:
    """The path as the kernel takes it, or PathTooLong."""
    if len(str(path).encode()) > LONGEST_PATH:
        raise PathTooLong(
            f"The socket's path is longer than {LONGEST_PATH} bytes. Choose a folder with a shorter path."
        )
    return str(path)


def connect(path: Path, timeout: float) -> socket.socket:
    """A connection to whoever listens at `path`; OSError when nobody does."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        connection.connect(check_path(path))
    except OSError:
        connection.close()
        raise
    return connection


def frame(message: dict[str, Any]) -> bytes:
    """The message as bytes behind its length; ValueError when it is too large or holds NaN."""
    body = json.dumps(message, allow_nan=False).encode()
    if len(body) > LARGEST:
        raise ValueError(f"A request of {len(body)} bytes is larger than {LARGEST}.")
    return LENGTH.pack(len(body)) + body


def send(connection: socket.socket, message: dict[str, Any], files: Sequence[int] = ()) -> None:
    """Send one message; the open files travel with its first bytes."""
    body = frame(message)
    sent = socket.send_fds(connection, [body], list(files)) if files else 0
    connection.sendall(body[sent:])


def unframe(buffer: bytearray) -> dict[str, Any] | None:
    """Take the first whole message off the buffer, or None while it is not all there."""
    if len(buffer) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack_from(buffer)
    if size > LARGEST:
        raise Unreadable(f"A message of {size} bytes is too large.")
    end = LENGTH.size + size
    if len(buffer) < end:
        return None
    body = bytes(buffer[LENGTH.size : end])
    del buffer[:end]
    return _object(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("A message is not JSON.") from error
    if not isinstance(message, dict):
        raise Unreadable("A message is not an object.")
    return message


def receive(connection: socket.socket, buffer: bytearray) -> dict[str, Any]:
    """Wait for the next message; OSError or Unreadable when it does not come."""
    while (message := unframe(buffer)) is None:
        data = connection.recv(65536)
        if not data:
            raise ConnectionResetError("The other side closed the connection.")
        buffer += data
    return message


def peer_uid(connection: socket.socket) -> int:
    """The user at the other end, as the kernel knows it."""
    if sys.platform == "darwin":
        # LOCAL_PEERCRED answers a struct xucred: version, then the user.
        _, uid = struct.unpack_from("=II", connection.getsockopt(0, 1, 76))
        return int(uid)
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", credentials)
    return int(uid)

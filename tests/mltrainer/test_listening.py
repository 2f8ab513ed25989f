"""Where the server listens, and the sentence when it cannot."""

import socket
from contextlib import closing

import pytest

from mltrainer.listening import CannotListenError, interfaces, site


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def test_localhost_is_this_machine_only(port: int) -> None:
    assert "127.0.0.1" in interfaces("localhost", port)
    assert set(interfaces("localhost", port)) <= {"127.0.0.1", "::1"}


def test_every_interface_can_be_asked_for(port: int) -> None:
    assert interfaces("0.0.0.0", port) == ["0.0.0.0"]  # noqa: S104


def test_a_port_in_use_is_refused_with_the_command_that_works(port: int) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(
            CannotListenError, match=rf"Port {port} is in use\. .*PORT={port + 1} \./script/server"
        ):
            interfaces("localhost", port)


def test_a_port_whose_last_user_has_just_left_is_free(port: int) -> None:
    with closing(socket.socket()) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", port))
        server.listen()
        with closing(socket.create_connection(("127.0.0.1", port))):
            server.accept()[0].close()  # this side closes first, so it stays in TIME_WAIT
    assert interfaces("127.0.0.1", port) == ["127.0.0.1"]


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1", "a..b"])
def test_a_host_that_is_not_ours_is_refused(host: str, port: int) -> None:
    with pytest.raises(CannotListenError, match="Try HOST=localhost"):
        interfaces(host, port)


def test_the_site_is_what_a_browser_here_can_open() -> None:
    assert site("localhost", 8000) == "http://localhost:8000/"
    assert site("0.0.0.0", 80) == "http://localhost:80/"  # noqa: S104
    assert site("::1", 8000) == "http://[::1]:8000/"

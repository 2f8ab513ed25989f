"""The web server's door: no large body, none of unknown length, and nothing that says what we run."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

REPOSITORY = Path(__file__).resolve().parents[2]
LARGEST = 1_000_000
ECHO = """
import sys
from mltrainer import web

async def echo(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": (await receive())["text"]})
        await send({"type": "websocket.close"})
        return
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    answer = f"{scope['root_path']}|{len(body)}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": answer})

web.serve(echo, ["127.0.0.1"], port=int(sys.argv[1]), largest=int(sys.argv[2]))
"""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with closing(socket.socket()) as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


class Site:
    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port = port
        self.process = process

    def memory(self) -> int:
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def ask(self, text: str) -> bytes:
        """Everything that comes back for these bytes, until the server closes."""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=10)) as client:
            client.sendall(text.encode())
            return b"".join(iter(lambda: client.recv(65536), b""))

    def post(self, body: bytes, **headers: str) -> http.client.HTTPResponse:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        client.request("POST", "/", body, headers)
        return client.getresponse()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", ECHO, str(port), str(LARGEST)], cwd=REPOSITORY)
    wait_for(port)
    yield Site(port, process)
    process.terminate()
    assert process.wait(timeout=10) == 0


def send_slowly(client: socket.socket, seconds: int) -> None:
    for _ in range(10 * seconds):
        client.sendall(b"x")
        time.sleep(0.1)


def problem_in(answer: bytes) -> dict[str, object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert b"Connection: close" in head
    found: dict[str, object] = json.loads(body)
    return found


def test_a_body_of_the_largest_size_passes(site: Site) -> None:
    assert site.post(b"x" * LARGEST).read() == f"|{LARGEST}".encode()


def test_a_request_without_a_body_passes(site: Site) -> None:
    assert b"|0" in site.ask("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")


def test_one_byte_more_is_refused_with_what_to_do(site: Site) -> None:
    found = problem_in(site.ask(f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {LARGEST + 1}\r\n\r\n"))
    assert (found["status"], found["code"]) == (413, "too_large")
    assert "in parts" in str(found["detail"])


def test_a_declared_400_mb_are_refused_before_a_byte_of_them_is_sent(site: Site) -> None:
    before, start = site.memory(), time.monotonic()
    found = problem_in(site.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400000000\r\n\r\n"))
    assert found["code"] == "too_large"
    assert time.monotonic() - start < 1
    assert site.memory() - before < 5_000_000


def test_a_client_that_sends_on_reads_the_answer_and_costs_no_memory(site: Site) -> None:
    before = site.memory()
    with closing(socket.create_connection(("127.0.0.1", site.port), timeout=10)) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400000000\r\n\r\n")
        for _ in range(50):
            client.sendall(b"x" * 1_000_000)
        assert b"413" in client.recv(4096)
    assert site.memory() - before < 20_000_000


def test_a_refused_client_that_never_ends_is_cut_off(site: Site) -> None:
    with closing(socket.create_connection(("127.0.0.1", site.port), timeout=10)) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400000000\r\n\r\n")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            send_slowly(client, seconds=10)


def test_nobody_is_asked_to_go_on_with_a_body_that_is_refused(site: Site) -> None:
    request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400000000\r\nExpect: 100-continue\r\n\r\n"
    answer = site.ask(request)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"100 Continue" not in answer


def test_a_chunked_body_is_refused(site: Site) -> None:
    request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    found = problem_in(site.ask(request))
    assert (found["status"], found["code"]) == (411, "length_required")


def test_a_request_behind_a_refused_one_is_not_answered(site: Site) -> None:
    refused = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    answer = site.ask(refused + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1") == 1


def test_the_next_client_is_served_after_a_refusal(site: Site) -> None:
    site.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400000000\r\n\r\n")
    assert site.post(b"abc").read() == b"|3"


def test_a_client_cannot_move_the_site(site: Site) -> None:
    assert site.post(b"abc", **{"Daphne-Root-Path": "/elsewhere"}).read() == b"|3"


def test_no_header_says_what_we_run(site: Site) -> None:
    assert site.post(b"abc").getheader("Server") is None


def test_websockets_work_and_say_no_more(site: Site) -> None:
    with connect(f"ws://127.0.0.1:{site.port}/") as socket_:
        assert socket_.response is not None
        assert "Server" not in socket_.response.headers
        socket_.send("hello")
        assert socket_.recv() == "hello"


def test_a_message_that_is_too_long_is_told_so(site: Site) -> None:
    with connect(f"ws://127.0.0.1:{site.port}/") as socket_:
        socket_.send("x" * 65_537)
        with pytest.raises(ConnectionClosedError) as closed:
            socket_.recv(timeout=5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


def test_a_broken_form_reaches_the_application(site: Site) -> None:
    answer = site.post(b"no form", **{"Content-Type": "multipart/form-data"})
    assert (answer.status, answer.read()) == (200, b"|7")


def test_it_ends_at_once_although_a_client_has_said_half_a_sentence() -> None:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", ECHO, str(port), "10"], cwd=REPOSITORY)
    wait_for(port)
    with closing(socket.create_connection(("127.0.0.1", port))) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        time.sleep(0.2)
        process.terminate()
        assert process.wait(timeout=5) == 0

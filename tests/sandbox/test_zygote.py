"""The zygote: who may talk to it, what it says, and when it forks."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import parent, wire
from sandbox import zygote as zygotes
from tests.sandbox.conftest import Make, Zygote, is_gone, run_in, soon

ROOT = Path(__file__).resolve().parents[2]
Hatch = Callable[..., Zygote]


def by_hand(path: Path) -> subprocess.CompletedProcess[str]:
    """Start a zygote that is expected to refuse."""
    arguments = [sys.executable, "-m", "sandbox.zygote", str(path)]
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=20)


def test_it_says_when_it_is_ready_and_how_it_is(light: Zygote) -> None:
    assert light.log.startswith(f"ready pid={light.process.pid} threads=1 preloaded=json walls=")
    health = zygotes.ping(light.socket)
    assert health["pid"] == light.process.pid
    assert health["threads"] == 1
    assert health["preloaded"] == ["json"]
    assert {"process_group", "limits"} <= set(health["walls"])
    assert health["warnings"] == []


def test_only_its_own_user_may_reach_its_socket(light: Zygote) -> None:
    assert light.socket.stat().st_mode & 0o777 == 0o600


def test_somebody_elses_connection_is_closed(light: Zygote) -> None:
    """The kernel lets root through the file's mode; the zygote asks who it is."""
    if os.getuid() != 0 or not (python := shutil.which("python3", path="/usr/bin:/bin")):
        pytest.skip("only root can become somebody else, who needs a Python that everybody may run")
    program = (
        "import os, socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\nprint(s.recv(1))"
    )
    folder, mode = light.socket.parent, light.socket.parent.stat().st_mode
    folder.chmod(0o755)
    light.socket.chmod(0o666)
    try:
        arguments = [python, "-c", program, str(light.socket)]
        done = subprocess.run(
            arguments, user=65534, cwd="/", env={}, capture_output=True, text=True, check=False
        )
    finally:
        light.socket.chmod(0o600)
        folder.chmod(mode)
    assert done.stdout == "b''\n"


def test_what_could_not_be_loaded_is_a_warning_and_no_end(hatch: Hatch, job: Make) -> None:
    zygote = hatch("json", "no_such_library")
    assert zygote.facts["preloaded"] == ["json"]
    (warning,) = zygote.facts["warnings"]
    assert warning.startswith("no_such_library could not be loaded")
    assert run_in(zygote, job("count", to=1)).ending.code == 0


def test_with_a_second_thread_it_starts_a_fresh_interpreter(hatch: Hatch, job: Make) -> None:
    zygote = hatch("tests.sandbox.threaded")
    assert zygote.facts["threads"] == 2
    assert "fresh interpreter" in zygote.facts["warnings"][0]
    told = run_in(zygote, job("interpreter")).told["interpreter"]
    assert "sandbox.child" in told["arguments"]
    assert not told["zygote"]


def test_a_fresh_interpreter_has_the_same_walls(hatch: Hatch, job: Make, tmp_path: Path) -> None:
    zygote = hatch("tests.sandbox.threaded")
    (tmp_path / "secret").write_text("x")
    done = run_in(zygote, job("reach", read=[str(tmp_path / "secret")], write=[], listing=["/"]))
    expected = "PermissionError" if "landlock_files" in zygote.facts["walls"] else "done"
    assert set(done.told["read"].values()) == {expected}
    told = run_in(zygote, job("surroundings")).told
    assert told["group"]["leader"]
    assert len(told["files"]["open"]) == 5


def test_a_fresh_interpreter_falls_with_the_zygote(hatch: Hatch, job: Make) -> None:
    zygote = hatch("tests.sandbox.threaded")
    with parent.start(job("sleep"), zygote.socket) as child:
        child.messages(10)
        zygote.process.kill()
        assert soon(lambda: is_gone(child.pid))


def test_a_fork_has_what_the_zygote_has_and_no_interpreter_of_its_own(light: Zygote, job: Make) -> None:
    told = run_in(light, job("interpreter")).told["interpreter"]
    assert told["zygote"]
    assert "sandbox.zygote" in told["arguments"]


def test_being_told_to_end_ends_its_children_first(hatch: Hatch, job: Make) -> None:
    zygote = hatch("json")
    with parent.start(job("sleep_in_family"), zygote.socket) as child:
        (message,) = child.messages(5)
        assert zygote.end() == 0
        assert is_gone(child.pid)
        assert soon(lambda: is_gone(message["data"]["other"]))
    assert not zygote.socket.exists()


def test_it_ends_when_its_owner_does(hatch: Hatch) -> None:
    zygote = hatch("json")
    assert zygote.process.stdin is not None
    zygote.process.stdin.close()
    assert zygote.process.wait(5) == 0


def test_an_interrupt_at_the_keyboard_is_not_for_it(hatch: Hatch, job: Make) -> None:
    zygote = hatch("json")
    zygote.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    assert run_in(zygote, job("count", to=1)).ending.code == 0


def test_a_socket_that_a_dead_zygote_left_is_replaced(hatch: Hatch, tmp_path: Path) -> None:
    dead = hatch("json")
    dead.process.kill()
    dead.process.wait()
    assert dead.socket.exists()
    process = zygotes.start(dead.socket, ["json"], tmp_path / "log")
    try:
        assert zygotes.wait_ready(dead.socket, 10)["pid"] == process.pid
    finally:
        process.terminate()
        process.wait(5)


def test_a_second_zygote_leaves_the_first_alone(light: Zygote) -> None:
    done = by_hand(light.socket)
    assert done.stderr == "Another zygote answers at this socket. Stop it first, or use it.\n"
    assert done.returncode == 1
    assert zygotes.ping(light.socket)["pid"] == light.process.pid


def test_a_file_in_the_place_of_the_socket_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    assert "Move it away" in by_hand(tmp_path / "file").stderr
    assert (tmp_path / "file").read_text() == "precious"


def test_a_path_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    assert "Choose a folder with a shorter path." in by_hand(long).stderr
    with pytest.raises(wire.PathTooLong, match="shorter path"):
        zygotes.start(long, [], tmp_path / "log")


def test_nobody_there_is_said_in_time(tmp_path: Path) -> None:
    with pytest.raises(zygotes.NotReady):
        zygotes.wait_ready(tmp_path / "nowhere", 0.1)


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff",
        struct.pack("!I", 3) + b"{{{",
        struct.pack("!I", 2) + b"[]",
        wire.frame({"do": "something else"}),
        wire.frame({"do": "start"}),
        wire.frame({"do": "start", "job": {"function": 1}}),
        wire.frame({}),
    ],
)
def test_a_request_it_does_not_know_is_refused(light: Zygote, sent: bytes) -> None:
    with wire.connect(light.socket, 5) as connection:
        connection.sendall(sent)
        assert "refused" in wire.receive(connection, bytearray())
    assert zygotes.ping(light.socket)["pid"] == light.process.pid


def test_half_a_request_is_waited_for_and_forgotten(light: Zygote) -> None:
    ping = wire.frame({"do": "ping"})
    with wire.connect(light.socket, 5) as slow, wire.connect(light.socket, 5) as gone:
        gone.sendall(ping[:5])
        gone.close()
        slow.sendall(ping[:5])
        assert zygotes.ping(light.socket)["threads"] == 1
        slow.sendall(ping[5:])
        assert wire.receive(slow, bytearray())["pid"] == light.process.pid


def test_a_client_that_goes_on_talking_loses_its_child(light: Zygote, job: Make) -> None:
    reading, writing = os.pipe()
    with wire.connect(light.socket, 5) as connection, Path(os.devnull).open("wb") as log:
        buffer = bytearray()
        wire.send(connection, {"do": "start", "job": job("sleep").to_json()}, [writing, log.fileno()])
        pid = wire.receive(connection, buffer)["pid"]
        connection.sendall(b"and another thing")
        assert wire.receive(connection, buffer)["signal"] == signal.SIGKILL
    os.close(reading)
    os.close(writing)
    assert is_gone(pid)


def test_a_job_without_its_files_is_refused(light: Zygote, job: Make) -> None:
    request: dict[str, Any] = {"do": "start", "job": job("count", to=1).to_json()}
    with wire.connect(light.socket, 5) as connection:
        wire.send(connection, request)
        assert "refused" in wire.receive(connection, bytearray())


def test_the_environment_is_a_list_of_what_may_pass(tmp_path: Path) -> None:
    given = {"PATH": "/bin", "TZ": "UTC", "DATABASE_URL": "x", "PYTHONSTARTUP": "y", "LD_PRELOAD": "z"}
    made = zygotes.environment(tmp_path, given)
    assert made["PATH"] == "/bin"
    assert not {"DATABASE_URL", "PYTHONSTARTUP", "LD_PRELOAD"} & made.keys()
    assert list(Path(made["HOME"]).iterdir()) == []


def test_peers_are_known_by_their_user() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert wire.peer_uid(ours) == os.getuid()

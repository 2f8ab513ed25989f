"""The walls towards other processes, the network and the kernel."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox import kernel, landlock, seccomp, walls
from tests.sandbox.conftest import Do, Make, Zygote, run_in

Need = Callable[[str], None]


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A TCP port and a Unix socket of somebody else."""
    path = str(tmp_path / "socket")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(path)
        unix.listen()
        yield tcp.getsockname()[1], path


def test_a_job_has_no_network(do: Do, need: Need, listening: tuple[int, str]) -> None:
    need("seccomp")
    port, path = listening
    told = do("use_network", port=port, path=path).told
    assert set(told["socket"].values()) == {"PermissionError"}
    assert told["connect"]["came"] == "PermissionError"
    assert told["listen"]["came"] == "PermissionError"
    assert told["datagrams"]["came"] == "PermissionError"


def test_a_pair_of_sockets_to_itself_is_allowed(do: Do, listening: tuple[int, str]) -> None:
    assert do("use_network", port=listening[0], path=listening[1]).told["pair"]["came"] == "done"


def test_landlock_alone_refuses_tcp(need: Need, listening: tuple[int, str]) -> None:
    need("landlock_network")
    program = (
        "import socket, sys; from pathlib import Path; from sandbox import kernel, landlock\n"
        "kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1); landlock.restrict([(Path('/'), landlock.RUN)])\n"
        "for call in (socket.create_connection, socket.create_server):\n"
        "    try: call(('127.0.0.1', int(sys.argv[1]))); print('done')\n"
        "    except PermissionError: print('refused')"
    )
    arguments = [sys.executable, "-c", program, str(listening[0])]
    done = subprocess.run(arguments, cwd=walls.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused", "refused"]


def test_a_job_sees_nothing_of_its_parents(light: Zygote, job: Make, need: Need) -> None:
    need("landlock_files")
    done = run_in(light, job("attack", pids=[os.getpid(), light.process.pid]))
    came = {message["kind"]: message["data"]["came"] for message in done.messages}
    assert came["environ"] == "PermissionError"
    assert came["memory"] == "PermissionError"


def test_a_job_cannot_signal_its_parents(light: Zygote, job: Make, need: Need) -> None:
    need("landlock_signals")
    done = run_in(light, job("attack", pids=[os.getpid(), light.process.pid]))
    signals = [message["data"]["came"] for message in done.messages if message["kind"] == "signal"]
    assert signals == ["PermissionError", "PermissionError"]
    assert light.process.poll() is None


def test_a_job_can_neither_limit_others_nor_leave_its_group(light: Zygote, job: Make, need: Need) -> None:
    need("seccomp")
    done = run_in(light, job("attack", pids=[light.process.pid]))
    assert done.told["limit"]["came"] == "PermissionError"
    assert done.told["escape"]["came"] == "PermissionError"


def test_system_calls_that_computing_never_needs_are_refused(do: Do, need: Need) -> None:
    need("seccomp")
    calls = {**seccomp.REFUSED[kernel.MACHINE], "clone3": seccomp.MACHINES[kernel.MACHINE].clone3}
    came = do("system_calls", calls=calls).told["calls"]
    assert came.pop("clone3") == 38  # ENOSYS: libraries fall back to clone
    assert set(came.values()) == {1}, {name for name, error in came.items() if error != 1}


def test_a_job_holds_no_secret_of_its_parents(hatch: Callable[..., Zygote], job: Make) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", "postgres://somewhere")
        patch.setenv("SECRET_KEY", "s3cret")
        patch.setenv("KERAS_BACKEND", "tensorflow")
        zygote = hatch("json")
    asked = job("surroundings")
    environ = run_in(zygote, asked).told["environ"]
    assert not {"DATABASE_URL", "SECRET_KEY"} & environ.keys()
    assert environ["KERAS_BACKEND"] == "tensorflow"
    assert environ["HOME"] == environ["TMPDIR"] == str(asked.directory)
    started_with = Path(f"/proc/{zygote.process.pid}/environ").read_bytes()
    assert b"s3cret" not in started_with
    assert b"somewhere" not in started_with


def test_a_job_starts_clean(do: Do) -> None:
    told = do("surroundings").told
    assert told["files"]["open"][:4] == [0, 1, 2, 3]
    assert len(told["files"]["open"]) == 5  # the fifth lists them
    assert told["group"]["leader"]
    assert told["group"]["umask"] == 0o077


def test_a_job_has_no_rights_left(do: Do, need: Need) -> None:
    need("capabilities")
    status = do("surroundings").told["status"]
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == ("2" if seccomp.available() else "0")


def test_multiprocessing_works_inside(do: Do) -> None:
    assert do("semaphore").told["squares"] == {"are": [1, 2, 3]}


def test_the_levels_are_what_the_walls_make_together() -> None:
    everything = {"process_group", "limits", "parent_death", "no_new_privs", "landlock_files", "seccomp"}
    assert walls.level(everything) == "full"
    assert walls.level(everything - {"seccomp"}) == "limits"
    assert walls.level({"process_group", "limits"}) == "limits"
    assert walls.level({"limits"}) == "none"


def test_the_walls_of_landlock_grow_with_its_version() -> None:
    assert [len(landlock.names(abi)) for abi in (0, 1, 3, 4, 6, 7)] == [0, 1, 1, 2, 3, 3]
    assert landlock.handled(1) < landlock.handled(2) < landlock.handled(3) < landlock.handled(5)

"""One command brings everything up, keeps it up, and takes it down without a trace."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from mltrainer.embedded import Postgres, Redis

ROOT = Path(__file__).resolve().parents[2]
READY = "ML Trainer is ready at http://localhost:{port}/"
START_WITHIN = 180.0


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a person's shell has: nothing of this test session's own servers."""
    ours = re.compile(r"MLTRAINER_|DATABASE_URL|REDIS_URL|SECRET_KEY|PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return {**kept, "MLTRAINER_HOME": str(home), **more}


def wait_for(condition: Callable[[], object], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def status_of(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def left_of(home: Path) -> list[str]:
    """The living processes that work for this home."""
    return [told for process in psutil.process_iter() if str(home) in (told := _told_by(process))]


def _told_by(process: psutil.Process) -> str:
    told = []
    for tell in (process.cmdline, process.cwd, process.environ):
        with suppress(psutil.Error, OSError):
            told.append(str(tell()))
    return " ".join(told)


class House:
    """`manage.py serve` as a person starts it."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.output = home.with_name(f"{home.name}.out")
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=environment(home, PORT=str(port)),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    @property
    def lines(self) -> list[str]:
        return self.output.read_text().splitlines()

    def wait_until_ready(self) -> None:
        wait_for(lambda: self.lines or self.process.poll() is not None, START_WITHIN)
        assert self.lines[0] == READY.format(port=self.port)

    def program(self, words: str) -> psutil.Process:
        for process in psutil.Process(self.process.pid).children():
            if words in " ".join(process.cmdline()):
                return process
        raise AssertionError(f"no {words}")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A short path: sockets of deeper ones lie elsewhere."""
    with tempfile.TemporaryDirectory(prefix="mlt-") as folder:
        yield Path(folder) / "home"


@pytest.fixture
def empty() -> Iterator[Path]:
    """A home in which nothing was ever started."""
    with tempfile.TemporaryDirectory(prefix="mlt-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def house(home: Path) -> Iterator[House]:
    house = House(home, free_port())
    house.wait_until_ready()
    yield house
    if house.process.poll() is None:
        house.process.send_signal(signal.SIGINT)
        house.process.wait(timeout=20)


def refusal(home: Path, **more: str) -> str:
    """What `manage.py serve` says when it will not start."""
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr.strip()


def test_the_first_start_says_where_and_how_to_sign_in(house: House) -> None:
    wait_for(lambda: len(house.lines) == 2, 5)
    assert re.fullmatch(r"Sign in as admin@localhost with the password \S+ \(kept in .*\)\.", house.lines[1])


def test_the_first_password_is_kept_for_its_owner_only_and_works(house: House) -> None:
    file = house.home / "admin-password"
    password = file.read_text().strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    request = urllib.request.Request(
        f"http://localhost:{house.port}/api/v1/auth/tokens/",
        json.dumps({"email": "admin@localhost", "password": password, "name": "first"}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
        assert answer.status == 201


def test_a_second_start_is_told_where_the_first_one_runs(house: House) -> None:
    said = refusal(house.home, PORT=str(free_port()))
    assert said == f"ML Trainer already runs from this folder, at http://localhost:{house.port}/"


@pytest.mark.parametrize("words", ["mltrainer.web", "redis-server"])
def test_what_falls_comes_back_and_a_line_says_so(house: House, words: str) -> None:
    before = len(house.lines)
    house.program(words).kill()
    wait_for(lambda: len(house.lines) > before, 10)
    assert house.lines[-1].endswith("ended by itself and is started again.")
    wait_for(lambda: status_of(house.port, "/readyz") == 200, 60)


def test_a_killed_house_leaves_nothing_starts_again_and_ends_with_ctrl_c(house: House) -> None:
    house.process.kill()
    house.process.wait()
    wait_for(lambda: not left_of(house.home), 20)
    second = House(house.home, house.port)
    second.wait_until_ready()
    second.process.send_signal(signal.SIGINT)
    assert second.process.wait(timeout=20) == 0
    assert len(second.lines) == 1  # how to sign in is said once
    assert left_of(house.home) == []


def test_a_port_in_use_is_a_sentence_and_nothing_is_begun(empty: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refusal(empty, PORT=str(port))
    assert said == f"Port {port} is in use. Start with another one: PORT={port + 1} ./script/server"
    assert not (empty / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０"])
def test_what_is_no_port_is_a_sentence(empty: Path, port: str) -> None:
    assert refusal(empty, PORT=port) == f"PORT={port} is not a port. Choose a number from 1 to 65535."


def test_a_database_that_does_not_answer_is_a_sentence(empty: Path) -> None:
    said = refusal(
        empty,
        PORT=str(free_port()),
        DATABASE_URL=f"postgres://nobody@localhost:{free_port()}/none",
        REDIS_URL="redis://localhost:1/0",
    )
    assert said == "The database does not answer. Check DATABASE_URL."


class Container:
    """A command of the image, without an image: PostgreSQL and Redis run elsewhere."""

    def __init__(self, command: str, given: dict[str, str], output: Path) -> None:
        self.output = output
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [command],
                cwd=ROOT,
                env=given,
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=30)


@pytest.fixture
def given(empty: Path) -> Iterator[dict[str, str]]:
    with Postgres(empty, durable=False) as postgres, Redis(empty) as redis:
        yield environment(
            empty,
            DATABASE_URL=postgres.url,
            REDIS_URL=redis.url,
            PORT=str(free_port()),
            MLTRAINER_ADMIN_EMAIL="a@b.example",
            MLTRAINER_ADMIN_PASSWORD="a long password",
        )


def is_healthy(given: dict[str, str]) -> bool:
    done = subprocess.run(["script/healthy"], cwd=ROOT, env=given, capture_output=True, check=False)
    return done.returncode == 0


def test_the_commands_of_the_containers_serve_and_work(given: dict[str, str], tmp_path: Path) -> None:
    port = int(given["PORT"])
    assert not is_healthy(given)
    web = Container("script/web", given, tmp_path / "web")
    wait_for(lambda: is_healthy(given), 60)
    assert status_of(port, "/readyz") == 503
    worker = Container("script/worker", given, tmp_path / "worker")
    wait_for(lambda: status_of(port, "/readyz") == 200, START_WITHIN)
    assert worker.stop() == 0
    assert web.stop() == 0
    said = web.output.read_text().splitlines()[0]
    assert said == "Sign in as a@b.example with the password in MLTRAINER_ADMIN_PASSWORD."

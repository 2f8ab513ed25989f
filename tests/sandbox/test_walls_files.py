"""The wall of files: a job writes into its directory and reads what it needs to compute."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox import walls
from sandbox.job import Job
from tests.sandbox.conftest import LIMITS, Do, Make, Zygote, run_in

Need = Callable[[str], None]


@pytest.fixture(autouse=True)
def _walls(need: Need) -> None:
    need("landlock_files")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the platform, beside the job's directory."""
    path = tmp_path / "secret.txt"
    path.write_text("s3cret")
    return path


def refused(answers: dict[str, str]) -> bool:
    return set(answers.values()) == {"PermissionError"}


def test_a_job_cannot_read_outside(do: Do, secret: Path) -> None:
    places = [str(secret), "/etc/passwd", "/etc/hostname", str(walls.ROOT / "pyproject.toml")]
    done = do("reach", read=places, write=[], listing=[str(secret.parent), "/", "/etc", str(walls.ROOT)])
    assert refused(done.told["read"])
    assert refused(done.told["list"])


def test_a_job_cannot_write_outside(do: Do, secret: Path) -> None:
    code = str(Path(walls.__file__))
    done = do("reach", read=[], write=[str(secret), str(secret.with_name("new")), code, "/tmp/x"], listing=[])
    assert refused(done.told["write"])
    assert secret.read_text() == "s3cret"


def test_a_job_can_write_and_read_its_own_directory(do: Do) -> None:
    done = do("reach", write=["mine.txt"], read=["log.txt"], listing=["."])
    assert {*done.told["write"].values(), *done.told["read"].values(), *done.told["list"].values()} == {
        "done"
    }


def test_a_job_can_read_what_it_was_given_and_no_more(do: Do, secret: Path, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "inside").write_text("x")
    places = [str(secret), str(folder / "inside")]
    done = do("reach", readable=[secret, folder], read=places, write=places, listing=[str(folder)])
    assert set(done.told["read"].values()) == {"done"}
    assert set(done.told["list"].values()) == {"done"}
    assert refused(done.told["write"])


def test_something_to_read_that_is_not_there_stops_no_job(do: Do, tmp_path: Path) -> None:
    assert do("count", to=1, readable=[tmp_path / "nowhere"]).ending.code == 0


def test_a_job_cannot_change_a_file_outside(do: Do, secret: Path) -> None:
    told = do("harm", inside=str(secret)).told
    assert all(data["came"] in ("PermissionError", "OSError") for data in told.values()), told
    assert secret.read_text() == "s3cret"


def test_a_job_does_not_see_the_directory_of_another(light: Zygote, job: Make) -> None:
    other = job("count", to=1)
    run_in(light, other)
    done = run_in(light, job("reach", read=[str(other.log)], write=[], listing=[str(other.directory)]))
    assert refused(done.told["read"])
    assert refused(done.told["list"])


def test_what_a_job_writes_is_for_nobody_else(light: Zygote, job: Make) -> None:
    own = job("reach", read=[], write=["mine.txt"], listing=[])
    run_in(light, own)
    assert (own.directory / "mine.txt").stat().st_mode & 0o077 == 0
    assert own.log.stat().st_mode & 0o077 == 0


@pytest.fixture
def someone_elses() -> Iterator[Path]:
    path = Path(f"/dev/shm/sandbox-test-{os.getpid()}")
    path.write_text("s3cret")
    yield path
    path.unlink()


def test_shared_memory_is_the_jobs_own(do: Do, need: Need, someone_elses: Path) -> None:
    need("private_memory")
    done = do("share", other=str(someone_elses))
    assert done.told["other"]["came"] == "FileNotFoundError"
    assert done.ending.code == 0
    assert not Path("/dev/shm/left-by-a-child").exists()


def test_a_wall_that_cannot_be_put_up_stops_the_job(tmp_path: Path) -> None:
    """The kernel takes sixteen walls of Landlock inside each other, and no more."""
    program = (
        "import sys; from pathlib import Path; from sandbox import kernel, landlock, walls\n"
        "from sandbox.job import Job\n"
        "kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)\n"
        "for _ in range(16): landlock.restrict([(Path('/'), landlock.OWN)])\n"
        "try: walls.put_up(Job('x.y', {}, Path(sys.argv[1])))\n"
        "except walls.WallMissing as missing: print(missing)"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(arguments, cwd=walls.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "A wall of the sandbox could not be put up: Argument list too long.\n"


def test_data_beside_the_code_is_no_code() -> None:
    names = {path.name for path in walls.packages()}
    assert {"sandbox", "tests"} <= names
    assert not names & {"var", "media", ".git", ".venv", "static", "templates"}


def test_the_rules_name_the_directory_as_the_only_place_to_write(tmp_path: Path) -> None:
    from sandbox import landlock

    rules = dict(walls.rules(Job("x.y", {}, tmp_path, limits=LIMITS)))
    writable = {str(path) for path, rights in rules.items() if rights & landlock.WRITE_FILE}
    assert writable == {str(tmp_path), "/dev/null", "/dev/shm"}

"""Everything is found from the home folder, and is private."""

import os
import stat
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import environ
import pytest
import redis

from mltrainer import addresses


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path: sockets of deeper ones lie elsewhere."""
    with tempfile.TemporaryDirectory(prefix="mlt-") as folder:
        yield Path(folder) / "a b+c%d"


def test_the_run_folder_is_closed_to_others_even_when_it_was_open(home: Path) -> None:
    (home / "run").mkdir(parents=True, mode=0o755)
    assert stat.S_IMODE(addresses.run_dir(home).stat().st_mode) == 0o700


def test_the_run_folder_of_a_deep_home_is_short_and_its_own(home: Path) -> None:
    deep, other = home / ("d" * 200), home / ("e" * 200)
    folders = [addresses.run_dir(deep), addresses.run_dir(other)]
    assert len(os.fsencode(folders[0])) <= addresses.LONGEST_RUN_DIR
    assert folders[0] != folders[1]
    assert addresses.run_dir(deep) == folders[0]
    for folder in folders:
        folder.rmdir()


def test_a_run_folder_that_is_a_link_is_refused(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    (tmp_path / "theirs").mkdir()
    (home / "run").symlink_to(tmp_path / "theirs")
    with pytest.raises(addresses.ForeignFolderError, match="belongs to another user"):
        addresses.run_dir(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_run_folder_of_somebody_else_is_refused(home: Path) -> None:
    (home / "run").mkdir(parents=True)
    os.chown(home / "run", 65534, 65534)
    with pytest.raises(addresses.ForeignFolderError, match="MLTRAINER_HOME"):
        addresses.run_dir(home)


def test_the_database_address_means_the_run_folder_to_django(home: Path) -> None:
    config = environ.Env.db_url_config(addresses.database_url(home))
    assert config["HOST"] == str(home / "run")
    assert (config["NAME"], config["USER"], config["PORT"]) == ("mltrainer", "mltrainer", "")


def test_the_redis_address_means_the_socket_to_its_client(home: Path) -> None:
    pool = redis.ConnectionPool.from_url(addresses.redis_url(home))
    assert pool.connection_kwargs["path"] == str(addresses.redis_socket(home))


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    key = addresses.secret_key(home)
    assert len(key) >= 50
    assert addresses.secret_key(home) == key
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600


def test_a_secret_key_from_the_environment_is_not_written_down(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    assert addresses.secret_key(home) == "given"
    assert not home.exists()


def test_many_who_start_together_agree_on_one_secret(home: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        kept = set(pool.map(lambda number: addresses.keep_secret(home / "key", f"{number}"), range(64)))
    assert len(kept) == 1
    assert [path.name for path in home.iterdir()] == ["key"]

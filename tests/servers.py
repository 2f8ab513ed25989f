"""A pytest plugin: this session's own PostgreSQL and Redis, up before Django reads its settings.

Under xdist the controller starts them once; each worker has its own database and its own Redis number.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from mltrainer.embedded.postgres import Postgres
from mltrainer.embedded.redis import Redis

HOME = "MLTRAINER_HOME"
OWN = "MLTRAINER_TEST_SESSION"
_running = ExitStack()


def _start() -> None:
    home = Path(tempfile.mkdtemp(prefix="mltrainer-test-"))
    home.chmod(0o755)  # PostgreSQL may run as somebody else
    (home / "static").mkdir()
    os.environ[HOME] = os.environ[OWN] = str(home)
    _running.callback(shutil.rmtree, home, ignore_errors=True)
    _running.enter_context(Postgres(home, durable=False))
    _running.enter_context(Redis(home))


def _choose_redis() -> None:
    from mltrainer import addresses

    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = addresses.redis_url(Path(os.environ[HOME]))
    os.environ["REDIS_URL"] = url.replace("db=0", f"db={int(worker) % 16}")


for name in ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "SECRET_KEY", "DEBUG"):
    os.environ.pop(name, None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mltrainer.settings")
if OWN not in os.environ:
    _start()
_choose_redis()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _running.close()

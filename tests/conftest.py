"""The people, the things and the servers that the sentences speak of."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Membership, Role, User, Workspace
from datasets.models import Dataset, DatasetVersion, Status
from experiments.models import Experiment, Run
from tests import builders

EXAMPLES = Path(__file__).parent.parent / "examples"
PASSWORD = "a long enough password"
As = Callable[[User | None], Client]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also run what takes long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--all"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="slow: runs with --all"))


@pytest.fixture(autouse=True)
def _plain(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Fast password digests, static files as they lie, and folders of this test's own."""
    places = tmp_path_factory.mktemp("places")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = places / "media"
    settings.WORK_DIR = places / "work"
    settings.CACHE_DIR = places / "cache"
    settings.ALLOWED_HOSTS = [*django_settings.ALLOWED_HOSTS, "testserver"]


@pytest.fixture(autouse=True)
def _empty_redis() -> None:
    """No throttle, cache or bell of one test reaches the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A real, warm zygote, as the worker host starts it."""
    from sandbox import zygote as sandbox_zygote

    address = Path(django_settings.RUN_DIR) / f"zygote-{time.monotonic_ns()}.sock"
    log = tmp_path_factory.mktemp("zygote") / "zygote.log"
    process = sandbox_zygote.start(address, ["engine.warm", "datasets.warm"], log)
    try:
        sandbox_zygote.wait_ready(address, 120)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def warm(zygote: Path, settings: Settings) -> Path:
    """The zygote, where the settings say it is."""
    settings.ZYGOTE_SOCKET = zygote
    return zygote


def _member(workspace: Workspace, role: Role, email: str) -> User:
    user = User.objects.create_user(email, PASSWORD, name=email.partition("@")[0].title())
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Field Lab", slug="field-lab")


@pytest.fixture
def owner(workspace: Workspace) -> User:
    return _member(workspace, Role.OWNER, "olive@example.org")


@pytest.fixture
def editor(workspace: Workspace) -> User:
    return _member(workspace, Role.EDITOR, "edgar@example.org")


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return _member(workspace, Role.VIEWER, "vera@example.org")


@pytest.fixture
def stranger(db: None) -> User:
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    return _member(elsewhere, Role.OWNER, "stan@example.org")


@pytest.fixture
def as_() -> As:
    """A browser in which this person is signed in; `as_(None)` is nobody's."""

    def browser(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser


class Api(Client):
    """A program with a token; bodies are JSON."""

    def generic(self, method: str, path: str, data: Any = b"", content_type: str = "", **more: Any) -> Any:  # type: ignore[override]
        if isinstance(data, dict | list) or (content_type or "application/json") == "application/json":
            raw = data if isinstance(data, bytes | str) else json.dumps(data)
            return super().generic(method, path, raw, "application/json", **more)
        return super().generic(method, path, data, content_type, **more)

    def post(self, path: str, data: Any = None, content_type: str = "application/json", **more: Any) -> Any:  # type: ignore[override]
        if content_type == "application/json":
            return self.generic("POST", path, {} if data is None else data, **more)
        return super().post(path, data, content_type, **more)


@pytest.fixture
def api() -> Callable[[User | None], Api]:
    def program(user: User | None) -> Api:
        from accounts import actions

        if user is None:
            return Api()
        _, secret = actions.create_token(user=user, name="a program")
        return Api(headers={"Authorization": f"Bearer {secret}"})

    return program


@pytest.fixture(scope="session")
def penguins(tmp_path_factory: pytest.TempPathFactory) -> builders.Read:
    """examples/penguins.csv, read once by the real reader."""
    return builders.read(EXAMPLES / "penguins.csv", tmp_path_factory.mktemp("penguins"))


@pytest.fixture(scope="session")
def passengers(tmp_path_factory: pytest.TempPathFactory) -> builders.Read:
    """examples/titanic.csv, read once by the real reader: `alive` says `survived` in words."""
    return builders.read(EXAMPLES / "titanic.csv", tmp_path_factory.mktemp("titanic"))


@pytest.fixture
def titanic(workspace: Workspace, owner: User, passengers: builders.Read) -> DatasetVersion:
    """A ready version with findings to look at."""
    dataset = Dataset.objects.create(workspace=workspace, name="Titanic", created_by=owner)
    return builders.version(dataset, passengers, by=owner)


@pytest.fixture
def dataset(workspace: Workspace, owner: User) -> Dataset:
    return Dataset.objects.create(workspace=workspace, name="Penguins", created_by=owner)


@pytest.fixture
def version(dataset: Dataset, owner: User, penguins: builders.Read) -> DatasetVersion:
    """A ready version with its real Parquet and its real profile."""
    version = builders.version(dataset, penguins, by=owner)
    assert version.status == Status.READY
    return version


@pytest.fixture
def experiment(version: DatasetVersion, owner: User) -> Experiment:
    return builders.experiment(version, by=owner)


@pytest.fixture
def run(experiment: Experiment, owner: User) -> Run:
    """A logistic regression that waits in the queue."""
    return builders.run(experiment, by=owner)


@pytest.fixture
def no_places_left() -> Iterator[None]:
    """Nothing may stay in the job folder once a test is done."""
    yield
    left = list(Path(django_settings.WORK_DIR).glob("*")) if Path(django_settings.WORK_DIR).exists() else []
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    assert not left

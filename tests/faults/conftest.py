"""One installation for all tests of faults: each leaves it as able to work as it was."""

from collections.abc import Iterator

import pytest

from bench.platform import platform
from examples import demo
from tests.faults.house import House, until


@pytest.fixture(scope="session")
def _running() -> Iterator[House]:
    with platform() as started:
        version = demo.upload(started.api, started.workspace)
        yield House(started, started.ask(version, validation={"kind": "none"}))


@pytest.fixture
def house(_running: House) -> Iterator[House]:
    """Ready, with nothing at work; what a test leaves unfinished is cancelled."""
    until(_running.is_ready, 120)
    yield _running
    until(_running.is_ready, 120)
    for run in _running.unfinished():
        _running.cancel(run)

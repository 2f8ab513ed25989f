"""Limits: measured in one place, said in words, held when many ask at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import actions, quotas
from accounts.models import Membership, Role, Token, User, Workspace


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Measures for the chapters above, as they register them."""
    used = {"storage": 0, "uploads": 0, "queued_runs": 0, "running_runs": 0}
    monkeypatch.setattr(quotas, "_MEASURES", dict(quotas._MEASURES))
    for name in used:
        quotas.measure(name)(lambda _, name=name: used[name])
    return used


def test_what_fits_exactly_fits(measured: dict[str, int], workspace: Workspace, settings: Settings) -> None:
    settings.MAX_STORAGE, measured["storage"] = 1000, 400
    assert quotas.why_no_more_storage(workspace, 600) is None
    reason = quotas.why_no_more_storage(workspace, 601)
    assert reason == (
        "The workspace holds 400\u00a0B of 1.00\u00a0kB, and this needs 601\u00a0B. "
        "Delete a dataset you no longer need, and empty the trash."
    )


def test_files_on_their_way_in_count_too(measured: dict[str, int], owner: User, settings: Settings) -> None:
    settings.MAX_STORAGE, measured["uploads"] = 1000, 1000
    assert quotas.why_no_more_uploads(owner, 0) is None
    assert "Finish or remove one first" in (quotas.why_no_more_uploads(owner, 1) or "")


def test_one_file_may_be_too_large_by_itself(settings: Settings) -> None:
    settings.MAX_UPLOAD = 2_000_000
    assert quotas.why_too_large(2_000_000) is None
    assert "up to 2.00\u00a0MB" in (quotas.why_too_large(2_000_001) or "")


def test_several_runs_are_asked_for_at_once(
    measured: dict[str, int], owner: User, settings: Settings
) -> None:
    settings.MAX_QUEUED_RUNS, measured["queued_runs"] = 10, 7
    assert quotas.why_no_more_runs(owner, 3) is None
    assert "7 of your runs wait already, and 10 may" in (quotas.why_no_more_runs(owner, 4) or "")


def test_usage_lists_ones_own_limits_and_those_of_ones_workspaces(
    measured: dict[str, int], api: Callable[[User | None], Client], owner: User, stranger: User
) -> None:
    measured["storage"] = 5_000_000
    lines = {line["name"]: line for line in api(owner).get("/api/v1/me/usage/").json()["results"]}
    assert set(lines) == {limit.name for limit in quotas.LIMITS}
    assert lines["storage"] | {"limit": 0} == {
        "name": "storage",
        "label": "Storage",
        "workspace": "field-lab",
        "used": 5_000_000,
        "limit": 0,
        "unit": "bytes",
        "resets_at": None,
    }
    assert lines["tokens"]["used"] == 1
    assert lines["tokens"]["workspace"] is None


@pytest.mark.parametrize(("used", "percent"), [(0, 0.0), (1, 50.0), (2, 100.0), (9, 100.0)])
def test_a_meter_never_runs_over(used: int, percent: float, settings: Settings) -> None:
    settings.MAX_TOKENS = 2
    line = quotas.Usage(quotas.TOKENS, used)
    assert (line.percent, line.said) == (percent, f"{used} of 2")


@pytest.fixture
def lonely(transactional_db: None) -> User:
    return User.objects.create_user("olive@example.org")


def _at_once(many: int, act: Callable[[], object]) -> int:
    """How many of so many at the same moment went through."""
    gate = Barrier(many)

    def one(_: int) -> bool:
        gate.wait(20)
        try:
            act()
        except quotas.QuotaExceeded:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(many) as threads:
        return sum(threads.map(one, range(many)))


def test_ten_at_once_get_exactly_what_is_left(lonely: User, settings: Settings) -> None:
    settings.MAX_TOKENS = 3
    assert _at_once(10, lambda: actions.create_token(user=lonely, name="x")) == 3
    assert Token.objects.count() == 3


def test_ten_workspaces_at_once_get_exactly_what_is_left(lonely: User, settings: Settings) -> None:
    settings.MAX_WORKSPACES = 4
    assert _at_once(10, lambda: actions.create_workspace(name="Field Lab", by=lonely)) == 4
    assert Membership.objects.filter(user=lonely, role=Role.OWNER).count() == 4
    assert Workspace.objects.count() == 4

"""Real libraries compute unchanged inside the walls, from a zygote that has imported them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.job import Limits
from tests.sandbox.conftest import Done, Make, Zygote, run_in

LIMITS = Limits(memory_bytes=2 << 30, cpu_seconds=120, file_bytes=1 << 30, processes=16, wall_seconds=120)
PRELOAD = ("pandas", "pyarrow.parquet", "sklearn.ensemble", "sklearn.linear_model", "xgboost", "keras")

Fit = Callable[..., Done]


@pytest.fixture(scope="module")
def warm(hatch: Callable[..., Zygote]) -> Zygote:
    return hatch(*PRELOAD, timeout=120)


@pytest.fixture
def fit(warm: Zygote, job: Make) -> Fit:
    def run(name: str, **kwargs: object) -> Done:
        return run_in(warm, job(f"fits.{name}", limits=LIMITS, **kwargs))

    return run


def test_everything_is_imported_in_a_single_thread(warm: Zygote) -> None:
    assert warm.facts["threads"] == 1
    assert warm.facts["preloaded"] == list(PRELOAD)
    assert warm.facts["warnings"] == []


def test_a_child_has_the_libraries_at_once_and_not_what_was_not_loaded(fit: Fit) -> None:
    assert fit("loaded").told["loaded"] == {"sklearn": True, "keras": True, "duckdb": False}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_forest_grows(fit: Fit, jobs: int) -> None:
    assert fit("forest", jobs=jobs).told["score"]["accuracy"] > 0.9


def test_folds_run_on_processes_of_joblib(fit: Fit) -> None:
    done = fit("folds", jobs=2)
    assert len(done.told["scores"]["accuracy"]) == 4
    assert min(done.told["scores"]["accuracy"]) > 0.8


def test_boosting_works(fit: Fit) -> None:
    assert fit("boosted").told["score"]["accuracy"] > 0.9


def test_a_network_learns_and_is_saved(fit: Fit) -> None:
    done = fit("network")
    assert [message["kind"] for message in done.messages] == ["epoch", "epoch", "epoch", "saved"]
    assert done.told["saved"]["layers"] == 2


def test_tables_are_written_and_read_with_a_library_that_loads_late(fit: Fit) -> None:
    assert fit("table").told["read"] == {"rows": 1000, "sum": 499500}


def test_fits_in_a_row_all_end(fit: Fit) -> None:
    assert all(fit("forest", jobs=1).ending.code == 0 for _ in range(10))

"""Intervals: as wide as theory says, the same each time, and cheap however many rows there are."""

import numpy as np
import pandas as pd
import pytest

from engine.fit import Answer
from engine.intervals import BESIDE, TEST, Effort, intervals
from engine.metrics import METRICS
from engine.scoring import score
from engine.train import train
from tests.engine.helpers import NO_FOLDS, a_regression, a_spec

FEW = Effort(rows=400, least=1000, most=1000, work=1)


def _numbers(rows: int, seed: int = 0) -> tuple[np.ndarray, Answer]:
    random = np.random.default_rng(seed)
    truth = random.normal(size=rows)
    return truth, Answer(truth + random.normal(size=rows), None)


def _width(interval: list[float | None]) -> float:
    low, high = interval
    assert low is not None
    assert high is not None
    return high - low


def test_a_part_of_the_rows_shows_the_interval_of_all() -> None:
    truth, answer = _numbers(20_000)
    found = intervals(truth, answer, 1, FEW)
    error = np.abs(truth - answer.predicted)
    assert _width(found["mae"]) == pytest.approx(2 * 1.96 * error.std() / np.sqrt(len(error)), rel=0.15)


def test_the_interval_from_a_part_lies_around_the_score_of_all() -> None:
    truth, answer = _numbers(20_000)
    found = intervals(truth, answer, 1, FEW)
    for name, values in score(truth, answer).items():
        low, high = found[name]
        if name == "mape":  # no true value is near 0 in every part
            continue
        assert low is not None
        assert high is not None
        assert low < values[0] < high


def test_a_row_that_is_answered_twice_counts_as_one_row() -> None:
    truth, answer = _numbers(300)
    twice = Answer(np.tile(answer.predicted, 2), None)
    once = intervals(truth, answer, 1, FEW)
    found = intervals(np.tile(truth, 2), twice, 1, FEW, rows=np.tile(np.arange(300), 2))
    assert _width(found["mae"]) == pytest.approx(_width(once["mae"]), rel=0.1)
    apart = intervals(np.tile(truth, 2), twice, 1, FEW)
    assert _width(apart["mae"]) < 0.8 * _width(once["mae"])


def test_an_interval_is_moved_to_the_mean_it_is_about() -> None:
    truth, answer = _numbers(300)
    plain = intervals(truth, answer, 1, FEW)
    here = {name: float(values[0]) for name, values in score(truth, answer).items()}
    moved = intervals(truth, answer, 1, FEW, centre={**here, "mae": here["mae"] + 1})
    assert moved["mae"] == pytest.approx([end + 1 for end in plain["mae"] if end is not None])
    assert moved["rmse"] == pytest.approx(plain["rmse"])


def test_no_interval_leaves_the_range_of_its_score() -> None:
    truth = np.array([0, 1] * 50)
    shares = np.eye(2)[truth] * 0.9 + 0.05
    shares[0] = shares[0][::-1]
    answer = Answer(shares.argmax(axis=1), shares)
    perfect = {name: 1.0 if METRICS[name].higher_is_better else 0.0 for name in score(truth, answer)}
    found = intervals(truth, answer, 1, BESIDE, centre=perfect)
    for name, (_, high) in found.items():
        if METRICS[name].higher_is_better:
            assert high is not None
            assert high <= 1
    assert (found["log_loss"][0] or 0) >= 0


def test_a_mean_that_is_unknown_has_no_interval() -> None:
    truth, answer = _numbers(50)
    centre = dict.fromkeys(score(truth, answer), None)
    assert intervals(truth, answer, 1, FEW, centre=centre)["mae"] == [None, None]


@pytest.mark.parametrize(
    ("rows", "width", "expected"),
    [
        (100, 3, (10_000 * 2 // 3, 1000)),
        (10_000, 1, (10_000, 400)),
        (10_000, 2, (10_000, 200)),
        (1000, 200, (1000, 100)),
    ],
)
def test_the_work_is_bounded(rows: int, width: int, expected: tuple[int, int]) -> None:
    assert (TEST.part(width), TEST.resamples(rows, width)) == expected


def test_every_score_has_an_interval_in_each_part(penguins: pd.DataFrame) -> None:
    metrics = train(penguins, a_spec()).metrics
    for part in ("intervals", "intervals_train", "intervals_validation"):
        assert set(metrics[part]) == set(metrics["test"])
    for name, found in metrics["validation"].items():
        low, high = metrics["intervals_validation"][name]
        assert low <= found["mean"] <= high
    for name, value in metrics["train"].items():
        low, high = metrics["intervals_train"][name]
        assert low <= value <= high


def test_without_folds_there_is_no_interval_of_folds(cars: pd.DataFrame) -> None:
    metrics = train(cars, a_regression(validation=NO_FOLDS)).metrics
    assert metrics["intervals_validation"] == {}
    assert set(metrics["intervals_train"]) == set(metrics["train"])


def test_repeated_folds_have_intervals_as_wide_as_those_dealt_once(cars: pd.DataFrame) -> None:
    once = train(cars, a_regression(validation={"kind": "kfold", "folds": 3})).metrics
    repeated = {"kind": "repeated", "folds": 3, "repeats": 4}
    often = train(cars, a_regression(validation=repeated)).metrics
    wide = [_width(found["intervals_validation"]["mae"]) for found in (once, often)]
    assert wide[1] == pytest.approx(wide[0], rel=0.25)

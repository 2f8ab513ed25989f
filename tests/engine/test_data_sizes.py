"""What more rows would bring: nested parts, a power law, and a sentence that says how sure it is."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import data_sizes
from engine.data_sizes import Sizes, _fitted, _law, _nested
from engine.parts import Parts
from engine.prepare import prepare
from engine.split import split
from engine.train import train
from tests.engine.helpers import NO_FOLDS, Heard, a_regression, a_spec

ON: dict[str, Any] = {"evaluation": {"data_sizes": True}, "validation": NO_FOLDS}


class Stopped(Exception):
    """What a listener raises to end a training."""


def _parts(table: pd.DataFrame, spec: Any) -> tuple[Any, Parts]:
    ready = prepare(table, spec, Heard())
    return ready, split(ready, spec, Heard())


def test_parts_lie_within_each_other_and_hold_every_class_in_its_share(penguins: pd.DataFrame) -> None:
    ready, parts = _parts(penguins, a_spec(validation=NO_FOLDS))
    found = list(_nested(ready, parts, seed=1))
    assert [len(rows) for rows in found] == [round(share * len(parts.train)) for share in data_sizes.SHARES]
    for smaller, larger in zip(found, [*found[1:], parts.train], strict=True):
        assert set(smaller) < set(larger)
    whole = np.bincount(ready.target[parts.train]) / len(parts.train)
    for rows in found:
        assert np.bincount(ready.target[rows], minlength=3) / len(rows) == pytest.approx(
            whole, abs=1 / len(rows)
        )


def test_parts_that_are_too_small_are_left_out() -> None:
    table = pd.DataFrame({"x": np.arange(40.0), "y": np.arange(40.0) * 2})
    ready, parts = _parts(table, a_regression(target="y", validation=NO_FOLDS))
    assert [len(rows) for rows in _nested(ready, parts, seed=1)] == [13, 22]


def test_a_power_law_is_found_again() -> None:
    sizes = [100, 200, 400, 700, 1000]
    error = np.array([0.1 + 0.2 * (size / 1000) ** -0.5 for size in sizes])
    assert _law(sizes, error) == pytest.approx((0.1, 0.2, 0.5), rel=1e-3)


def test_what_twice_the_rows_bring_is_read_from_the_law() -> None:
    sizes = [100, 200, 400, 700, 1000]
    losses = np.stack([np.full(50, 0.1 + 0.2 * (size / 1000) ** -0.5) for size in sizes])
    found = _fitted(sizes, losses, is_share=True, seed=1)
    assert found.gain == pytest.approx(0.2 * (1 - 2**-0.5), rel=1e-3)
    assert found.doubt == pytest.approx(0, abs=1e-6)
    assert found.sentence == "Twice the rows: about +5.9 ± 0.0 points of accuracy."


def test_few_test_rows_leave_more_doubt_than_many() -> None:
    random = np.random.default_rng(0)
    sizes = [100, 200, 400, 700, 1000]
    shares = [0.4, 0.35, 0.3, 0.28, 0.26]
    few, many = (
        _fitted(sizes, np.stack([random.random(rows) < share for share in shares]).astype(float), True, 1)
        for rows in (50, 5000)
    )
    assert few.doubt is not None
    assert many.doubt is not None
    assert few.doubt > 2 * many.doubt


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (Sizes([1], [0.1], False, (1, 2, 3), 1200, 400), "Twice the rows: MAE about 1,200 ± 400 lower."),
        (Sizes([1], [0.1], True, None, None, None), "The scores do not tell what more rows would bring."),
    ],
    ids=["a number", "no law"],
)
def test_the_sentence(sizes: Sizes, words: str) -> None:
    assert sizes.sentence == words


def test_three_sizes_make_no_law() -> None:
    assert _law([10, 20, 40], np.array([0.3, 0.2, 0.1])) is None


def test_a_perfect_model_has_nothing_to_gain() -> None:
    found = _fitted([10, 20, 40, 70, 100], np.zeros((5, 30)), is_share=True, seed=1)
    assert found.gain == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(
    "spec", [a_spec(**ON), a_regression(target="body_mass_g", **ON)], ids=["classes", "numbers"]
)
def test_a_run_says_what_more_rows_would_bring(penguins: pd.DataFrame, heard: Heard, spec: Any) -> None:
    report = train(penguins, spec, heard)
    figure = report.figures["data_sizes"]
    assert figure["description"].startswith("Twice the rows: ")
    score = report.metrics["test"][figure["data"]["metric"]]
    assert figure["data"]["score"][-1] == pytest.approx(score)
    assert figure["data"]["rows"][-1] == report.metrics["rows"]["train"]
    assert figure["data"]["fitted"]["rows"][-1] == pytest.approx(2 * figure["data"]["rows"][-1])
    assert heard.sentences("log").count("training rows of") == 4


def test_it_changes_no_other_number(penguins: pd.DataFrame) -> None:
    plain, more = train(penguins, a_spec(validation=NO_FOLDS)), train(penguins, a_spec(**ON))
    assert "data_sizes" not in plain.figures
    assert more.metrics["test"] == plain.metrics["test"]
    pd.testing.assert_frame_equal(more.predictions, plain.predictions)


def test_the_same_seed_gives_the_same_curve(penguins: pd.DataFrame) -> None:
    first, second = (train(penguins, a_spec("random_forest", **ON)).figures["data_sizes"] for _ in range(2))
    assert first == second


def test_it_stops_between_two_sizes(penguins: pd.DataFrame) -> None:
    def tell(kind: str, data: dict[str, Any]) -> None:
        if kind == "log" and data["message"].startswith("With "):
            raise Stopped

    with pytest.raises(Stopped):
        train(penguins, a_spec(**ON), tell)

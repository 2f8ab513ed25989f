"""The worst test rows, the scores of each class, and the files in which they are kept."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from engine.train import train
from tests.engine.helpers import NO_FOLDS, a_regression, a_spec


def test_the_worst_rows_of_classes_are_those_whose_class_was_least_expected(titanic: pd.DataFrame) -> None:
    report = train(titanic, a_spec(target="survived", columns={"drop": ["alive"]}, validation=NO_FOLDS))
    test = report.predictions
    given = np.where(test.actual == "1", test["probability_1"], test["probability_0"])
    assert len(report.worst) == 50
    assert list(report.worst.probability) == sorted(given)[:50]
    assert list(report.worst.loss) == pytest.approx(-np.log(report.worst.probability))
    first = report.worst.iloc[0]
    assert str(titanic["survived"].iloc[first.row]) == first.actual != first.predicted


def test_the_worst_rows_of_numbers_are_off_the_most(cars: pd.DataFrame) -> None:
    report = train(cars, a_regression(validation=NO_FOLDS))
    off = np.abs(report.predictions.actual - report.predictions.predicted)
    assert list(report.worst.error.abs()) == pytest.approx(sorted(off, reverse=True)[:50])
    first = report.worst.iloc[0]
    assert first.error == pytest.approx(first.predicted - first.actual)
    assert cars["mpg"].iloc[int(first.row)] == first.actual


def test_fewer_test_rows_than_fifty_are_all_told() -> None:
    table = pd.DataFrame({"x": np.arange(40.0), "y": np.arange(40.0) ** 2})
    report = train(table, a_regression(target="y", validation=NO_FOLDS))
    assert len(report.worst) == report.metrics["rows"]["test"] == 8


def test_each_class_has_the_scores_of_scikit_learn(penguins: pd.DataFrame) -> None:
    table = penguins[["species", "island", "sex"]]
    report = train(table, a_spec(validation=NO_FOLDS))
    test = report.predictions
    names = ["Adelie", "Chinstrap", "Gentoo"]
    expected = metrics.precision_recall_fscore_support(
        test.actual, test.predicted, labels=names, zero_division=0
    )
    for place, found in enumerate(report.metrics["classes"]):
        assert found["class"] == names[place]
        values = [found[name] for name in ("precision", "recall", "f1", "support")]
        assert values == pytest.approx([column[place] for column in expected])


def test_numbers_have_no_classes(cars: pd.DataFrame) -> None:
    assert train(cars, a_regression(validation=NO_FOLDS)).metrics["classes"] == []


def test_all_of_it_is_kept_in_files(penguins: pd.DataFrame, tmp_path: Path) -> None:
    report = train(penguins, a_spec(validation=NO_FOLDS))
    report.write(tmp_path)
    kept = json.loads((tmp_path / "metrics.json").read_text())
    assert kept["worst_rows"] == report.worst.to_dict("records")
    assert kept["slices"] == report.metrics["slices"]
    assert kept["threshold"] is None
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "worst_rows.parquet"), report.worst, check_dtype=False
    )

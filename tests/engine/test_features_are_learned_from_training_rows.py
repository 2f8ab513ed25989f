"""Nothing that is made of columns, or chosen among them, has seen a row that it is tested on."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.report import Report
from engine.train import train
from tests.engine.features import a_table
from tests.engine.helpers import NO_FOLDS, Heard, a_spec

LEARNED: dict[str, dict[str, Any]] = {
    "polynomial": {"polynomial": {"degree": 2}},
    "interactions": {"interactions": [["größe", "hours"]]},
    "ratios": {"ratios": [["größe", "hours"]]},
    "differences": {"differences": [["größe", "hours"]]},
    "logs": {"logs": ["größe"]},
    "bins by quantile": {"bins": {"strategy": "quantile"}},
    "bins by width": {"bins": {"strategy": "uniform"}},
    "bins by clusters": {"bins": {"strategy": "kmeans"}},
    "group means": {"group_means": [{"of": "größe", "by": "zip"}]},
    "dates": {"dates": True},
    "words": {"text": {}},
    "topics": {"text": {"svd": 3}},
    "components": {"pca": {"n_components": 2}},
    "variance": {"selection": {"method": "variance", "threshold": 0.2}},
    "mutual information": {"selection": {"method": "mutual_information", "k": 2}},
    "l1": {"selection": {"method": "l1", "k": 2}},
    "top k": {"selection": {"method": "top_k", "k": 2}},
}
ODD = {"größe": 1e6, "hours": -1e6, "zip": "Ulm", "message": "words unseen elsewhere unseen"}


def _trained(table: pd.DataFrame, wanted: dict[str, Any]) -> Report:
    return train(table, a_spec(features=wanted, validation=NO_FOLDS), Heard())


def _prepared(report: Report, part: str) -> np.ndarray:
    rows = report.split.index[report.split["part"] == part]
    values = report.fitted.pipeline["prepare"].transform(report.ready.features.iloc[rows])
    return values.toarray() if hasattr(values, "toarray") else np.asarray(values)


@pytest.mark.parametrize("wanted", LEARNED.values(), ids=LEARNED)
def test_other_test_rows_change_nothing_that_was_learned(wanted: dict[str, Any]) -> None:
    table = a_table(120)
    before = _trained(table, wanted)
    tested = before.split.loc[before.split["part"] == "test", "row"]
    table.loc[tested, list(ODD)] = list(ODD.values())
    table.loc[tested, "day"] = pd.Timestamp("1980-05-05 05:55")
    after = _trained(table, wanted)
    assert (_prepared(before, "train") == _prepared(after, "train")).all()
    assert (before.fitted.pipeline["model"].coef_ == after.fitted.pipeline["model"].coef_).all()
    assert not np.array_equal(_prepared(before, "test"), _prepared(after, "test"))


@pytest.mark.parametrize("method", ["top_k", "l1"])
def test_columns_of_noise_chosen_in_each_fold_tell_nothing(method: str) -> None:
    """Chosen on all rows before the folds, the best 10 of 200 columns of noise seem right in 7 of 10."""
    draw = np.random.default_rng(1)
    table = pd.DataFrame(draw.normal(size=(100, 200))).add_prefix("n")
    table["species"] = draw.permutation(["a", "b"] * 50)
    wanted = {"selection": {"method": method, "k": 10}}
    report = train(table, a_spec(features=wanted), Heard())
    assert report.metrics["validation"]["accuracy"]["mean"] < 0.6


def test_means_of_groups_of_one_row_tell_nothing_of_the_other_fold() -> None:
    draw = np.random.default_rng(2)
    table = pd.DataFrame({"n": draw.normal(size=200), "zip": [f"z{i // 2}" for i in range(200)]})
    table["species"] = draw.permutation(["a", "b"] * 100)
    wanted = {"group_means": [{"of": "n", "by": "zip"}], "selection": {"k": 3}}
    spec = a_spec(features=wanted, columns={"kinds": {"zip": "categorical"}})
    report = train(table, spec, Heard())
    assert 0.35 < report.metrics["validation"]["accuracy"]["mean"] < 0.65

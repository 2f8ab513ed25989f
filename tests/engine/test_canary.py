"""A shuffled target cannot be learned; where it can, something leaks."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.__main__ import main
from engine.canary import SHUFFLES, Verdict, canary
from engine.transformers.clip import Clip
from tests.engine.helpers import EXAMPLES, NO_FOLDS, a_regression, a_spec


def penguins() -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "penguins.csv")


@pytest.mark.parametrize("encode", ["one_hot", "target", "frequency", "hashing"])
def test_whatever_is_learned_of_words_nothing_leaks(encode: str) -> None:
    spec = a_spec(validation=NO_FOLDS, preprocessing={"categorical": {"encode": encode}})
    assert canary(penguins(), spec).sings


FEATURES: dict[str, dict[str, Any]] = {
    "means by group": {"group_means": [{"of": "body_mass_g", "by": "island"}]},
    "selection": {"polynomial": {"degree": 3}, "selection": {"method": "top_k", "k": 3}},
}


@pytest.mark.parametrize("made", FEATURES)
def test_whatever_is_made_of_columns_nothing_leaks(made: str) -> None:
    assert canary(penguins(), a_spec(validation=NO_FOLDS, features=FEATURES[made])).sings


def test_numbers_are_watched_as_well() -> None:
    verdict = canary(pd.read_csv(EXAMPLES / "mpg.csv"), a_regression(validation=NO_FOLDS))
    assert verdict.sings
    assert verdict.metric == "r2"
    assert len(verdict.scores) == SHUFFLES


def test_a_preparation_that_peeks_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that carry the answer of the shuffled table: as a leak would."""
    table = penguins()

    def peeking(self: Clip, values: Any) -> np.ndarray:
        peeked = np.asarray(values, dtype="float64").copy()
        peeked[:, 0] = self.answers_[np.asarray(values)[:, -1].astype(int)]
        return peeked

    def fit(self: Clip, values: Any, target: Any = None) -> Clip:
        self.answers_ = truth
        return self

    truth: np.ndarray = np.empty(0)

    def shuffled(found: pd.DataFrame, target: str, seed: int) -> pd.DataFrame:
        nonlocal truth
        order = np.random.default_rng(seed).permutation(len(found))
        mixed = found.assign(**{target: found[target].iloc[order].to_numpy()})
        truth = pd.factorize(mixed[target])[0].astype("float64")
        return mixed

    monkeypatch.setattr("engine.canary._shuffled", shuffled)
    monkeypatch.setattr(Clip, "fit", fit)
    monkeypatch.setattr(Clip, "transform", peeking)
    numbers = table.select_dtypes("number").columns
    table = table[["species", *numbers]].assign(place=np.arange(len(table)))
    spec = a_spec(validation=NO_FOLDS, preprocessing={"numeric": {"clip": 0.01}})
    verdict = canary(table, spec)
    assert not verdict.sings
    assert "reaches the model by another way" in verdict.sentence


def test_one_lucky_shuffle_is_no_leak() -> None:
    assert Verdict("roc_auc", 0.5, (0.6, 0.5, 0.5, 0.5, 0.5), 1).sings
    assert not Verdict("roc_auc", 0.5, (0.6, 0.6, 0.6, 0.5, 0.5), 3).sings


def test_rows_without_a_target_stay_so() -> None:
    table = penguins()
    table.loc[:9, "species"] = None
    assert canary(table, a_spec("dummy", validation=NO_FOLDS)).scores == (0.5,) * SHUFFLES


def test_it_can_be_asked_from_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(a_spec(validation=NO_FOLDS).model_dump(mode="json")))
    penguins().to_parquet(tmp_path / "data.parquet")
    assert main([str(tmp_path / "spec.json"), str(tmp_path / "data.parquet"), "--canary"]) == 0
    assert "Nothing leaks." in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.parquet", "spec.json"]


def test_without_a_folder_nothing_is_trained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spec.json", "data.parquet"]) == 2
    assert "say where the results go" in capsys.readouterr().err

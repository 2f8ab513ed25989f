"""Prepared rows are shared by runs that prepare alike, and the numbers are the same, bit for bit."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import job, shelf
from engine.events import ignore
from engine.report import Report
from engine.shelf import Shelf
from engine.train import train
from tests.engine.helpers import EXAMPLES, Heard, a_spec

FOLDS = {"kind": "kfold", "folds": 3}


@pytest.fixture(autouse=True)
def _keep_small_ones_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "LEAST_CELLS", 1)


def penguins() -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "penguins.csv")


def trained(own: Shelf, algo: str = "logistic_regression", **more: Any) -> Report:
    with shelf.using(own):
        return train(penguins(), a_spec(algo, validation=FOLDS, **more))


def same(one: Report, other: Report) -> bool:
    pd.testing.assert_frame_equal(one.predictions, other.predictions, check_exact=True)
    return all(one.metrics[part] == other.metrics[part] for part in ("test", "validation"))


ENCODINGS = ("one_hot", "ordinal", "target")


@pytest.mark.parametrize("encode", ENCODINGS)
def test_the_second_run_takes_what_the_first_prepared_and_finds_the_same(tmp_path: Path, encode: str) -> None:
    wanted: dict[str, Any] = {"preprocessing": {"categorical": {"encode": encode}}}
    plain, first = trained(Shelf(), **wanted), trained(Shelf(made=tmp_path), **wanted)
    second_shelf = Shelf(kept=tmp_path)
    second = trained(second_shelf, **wanted)
    assert same(plain, first)
    assert same(plain, second)
    assert (
        second_shelf.taken == 2 * 4
    )  # rows to learn from and rows to answer, for the final model and each fold


def test_another_learner_of_the_same_kind_takes_them_too(tmp_path: Path) -> None:
    spec = [a_spec(algo, validation=FOLDS) for algo in ("dense_network", "random_forest")]
    names = {shelf.name_of(one) for one in spec}
    assert len(names) == 2  # one wants scaled numbers, the other does not
    strong = a_spec("logistic_regression", {"C": 10.0}, validation=FOLDS)
    assert shelf.name_of(strong) == shelf.name_of(a_spec("logistic_regression", validation=FOLDS))


OTHERWISE: dict[str, dict[str, Any]] = {
    "columns": {"columns": {"drop": ["island"]}},
    "preparation": {"preprocessing": {"numeric": {"missing": "mean"}}},
    "features": {"features": {"logs": ["body_mass_g"]}},
    "seed": {"seed": 1},
    "split": {"split": {"kind": "holdout", "test_size": 0.3}},
    "target": {"target": "island"},
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_whatever_decides_the_rows_is_in_the_name(what: str) -> None:
    assert shelf.name_of(a_spec(**OTHERWISE[what])) != shelf.name_of(a_spec())


def test_the_model_file_of_a_run_that_took_its_rows_is_as_good(tmp_path: Path) -> None:
    from engine import bundle

    trained(Shelf(made=tmp_path / "shelf"))
    report = trained(Shelf(kept=tmp_path / "shelf"))
    report.write(tmp_path)
    told = report.predictions[report.predictions["part"] == "test"]
    again = bundle.load(tmp_path / "model.zip").predict(penguins().iloc[told["row"]])
    assert again["prediction"].tolist() == told["predicted"].tolist()


def test_a_half_written_part_is_not_taken(tmp_path: Path) -> None:
    trained(Shelf(made=tmp_path))
    for about in tmp_path.glob("*.json"):
        about.unlink()
    own = Shelf(kept=tmp_path)
    trained(own)
    assert own.taken == 0


def test_small_parts_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "LEAST_CELLS", 10_000_000)
    trained(Shelf(made=tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_a_run_keeps_no_more_than_its_room(tmp_path: Path) -> None:
    trained(Shelf(made=tmp_path / "all"))
    trained(Shelf(made=tmp_path / "some", _room=20_000))
    sizes = [sum(file.stat().st_size for file in (tmp_path / name).glob("*.npy")) for name in ("all", "some")]
    assert 0 < sizes[1] <= 21_000 < sizes[0]


def test_a_sparse_matrix_comes_back_as_it_was(tmp_path: Path) -> None:
    from scipy.sparse import random

    matrix = random(50, 400, density=0.05, format="csr", random_state=0)
    own = Shelf(made=tmp_path)
    own._keep("m", matrix)
    found = Shelf(kept=tmp_path)._found("m")
    assert found is not None
    assert found.format == "csr"
    assert (found != matrix).nnz == 0


def test_who_writes_into_taken_rows_does_not_change_them_for_others(tmp_path: Path) -> None:
    own = Shelf(made=tmp_path)
    own._keep("m", np.zeros((3, 3)))
    first, second = (Shelf(kept=tmp_path)._found("m") for _ in range(2))
    assert first is not None
    assert second is not None
    first[0, 0] = 5
    assert second[0, 0] == 0


def test_a_file_that_hides_a_pickle_is_not_opened(tmp_path: Path) -> None:
    np.save(tmp_path / "m.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    (tmp_path / "m.json").write_text(json.dumps({"sparse": False, "shape": [1]}))
    with pytest.raises(ValueError, match="Python objects"):
        Shelf(kept=tmp_path)._found("m")


def test_a_job_leaves_its_shelf_and_the_next_one_says_that_it_took_it(tmp_path: Path) -> None:
    penguins().to_parquet(tmp_path / "data.parquet")
    spec = a_spec(validation=FOLDS).model_dump(mode="json")
    shelves, heard = tmp_path / "shelves", Heard()
    shelves.mkdir()
    for place, tell in (("first", ignore), ("second", heard)):
        (tmp_path / place).mkdir()
        job.run(
            tell,
            spec=spec,
            data=str(tmp_path / "data.parquet"),
            out=str(tmp_path / place),
            earlier={"shelves": str(shelves)},
        )
        for made in (tmp_path / place / "shelf").iterdir():
            if place == "first":
                made.rename(shelves / made.name)
    assert "as an earlier run prepared them" in heard.sentences("log")
    (used,) = (tmp_path / "second" / "shelf").iterdir()
    assert list(used.iterdir()) == []
    files = (tmp_path / place / "metrics.json" for place in ("first", "second"))
    first, second = (json.loads(file.read_text())["test"] for file in files)
    assert first == second

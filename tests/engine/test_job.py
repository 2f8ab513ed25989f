"""One training from file to files, as the platform and the command line run it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine import job
from engine.__main__ import main
from engine.problems import CannotTrain
from tests.engine.helpers import ROOT, Heard, a_regression, a_spec

SPEC: dict[str, Any] = {
    "task": "classification",
    "target": "species",
    "model": {"algo": "logistic_regression"},
}


@pytest.fixture
def data(penguins: pd.DataFrame, tmp_path: Path) -> Path:
    penguins.to_parquet(tmp_path / "data.parquet")
    return tmp_path / "data.parquet"


@pytest.fixture
def done(data: Path, tmp_path: Path, heard: Heard) -> Path:
    (tmp_path / "out").mkdir()
    job.run(heard, spec=SPEC, data=str(data), out=str(tmp_path / "out"))
    return tmp_path / "out"


def _metrics(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "metrics.json").read_text())
    return found


def test_the_files_of_a_run_are_there_and_no_others(done: Path) -> None:
    found = {str(path.relative_to(done)) for path in done.rglob("*") if path.is_file()}
    tables = {"model.zip", "metrics.json", "predictions.parquet", "split.parquet", "worst_rows.parquet"}
    drawn = ("calibration", "confusion_matrix", "gain", "precision_recall", "roc")
    assert found == tables | {f"figures/{name}.json" for name in drawn}


def test_the_scores_are_beside_those_of_the_naive_guess(done: Path) -> None:
    metrics = _metrics(done)
    assert metrics["test"]["accuracy"] > 0.95
    assert metrics["baseline"]["test"]["accuracy"] == pytest.approx(30 / 69, abs=0.02)
    assert (
        set(metrics["test"])
        == set(metrics["train"])
        == set(metrics["intervals"])
        == set(metrics["validation"])
    )
    left_out = {"without_target": 0, "without_time": 0, "with_gaps": 0}
    assert metrics["rows"] == {"train": 275, "test": 69, "duplicates": 0, **left_out}
    assert set(metrics["timings"]) == {"prepare", "fit", "evaluate"}


def test_the_validation_has_mean_spread_and_folds(done: Path) -> None:
    accuracy = _metrics(done)["validation"]["accuracy"]
    assert len(accuracy["folds"]) == 5
    assert accuracy["mean"] == pytest.approx(sum(accuracy["folds"]) / 5)
    assert accuracy["std"] >= 0


def test_the_headline_is_a_sentence_with_its_yardstick(done: Path) -> None:
    headline = _metrics(done)["headline"]
    assert headline["text"].startswith("Right for ")
    assert headline["baseline"] == "Always answering “Adelie” is right for 43 of 100."


def test_the_predictions_are_those_that_were_scored(done: Path) -> None:
    table = pd.read_parquet(done / "predictions.parquet")
    tested = table[table["part"] == "test"]
    assert (tested["actual"] == tested["predicted"]).mean() == pytest.approx(
        _metrics(done)["test"]["accuracy"]
    )
    shares = table.filter(like="probability_")
    assert list(shares) == ["probability_Adelie", "probability_Chinstrap", "probability_Gentoo"]
    assert shares.sum(axis=1).between(0.999999, 1.000001).all()


def test_every_row_is_predicted_once_by_a_model_that_did_not_see_it(done: Path) -> None:
    table = pd.read_parquet(done / "predictions.parquet")
    parts = pd.read_parquet(done / "split.parquet")
    assert sorted(table["row"]) == list(range(344))
    both = table.merge(parts, on="row", suffixes=("", "_split"))
    folds = both["fold"].astype("string").fillna("test")
    assert (folds == both["part"]).all()
    assert (parts["fold"].isna() == (parts["part"] == "test")).all()


def test_rows_keep_their_number_in_the_dataset(penguins: pd.DataFrame, tmp_path: Path, heard: Heard) -> None:
    penguins.loc[:9, "species"] = None
    penguins.to_parquet(tmp_path / "data.parquet")
    job.run(heard, spec=SPEC, data=str(tmp_path / "data.parquet"), out=str(tmp_path))
    table = pd.read_parquet(tmp_path / "predictions.parquet")
    assert table["row"].min() == 10
    assert (table.set_index("row")["actual"].sort_index() == penguins["species"].iloc[10:]).all()
    assert _metrics(tmp_path)["rows"]["without_target"] == 10


def test_a_regression_has_values_and_a_headline_in_their_unit(
    cars: pd.DataFrame, tmp_path: Path, heard: Heard
) -> None:
    cars.to_parquet(tmp_path / "data.parquet")
    spec = a_regression().model_dump(mode="json")
    job.run(heard, spec=spec, data=str(tmp_path / "data.parquet"), out=str(tmp_path))
    table = pd.read_parquet(tmp_path / "predictions.parquet")
    assert list(table) == ["row", "part", "actual", "predicted"]
    assert _metrics(tmp_path)["headline"]["text"].startswith("Off by 2.")
    assert (tmp_path / "figures" / "residuals.json").exists()


def test_a_test_without_a_fault_is_said_to_be_so(tmp_path: Path, heard: Heard) -> None:
    table = pd.DataFrame({"x": range(100), "species": ["a"] * 50 + ["b"] * 50})
    table["x"] += 100 * (table["species"] == "b")
    table.to_parquet(tmp_path / "data.parquet")
    job.run(heard, spec=SPEC, data=str(tmp_path / "data.parquet"), out=str(tmp_path))
    assert _metrics(tmp_path)["headline"]["text"] == "Right for all 20 test rows."


@pytest.mark.parametrize("algo", ["logistic_regression", "random_forest"])
def test_the_threads_do_not_change_the_numbers(data: Path, tmp_path: Path, heard: Heard, algo: str) -> None:
    found = []
    for threads in (1, 3):
        spec = a_spec(algo).model_dump(mode="json")
        job.run(heard, spec=spec, data=str(data), out=str(tmp_path), threads=threads)
        found.append(pd.read_parquet(tmp_path / "predictions.parquet"))
    pd.testing.assert_frame_equal(found[0], found[1], check_exact=True)


def test_no_warning_of_a_library_reaches_the_log(
    data: Path, tmp_path: Path, heard: Heard, recwarn: pytest.WarningsRecorder
) -> None:
    model = {"algo": "logistic_regression", "max_iter": 10, "C": 1e6}
    job.run(heard, spec={**SPEC, "model": model}, data=str(data), out=str(tmp_path))
    assert "ended before it settled" in heard.sentences()
    assert not recwarn.list


def test_the_split_of_one_run_is_that_of_the_next(
    data: Path, done: Path, tmp_path: Path, heard: Heard
) -> None:
    (tmp_path / "next").mkdir()
    spec = {**SPEC, "seed": 7}
    parts = str(done / "split.parquet")
    job.run(heard, spec=spec, data=str(data), out=str(tmp_path / "next"), earlier={"parts": parts})
    one, other = (pd.read_parquet(folder / "split.parquet") for folder in (done, tmp_path / "next"))
    pd.testing.assert_frame_equal(one, other)
    assert _metrics(done)["test"] == _metrics(tmp_path / "next")["test"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "cannot be read"), (b"PAR1 but no table", "cannot be read"), (None, "cannot be read")],
    ids=["empty", "broken", "missing"],
)
def test_a_stored_split_that_cannot_be_read_is_refused(
    content: bytes | None, words: str, data: Path, tmp_path: Path, heard: Heard
) -> None:
    parts = tmp_path / "split.parquet"
    if content is not None:
        parts.write_bytes(content)
    with pytest.raises(CannotTrain, match=words) as refusal:
        job.run(heard, spec=SPEC, data=str(data), out=str(tmp_path), earlier={"parts": str(parts)})
    assert refusal.value.code == "split_unfit"


def test_a_stored_split_of_another_table_is_refused(
    done: Path, penguins: pd.DataFrame, tmp_path: Path, heard: Heard
) -> None:
    penguins.iloc[3:].to_parquet(tmp_path / "fewer.parquet")
    parts = str(done / "split.parquet")
    with pytest.raises(CannotTrain, match="does not fit its rows"):
        job.run(
            heard,
            spec=SPEC,
            data=str(tmp_path / "fewer.parquet"),
            out=str(tmp_path),
            earlier={"parts": parts},
        )


def test_the_command_takes_a_stored_split(data: Path, done: Path, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps({**SPEC, "seed": 7}))
    files = [str(tmp_path / "spec.json"), str(data), str(tmp_path / "again")]
    assert main([*files, "--parts", str(done / "split.parquet")]) == 0
    one, other = (pd.read_parquet(folder / "split.parquet") for folder in (done, tmp_path / "again"))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("more", [["--parts"], ["--seed", "x"], ["x"]], ids=["nothing", "other", "four"])
def test_the_command_knows_no_other_word(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a", "b", "c", *more]) == 2
    assert "[--parts SPLIT.parquet]" in capsys.readouterr().err


def test_an_odd_spec_is_a_problem_with_its_field(data: Path, tmp_path: Path, heard: Heard) -> None:
    with pytest.raises(CannotTrain) as refusal:
        job.run(heard, spec={**SPEC, "seed": -1}, data=str(data), out=str(tmp_path))
    assert refusal.value.problem == {
        "code": "invalid",
        "detail": "seed: Must be at least 0.",
        "field": "seed",
    }


def test_a_refusal_leaves_no_files(data: Path, tmp_path: Path, heard: Heard) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(CannotTrain):
        job.run(heard, spec={**SPEC, "target": "zoo"}, data=str(data), out=str(tmp_path / "out"))
    assert list((tmp_path / "out").iterdir()) == []


def test_the_command_gives_the_same_numbers_as_the_job(data: Path, done: Path, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    command = [
        sys.executable,
        "-m",
        "engine",
        str(tmp_path / "spec.json"),
        str(data),
        str(tmp_path / "again"),
    ]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    one, other = _metrics(done), _metrics(tmp_path / "again")
    assert {**one, "timings": 0} == {**other, "timings": 0}
    one_table, other_table = (pd.read_parquet(f / "predictions.parquet") for f in (done, tmp_path / "again"))
    pd.testing.assert_frame_equal(one_table, other_table, check_exact=True)


def test_the_command_says_what_it_does(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = {
        **SPEC,
        "model": {"algo": "dense_network", "epochs": 2},
        "validation": {"kind": "kfold", "folds": 2},
    }
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    assert main([str(tmp_path / "spec.json"), str(data), str(tmp_path / "new" / "folder")]) == 0
    printed = capsys.readouterr().out
    assert "Epoch 2 of 2" in printed
    assert "Fold 2 of 2" in printed
    assert "Saved the model" in printed


@pytest.mark.parametrize("spec", ['{"task": "zoo"}', "not json", "[]"])
def test_the_command_refuses_an_odd_spec_in_a_sentence(
    spec: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "spec.json").write_text(spec)
    assert main([str(tmp_path / "spec.json"), str(data), str(tmp_path / "new")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: python -m engine" in capsys.readouterr().err


def test_a_table_without_rows_is_refused(penguins: pd.DataFrame, tmp_path: Path, heard: Heard) -> None:
    penguins.iloc[:0].to_parquet(tmp_path / "data.parquet")
    with pytest.raises(CannotTrain) as refusal:
        job.run(heard, spec=SPEC, data=str(tmp_path / "data.parquet"), out=str(tmp_path))
    assert refusal.value.code == "target_missing"

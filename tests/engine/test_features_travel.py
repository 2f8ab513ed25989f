"""A model file brings the code of ours that it needs: it runs elsewhere, and is never run here."""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import bundle
from engine.bundle import CannotPredict
from engine.train import train
from tests.engine.features import a_table
from tests.engine.helpers import NO_FOLDS, ROOT, Heard, a_spec

EVERYTHING: dict[str, Any] = {
    "features": {
        "ratios": [["größe", "hours"]],
        "logs": ["größe"],
        "bins": {"n_bins": 3},
        "group_means": [{"of": "größe", "by": "zip"}],
        "text": {"ngrams": 2},
        "pca": {"n_components": 20},
        "selection": {"k": 15},
    },
    "preprocessing": {"categorical": {"encode": "frequency"}},
}
CONDENSED: dict[str, Any] = {"features": {"text": {"svd": 3}, "polynomial": {"degree": 3}}}
NETWORK: dict[str, Any] = {"features": {"text": {}}, "algo": "dense_network"}
Change = Callable[[dict[str, bytes]], None]


def _saved(folder: Path, algo: str = "logistic_regression", **more: Any) -> Path:
    train(a_table(120), a_spec(algo, validation=NO_FOLDS, **more), Heard()).write(folder)
    return folder / "model.zip"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _saved(tmp_path_factory.mktemp("model"), **EVERYTHING)


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _changed(path: Path, place: Path, change: Change) -> Path:
    """A copy with other members and their sha256 written anew, as a forger would."""
    members = _members(path)
    change(members)
    manifest = json.loads(members.pop("manifest.json"))
    manifest["sha256"] = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    with zipfile.ZipFile(place / "changed.zip", "w") as archive:
        for name, data in {"manifest.json": json.dumps(manifest).encode(), **members}.items():
            archive.writestr(name, data)
    return place / "changed.zip"


def _alone(path: Path, folder: Path, program: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The program of a model file, in a folder where nothing of ours can be imported, on `in.csv`."""
    program = program or folder / "predict.py"
    if not program.exists():
        program.write_bytes(_members(path)["predict.py"])
    a_table(40).to_csv(folder / "in.csv", index=False)
    command = [sys.executable, "-I", str(program), str(path), "in.csv", "out.csv"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _answers(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "out.csv").filter(regex="^prediction|^probability_")


def _assert_same(told: pd.DataFrame, path: Path) -> None:
    here = bundle.load(path).predict(a_table(40))
    assert told["prediction"].tolist() == here["prediction"].tolist()
    shares = here.filter(like="probability_")
    np.testing.assert_allclose(told[shares.columns], shares, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    "wanted",
    [EVERYTHING, *(pytest.param(wanted, marks=pytest.mark.slow) for wanted in (CONDENSED, NETWORK))],
    ids=["everything", "topics", "network"],
)
def test_a_model_answers_alone_in_an_empty_folder(wanted: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "elsewhere").mkdir()
    path = _saved(tmp_path / "model", **wanted)
    ended = _alone(path, tmp_path / "elsewhere")
    assert ended.returncode == 0, ended.stderr
    _assert_same(_answers(tmp_path / "elsewhere"), path)


@pytest.mark.parametrize("algo", ["svm", "logistic_regression"])
def test_what_learned_from_sparse_columns_is_saved(algo: str, tmp_path: Path) -> None:
    table = a_table(120, zip=[f"z{number % 60}" for number in range(120)])
    more: dict[str, Any] = {
        "preprocessing": {"categorical": {"min_frequency": 0.0}},
        "columns": {"drop": ["day"]},
    }
    spec = a_spec(algo, validation=NO_FOLDS, **more)
    report = train(table, spec, Heard())
    report.write(tmp_path)
    prepared = report.fitted.pipeline["prepare"].transform(report.ready.features)
    said = bundle.load(tmp_path / "model.zip").predict(table).filter(like="probability_")
    told: Any = report.fitted.answers(report.ready.features, np.arange(120))[0].shares
    assert hasattr(prepared, "toarray")
    np.testing.assert_allclose(said, told, rtol=1e-9)


def test_a_model_answers_alone_from_an_unpacked_folder(model: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(model) as archive:
        archive.extractall(tmp_path)
    program = "import pandas, predict; predict.load(predict.Path('.')).predict(pandas.read_csv('in.csv'))"
    a_table(40).to_csv(tmp_path / "in.csv", index=False)
    ended = subprocess.run(
        [sys.executable, "-c", f"{program}.to_csv('out.csv')"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    _assert_same(_answers(tmp_path), model)


def test_just_the_code_that_is_used_travels(model: Path, tmp_path: Path) -> None:
    members = _members(model)
    held = {name for name in members if name.startswith("engine/")}
    assert {"engine/__init__.py", "engine/transformers/__init__.py"} < held
    assert {"engine/transformers/words.py", "engine/transformers/frequency.py"} < held
    assert "engine/transformers/target_means.py" not in held
    assert all(members[name] == (ROOT / name).read_bytes() for name in held)
    assert set(json.loads(members["manifest.json"])["sha256"]) == set(members) - {"manifest.json"}
    plain = _saved(tmp_path, columns={"drop": ["day"]})
    assert not [name for name in _members(plain) if name.startswith("engine/")]


@pytest.mark.parametrize("name", [path.stem for path in sorted((ROOT / "engine/transformers").glob("*.py"))])
def test_code_that_travels_takes_nothing_of_ours_along(name: str) -> None:
    source = (ROOT / "engine/transformers" / f"{name}.py").read_text("utf-8")
    taken = {
        line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("from ", "import "))
    }
    assert not taken & {"engine", "sandbox", "datasets", "experiments", "training", "web", "accounts"}


def _evil(members: dict[str, bytes]) -> None:
    members["engine/transformers/words.py"] += b"\nraise SystemExit('run')\n"


def test_code_in_a_model_file_is_never_run_by_the_platform(model: Path, tmp_path: Path) -> None:
    changed = _changed(model, tmp_path, _evil)
    before = bundle.load(model).predict(a_table(20))
    pd.testing.assert_frame_equal(bundle.load(changed).predict(a_table(20)), before)


def test_code_that_the_program_was_not_saved_with_is_never_run(model: Path, tmp_path: Path) -> None:
    ended = _alone(_changed(model, tmp_path, _evil), tmp_path)
    assert ended.returncode == 2
    assert "does not know the engine/transformers/words.py of this model file" in ended.stderr
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    "name",
    [
        "engine/transformers/deep/er.py",
        "engine/transformers/../../evil.py",
        "engine/spec.py",
        "engine/transformers/words.so",
        "engine/transformers/.py",
        "sklearn/__init__.py",
    ],
)
def test_other_code_does_not_belong_into_a_model_file(name: str, model: Path, tmp_path: Path) -> None:
    changed = _changed(model, tmp_path, lambda members: members.update({name: b"x"}))
    with pytest.raises(CannotPredict, match="does not belong") as refusal:
        bundle.load(changed)
    assert refusal.value.problem["code"] == "artifact_corrupt"


def test_a_model_without_the_code_that_it_needs_still_answers_here(model: Path, tmp_path: Path) -> None:
    def strip(members: dict[str, bytes]) -> None:
        for name in [name for name in members if name.startswith("engine/")]:
            del members[name]

    _assert_same(bundle.load(model).predict(a_table(40)), _changed(model, tmp_path, strip))


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"day": "soon"}, "not_a_date", "Write dates as 2026-01-31"),
        ({"größe": "tall"}, "not_a_number", "holds text"),
    ],
)
def test_rows_that_do_not_fit_are_refused_by_column(
    change: dict[str, str], code: str, words: str, model: Path
) -> None:
    with pytest.raises(CannotPredict, match=words) as refusal:
        bundle.load(model).predict(a_table(3).assign(**change))
    assert refusal.value.problem["code"] == code
    assert refusal.value.problem["field"] == next(iter(change))


def test_one_row_and_a_row_of_gaps_are_answered(model: Path) -> None:
    predictor = bundle.load(model)
    assert len(predictor.predict(a_table(50).iloc[[7]])) == 1
    nothing = pd.DataFrame({name: [None] for name in a_table(1).columns})
    unseen = a_table(1).assign(zip="Nowhere", message="never seen", day="1066-10-14", größe=np.inf)
    for odd in (nothing, unseen):
        assert np.isfinite(predictor.predict(odd).filter(like="probability_").to_numpy()).all()


def test_a_row_is_answered_alike_alone_and_among_others(model: Path) -> None:
    predictor, table = bundle.load(model), a_table(50)
    together = predictor.predict(table).filter(like="probability_").to_numpy()
    alone = [
        predictor.predict(table.iloc[[row]]).filter(like="probability_").to_numpy()[0] for row in range(5)
    ]
    np.testing.assert_allclose(together[:5], alone, rtol=1e-9)


def test_the_card_says_what_happens_to_odd_dates_and_texts(model: Path) -> None:
    card = _members(model)["model_card.md"].decode()
    assert "A missing date: its parts are filled as numbers are." in card
    assert "A missing text: it has no words." in card
    assert "| day | date | 2025-01-" in card


def test_dates_and_texts_are_described_in_the_manifest(model: Path) -> None:
    columns = {column["name"]: column for column in bundle.load(model).manifest["columns"]}
    assert columns["day"]["kind"] == "date"
    assert columns["day"]["typical"].startswith("2025-01-")
    assert columns["message"] == {"name": "message", "kind": "text", "typical": ""}

"""The model file: everything needed to use a model elsewhere, and nothing that runs by being opened."""

import hashlib
import io
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
import skops.io
from sklearn.preprocessing import FunctionTransformer

from engine import bundle, predict
from engine.bundle import CannotPredict
from engine.train import train
from tests.engine.helpers import EXAMPLES, NO_FOLDS, a_regression, a_spec

Members = dict[str, bytes]


def _saved(folder: Path, algo: str = "logistic_regression", **more: Any) -> Path:
    folder.mkdir(exist_ok=True)
    train(pd.read_csv(EXAMPLES / "penguins.csv"), a_spec(algo, validation=NO_FOLDS, **more)).write(folder)
    return folder / "model.zip"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _saved(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _saved(tmp_path_factory.mktemp("network"), "dense_network")


def _members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _documents(path: Path) -> set[str]:
    """Its parts without the code that it needs of ours."""
    return {name for name in _members(path) if not name.startswith("engine/")}


def _changed(path: Path, place: Path, change: Callable[[Members], None], *, summed: bool = True) -> Path:
    """A copy of a model file with other members; `summed` writes their sha256 anew, as a forger would."""
    members = _members(path)
    change(members)
    if summed:
        manifest = json.loads(members.pop("manifest.json"))
        manifest["sha256"] = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
        members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(place / "changed.zip", "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return place / "changed.zip"


def _refusal(path: Path) -> dict[str, str | None]:
    with pytest.raises(CannotPredict) as refusal:
        bundle.load(path)
    return refusal.value.problem


def test_a_model_file_holds_its_parts(model: Path, network: Path) -> None:
    assert _documents(model) == set(predict.MEMBERS) - {"network.keras"}
    assert _documents(network) == set(predict.MEMBERS)


def test_the_manifest_says_what_is_inside(model: Path) -> None:
    manifest = bundle.load(model).manifest
    assert manifest["spec"] == a_spec(validation=NO_FOLDS).model_dump(mode="json")
    assert manifest["fingerprint"] == a_spec(validation=NO_FOLDS).fingerprint()
    assert manifest["classes"] == ["Adelie", "Chinstrap", "Gentoo"]
    assert manifest["columns"][0] == {"name": "island", "kind": "categorical", "typical": "Biscoe"}
    assert manifest["columns"][1]["typical"] == pytest.approx(44.45)


def test_the_requirements_name_what_the_model_needs(model: Path, network: Path) -> None:
    assert b"scikit-learn==" in _members(model)["requirements.txt"]
    assert b"keras==" not in _members(model)["requirements.txt"]
    assert b"keras==" in _members(network)["requirements.txt"]


def test_the_card_has_the_scores_beside_the_naive_guess(model: Path) -> None:
    card = _members(model)["model_card.md"].decode()
    assert card.startswith("# Logistic regression for species")
    assert "| ROC AUC | 1 |" in card
    assert "## What it does with what it does not know" in card


def test_each_row_gets_a_prediction_and_shares(model: Path, penguins: pd.DataFrame) -> None:
    said = bundle.load(model).predict(penguins)
    assert (said["prediction"] == penguins["species"]).mean() > 0.97
    assert said.filter(like="probability_").sum(axis=1).to_numpy() == pytest.approx(1)


def test_other_order_and_further_columns_change_nothing(model: Path, penguins: pd.DataFrame) -> None:
    predictor = bundle.load(model)
    turned = penguins[penguins.columns[::-1]].assign(more=1)
    pd.testing.assert_frame_equal(predictor.predict(penguins), predictor.predict(turned))


def test_gaps_infinities_and_unknown_words_are_answered(model: Path, penguins: pd.DataFrame) -> None:
    odd = penguins.head(3).astype({"bill_length_mm": "float64"})
    odd.loc[0, "bill_length_mm"] = np.inf
    odd.loc[1, "island"] = "Atlantis"
    odd.loc[2, :] = None
    said = bundle.load(model).predict(odd)
    assert np.isfinite(said.filter(like="probability_").to_numpy()).all()


def test_more_rows_than_are_answered_at_once_are_all_answered(model: Path, penguins: pd.DataFrame) -> None:
    many = pd.concat([penguins] * 30, ignore_index=True)
    said = bundle.load(model).predict(many)
    assert (said["prediction"].iloc[-344:].to_numpy() == said["prediction"].iloc[:344].to_numpy()).all()


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (lambda table: table.drop(columns=["sex", "island"]), "missing_columns", "island, sex"),
        (lambda table: table.assign(body_mass_g="heavy"), "not_a_number", "body_mass_g holds text"),
        (lambda table: table.head(0), "no_rows", "at least one"),
    ],
)
def test_rows_that_do_not_fit_are_refused(
    model: Path, penguins: pd.DataFrame, change: Callable[[pd.DataFrame], pd.DataFrame], code: str, words: str
) -> None:
    with pytest.raises(CannotPredict, match=words) as refusal:
        bundle.load(model).predict(change(penguins))
    assert refusal.value.problem["code"] == code


def test_numbers_written_as_text_are_read(model: Path, penguins: pd.DataFrame) -> None:
    predictor = bundle.load(model)
    as_text = penguins.assign(body_mass_g=penguins["body_mass_g"].map("{:.0f}".format, na_action="ignore"))
    pd.testing.assert_frame_equal(predictor.predict(penguins), predictor.predict(as_text))


def test_a_class_that_training_never_saw_is_not_offered(tmp_path: Path) -> None:
    table = pd.DataFrame({"x": np.arange(60.0), "species": ["a"] * 30 + ["b"] * 29 + ["c"]})
    report = train(table, a_spec("xgboost", validation=NO_FOLDS))
    report.write(tmp_path)
    in_training = sorted(set(table["species"].iloc[report.split.loc[report.split["part"] == "train", "row"]]))
    assert bundle.load(tmp_path / "model.zip").classes == in_training


# Damaged and forged files


def test_a_changed_byte_is_noticed(model: Path, tmp_path: Path) -> None:
    def change(members: Members) -> None:
        members["pipeline.skops"] = members["pipeline.skops"][:-1] + b"x"

    assert _refusal(_changed(model, tmp_path, change, summed=False))["code"] == "artifact_corrupt"


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil", "model.pkl"])
def test_a_part_that_does_not_belong_there_is_refused(model: Path, tmp_path: Path, name: str) -> None:
    problem = _refusal(_changed(model, tmp_path, lambda members: members.update({name: b"x"})))
    assert problem["code"] == "artifact_corrupt"
    assert "does not belong" in str(problem["detail"])


def test_a_part_that_stands_there_twice_is_refused(model: Path, tmp_path: Path) -> None:
    path = _changed(model, tmp_path, lambda members: None)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("model_card.md", "other")
    assert "twice" in str(_refusal(path)["detail"])


def test_parts_larger_than_any_model_are_refused(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predict, "MOST_BYTES", 1000)
    assert "larger than any model" in str(_refusal(model)["detail"])


@pytest.mark.parametrize("missing", ["manifest.json", "pipeline.skops"])
def test_a_part_that_is_missing_is_noticed(model: Path, tmp_path: Path, missing: str) -> None:
    path = _changed(model, tmp_path, lambda members: members.__delitem__(missing), summed=False)
    assert _refusal(path)["code"] == "artifact_corrupt"


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all"])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.zip").write_bytes(content)
    assert _refusal(tmp_path / "model.zip")["code"] == "artifact_corrupt"


def test_a_later_format_is_said_to_be_unknown(model: Path, tmp_path: Path) -> None:
    def change(members: Members) -> None:
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), "format": 99}).encode()

    assert _refusal(_changed(model, tmp_path, change))["code"] == "artifact_unknown"


def test_a_pipeline_with_another_type_is_refused_by_its_name(model: Path, tmp_path: Path) -> None:
    evil = skops.io.dumps(FunctionTransformer(func=np.sqrt))
    problem = _refusal(_changed(model, tmp_path, lambda members: members.update({"pipeline.skops": evil})))
    assert problem["code"] == "artifact_refused"
    assert "which is not trusted" in str(problem["detail"])


@pytest.mark.parametrize("content", [b"PK", b"[]"])
def test_a_pipeline_that_is_no_pipeline_is_damaged(model: Path, tmp_path: Path, content: bytes) -> None:
    path = _changed(model, tmp_path, lambda members: members.update({"pipeline.skops": content}))
    assert _refusal(path)["code"] == "artifact_corrupt"


def _with_config(members: Members, change: Callable[[Any], None]) -> None:
    with zipfile.ZipFile(io.BytesIO(members["network.keras"])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    change(config)
    parts["config.json"] = json.dumps(config).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    members["network.keras"] = buffer.getvalue()


def _lambda(config: Any) -> None:
    config["config"]["layers"][1]["class_name"] = "Lambda"


def _foreign_module(config: Any) -> None:
    config["config"]["layers"][1]["module"] = "os"


def _hidden_object(config: Any) -> None:
    config["config"]["layers"][1]["config"]["kernel_initializer"] = {
        "module": "os",
        "class_name": "system",
        "config": {},
    }


@pytest.mark.parametrize("change", [_lambda, _foreign_module, _hidden_object])
def test_a_network_with_another_layer_is_refused(
    network: Path, tmp_path: Path, change: Callable[[Any], None]
) -> None:
    path = _changed(network, tmp_path, lambda members: _with_config(members, change))
    assert _refusal(path)["code"] == "artifact_refused"


# The program inside


def _run_inside(path: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the predict.py of a model file, where our own code cannot be imported."""
    (folder / "predict.py").write_bytes(_members(path)["predict.py"])
    command = [sys.executable, "-I", str(folder / "predict.py"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("which", ["model", "network"])
def test_the_program_inside_answers_a_csv(which: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(which)
    source, result = EXAMPLES / "penguins.csv", tmp_path / "out.csv"
    ended = _run_inside(path, tmp_path, str(path), str(source), str(result))
    assert ended.returncode == 0, ended.stderr
    said = bundle.load(path).predict(pd.read_csv(source))
    assert pd.read_csv(result)["prediction"].tolist() == said["prediction"].tolist()


def test_the_program_inside_answers_from_an_unpacked_folder(tmp_path: Path, cars: pd.DataFrame) -> None:
    report = train(cars, a_regression(validation=NO_FOLDS))
    report.write(tmp_path)
    with zipfile.ZipFile(tmp_path / "model.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    result = tmp_path / "out.csv"
    assert predict.main([str(tmp_path / "unpacked"), str(EXAMPLES / "mpg.csv"), str(result)]) == 0
    off = (pd.read_csv(result)["prediction"] - cars["mpg"]).abs().mean()
    assert 1.5 < off < 3


@pytest.mark.parametrize("arguments", [[], ["one"], ["no such file", "a", "b"]])
def test_the_program_inside_says_what_is_wrong(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert predict.main(arguments) == 2
    assert capsys.readouterr().err.strip()


def test_the_program_inside_names_a_missing_column(
    model: Path, tmp_path: Path, penguins: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    penguins.drop(columns="sex").to_csv(tmp_path / "in.csv", index=False)
    assert predict.main([str(model), str(tmp_path / "in.csv"), str(tmp_path / "out.csv")]) == 2
    assert "These columns are missing: sex." in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("algo", ["logistic_regression", "random_forest"])
def test_a_pipeline_is_saved_as_skops_saves_it_but_for_blanks(penguins: pd.DataFrame, algo: str) -> None:
    pipeline = train(penguins, a_spec(algo)).fitted.pipeline
    saved = (bundle.dumps(pipeline), skops.io.dumps(pipeline))
    ours, theirs = (zipfile.ZipFile(io.BytesIO(data)) for data in saved)
    assert _arrays(ours) == _arrays(theirs)
    assert _shape(json.loads(ours.read("schema.json"))) == _shape(json.loads(theirs.read("schema.json")))


def _arrays(archive: zipfile.ZipFile) -> list[bytes]:
    """In an order of their own, for their names are numbers of objects."""
    return sorted(archive.read(name) for name in archive.namelist() if name != "schema.json")


def _shape(value: Any) -> Any:
    """A schema without the numbers of objects, which differ from one saving to the next."""
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items() if name not in ("__id__", "file")}
    return [_shape(part) for part in value] if isinstance(value, list) else value

"""Pictures of figures show what their data says, whatever the classes are called."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import figures
from engine.data_sizes import Sizes
from engine.events import ignore
from engine.figures import png
from engine.fit import Answer

BLUE, GREY = (31, 119, 180), (128, 128, 128)


def _two(rows: int = 60) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    truth = random.integers(2, size=rows)
    share = np.clip(0.5 + 0.3 * (truth - 0.5) + random.normal(0, 0.2, rows), 0.01, 0.99)
    return truth, np.stack([1 - share, share], axis=1)


def _every_figure() -> dict[str, figures.Figure]:
    truth, shares = _two()
    names = ("no", "yes")
    values = Answer(truth + shares[:, 0], None)
    rows = np.arange(len(truth))
    steps = [{"epoch": i, "metrics": {"loss": 1 / i, "val_loss": 1.1 / i}} for i in range(1, 9)]
    return {
        "confusion_matrix": figures.confusion_matrix(truth, shares.argmax(axis=1), names),
        "roc": figures.roc(truth, shares, names, 0.8),
        "precision_recall": figures.precision_recall(truth, shares, names, 0.8),
        "calibration": figures.calibration(truth, shares, names, 0.2),
        "gain": figures.gain(truth, shares, names),
        "threshold": figures.threshold_curve(truth, shares[:, 1], shares.argmax(axis=1), "yes", None),
        "residuals": figures.residuals(truth, values, rows),
        "predicted_actual": figures.predicted_actual(truth, values, rows, 0.5),
        "qq": figures.qq(truth, values),
        "error_by_quantile": figures.error_by_quantile(truth * 1.0, values),
        "learning_curve": figures.learning_curve(steps, "epoch"),
        "data_sizes": figures.data_sizes(
            Sizes([10, 20, 40], [0.3, 0.2, 0.1], True, (0.1, 0.1, 0.5), 0.1, 0.1)
        ),
    }


FIGURES = _every_figure()


def _drawn(figure: figures.Figure, folder: Path) -> Any:
    (folder / "one.json").write_text(json.dumps(figure))
    png.draw(ignore, figures={"one": str(folder / "one.json")}, out=str(folder))
    return np.asarray(Image.open(folder / "one.png").convert("RGB")).astype(int)


def _share_of(picture: Any, colour: tuple[int, int, int]) -> float:
    return float((np.abs(picture - colour).sum(axis=2) < 60).mean())


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn(name: str, tmp_path: Path) -> None:
    picture = _drawn(FIGURES[name], tmp_path)
    assert picture.shape == (720, 960, 3)
    assert _share_of(picture, (255, 255, 255)) < 0.99


def test_no_kind_is_left_out() -> None:
    assert {figure["kind"] for figure in FIGURES.values()} == png.KINDS


@pytest.mark.parametrize("name", ["roc", "precision_recall", "gain", "calibration"])
def test_a_curve_is_a_line_beside_that_of_guessing(name: str, tmp_path: Path) -> None:
    picture = _drawn(FIGURES[name], tmp_path)
    assert _share_of(picture, BLUE) > 0.001
    assert _share_of(picture, GREY) > 0.0005


def test_a_name_is_a_name_and_no_formula(tmp_path: Path) -> None:
    truth, shares = _two()
    names = ("$\\frac{", "_^$ " + "long " * 20)
    for figure in (
        figures.roc(truth, shares, names, 0.8),
        figures.confusion_matrix(truth, shares.argmax(axis=1), names),
    ):
        assert _drawn(figure, tmp_path).shape == (720, 960, 3)


def test_a_figure_without_curves_is_drawn_empty(tmp_path: Path) -> None:
    truth = np.zeros(4, dtype="int64")
    shares = np.full((4, 2), 0.5)
    for figure in (figures.roc(truth, shares, ("a", "b"), None), figures.gain(truth, shares, ("a", "b"))):
        assert _drawn(figure, tmp_path).shape == (720, 960, 3)


def test_the_same_data_makes_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        _drawn(FIGURES["gain"], tmp_path / folder)
    assert (tmp_path / "a" / "one.png").read_bytes() == (tmp_path / "b" / "one.png").read_bytes()

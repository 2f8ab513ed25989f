"""What a child leaves is read as carefully as anything that a stranger sends."""

import json
from pathlib import Path
from typing import Any

import pytest

from experiments.models import Run
from training import results
from training.results import Unreadable

GOOD: dict[str, Any] = {
    "test": {"roc_auc": 0.9},
    "timings": {"fit": 0.5, "secret": 1},
    "headline": {"text": "Good."},
}


def left(folder: Path, content: Any) -> Path:
    (folder / "metrics.json").write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def test_scores_and_timings_are_taken(claimed: Run, tmp_path: Path) -> None:
    fields = results.read(claimed, left(tmp_path, GOOD))
    assert fields["score"] == 0.9
    assert fields["metrics"] == {"test": {"roc_auc": 0.9}}
    assert fields["timings"]["fit"] == 0.5
    assert "secret" not in fields["timings"]


def test_the_mean_of_the_folds_ranks_where_there_are_folds(claimed: Run, tmp_path: Path) -> None:
    folds = {"validation": {"roc_auc": {"mean": 0.8, "std": 0.1, "folds": [0.7, 0.9]}}}
    assert results.read(claimed, left(tmp_path, GOOD | folds))["score"] == 0.8


def test_what_is_not_finite_becomes_null(claimed: Run, tmp_path: Path) -> None:
    fields = results.read(
        claimed, left(tmp_path, '{"test": {"roc_auc": NaN, "f1": Infinity, "a\\u0000b": 1}}')
    )
    assert fields["score"] is None
    assert fields["metrics"]["test"]["f1"] is None
    assert "\0" not in json.dumps(fields["metrics"], ensure_ascii=False)


@pytest.mark.parametrize("content", ["", "[]", "nothing", "{}", '{"test": 5}', "[" * 100_000])
def test_anything_else_is_no_result(claimed: Run, tmp_path: Path, content: str) -> None:
    with pytest.raises(Unreadable):
        results.read(claimed, left(tmp_path, content))


def test_no_file_is_no_result(claimed: Run, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        results.read(claimed, tmp_path)

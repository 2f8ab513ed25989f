"""The log of a training says in lines what the events say in data."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine import job, log
from engine.events import ignore


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("log", {"message": "Read 344 rows."}, "Read 344 rows."),
        ("warning", {"message": "Left out name."}, "Note: Left out name."),
        ("stage", {"stage": "fit", "state": "done", "seconds": 1.234}, "Done: fit, 1.23 s."),
        ("stage", {"stage": "fit", "state": "started", "seconds": 0.0}, ""),
        ("fold", {"fold": 1, "folds": 5, "metrics": {"f1": 0.5}}, "Fold 1 of 5: f1 0.5."),
        ("epoch", {"epoch": 2, "epochs": 3, "metrics": {"loss": None}}, "Epoch 2 of 3: loss none."),
        ("iteration", {"iteration": 1, "iterations": 9}, ""),
    ],
)
def test_an_event_is_one_sentence_or_none(kind: str, data: dict[str, Any], text: str) -> None:
    assert log.line(kind, data) == text


def test_what_is_printed_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[str] = []
    tell = log.printed(lambda kind, data: heard.append(kind))
    tell("log", {"message": "Read 344 rows."})
    tell("iteration", {"iteration": 1, "iterations": 9})
    assert heard == ["log", "iteration"]
    assert capsys.readouterr().out.split(" ", 1)[1] == "Read 344 rows.\n"


@pytest.mark.parametrize(
    ("bytes_", "text"), [(1, "1 byte"), (999, "999 bytes"), (20_520, "20.5 kB"), (35e7, "350 MB")]
)
def test_sizes_are_told_in_three_digits(bytes_: float, text: str) -> None:
    assert log.size(int(bytes_)) == text


def test_a_whole_training_leaves_a_whole_log(
    penguins: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "penguins.parquet"
    penguins.to_parquet(data)
    spec = {"task": "classification", "target": "species", "model": {"algo": "dummy"}}
    job.run(ignore, spec=spec, data=str(data), out=str(tmp_path))
    lines = capsys.readouterr().out.splitlines()
    assert any("Read 344 rows" in line for line in lines)
    assert any("Fold 5 of 5" in line for line in lines)
    assert "Saved the model" in lines[-1]

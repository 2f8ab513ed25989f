"""What a child tells becomes events, and nothing else can be made of it."""

import time
from typing import Any

from experiments.models import Run
from training import notes, queue
from training.notes import Notes


def told(kind: str, **data: Any) -> dict[str, Any]:
    return {"kind": kind, "data": data, "at": time.time()}


def kinds(run: Run) -> list[str]:
    return list(run.events.filter(seq__gt=2).order_by("seq").values_list("kind", flat=True))


def test_progress_becomes_events_in_order(claimed: Run) -> None:
    Notes(claimed).hear([told("stage", stage="fit"), told("epoch", epoch=1), told("log", message="hm")])
    assert kinds(claimed) == ["stage", "epoch", "log"]


def test_a_child_cannot_say_how_its_run_goes(claimed: Run) -> None:
    Notes(claimed).hear([told("state", state="succeeded"), told("finished"), told("anything")])
    assert kinds(claimed) == []


def test_its_last_words_are_kept_for_the_end(claimed: Run) -> None:
    heard = Notes(claimed)
    heard.hear([told("problem", code="x", detail="X."), told("crash", exception="E")])
    assert heard.told.problem["code"] == "x"
    assert heard.told.crash["exception"] == "E"
    assert kinds(claimed) == []


def test_endless_logs_stop_with_a_word(claimed: Run, monkeypatch: Any) -> None:
    monkeypatch.setattr(notes, "MOST_LINES", 3)
    Notes(claimed).hear([told("log")] * 10 + [told("epoch")])
    assert kinds(claimed) == ["log", "log", "log", "warning", "epoch"]


def test_who_lost_the_run_learns_it(claimed: Run) -> None:
    queue.release(claimed)
    heard = Notes(claimed)
    heard.hear([told("epoch")])
    assert heard.superseded
    assert kinds(claimed) == ["state"]


def test_what_is_said_in_quick_succession_is_written_together(claimed: Run) -> None:
    heard = Notes(claimed)
    heard.hear([told("epoch", epoch=1)])
    heard.hear([told("epoch", epoch=2)])
    assert kinds(claimed) == ["epoch"]
    time.sleep(notes.FASTEST)
    heard.hear([told("epoch", epoch=3)])
    assert kinds(claimed) == ["epoch"] * 3

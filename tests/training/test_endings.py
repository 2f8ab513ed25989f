"""However a child ends, its run says why in words."""

import pytest

from experiments.states import State
from sandbox.job import Limits
from sandbox.parent import Ending, Reason
from training import endings
from training.endings import Told

LIMITS = Limits(memory_bytes=4 * 10**9, cpu_seconds=60, processes=64, wall_seconds=90)
REFUSED = Told(problem={"code": "target_constant", "detail": "The target never changes."})


def ended(code: int | None = None, signal: int | None = None, reason: Reason | None = None) -> Ending:
    return Ending(code, signal, 3 * 10**9, reason)


def test_a_quiet_end_is_a_success() -> None:
    assert endings.outcome_of(ended(0), Told(), LIMITS).state == State.SUCCEEDED


@pytest.mark.parametrize(
    ("ending", "told", "code", "word"),
    [
        (ended(3), REFUSED, "target_constant", "never changes"),
        (ended(0), REFUSED, "target_constant", "never changes"),
        (ended(1), Told(crash={"exception": "ValueError", "message": "x"}), "training_failed", "ValueError"),
        (ended(1), Told(crash={"exception": "MemoryError", "message": ""}), "out_of_memory", "4.00"),
        (ended(1), Told(crash={"exception": "OSError", "message": "[Errno 28] no"}), "disk_full", "room"),
        (ended(1), Told(crash={"exception": "<b>", "message": ""}), "training_failed", "an error"),
        (ended(signal=9), Told(), "trainer_crashed", "signal 9 (SIGKILL)"),
        (ended(signal=200), Told(), "trainer_crashed", "signal 200"),
        (ended(7), Told(), "training_failed", "log"),
        (ended(signal=9, reason="memory"), Told(), "out_of_memory", "3.00"),
        (ended(signal=9, reason="wall"), Told(), "time_limit", "1\u00a0min 30"),
        (ended(signal=24, reason="cpu"), Told(), "time_limit", "1\u00a0min 0"),
        (ended(signal=9, reason="processes"), Told(), "resource_limit", "64"),
        (ended(3), Told(problem={"code": "../x", "detail": ""}), "training_failed", "log"),
    ],
)
def test_every_other_end_has_a_code_and_a_sentence(ending: Ending, told: Told, code: str, word: str) -> None:
    outcome = endings.outcome_of(ending, told, LIMITS)
    assert (outcome.state, outcome.problem_code) == (State.FAILED, code)
    assert word in outcome.message


def test_only_an_end_from_outside_is_tried_again() -> None:
    assert endings.may_try_again(ended(signal=9), Told())
    assert not endings.may_try_again(ended(1), Told())
    assert not endings.may_try_again(ended(signal=9, reason="memory"), Told())
    assert not endings.may_try_again(ended(signal=9), REFUSED)

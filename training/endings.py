"""What the end of a child means for its run, in a state, a code and a sentence."""

import signal as signals
from dataclasses import dataclass, field
from typing import Any

from experiments.states import State
from sandbox.job import Limits
from sandbox.parent import Ending
from training.queue import Outcome
from web.templatetags import words

DISK_FULL = ("[Errno 28]", "[Errno 27]", "[Errno 122]")
"""How an OSError begins when a disk, a file or a quota is full."""
LONGEST_DETAIL = 1000
SUCCEEDED = Outcome(State.SUCCEEDED, "Finished.")


@dataclass
class Told:
    """What the child said about its own end: a refusal in words for the person, or an exception."""

    problem: dict[str, Any] = field(default_factory=dict)
    crash: dict[str, Any] = field(default_factory=dict)


def outcome_of(ending: Ending, told: Told, limits: Limits) -> Outcome:
    """Succeeded only where the child ended well and told no trouble."""
    if ending.reason in _REASONS:
        return _limit(ending, limits)
    if told.problem:
        return Outcome.failed(_word(told.problem), _sentence(told.problem))
    if told.crash:
        return _exception(told.crash, ending, limits)
    if ending.signal is not None:
        return Outcome.failed("trainer_crashed", f"Training was ended by {signal_name(ending.signal)}.")
    if ending.code != 0:
        return Outcome.failed(
            "training_failed", "Training ended without saying why. The log has its last lines."
        )
    return SUCCEEDED


def may_try_again(ending: Ending, told: Told) -> bool:
    """Whether the child broke off from outside, as by a signal, so that another attempt may do better."""
    return ending.signal is not None and ending.reason is None and not told.problem and not told.crash


def signal_name(number: int) -> str:
    """ "signal 9 (SIGKILL)"."""
    try:
        return f"signal {number} ({signals.Signals(number).name})"
    except ValueError:
        return f"signal {number}"


def _limit(ending: Ending, limits: Limits) -> Outcome:
    code, sentence = _REASONS[ending.reason or ""]
    return Outcome.failed(
        code,
        sentence.format(
            memory=words.size(limits.memory_bytes),
            peak=words.size(ending.peak_memory),
            wall=words.seconds(limits.wall_seconds),
            cpu=words.seconds(limits.cpu_seconds),
            processes=limits.processes,
        ),
    )


_REASONS = {
    "memory": (
        "out_of_memory",
        "Training needed more memory than a run may use ({memory}; its largest process had reached {peak}). "
        "Try a smaller model, or leave out columns.",
    ),
    "wall": (
        "time_limit",
        "Training took longer than a run may take ({wall}). Try fewer epochs, folds or trees.",
    ),
    "cpu": (
        "time_limit",
        "Training computed longer than a run may ({cpu}). Try fewer epochs, folds or trees.",
    ),
    "processes": (
        "resource_limit",
        "Training started more than the {processes} processes that a run may have.",
    ),
}


def _exception(crash: dict[str, Any], ending: Ending, limits: Limits) -> Outcome:
    kind, message = str(crash.get("exception", "")), str(crash.get("message", ""))
    if kind == "MemoryError":
        return _limit(Ending(ending.code, ending.signal, ending.peak_memory, "memory"), limits)
    if message.startswith(DISK_FULL):
        return Outcome.failed(
            "disk_full", "There was no room left to write the results. Make room, then train again."
        )
    name = kind if kind.isidentifier() else "an error"
    return Outcome.failed(
        "training_failed", f"Training stopped at an unexpected error ({name[:80]}). See the log."
    )


def _word(problem: dict[str, Any]) -> str:
    code = str(problem.get("code", ""))
    return code[:60] if code.isidentifier() else "training_failed"


def _sentence(problem: dict[str, Any]) -> str:
    return (
        str(problem.get("detail", ""))[:LONGEST_DETAIL]
        or "Training was refused without a reason. See the log."
    )

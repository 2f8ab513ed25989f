"""A job is called, tells what it does, and its end is told apart."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from sandbox import parent
from sandbox.job import Job
from sandbox.lines import LONGEST
from tests.sandbox.conftest import Do, Make, Zygote, run_in


def test_what_a_job_tells_arrives_in_order(do: Do) -> None:
    done = do("count", to=100)
    assert [message["data"]["epoch"] for message in done.messages] == list(range(100))
    assert {message["kind"] for message in done.messages} == {"epoch"}
    assert done.ending.code == 0
    assert done.ending.signal is None
    assert done.ending.reason is None


def test_each_message_says_when(do: Do) -> None:
    before = time.time()
    (message,) = do("count", to=1).messages
    assert before <= message["at"] <= time.time()


def test_arguments_arrive_as_they_were_given(do: Do) -> None:
    values = {"text": "Zürich \u2603 \U0001f600", "number": 1.5, "none": None, "deep": {"list": [1, [2]]}}
    assert do("echo", **values).told["echo"] == values


def test_numbers_that_are_not_finite_are_told_as_null(do: Do) -> None:
    assert do("not_finite").told["epoch"] == {"loss": None, "best": [None, 1.5]}


def test_a_message_that_is_too_long_fails_the_job_that_tells_it(do: Do) -> None:
    crash = do("too_long").told["crash"]
    assert crash["exception"] == "ValueError"
    assert str(LONGEST) in crash["message"]


def test_messages_of_several_threads_do_not_mix(do: Do) -> None:
    done = do("threads_tell")
    assert [len(message["data"]["text"]) for message in done.messages] == [50000] * 40


def test_an_expected_failure_is_told_whole(do: Do) -> None:
    done = do("refuse")
    assert done.told == {
        "problem": {"code": "target_constant", "detail": "The target is constant.", "field": "target"}
    }
    assert done.ending.code == 3


def test_an_unexpected_failure_is_told_in_short_and_kept_whole_in_the_log(do: Do) -> None:
    done = do("fail")
    assert done.told == {"crash": {"exception": "KeyError", "message": "'a secret place'"}}
    assert done.ending.code == 1
    assert done.log.startswith("about to fail")
    assert "Traceback" in done.log


@pytest.mark.parametrize(("function", "exception"), [("panic", "Panic"), ("leave", "SystemExit")])
def test_what_is_no_exception_ends_a_job_all_the_same(do: Do, function: str, exception: str) -> None:
    done = do(function)
    assert done.told["crash"]["exception"] == exception
    assert done.ending.code == 1


def test_a_function_that_does_not_exist_is_a_crash(light: Zygote, tmp_path: Path) -> None:
    done = run_in(light, Job("tests.sandbox.functions.nowhere", {}, tmp_path))
    assert done.told["crash"]["exception"] == "AttributeError"


def test_a_killed_child_says_by_which_signal(do: Do) -> None:
    done = do("kill_itself")
    assert done.ending.code is None
    assert done.ending.signal == signal.SIGKILL
    assert done.ending.reason is None


def test_a_native_crash_leaves_its_place_in_the_log(do: Do) -> None:
    done = do("crash_natively")
    assert done.ending.signal == signal.SIGSEGV
    assert "crash_natively" in done.log


def test_the_peak_of_memory_is_known(do: Do) -> None:
    assert 1 << 20 < do("count", to=1).ending.peak_memory < 1 << 30


def test_a_job_that_hangs_up_is_waited_for(do: Do) -> None:
    done = do("hang_up")
    assert [message["kind"] for message in done.messages] == ["last"]
    assert done.ending.code == 0


def test_ninety_jobs_in_a_row_all_end(do: Do) -> None:
    assert all(do("count", to=1).ending.code == 0 for _ in range(90))


def test_jobs_run_side_by_side(light: Zygote, job: Make) -> None:
    children = [parent.start(job("sleep", seconds=0.3), light.socket) for _ in range(5)]
    for child in children:
        with child:
            while child.ending is None:
                child.messages(1)
            assert child.ending.code == 0
    assert len({child.pid for child in children}) == 5


def test_a_job_larger_than_a_megabyte_is_refused(light: Zygote, job: Make) -> None:
    with pytest.raises(ValueError, match="larger than"):
        parent.start(job("echo", text="x" * 2_000_000), light.socket)


def test_the_log_does_not_follow_a_link(light: Zygote, job: Make, tmp_path: Path) -> None:
    linked = job("count", to=1)
    linked.log.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        parent.start(linked, light.socket)
    assert not (tmp_path / "elsewhere").exists()

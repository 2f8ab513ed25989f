"""Whoever ends, nothing is left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox import parent
from sandbox.parent import ZygoteGone
from tests.sandbox.conftest import Do, Make, Zygote, is_gone, run_in, soon

ROOT = Path(__file__).resolve().parents[2]


def test_killing_ends_the_whole_family(light: Zygote, job: Make) -> None:
    with parent.start(job("sleep_in_family"), light.socket) as child:
        (message,) = child.messages(5)
        began = time.monotonic()
        ending = child.kill()
        assert time.monotonic() - began < 2
    assert ending.signal == signal.SIGKILL
    assert soon(lambda: is_gone(message["data"]["pid"]) and is_gone(message["data"]["other"]))


def test_killing_twice_is_killing_once(light: Zygote, job: Make) -> None:
    with parent.start(job("sleep"), light.socket) as child:
        assert child.kill() == child.kill()
        assert child.ending == child.kill()


def test_what_was_told_before_the_end_can_still_be_read(light: Zygote, job: Make) -> None:
    with parent.start(job("count", to=50), light.socket) as child:
        time.sleep(0.5)
        child.kill()
        assert len(child.messages(0)) == 50


def test_leaving_the_block_kills(light: Zygote, job: Make) -> None:
    with parent.start(job("sleep"), light.socket) as child:
        assert not is_gone(child.pid)
    assert is_gone(child.pid)


def test_a_child_that_ends_leaves_nobody_behind(do: Do) -> None:
    done = do("leave_one_behind")
    assert done.ending.code == 0
    assert soon(lambda: is_gone(done.told["left"]["other"]))


def test_a_job_ends_when_nobody_wants_it_any_more(light: Zygote, job: Make) -> None:
    asked: list[float] = []

    def alive() -> bool:
        asked.append(time.monotonic())
        return len(asked) < 3

    done = run_in(light, job("sleep"), alive=alive, every=0.1)
    assert done.ending.reason == "stopped"
    assert done.ending.signal == signal.SIGKILL
    assert asked[2] - asked[0] >= 0.2


def test_who_has_told_everything_is_still_ending_for_a_moment(light: Zygote, job: Make) -> None:
    heard: list[str] = []
    ending = parent.run(
        job("count", to=5),
        zygote=light.socket,
        on_messages=lambda told: heard.extend(message["kind"] for message in told),
        on_silence=lambda: heard.append("silence"),
    )
    assert ending.code == 0
    assert heard.count("silence") <= 1  # the end itself may be heard first
    assert heard[:5] == ["epoch"] * 5


def test_a_child_is_silent_once_its_last_word_was_read(light: Zygote, job: Make) -> None:
    with parent.start(job("count", to=5), light.socket) as child:
        assert not child.is_silent
        moments = []
        while child.ending is None:
            told = child.messages(1)
            moments.append((len(told), child.is_silent))
    assert sum(told for told, _ in moments) == 5
    assert not any(told for told, silent in moments if silent)
    assert not child.is_silent


def test_a_listener_that_fails_ends_the_job(light: Zygote, job: Make) -> None:
    pids: list[int] = []

    def listen(told: list[parent.Message]) -> None:
        pids.append(told[0]["data"]["pid"])
        raise RuntimeError("no database")

    with pytest.raises(RuntimeError, match="no database"):
        parent.run(job("sleep"), zygote=light.socket, on_messages=listen)
    assert is_gone(pids[0])


def test_the_end_of_the_zygote_ends_its_children(hatch: Callable[..., Zygote], job: Make) -> None:
    zygote = hatch("json")
    with parent.start(job("sleep_in_family"), zygote.socket) as child:
        (message,) = child.messages(5)
        zygote.process.kill()
        zygote.process.wait()
        with pytest.raises(ZygoteGone):
            child.messages(5)
    assert soon(lambda: is_gone(child.pid) and is_gone(message["data"]["other"]))


def test_a_child_falls_with_its_zygote_without_any_help(hatch: Callable[..., Zygote], job: Make) -> None:
    zygote = hatch("json")
    with parent.start(job("sleep"), zygote.socket) as child:
        child.messages(5)
        zygote.process.kill()
        assert soon(lambda: is_gone(child.pid))


def test_a_stopped_zygote_cannot_keep_a_child_alive(hatch: Callable[..., Zygote], job: Make) -> None:
    zygote = hatch("json")
    with parent.start(job("sleep"), zygote.socket) as child:
        child.messages(5)
        zygote.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        child.kill()
        assert time.monotonic() - began < 2
        assert soon(lambda: is_gone(child.pid))
    zygote.process.send_signal(signal.SIGCONT)


def test_without_a_zygote_no_job_starts(job: Make, tmp_path: Path) -> None:
    with pytest.raises(ZygoteGone):
        parent.start(job("count", to=1), tmp_path / "nowhere")


def test_the_death_of_the_supervisor_ends_the_job(light: Zygote, tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "tests.sandbox.supervise", str(light.socket), str(tmp_path)]
    supervisor = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    (message,) = json.loads(supervisor.stdout.readline())
    family = [message["data"]["pid"], message["data"]["other"]]
    assert not any(is_gone(pid) for pid in family)
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    assert soon(lambda: all(is_gone(pid) for pid in family))


def test_a_paused_child_ends_too(light: Zygote, job: Make) -> None:
    with parent.start(job("sleep"), light.socket) as child:
        child.messages(5)
        os.killpg(child.pid, signal.SIGSTOP)
        assert child.kill().signal == signal.SIGKILL
    assert is_gone(child.pid)


def test_no_open_file_is_left_over(light: Zygote, job: Make) -> None:
    run_in(light, job("count", to=1))
    before = len(list(Path("/proc/self/fd").iterdir()))
    in_zygote = Path(f"/proc/{light.process.pid}/fd")
    theirs = len(list(in_zygote.iterdir()))
    for _ in range(10):
        run_in(light, job("count", to=1))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert soon(lambda: len(list(in_zygote.iterdir())) <= theirs)

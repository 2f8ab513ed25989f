"""What the child tells is bounded and judged, whatever it writes."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import parent
from sandbox.lines import BURST, KINDS, LONGEST, RATE, Reader, Teller, clean, read_line
from tests.sandbox.conftest import Make, Zygote


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def line(kind: str = "epoch", **data: object) -> bytes:
    return json.dumps({"kind": kind, "data": data, "at": 1.0}).encode() + b"\n"


def test_a_flood_is_bounded_and_its_newest_arrives(light: Zygote, job: Make) -> None:
    told = []
    with parent.start(job("flood", seconds=1.5), light.socket) as child:
        while child.ending is None:
            told += child.messages(1)
        dropped = child.dropped
    numbers = [message["data"]["number"] for message in told if message["kind"] == "iteration"]
    assert len(told) < BURST + 10 * RATE
    assert dropped > 0
    assert numbers == sorted(numbers)
    assert told[-1]["kind"] == "finished"
    assert told[-1]["data"]["told"] == numbers[-1] == dropped + len(told) - 1


def test_nonsense_is_counted_and_skipped(light: Zygote, job: Make) -> None:
    told = []
    with parent.start(job("talk_nonsense"), light.socket) as child:
        while child.ending is None:
            told += child.messages(1)
        assert child.dropped == 9
        assert child.ending.code == 0
    assert [message["kind"] for message in told] == ["honest"]


def test_a_parent_that_does_not_read_holds_the_child_back(light: Zygote, job: Make) -> None:
    with parent.start(job("flood", seconds=30), light.socket) as child:
        child.messages(5)
        assert child.kill().signal == 9


def test_silence_is_an_empty_list(light: Zygote, job: Make) -> None:
    with parent.start(job("sleep"), light.socket) as child:
        assert [message["kind"] for message in child.messages(5)] == ["sleeping"]
        assert child.messages(0.05) == []


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'{"kind": "a", "data": {}}',
        b'{"kind": "a", "data": {}, "at": NaN}',
        b'{"kind": "a", "data": {}, "at": "now"}',
        b'{"kind": "a", "data": [], "at": 1}',
        b'{"kind": 1, "data": {}, "at": 1}',
        b'{"kind": "a", "data": {"x": Infinity}, "at": 1}',
        b'{"kind": "a", "data": {"x": "\\ud800"}, "at": 1}',
        b'{"kind": "a", "data": {"x": "\\u0000"}, "at": 1}',
        b'{"kind": "a", "data": {"x": ' + b"9" * 5000 + b'}, "at": 1}',
        b'{"kind": "a", "data": {"x": ' + b"[" * 20000 + b'}, "at": 1}',
        b'{"kind": "\xff", "data": {}, "at": 1}',
    ],
)
def test_what_is_no_message_is_dropped(bad: bytes) -> None:
    assert read_line(bad) is None


def test_a_backslash_before_a_word_is_text() -> None:
    text = "C:\\u0000 and \\ud800"
    message = read_line(line(text=text))
    assert message is not None
    assert message["data"]["text"] == text


@given(st.lists(st.binary(max_size=40), max_size=20), st.integers(1, 50))
def test_no_bytes_break_the_reader(parts: list[bytes], size: int) -> None:
    reader, data = Reader(), b"\n".join([*parts, b""]) + line()
    told = [
        message for start in range(0, len(data), size) for message in reader.feed(data[start : start + size])
    ]
    assert told[-1] == {"kind": "epoch", "data": {}, "at": 1.0}


def test_a_line_may_come_in_pieces() -> None:
    reader, whole = Reader(), line(loss=1)
    assert reader.feed(whole[:10]) == []
    assert [message["data"] for message in reader.feed(whole[10:])] == [{"loss": 1}]


def test_an_endless_line_is_not_kept() -> None:
    reader = Reader()
    for _ in range(100):
        assert reader.feed(b"x" * LONGEST) == []
    assert len(reader.feed(b"\n" + line())) == 1
    assert reader.dropped == 1


def test_above_the_rate_the_newest_of_each_kind_waits_its_turn() -> None:
    clock = Clock()
    reader = Reader(clock)
    passed = reader.feed(b"".join(line(number=number) for number in range(BURST + 50)) + line("fold", fold=1))
    assert len(passed) == BURST
    assert reader.flooded
    assert reader.feed(b"") == []
    clock.now += 2 / RATE
    assert [message["data"] for message in reader.feed(b"")] == [{"number": BURST + 49}, {"fold": 1}]
    assert reader.dropped == 49
    assert not reader.flooded


def test_many_kinds_at_once_are_bounded_too() -> None:
    reader = Reader(Clock())
    reader.feed(b"".join(line() for _ in range(BURST)))
    reader.feed(b"".join(line(f"kind {number}") for number in range(KINDS + 5)))
    assert [message["kind"] for message in reader.rest()] == [
        f"kind {number}" for number in range(5, KINDS + 5)
    ]
    assert reader.dropped == 5


def test_arrays_and_their_numbers_are_told_as_lists_and_numbers() -> None:
    import numpy

    values = {"one": numpy.float32(0.5), "many": numpy.array([1.0, float("nan")]), 3: numpy.int64(4)}
    assert clean(values) == {"one": 0.5, "many": [1.0, None], "3": 4}


def test_text_that_no_database_takes_is_mended() -> None:
    assert clean("a\0b\ud800c") == "a\ufffdb?c"


def test_what_has_no_form_in_json_cannot_be_told() -> None:
    with pytest.raises(TypeError, match="A object cannot be told"):
        clean({"thing": object()})


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=8)
)
def test_what_is_told_can_be_read(value: object) -> None:
    reading, writing = os.pipe()
    try:
        Teller(writing)("kind", {"value": value})
        message = read_line(os.read(reading, LONGEST).rstrip(b"\n"))
    finally:
        os.close(reading)
        os.close(writing)
    assert message is not None
    assert message["data"] == {"value": clean(value)}

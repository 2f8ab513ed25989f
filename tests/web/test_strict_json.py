"""What a client sends is refused before it can reach the database."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from web.parsing import MAX_DEPTH, loads

WHOLE = st.integers(min_value=-(2**63), max_value=2**63 - 1)
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_ordinary_comes_through_unchanged(value: Any) -> None:
    assert loads(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b"[Infinity]",
        b'["\\u0000"]',
        b'["\\ud800"]',
        b'{"\\u0000": 1}',
        b"[9223372036854775808]",
        b"[" + b"1" * 5000 + b"]",
        b"[1e999]",
        b"{} trailing",
        b"",
        b"\xff\xfe{}",
        '{"a": 1}'.encode("utf-16"),
        b"{'a': 1}",
    ],
)
def test_what_is_odd_is_refused(raw: bytes) -> None:
    with pytest.raises(ParseError):
        loads(raw)


def test_depth_is_bounded_before_it_is_parsed() -> None:
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(ParseError, match="deeper"):
        loads(b"[" * 100_000)


def test_brackets_inside_a_text_are_no_depth() -> None:
    text = '"[' * 1 + "[" * 100 + '\\"{{{"'
    assert loads(text.encode()) == json.loads(text)

"""Numbers, sizes and times are written one way on every page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from web.templatetags import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.83579, "0.8358"),
        (53.8167, "53.82"),
        (34120.4, "34,120"),
        (-0.3792, "−0.3792"),
        (0, "0"),
        (0.000123456, "0.0001235"),
        (None, "none"),
        (float("nan"), "none"),
    ],
)
def test_scores_have_four_digits(value: float | None, text: str) -> None:
    assert words.score(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "below 0.001"), (0.00099, "below 0.001"), (0.0421, "0.042"), (1.0, "1.000")]
)
def test_a_chance_is_never_said_to_be_none(value: float, text: str) -> None:
    assert words.chance(value) == text


@pytest.mark.parametrize(("value", "text"), [(12, "12 B"), (1_920_000, "1.92 MB"), (2**31, "2.15 GB")])
def test_sizes_have_three_digits(value: int, text: str) -> None:
    assert words.size(value).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0031, "3 ms"),
        (0.214, "0.21 s"),
        (6.2, "6.20 s"),
        (41.26, "41.3 s"),
        (220, "3 min 40 s"),
        (7300, "2 h 1 min"),
    ],
)
def test_spans_have_three_digits(value: float, text: str) -> None:
    assert words.seconds(value).replace("\u00a0", " ") == text


def test_counts_are_in_full() -> None:
    assert words.count(20640) == "20,640"


def test_shares_have_one_decimal() -> None:
    assert words.percent(0.1987).replace("\u00a0", " ") == "19.9 %"


def test_a_moment_is_told_from_now_and_exactly_in_the_title() -> None:
    told = words.ago(timezone.now() - timedelta(minutes=4, seconds=5))
    assert ">4 min ago</time>" in told
    assert 'title="' in told


def test_an_old_moment_is_told_by_its_day() -> None:
    assert words.ago(timezone.now().replace(year=2024, month=2, day=3)).endswith(">Feb 3, 2024</time>")

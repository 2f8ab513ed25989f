"""Numbers and names as people read them."""

import pytest

from engine.words import count, listed, number


def test_one_row_and_many_rows() -> None:
    assert [count(n, "row") for n in (0, 1, 2, 12345)] == ["0 rows", "1 row", "2 rows", "12,345 rows"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (list("abcdef"), "a, b, c, d, e and 1 other"),
        (list("abcdefg"), "a, b, c, d, e and 2 others"),
        (["x" * 100], "x" * 59 + "…"),
    ],
)
def test_names_are_listed_in_one_phrase(names: list[str], said: str) -> None:
    assert listed(names) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.83579, "0.8358"), (53.8214, "53.82"), (34120.4, "34,120"), (0, "0"), (-2.5, "−2.5"), (1, "1")],
)
def test_scores_have_four_digits(value: float, said: str) -> None:
    assert number(value) == said

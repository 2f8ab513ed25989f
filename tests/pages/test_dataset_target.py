"""A column as the answer on the page: its classes, what tells them, and how that looks beside it."""

from typing import Any

import pytest

from accounts.models import User
from datasets.models import DatasetVersion
from datasets.pages.shapes import shapes
from tests.conftest import As

pytestmark = pytest.mark.django_db


def page(as_: As, who: User, version: DatasetVersion, query: str = "") -> str:
    return str(as_(who).get(f"{version.get_absolute_url()}{query}").content.decode())


def test_the_likeliest_answer_is_shown_with_what_tells_it(
    as_: As, viewer: User, titanic: DatasetVersion
) -> None:
    shown = page(as_, viewer, titanic)
    assert "What tells <code>survived</code>" in shown
    assert '<meter aria-label="alive" min="0" max="1" value="1.0">' in shown
    assert 'aria-label="sex, 0"' in shown
    assert 'aria-label="sex, 1"' in shown
    assert '<p class="small muted">1, 2, 3</p>' in shown  # the classes of the ship


def test_another_answer_is_looked_at_when_it_is_asked_for(
    as_: As, viewer: User, titanic: DatasetVersion, warm: Any
) -> None:
    shown = page(as_, viewer, titanic, "?target=fare")
    assert "What tells <code>fare</code>" in shown
    assert 'aria-label="pclass, mean fare"' in shown
    assert "has a long tail to the right" in shown
    assert "gives the answer away" not in shown


def test_a_look_that_fails_is_told_and_the_page_stays(
    as_: As, viewer: User, titanic: DatasetVersion, settings: Any
) -> None:
    settings.ZYGOTE_SOCKET = "/nowhere"
    assert "cannot be shown right now" in page(as_, viewer, titanic, "?target=fare")


@pytest.mark.parametrize(
    ("shape", "span", "labels"),
    [
        ({"labels": ["a", "b"], "counts": {"x": [3, 1], "y": [0, 0]}}, "a, b", ["x"]),
        ({"from": 0.5, "to": 9, "counts": {"x": [1, 2], "y": [2, 1]}}, "0.5 to 9", ["x", "y"]),
        ({"from": "2020-01-01", "to": "2021-01-01", "means": [2]}, "2020-01-01 to 2021-01-01", ["mean t"]),
        ({"from": -1, "to": 1, "means": [-2.0, None, 4.0]}, "-1 to 1", ["mean t"]),
    ],
)
def test_a_shape_is_one_drawing_for_each_class_or_of_the_mean(
    shape: dict[str, Any], span: str, labels: list[str]
) -> None:
    (drawn,) = shapes({"target": "t", "shapes": [{"column": "c", **shape}]}, "/v/")
    assert (drawn.name, drawn.span, [one.label for one in drawn.drawings]) == ("c", span, labels)
    assert all(one.path.startswith("M") for one in drawn.drawings)


def test_what_holds_nothing_is_not_drawn() -> None:
    empty = [
        {"column": "c", "from": 0, "to": 1, "means": [None]},
        {"column": "d", "labels": [], "counts": {}},
    ]
    assert shapes({"target": "t", "shapes": empty}, "/v/") == []


def test_words_and_names_are_not_said_to_tell_nothing(as_: As, viewer: User, titanic: DatasetVersion) -> None:
    """Texts tell by the words in them, which nobody looked at: a bar at a guess would be untrue."""
    column = titanic.column("deck")
    assert column
    column["kind"] = "text"
    titanic.save()
    body = titanic.target_profiles.get(target="survived")
    for strength in body.body["strengths"]:
        strength["value"] = 0.5
    body.save()
    shown = page(as_, viewer, titanic)
    strengths = shown[shown.index("Strength of each column alone") :]
    strengths = strengths[: strengths.index("How they look beside it")]
    assert '<meter aria-label="sex"' in strengths
    assert '<meter aria-label="deck"' not in strengths
    assert 'aria-label="deck, 0"' not in shown

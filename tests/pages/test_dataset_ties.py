"""What goes together on the page: a grid where it says more than a list, a list where it does not."""

import re

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion
from datasets.pages.ties import Grid
from tests.conftest import As

pytestmark = pytest.mark.django_db
Pairs = list[list[object]]
SOME: Pairs = [
    ["bill_length_mm", "species", "correlation_ratio", 0.9512],
    ["body_mass_g", "species", "correlation_ratio", 0.82],
    ["bill_length_mm", "body_mass_g", "spearman", -0.31],
]


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def tie(version: DatasetVersion, pairs: Pairs) -> DatasetVersion:
    version.associations = {"sample": 344, "columns": [], "pairs": pairs}
    version.save()
    return version


def page_of(browser: Client, version: DatasetVersion) -> str:
    return browser.get(version.get_absolute_url()).content.decode()


def test_the_strongest_pair_stands_in_the_corner(version: DatasetVersion) -> None:
    grid = Grid(tie(version, SOME))
    assert [name for name, _ in grid.heads] == ["bill_length_mm", "species"]
    assert [line.name for line in grid.lines] == ["species", "body_mass_g"]
    assert [[cell.words for cell in line.cells] for line in grid.lines] == [["0.95"], ["\u22120.31", "0.82"]]


@pytest.mark.parametrize(
    ("value", "look"),
    [
        (0.1, "with-1"),
        (0.3, "with-2"),
        (-0.5, "against-3"),
        (0.7, "with-4"),
        (-0.9, "against-5"),
        (1.0, "with-5"),
    ],
)
def test_a_stronger_tie_has_a_stronger_tint(version: DatasetVersion, value: float, look: str) -> None:
    grid = Grid(tie(version, [["bill_length_mm", "body_mass_g", "pearson", value]]))
    assert grid.lines[0].cells[0].look == look


def test_the_page_draws_it_and_tells_it_in_words(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser, tie(version, SOME))
    assert '<td class="with-5">0.95</td>' in page
    assert '<td class="against-2">\u22120.31</td>' in page
    assert "Orange with a minus: one rises as the other falls." in page
    assert "The strongest in words" in page
    assert "how well the word tells the number" in page
    place = [column["name"] for column in version.columns].index("species")
    assert f'<th scope="row"><a href="?column={place}">species</a></th>' in page


def test_nothing_goes_against_each_other_and_no_word_is_lost_on_it(
    browser: Client, version: DatasetVersion
) -> None:
    assert "one rises as the other falls" not in page_of(browser, tie(version, SOME[:2]))


def test_two_columns_need_no_grid(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser, tie(version, SOME[:1]))
    assert 'class="ties"' not in page
    assert "What goes together" in page
    assert "<code>bill_length_mm</code>" in page


@pytest.mark.parametrize(("columns", "fits"), [(2, False), (3, True), (30, True), (31, False)])
def test_a_grid_has_room_for_so_many(version: DatasetVersion, columns: int, fits: bool) -> None:
    version.columns = [version.columns[2] | {"name": f"c{at}"} for at in range(columns)]
    chain: Pairs = [[f"c{at}", f"c{at + 1}", "pearson", 0.5] for at in range(columns - 1)]
    assert Grid(tie(version, chain)).fits is fits


def test_of_many_ties_it_says_how_weak_the_missing_ones_are(version: DatasetVersion) -> None:
    version.columns = [version.columns[2] | {"name": f"c{at}"} for at in range(33)]
    names = [(f"c{one}", f"c{other}") for one in range(33) for other in range(one)]
    kept: Pairs = [[one, other, "pearson", 0.432] for one, other in names[:500]]
    assert Grid(tie(version, kept)).least == "0.44"
    assert Grid(tie(version, kept[:499])).least == "0.1"


def test_a_column_that_is_gone_is_not_named(browser: Client, version: DatasetVersion) -> None:
    pairs: Pairs = [*SOME, ["bill_length_mm", "gone", "pearson", 0.2]]
    page = page_of(browser, tie(version, pairs))
    grid = re.search(r'<table class="ties">.*?</table>', page, re.S)
    assert grid
    assert "gone" not in grid[0]

"""Two versions side by side: which columns and rows came and went, and what moved."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User, Workspace
from datasets import comparing
from datasets.models import Dataset, DatasetVersion, Status
from datasets.readers import compare as reader
from tests import builders
from tests.conftest import Api
from tests.datasets.conftest import Read
from web.problems import Refused

Side = Callable[..., dict[str, Any]]


@pytest.fixture
def side_by_side(read: Read, tmp_path: Path) -> Side:
    """What the child finds in two tables."""

    def _compare(before: str, after: str, **columns: str) -> dict[str, Any]:
        tables = [str(read(text)["folder"] / "table.parquet") for text in (before, after)]
        reader.compare(
            lambda kind, data: None,
            before=tables[0],
            after=tables[1],
            columns=list(columns.items()),
            out=str(tmp_path),
        )
        found: dict[str, Any] = json.loads((tmp_path / "compared.json").read_text())
        return found

    return _compare


def table(head: str, rows: list[Any]) -> str:
    return f"{head}\n" + "".join(f"{row}\n" for row in rows)


ROWS = ["1,red", "2,red", "2,red", "3,blue", "4,"]


@pytest.mark.parametrize(
    ("after", "added", "removed"),
    [
        (ROWS, 0, 0),
        (ROWS[::-1], 0, 0),
        ([*ROWS, "5,green"], 1, 0),
        ([*ROWS, "2,red"], 1, 0),
        (ROWS[1:], 0, 1),
        (["1,red", "2,red", "3,blue", "4,"], 0, 1),
        (["1,green", *ROWS[1:]], 1, 1),
        (["9,a", "8,b"], 2, 5),
    ],
)
def test_rows_that_came_and_went_are_counted_each_time_they_occur(
    side_by_side: Side, after: list[str], added: int, removed: int
) -> None:
    found = side_by_side(table("n,colour", ROWS), table("n,colour", after), n="", colour="")["rows"]
    assert found == {"from": 5, "to": len(after), "exact": True, "added": added, "removed": removed}


def test_whole_numbers_that_became_broken_ones_are_the_same_rows(side_by_side: Side) -> None:
    found = side_by_side("n,w\n1,a\n2,b\n3,c\n", "n,w\n1.0,a\n2.0,b\n3.5,c\n", n="number", w="")
    assert (found["rows"]["added"], found["rows"]["removed"]) == (1, 1)


def test_many_rows_are_estimated_and_it_is_said(side_by_side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "EXACT", 2000)
    before, after = (
        table("n,m", [f"{n},{n % 7}" for n in range(start, start + 20_000)]) for start in (0, 5000)
    )
    found = side_by_side(before, after, n="")["rows"]
    assert found["exact"] is False
    assert 4000 < found["added"] < 6000
    assert 4000 < found["removed"] < 6000


def numbers(centre: float, count: int = 3000, seed: int = 1) -> list[float]:
    chance = random.Random(seed)  # noqa: S311 - a test
    return [round(chance.gauss(centre, 1), 4) for _ in range(count)]


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (numbers(0), numbers(0, seed=2), "none"),
        (numbers(0), numbers(0.35, seed=2), "small"),
        (numbers(0), numbers(3, seed=2), "large"),
        (numbers(0, 12), numbers(0, 12, seed=2), "none"),
    ],
)
def test_numbers_are_told_apart_by_the_distance_of_their_distributions(
    side_by_side: Side, before: list[float], after: list[float], word: str
) -> None:
    from scipy.stats import ks_2samp

    (shift,) = side_by_side(
        table("x,y", [f"{v},1" for v in before]), table("x,y", [f"{v},1" for v in after]), x="number"
    )["shifts"]
    assert (shift["measure"], shift["word"]) == ("ks", word)
    assert shift["value"] == pytest.approx(ks_2samp(before, after).statistic, abs=1e-4)


@pytest.mark.parametrize(
    ("before", "after", "value", "word"),
    [
        ({"a": 500, "b": 500}, {"a": 500, "b": 500}, 0.0, "none"),
        ({"a": 500, "b": 500}, {"a": 700, "b": 300}, 0.1695, "small"),
        ({"a": 500, "b": 500}, {"a": 900, "b": 100}, 0.8789, "large"),
        ({"a": 1000}, {"a": 500, "b": 500}, 3.797, "large"),
    ],
)
def test_groups_are_told_apart_by_how_often_each_occurs(
    side_by_side: Side, before: dict[str, int], after: dict[str, int], value: float, word: str
) -> None:
    texts = [
        table("c,n", [f"{name},{place}" for name, count in side.items() for place in range(count)])
        for side in (before, after)
    ]
    (shift,) = side_by_side(*texts, c="group")["shifts"]
    assert (shift["measure"], shift["word"]) == ("psi", word)
    assert shift["value"] == pytest.approx(value, abs=0.001)


def test_many_rare_groups_are_no_shift_by_chance_alone(side_by_side: Side) -> None:
    chance = random.Random(3)  # noqa: S311 - a test
    texts = [table("c,n", [f"g{chance.randrange(15)},{n}" for n in range(60)]) for _ in range(2)]
    (shift,) = side_by_side(*texts, c="group")["shifts"]
    assert shift["value"] > reader.SMALL
    assert shift["word"] == "none"


def test_dates_and_lengths_move_and_missing_values_are_said(side_by_side: Side) -> None:
    before = table("day,note", [f"2020-01-{day:02},short" for day in range(1, 29)] * 10)
    after = table(
        "day,note", [f"2024-01-{day:02}," for day in range(1, 15)] * 20 + ["2024-02-01,much longer"]
    )
    day, note = side_by_side(before, after, day="time", note="length")["shifts"]
    assert (day["value"], day["word"], day["of"]) == (1.0, "large", "values")
    assert (note["of"], note["missing_from"], note["missing_to"]) == ("lengths", 0.0, 0.9964)


def test_a_column_that_became_empty_has_no_number(side_by_side: Side) -> None:
    found = side_by_side("n,x\n1,5\n2,6\n", "n,x\n1,\n2,7\n", n="number", x="number")
    assert found["shifts"][1]["missing_to"] == 0.5
    assert all(shift["word"] == "none" for shift in found["shifts"])


def facts(**columns: str) -> list[dict[str, str]]:
    return [{"name": name, "kind": kind, "type": TYPES[kind]} for name, kind in columns.items()]


TYPES = {
    "integer": "int64",
    "number": "float64",
    "category": "string",
    "text": "string",
    "identifier": "string",
}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (facts(a="integer"), facts(a="integer"), ([], [], [], 1)),
        (facts(a="integer"), facts(a="integer", b="text"), (["b"], [], [], 1)),
        (facts(a="integer", b="text"), facts(b="text"), ([], ["a"], [], 1)),
        (facts(a="integer"), facts(a="number"), ([], [], ["a"], 0)),
        (facts(a="category"), facts(a="text"), ([], [], ["a"], 0)),
        (facts(a="integer"), facts(b="integer"), (["b"], ["a"], [], 0)),
    ],
)
def test_columns_come_go_and_change_their_kind(before: Any, after: Any, expected: Any) -> None:
    found = comparing.changed(before, after)
    retyped = [column["name"] for column in found["retyped"]]
    assert (found["added"], found["removed"], retyped, found["same"]) == expected


@pytest.fixture
def second(
    version: DatasetVersion, owner: User, read: Read, tmp_path: Path, penguins: builders.Read
) -> DatasetVersion:
    """The penguins without one island, and with a column renamed."""
    lines = penguins.source.read_text().replace("sex", "gender", 1).splitlines()
    source = tmp_path / "later.csv"
    source.write_text("\n".join(line for line in lines if "Torgersen" not in line) + "\n")
    folder = tmp_path / "later"
    folder.mkdir()
    return builders.version(version.dataset, builders.read(source, folder), by=owner)


def test_a_program_compares_two_versions(
    api: Callable[[User], Api], viewer: User, version: DatasetVersion, second: DatasetVersion, warm: Path
) -> None:
    here = f"/api/v1/dataset-versions/{second.pk}/compare/"
    body = api(viewer).get(here, {"with": str(version.pk)}).json()
    assert (body["from"]["number"], body["to"]["number"]) == (1, 2)
    assert (body["columns"]["added"], body["columns"]["removed"]) == (["gender"], ["sex"])
    assert body["rows"] == {"from": 344, "to": 292, "exact": True, "added": 0, "removed": 52}
    words = {shift["column"]: shift["word"] for shift in body["shifts"]}
    assert words["island"] == "large"
    assert set(words) == {
        "species",
        "island",
        "bill_length_mm",
        "bill_depth_mm",
        "flipper_length_mm",
        "body_mass_g",
    }
    assert body["thresholds"] == {"small": 0.1, "large": 0.25}
    assert api(viewer).get(here, {"with": str(version.pk)}).json() == body


def test_what_cannot_be_compared_says_why(
    api: Callable[[User], Api],
    owner: User,
    stranger: User,
    version: DatasetVersion,
    penguins: builders.Read,
    warm: Path,
) -> None:
    here, program = f"/api/v1/dataset-versions/{version.pk}/compare/", api(owner)
    for query in ({}, {"with": "x"}, {"with": str(version.pk)}, {"with": str(version.pk), "by": "x"}):
        assert program.get(here, query).status_code == 400
    elsewhere = Dataset.objects.create(
        workspace=Workspace.objects.get(slug="elsewhere"), name="Theirs", created_by=stranger
    )
    theirs = builders.version(elsewhere, penguins, by=stranger)
    assert program.get(here, {"with": str(theirs.pk)}).status_code == 404
    with pytest.raises(Refused, match="one workspace"):
        comparing.of(version, theirs)
    DatasetVersion.objects.filter(pk=version.pk).update(status=Status.INGESTING)
    other = builders.version(version.dataset, penguins, by=owner)
    answer = program.get(f"/api/v1/dataset-versions/{other.pk}/compare/", {"with": str(version.pk)})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")

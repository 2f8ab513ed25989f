"""One column as the answer: looked at when somebody asks, kept, told by API, and refused in words."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from datasets import targets
from datasets.models import DatasetVersion, TargetProfile
from web.problems import Refused

Api = Callable[[User | None], Any]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_places_left")]


def profile(api: Api, who: User | None, version: DatasetVersion, query: str = "") -> Any:
    return api(who).get(f"/api/v1/dataset-versions/{version.pk}/profile/{query}")


def test_the_profile_tells_findings_ties_and_the_likeliest_answer(
    api: Api, viewer: User, titanic: DatasetVersion
) -> None:
    told = profile(api, viewer, titanic).json()
    assert told["suggested_target"] == "survived"
    assert [one["name"] for one in told["suggested_targets"][:2]] == ["survived", "class"]
    assert told["findings"][0]["id"] == "leak:alive"
    assert told["findings"][0]["action"] == {"label": "Leave out alive", "options": {"drop": ["alive"]}}
    assert told["target"]["classes"] == [["0", 549], ["1", 342]]
    assert told["target"]["strengths"][0] == {"column": "alive", "measure": "auc", "value": 1.0}
    assert told["associations"]["sample"] == 891
    assert ["embarked", "embark_town", "cramers_v", 1.0] in told["associations"]["pairs"]


def test_another_answer_is_looked_at_in_a_child_once_and_kept(
    api: Api, viewer: User, titanic: DatasetVersion, warm: Any
) -> None:
    told = profile(api, viewer, titanic, "?target=pclass").json()
    kinds = {one["id"]: one["severity"] for one in told["findings"]}
    assert kinds["leak:class"] == "bad"
    assert "leak:alive" not in kinds
    assert kinds["duplicate_columns:alive"] == "warn"
    kept = TargetProfile.objects.get(version=titanic, target="pclass")
    kept.body = {**kept.body, "rows": 5}
    kept.save()
    assert profile(api, viewer, titanic, "?target=pclass").json()["target"]["rows"] == 5


def test_a_number_as_the_answer_comes_with_its_shape(titanic: DatasetVersion, warm: Any) -> None:
    body = targets.of(titanic, "fare")
    assert (body["task"], body["rows"]) == ("regression", 891)
    assert sum(body["histogram"]["counts"]) == 891
    shape = next(one for one in body["shapes"] if one["column"] == "pclass")
    first, second, third = (shape["means"][shape["labels"].index(word)] for word in ("1", "2", "3"))
    assert first > second > third
    assert "skewed_target" in [one["id"] for one in body["findings"]]


@pytest.mark.parametrize(
    ("target", "said"),
    [("nobody", "There is no column “nobody”"), ("", "There is no column"), ("a\x00b", "There is no column")],
)
def test_what_is_no_column_is_refused(
    api: Api, viewer: User, titanic: DatasetVersion, target: str, said: str
) -> None:
    answer = api(viewer).get(f"/api/v1/dataset-versions/{titanic.pk}/profile/", {"target": target})
    assert (answer.status_code, answer.json()["code"]) == (400, "target_unfit")
    assert answer.json()["detail"].startswith(said)


@pytest.mark.parametrize(
    ("kind", "unique", "said"),
    [
        ("datetime", 9, "neither numbers nor classes"),
        ("text", 9, "neither numbers"),
        ("constant", 1, "never"),
    ],
)
def test_what_cannot_be_predicted_is_refused(
    titanic: DatasetVersion, kind: str, unique: int, said: str
) -> None:
    titanic.columns[3] |= {"kind": kind, "unique": unique}
    with pytest.raises(Refused, match=said):
        targets.of(titanic, titanic.columns[3]["name"])


def test_without_a_reader_the_profile_still_comes_and_says_what_does_not(
    api: Api, viewer: User, titanic: DatasetVersion, settings: Any
) -> None:
    settings.ZYGOTE_SOCKET = "/nowhere"
    assert profile(api, viewer, titanic).status_code == 200
    assert profile(api, viewer, titanic, "?target=fare").status_code == 503
    assert targets.leaks(titanic, "fare") == {}


def test_a_stranger_learns_nothing(api: Api, stranger: User, titanic: DatasetVersion) -> None:
    assert profile(api, stranger, titanic, "?target=fare").status_code == 404


def test_columns_that_give_the_answer_away_come_with_the_reason(titanic: DatasetVersion) -> None:
    assert list(targets.leaks(titanic, "survived")) == ["alive"]


def test_penguins_have_nothing_to_find(version: DatasetVersion) -> None:
    assert version.findings == []
    assert targets.leaks(version, "species") == {}


def test_what_is_asked_beyond_the_target_is_refused(api: Api, viewer: User, titanic: DatasetVersion) -> None:
    assert profile(api, viewer, titanic, "?answer=fare").json()["code"] == "unknown_parameter"

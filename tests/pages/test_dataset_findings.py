"""What was found in a dataset, what tells its target, how it was read: said, and changed by a click."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion, Status, TargetProfile
from datasets.pages import evidence
from tests.conftest import As

pytestmark = pytest.mark.django_db
LEAK: dict[str, Any] = {
    "id": "leak:sex",
    "kind": "leak",
    "severity": "bad",
    "columns": ["sex"],
    "title": "`sex` gives the answer away",
    "detail": "It says `species` in other words.",
    "evidence": {"score": 0.998765, "rows": 344, "exact": True, "values": ["a", "b"]},
    "action": {"label": "Leave out sex", "options": {"drop": ["sex"]}},
}
COPIES: dict[str, Any] = {
    "id": "duplicate_rows",
    "kind": "duplicate_rows",
    "severity": "warn",
    "columns": [],
    "title": "107 rows are exact copies",
    "detail": "A copy in training and test makes the score look better than it is.",
    "evidence": {"rows": 107},
    "action": {"label": "Keep one of each", "options": {"duplicates": "leave_out"}},
    "more": [{"label": "See the rows", "rows": {"where": [["sex", "missing"]], "sort": "-body_mass_g"}}],
}
NAMES: dict[str, Any] = {
    "what": "Separator",
    "value": "comma",
    "why": "it cuts the rows into equal numbers of cells",
    "option": "delimiter",
    "choices": [{"value": ",", "label": "comma"}, {"value": ";", "label": "semicolon"}],
}


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


@pytest.fixture
def found(version: DatasetVersion) -> DatasetVersion:
    version.findings, version.decisions = [LEAK, COPIES], [NAMES, *version.decisions]
    version.save()
    return version


def page_of(browser: Client, version: DatasetVersion, query: str = "") -> str:
    return browser.get(version.get_absolute_url() + query).content.decode()


def test_findings_say_what_it_is_and_what_to_do(browser: Client, found: DatasetVersion) -> None:
    page = page_of(browser, found)
    assert "<code>sex</code> gives the answer away" in page
    assert "Nothing changes until you say so, and the original file never does." in page
    assert page.index("finding--bad") < page.index("107 rows are exact copies")
    assert '<dd>2 <span class="stat__note">findings</span></dd>' in page
    assert "<dt>Copied rows</dt><dd>107</dd>" in page
    for label, value in (("Score", "0.9988"), ("Rows", "344"), ("Exact", "yes"), ("Values", "a, b")):
        assert f"<dt>{label}</dt><dd>{value}</dd>" in page


def test_a_finding_has_its_own_address_and_marks_its_column(browser: Client, found: DatasetVersion) -> None:
    page = page_of(browser, found)
    assert 'id="finding-leak-sex"' in page
    assert '<span class="chip chip--bad">Leak</span>' in page


def test_one_click_leaves_the_column_out(browser: Client, found: DatasetVersion) -> None:
    patch = re.search(r'name="options" value="([^"]+)"[^>]*>Leave out sex<', page_of(browser, found))
    assert patch
    browser.post(f"{found.get_absolute_url()}again/", {"options": html.unescape(patch[1])})
    again = DatasetVersion.objects.get(number=found.number + 1)
    assert again.options == {"drop": ["sex"]}
    assert again.original_sha256 == found.original_sha256


def test_the_rows_of_a_finding_can_be_seen(browser: Client, found: DatasetVersion) -> None:
    address = re.search(r'href="([^"]+)">See the rows</a>', page_of(browser, found))
    assert address
    assert "where=%5B%22sex%22%2C+%22missing%22%5D&amp;sort=-body_mass_g" in address[1]


def test_of_very_many_findings_the_worst_come_first(browser: Client, found: DatasetVersion) -> None:
    many = [LEAK | {"id": f"leak:{place}", "title": f"Finding {place}."} for place in range(60)]
    DatasetVersion.objects.update(findings=many)
    page = page_of(browser, found)
    assert "Finding 11." in page
    assert "Finding 12." not in page
    assert "Show 48 more" in page
    assert "Finding 59." in page_of(browser, found, "?findings=all")


def test_nothing_found_is_said_too(browser: Client, version: DatasetVersion) -> None:
    DatasetVersion.objects.update(findings=[])
    assert "Nothing here would make a model lie" in page_of(browser, version)


def test_a_viewer_reads_but_changes_nothing(as_: As, viewer: User, found: DatasetVersion) -> None:
    page = page_of(as_(viewer), found)
    assert "See the rows" in page
    for words in ("Leave out sex", "Keep one of each", "See what changes", "Change<"):
        assert words not in page
    as_(viewer).post(f"{found.get_absolute_url()}again/", {"options": '{"drop": ["sex"]}'})
    assert DatasetVersion.objects.count() == 1


@pytest.mark.parametrize("sent", ["{", "[]", "7", '{"colour": "red"}', '{"drop": 7}'])
def test_what_is_no_choice_is_refused_in_a_sentence(
    browser: Client, found: DatasetVersion, sent: str
) -> None:
    answer = browser.post(f"{found.get_absolute_url()}again/", {"options": sent}, follow=True)
    assert 'class="toast toast--bad"' in answer.content.decode()
    assert DatasetVersion.objects.count() == 1


def test_a_decision_offers_what_else_it_could_be(browser: Client, found: DatasetVersion) -> None:
    page = page_of(browser, found)
    choices = re.findall(r'type="radio" name="options" value="([^"]+)"( checked)?', page)
    known = {html.unescape(value): bool(checked) for value, checked in choices}
    assert known['{"delimiter": ","}'] is True
    assert known['{"delimiter": ";"}'] is False


def test_a_choice_that_was_made_is_the_chosen_one(browser: Client, found: DatasetVersion) -> None:
    DatasetVersion.objects.update(options={"delimiter": ";"})
    page = html.unescape(page_of(browser, found))
    assert 'value="{"delimiter": ";"}" checked' in page


def test_lines_that_do_not_fit_are_listed(browser: Client, found: DatasetVersion) -> None:
    lines = [{"line": number, "reason": "It has 3 cells."} for number in range(1, 81)]
    DatasetVersion.objects.update(decisions=[{"what": "Rows kept", "value": "1", "why": "", "lines": lines}])
    page = page_of(browser, found)
    assert "Line 50: It has 3 cells." in page
    assert "Line 51:" not in page
    assert "and 30 more" in page


def test_a_failed_reading_keeps_its_decisions_open(browser: Client, found: DatasetVersion) -> None:
    DatasetVersion.objects.update(
        status=Status.FAILED, problem_code="ragged", problem_detail="Line 4 is short."
    )
    page = page_of(browser, found)
    assert "Line 4 is short." in page
    assert "How the file was read" in page
    assert "Change<span" in page


def test_the_target_shows_its_classes_and_what_tells_it(browser: Client, found: DatasetVersion) -> None:
    body = {
        "target": "island",
        "task": "classification",
        "classes": [["Biscoe", 168], ["Dream", 124], ["Torgersen", 52]],
        "strengths": [{"column": "species", "measure": "AUC", "value": 0.91}],
        "findings": [LEAK | {"id": "leak:species", "title": "`species` tells much", "severity": "warn"}],
    }
    TargetProfile.objects.create(version=found, target="island", body=body)
    page = page_of(browser, found, "?target=island")
    assert "What tells <code>island</code>" in page
    assert '<meter aria-label="Biscoe" min="0" max="344" value="168">' in page
    assert '<meter aria-label="species" min="0" max="1" value="0.91">' in page
    assert "<code>species</code> tells much" in page
    assert "<option selected>island</option>" in page


def test_words_from_the_file_stay_words(browser: Client, found: DatasetVersion) -> None:
    bad = LEAK | {
        "title": "`<b>x</b>` gives",
        "detail": "<i>",
        "evidence": {"<u>": "<s>"},
        "columns": ["<b>"],
    }
    DatasetVersion.objects.update(findings=[bad], decisions=[NAMES | {"value": "<em>", "why": "`<tt>`"}])
    page = page_of(browser, found)
    assert "<code>&lt;b&gt;x&lt;/b&gt;</code> gives" in page
    assert not re.search(r"<(b|i|u|s|em|tt)>", page)
    assert json.dumps({"drop": ["sex"]}).replace('"', "&quot;") in page


@pytest.mark.parametrize(
    ("kind", "columns", "figures", "label", "value"),
    [
        ("mostly_missing", ["deck"], {"deck": 0.7722}, "`deck`", "77.2\u00a0%"),
        ("gaps", ["age"], {"age": 0.1987}, "`age`", "19.9\u00a0%"),
        ("outliers", ["fare"], {"fare": 53}, "`fare`", "53 rows"),
        ("outliers", ["fare"], {"rows looked at": 1891}, "Rows looked at", "1,891"),
        ("high_cardinality", ["name"], {"name": 305}, "`name`", "305 different words"),
        ("imbalance", ["failed"], {"no": 1252}, "“no”", "1,252 rows"),
        ("imbalance", ["failed"], {"times": 5.05}, "Times as many", "5.050"),
        ("tiny_classes", ["kind"], {"rare": 1}, "“rare”", "1 row"),
        ("leak", ["alive"], {"how": "respelled"}, "They agree", "value for value"),
        ("strong", ["size"], {"size": 0.86, "measure": "auc"}, "`size`", "0.8600"),
        ("strong", ["size"], {"measure": "auc"}, "Measure", "ROC AUC"),
        ("duplicate_rows", [], {"share": 0.1201}, "Share", "12.0\u00a0%"),
        ("personal", ["mail"], {"mail": "e-mail address, 98 %"}, "`mail`", "e-mail address, 98 %"),
    ],
)
def test_figures_are_told_with_what_they_count(
    kind: str, columns: list[str], figures: dict[str, Any], label: str, value: str
) -> None:
    finding = {"kind": kind, "columns": columns, "evidence": figures}
    assert evidence.shown(finding)[0] == (label, value)

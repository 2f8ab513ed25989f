"""Runs beside each other: on the page, as text to take home, and over the API."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from experiments import comparison, tabular
from experiments.models import Experiment, Run
from tests import builders
from tests.conftest import As
from tests.pages.conftest import Train
from tests.pages.test_experiment import scored

pytestmark = pytest.mark.django_db
STEADY, SHAKY = [0.80, 0.81, 0.82], [0.60, 0.61, 0.62]


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


@pytest.fixture
def pair(folded: Experiment, owner: User) -> list[Run]:
    """Two runs that the folds tell apart; they differ in one setting."""
    runs = [scored(folded, owner, folds, number) for number, folds in enumerate((STEADY, SHAKY))]
    for run, trees in zip(runs, (100, 300), strict=True):
        run.spec = {
            **folded.spec,
            "model": {"algo": "random_forest", "n_estimators": trees, "max_depth": None},
        }
    return Run.objects.bulk_create(runs)


def address(experiment: Experiment, runs: list[Run], what: str = "compare/", more: str = "") -> str:
    query = "&".join(f"run={run.pk}" for run in runs)
    return f"/experiments/{experiment.pk}/{what}?{query}{more}"


def page_of(browser: Client, experiment: Experiment, runs: list[Run], more: str = "") -> str:
    return browser.get(address(experiment, runs, more=more)).content.decode()


def test_a_person_ticks_runs_on_the_board_and_sees_them_beside_each_other(
    browser: Client, folded: Experiment, pair: list[Run]
) -> None:
    board = browser.get(folded.get_absolute_url()).content.decode()
    for run in pair:
        assert f'name="run" form="compare" value="{run.pk}"' in board
    page = page_of(browser, folded, pair)
    assert "Compare 2 runs" in page
    assert all(run.name in page for run in pair)


def test_only_the_settings_that_differ_are_shown(
    browser: Client, folded: Experiment, pair: list[Run]
) -> None:
    page = page_of(browser, folded, pair)
    assert "model.n_estimators" in page
    assert "model.max_depth" not in page


def test_a_clear_difference_is_called_one_and_the_baseline_can_be_moved(
    browser: Client, folded: Experiment, pair: list[Run]
) -> None:
    assert ">clear<" in page_of(browser, folded, pair)
    moved = page_of(browser, folded, pair, f"&baseline={pair[1].pk}")
    assert f"against {pair[1].name}" in moved


def test_runs_that_are_alike_may_differ_by_chance(
    browser: Client, folded: Experiment, owner: User, pair: list[Run]
) -> None:
    alike = scored(folded, owner, [0.82, 0.80, 0.81], 7)
    alike.spec = pair[0].spec
    alike.save()
    page = page_of(browser, folded, [pair[0], alike])
    assert "may be chance" in page
    assert "None: these runs were asked for the same." in page


REFUSED = {
    "nothing is chosen": ("", "Choose 2 to 50 runs"),
    "one alone": ("run={first}", "Choose 2 to 50 runs"),
    "the same twice": ("run={first}&run={first}", "Choose 2 to 50 runs"),
    "no id": ("run={first}&run=abc", "Name each run by its id."),
    "a stranger": ("run={first}&run=00000000-0000-0000-0000-000000000000", "is no finished run"),
    "a baseline that is not among them": ("run={first}&run={second}&baseline={other}", "The baseline is one"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_compared_is_said_on_page_and_api(
    browser: Client, folded: Experiment, owner: User, pair: list[Run], case: str
) -> None:
    other = builders.run(folded, by=owner)
    query, sentence = REFUSED[case]
    query = query.format(first=pair[0].pk, second=pair[1].pk, other=other.pk)
    page = browser.get(f"/experiments/{folded.pk}/compare/?{query}", follow=True).content.decode()
    assert sentence in page
    answer = browser.get(f"/api/v1/experiments/{folded.pk}/comparison/?{query}")
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


def test_a_run_that_has_not_ended_is_not_compared(
    browser: Client, folded: Experiment, owner: User, pair: list[Run]
) -> None:
    waiting = builders.run(folded, by=owner)
    answer = browser.get(address(folded, [pair[0], waiting]), follow=True)
    assert "is no finished run" in answer.content.decode()


def test_the_api_says_the_same_in_numbers(browser: Client, folded: Experiment, pair: list[Run]) -> None:
    query = "&".join(f"run={run.pk}" for run in pair)
    found = browser.get(f"/api/v1/experiments/{folded.pk}/comparison/?{query}").json()
    assert (found["metric"], found["baseline"]) == (folded.metric, str(pair[0].pk))
    assert found["runs"][0]["difference"] is None
    difference = found["runs"][1]["difference"]
    assert difference["mean"] == pytest.approx(-0.2)
    assert difference["is_clear"] is True
    assert found["settings"] == [{"name": "model.n_estimators", "values": [100, 300]}]


def test_runs_without_folds_say_so(browser: Client, experiment: Experiment, owner: User) -> None:
    runs = [scored(experiment, owner, [score], number) for number, score in enumerate((0.7, 0.8))]
    for run in runs:
        run.spec, run.metrics["validation"] = experiment.spec, {}
    Run.objects.bulk_create(runs)
    assert "no folds to compare" in page_of(browser, experiment, runs)


def test_the_table_goes_home_as_csv_markdown_and_latex(
    browser: Client, folded: Experiment, pair: list[Run]
) -> None:
    text = browser.get(address(folded, pair, "compare/table.csv")).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["run"] for row in rows] == [run.name for run in pair]
    assert float(rows[0]["ROC AUC"]) == pytest.approx(0.81)
    markdown = browser.get(address(folded, pair, "compare/table.md")).content.decode()
    assert markdown.splitlines()[1].count("---") == markdown.splitlines()[0].count("|") - 1
    latex = browser.get(address(folded, pair, "compare/table.tex")).content.decode()
    assert latex.startswith("\\begin{tabular}{ll")
    assert "logistic\\_regression" in latex
    assert browser.get(address(folded, pair, "compare/table.exe")).status_code == 404


def test_names_that_a_program_would_run_are_made_harmless(folded: Experiment, pair: list[Run]) -> None:
    pair[0].name = '=cmd|"/c"!A1 & 50% $x_1$'
    Run.objects.bulk_update(pair, ["name"])
    found = comparison.of(folded, [run.pk for run in pair])
    assert "\"'=cmd" in tabular.written(found, "csv")
    assert "\\|" in tabular.written(found, "md").splitlines()[2]
    assert "\\& 50\\% \\$x\\_1\\$" in tabular.written(found, "tex")


def test_real_runs_are_compared_row_by_row(browser: Client, folded: Experiment, train: Train) -> None:
    runs = [train(folded), train(folded, algo="dummy")]
    fragment = browser.get(address(folded, runs, "compare/rows/")).content.decode()
    assert "On the test rows" in fragment
    assert "On the rows of the folds" in fragment
    assert "McNemar" in fragment
    query = "&".join(f"run={run.pk}" for run in runs)
    found: dict[str, Any] = browser.get(f"/api/v1/experiments/{folded.pk}/comparison/rows/?{query}").json()
    first = found["test"]["metrics"]["accuracy"]["first"]
    assert first == pytest.approx(runs[0].metrics["test"]["accuracy"])


def test_rows_of_runs_that_left_no_files_are_refused_with_a_sentence(
    browser: Client, folded: Experiment, pair: list[Run]
) -> None:
    fragment = browser.get(address(folded, pair, "compare/rows/")).content.decode()
    assert "has no predictions to compare" in fragment


def test_a_stranger_sees_nothing(as_: As, stranger: User, folded: Experiment, pair: list[Run]) -> None:
    assert as_(stranger).get(address(folded, pair)).status_code == 404

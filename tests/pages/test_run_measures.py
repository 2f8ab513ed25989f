"""What a run says beyond its scores: the line between two classes, each class, slices, the worst rows."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import User
from datasets import files
from datasets.models import DatasetVersion
from experiments.charts import number
from experiments.models import Artifact, Experiment, Run
from experiments.results import Results
from experiments.results.worst import Worst
from tests import builders
from tests.conftest import EXAMPLES, As
from tests.pages.conftest import Train
from web.templatetags.words import score

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


@pytest.fixture
def survived(titanic: DatasetVersion, owner: User) -> Experiment:
    folds = {"kind": "kfold", "folds": 3}
    return builders.experiment(titanic, by=owner, target="survived", validation=folds)


def _passengers(experiment: Experiment, owner: User, train: Train, **evaluation: Any) -> Run:
    """A run without the column that says the answer in other words."""
    from experiments import actions
    from training import queue, supervisor

    body: dict[str, Any] = {"model": {"algo": "logistic_regression"}, "columns": {"drop": ["alive"]}}
    body["evaluation"] = evaluation
    run, _ = actions.start_run(experiment=experiment, request=body, by=owner)
    claimed = queue.claim("a worker")
    assert claimed == run
    supervisor.supervise(claimed)
    run.refresh_from_db()
    return run


def _page(browser: Client, run: Run) -> str:
    return browser.get(run.get_absolute_url()).content.decode()


def test_two_classes_have_a_line_that_can_be_moved(
    browser: Client, survived: Experiment, owner: User, train: Train
) -> None:
    run = _passengers(survived, owner, train)
    page = _page(browser, run)
    assert 'id="threshold-at" type="range"' in page
    assert f"/api/v1/runs/{run.pk}/artifacts/figures/threshold.json" in page
    assert "The model says the likelier class, so the line is at 0.5." in page
    assert "js/threshold.js" in page
    assert page.count('class="matrix"') == 1
    drawing = Results(run).threshold
    assert drawing is not None
    x, y = drawing.drawing.unit
    assert drawing.drawing.rules[-1].d == f"M{number(x(0.5))} {number(y(0))}V{number(y(1))}"


def test_a_tuned_threshold_is_said(browser: Client, survived: Experiment, owner: User, train: Train) -> None:
    run = _passengers(survived, owner, train, threshold="f1")
    assert run.metrics["threshold"] != 0.5
    assert f"from {score(run.metrics['threshold'])} on. That was found on answers out of fold" in _page(
        browser, run
    )


def test_more_classes_have_a_matrix_and_no_line(browser: Client, folded: Experiment, train: Train) -> None:
    page = _page(browser, train(folded))
    assert 'class="matrix"' in page
    assert "threshold-at" not in page
    assert "js/threshold.js" not in page


def test_every_figure_is_drawn_and_can_be_taken_as_data_and_as_a_picture(
    browser: Client, survived: Experiment, owner: User, train: Train
) -> None:
    run = _passengers(survived, owner, train, data_sizes=True)
    page = _page(browser, run)
    for name in ("roc", "precision_recall", "calibration", "gain", "data_sizes"):
        assert f'id="{name}-figure"' in page
        assert f"/api/v1/runs/{run.pk}/artifacts/figures/{name}.json" in page
        assert f"/api/v1/runs/{run.pk}/artifacts/figures/{name}.png" in page
    assert "Twice the rows: about " in page


def test_figures_of_numbers_are_drawn_with_their_bars(
    browser: Client, numbers: Experiment, train: Train
) -> None:
    run = train(numbers, algo="linear_regression")
    page = _page(browser, run)
    for name in ("qq", "error_by_quantile"):
        assert f'id="{name}-figure"' in page
    figure = page[page.index('id="error_by_quantile-figure"') :]
    assert figure[: figure.index("</svg>")].count('class="bar s1"') == 10


def test_calibration_shows_how_sure_each_point_is(survived: Experiment, owner: User, train: Train) -> None:
    run = _passengers(survived, owner, train)
    (chart,) = [one for one in Results(run).charts if one.name == "calibration"]
    assert len(chart.drawing.dots) == len(chart.drawing.rows)
    assert chart.drawing.paths[-1].d.count("V") == len(chart.drawing.rows)
    assert chart.drawing.head[-1] == "Rows"


def test_each_class_is_told(browser: Client, folded: Experiment, train: Train) -> None:
    run = train(folded)
    page = _page(browser, run)
    assert [one["class"] for one in run.metrics["classes"]] == ["Adelie", "Chinstrap", "Gentoo"]
    for one in run.metrics["classes"]:
        cells = "".join(f'<td class="num">{score(one[name])}</td>' for name in ("precision", "recall", "f1"))
        assert f'<th scope="row">{one["class"]}</th>{cells}' in page


def test_scores_stand_with_their_intervals(browser: Client, folded: Experiment, train: Train) -> None:
    run = train(folded)
    page = _page(browser, run)
    for part in ("intervals", "intervals_train", "intervals_validation"):
        low, high = run.metrics[part]["mcc"]
        assert f"{score(low)} to {score(high)}" in page


def test_slices_are_told_and_the_worst_in_words(
    browser: Client, survived: Experiment, owner: User, train: Train
) -> None:
    run = _passengers(survived, owner, train)
    slices = Results(run).slices
    assert slices is not None
    page = _page(browser, run)
    assert slices.columns[0][0] == "sex"
    assert (slices.worst or "No group is clearly worse than the rest.") in page.replace("&#x27;", "'")
    measured = Results(run).measured
    for column in measured["slices"]["columns"]:
        assert f"<code>{column['column']}</code>" in page


def test_a_slice_that_is_clearly_worse_is_marked(
    browser: Client, survived: Experiment, owner: User, train: Train
) -> None:
    run = _passengers(survived, owner, train)
    artifact = run.artifacts.get(name="metrics.json")
    path = files.path_of(artifact.key)
    found = json.loads(path.read_bytes())
    found["slices"]["columns"][0]["levels"][0]["is_worse"] = True
    found["slices"]["worst"] = {"column": "sex", "level": "male", "text": "Where sex is “male” it is worse."}
    path.write_text(json.dumps(found))
    Artifact.objects.filter(pk=artifact.pk).update(sha256=files.digest(path))
    page = _page(browser, run)
    assert page.count("clearly worse</span>") == 1
    assert "Where sex is “male” it is worse." in page


def test_the_worst_rows_come_with_what_stands_in_them(
    browser: Client, survived: Experiment, owner: User, train: Train
) -> None:
    run = _passengers(survived, owner, train)
    assert f'hx-get="/runs/{run.pk}/worst/"' in _page(browser, run)
    fragment = browser.get(f"/runs/{run.pk}/worst/").content.decode()
    first = Worst(Results(run)).rows[0]
    assert "alive" not in fragment
    assert fragment.count('<th scope="row"') == 50
    address = survived.dataset_version.get_absolute_url()
    assert f'href="{address}?tab=rows&amp;row={first.number}"' in fragment
    told = Results(run).worst_rows[0]
    assert (first.number, first.off) == (told["row"] + 1, told["probability"])
    names = Worst(Results(run)).columns
    sex = first.cells[names.index("sex")]
    assert sex in ("male", "female")


def test_the_cells_are_those_of_the_row(numbers: Experiment, train: Train) -> None:
    run = train(numbers, algo="linear_regression")
    worst = Worst(Results(run))
    lines = (EXAMPLES / "penguins.csv").read_text().splitlines()
    for row in worst.rows[:5]:
        line = dict(zip(lines[0].split(","), lines[row.number].split(","), strict=True))
        assert float(line["body_mass_g"]) == row.actual
        assert [str(cell) for cell in row.cells[:1]] == [line[worst.columns[0]]]


def test_errors_of_numbers_are_in_the_unit(browser: Client, numbers: Experiment, train: Train) -> None:
    run = train(numbers, algo="linear_regression")
    fragment = browser.get(f"/runs/{run.pk}/worst/").content.decode()
    assert "Error</th>" in fragment
    assert score(Worst(Results(run)).rows[0].off) in fragment


def test_without_a_child_the_rows_say_so(
    browser: Client, folded: Experiment, train: Train, settings: Settings, tmp_path: Any
) -> None:
    run = train(folded)
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    fragment = browser.get(f"/runs/{run.pk}/worst/").content.decode()
    assert "Rows cannot be shown right now." in fragment


def test_an_older_run_is_shown_with_what_it_has(browser: Client, folded: Experiment, train: Train) -> None:
    run = train(folded)
    names = ("test", "train", "validation", "baseline", "intervals", "rows")
    kept = {name: run.metrics[name] for name in names}
    Run.objects.filter(pk=run.pk).update(metrics=kept)
    left = ["figures/roc.json", "figures/confusion_matrix.json", "model.zip"]
    run.artifacts.exclude(name__in=left).delete()
    page = _page(browser, run)
    assert 'class="matrix"' in page
    for part in ("classes-h", "slices-h", "worst-h"):
        assert part not in page


def test_all_of_it_asks_the_database_few_questions(
    browser: Client,
    survived: Experiment,
    owner: User,
    train: Train,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    run = _passengers(survived, owner, train, data_sizes=True)
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = browser.get(run.get_absolute_url())
    assert len(answer.content) < 100_000
    assert not re.search(rb"\sstyle=", answer.content)

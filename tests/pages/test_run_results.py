"""The results of a run: the answer first, each score beside its yardstick, figures from their data, files."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from datasets import files
from experiments import artifacts
from experiments.models import Experiment
from tests.conftest import As
from tests.pages.conftest import Train
from web.templatetags.words import score

pytestmark = pytest.mark.django_db
MOST_QUERIES, HEAVIEST = 15, 100_000


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def test_a_classification_is_told_from_its_answer_to_its_files(
    browser: Client, folded: Experiment, train: Train
) -> None:
    run = train(folded)
    page = browser.get(run.get_absolute_url()).content.decode()
    assert run.headline["text"] in page
    assert f"<dd>{score(run.metrics['test']['roc_auc'])}</dd>" in page
    assert f"Naive guess {score(run.metrics['baseline']['test']['accuracy'])}" in page
    low, high = run.metrics["intervals"]["accuracy"]
    assert f"95 %: {score(low)} to {score(high)}" in page
    for artifact in run.artifacts.all():
        assert f"/api/v1/runs/{run.pk}/artifacts/{artifact.name}" in page
        assert artifact.sha256 in page


def test_the_matrix_holds_the_counts_of_its_file(browser: Client, folded: Experiment, train: Train) -> None:
    run = train(folded)
    page = browser.get(run.get_absolute_url()).content.decode()
    figure = artifacts.figure(run, "confusion_matrix")
    assert figure is not None
    shown = [int(count) for count in re.findall(r'matrix__cell"><b>(\d+)</b>', page)]
    assert shown == [count for row in figure["data"]["counts"] for count in row]
    assert 'id="roc-figure"' in page


def test_validation_shows_every_fold(browser: Client, folded: Experiment, train: Train) -> None:
    run = train(folded)
    page = browser.get(run.get_absolute_url()).content.decode()
    for fold in run.metrics["validation"]["accuracy"]["folds"]:
        assert score(fold) in page


def test_a_regression_is_told_in_the_unit_of_its_target(
    browser: Client, numbers: Experiment, train: Train
) -> None:
    run = train(numbers, algo="linear_regression")
    page = browser.get(run.get_absolute_url()).content.decode()
    assert run.headline["text"] in page
    assert 'class="matrix"' not in page
    for name in ("predicted_actual", "residuals"):
        dots = re.search(rf'id="{name}-figure".*?class="points s1" d="([^"]*)"', page, re.DOTALL)
        assert dots is not None
        assert dots[1].count("M") == run.metrics["rows"]["test"]


def test_a_network_shows_how_it_learned(browser: Client, experiment: Experiment, train: Train) -> None:
    run = train(experiment, algo="dense_network", epochs=3)
    page = browser.get(run.get_absolute_url()).content.decode()
    assert 'id="learning_curve-figure"' in page
    assert "Loss after 3 of 3 epochs." in page


def test_settings_show_only_what_was_set(browser: Client, experiment: Experiment, train: Train) -> None:
    run = train(experiment, algo="random_forest", n_estimators=20)
    page = browser.get(run.get_absolute_url() + "?tab=settings").content.decode()
    assert "n_estimators</span></dt><dd>20</dd>" in page
    assert "min_samples_leaf</span></dt>" not in page
    assert run.fingerprint in page


def test_the_log_stays_readable(browser: Client, experiment: Experiment, train: Train) -> None:
    run = train(experiment)
    page = browser.get(run.get_absolute_url() + "?tab=log").content.decode()
    assert 'role="log"' in page
    assert "columns to learn species from" in page


def test_the_results_are_light_before_anything_is_explored(
    browser: Client,
    folded: Experiment,
    train: Train,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    run = train(folded, algo="dense_network", epochs=3)
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = browser.get(run.get_absolute_url())
    assert len(answer.content) < HEAVIEST
    assert b"<script>" not in answer.content
    assert b" style=" not in answer.content


def test_a_finished_run_tells_the_watcher_so(browser: Client, experiment: Experiment, train: Train) -> None:
    run = train(experiment)
    assert browser.get(f"/runs/{run.pk}/live/?after=1").headers["X-State"] == "succeeded"


def test_a_damaged_figure_is_left_out_and_the_rest_stays(
    browser: Client, experiment: Experiment, train: Train
) -> None:
    run = train(experiment)
    path = files.path_of(run.artifacts.get(name="figures/roc.json").key)
    path.write_bytes(b"x" + path.read_bytes()[1:])
    page = browser.get(run.get_absolute_url()).content.decode()
    assert "figures/roc.json was changed after it was stored" in page
    assert 'id="roc-figure"' not in page
    assert 'class="matrix"' in page


def test_a_regression_says_the_unit_of_its_errors(browser: Client, numbers: Experiment, train: Train) -> None:
    page = browser.get(train(numbers, algo="dummy").get_absolute_url()).content.decode()
    assert "Errors are in the unit of <code>body_mass_g</code>." in page

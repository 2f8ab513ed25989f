"""Another run in an experiment that stands, from scratch or from an earlier run's settings."""

import pytest

from accounts.models import User
from experiments.models import Experiment, Run
from tests import builders
from tests.conftest import As

pytestmark = pytest.mark.django_db


def test_the_same_settings_fill_the_form_in(as_: As, owner: User, experiment: Experiment) -> None:
    run = builders.run(experiment, by=owner, algo="random_forest", n_estimators=42)
    page = as_(owner).get(f"/experiments/{experiment.pk}/new-run/?like={run.pk}").content.decode()
    assert 'value="42"' in page
    assert 'value="random_forest" checked' in page
    assert 'value="logistic_regression" checked' not in page


def test_what_is_filled_in_starts_the_same_run(as_: As, owner: User, experiment: Experiment) -> None:
    from experiments.forms.wizard import again

    run = builders.run(experiment, by=owner, algo="dense_network", epochs=3, units=[8])
    run = Run.objects.select_related("experiment__dataset_version").get(pk=run.pk)
    as_(owner).post(f"/experiments/{experiment.pk}/new-run/", dict(again(run).values))
    fresh = experiment.runs.exclude(pk=run.pk).get()
    assert fresh.fingerprint == run.fingerprint


def test_a_run_of_another_experiment_gives_no_settings(
    as_: As, owner: User, experiment: Experiment, folded: Experiment
) -> None:
    run = builders.run(folded, by=owner)
    assert as_(owner).get(f"/experiments/{experiment.pk}/new-run/?like={run.pk}").status_code == 404


def test_a_mistake_starts_nothing(as_: As, owner: User, experiment: Experiment) -> None:
    sent = {"for": "species", "use": ["sex"], "shown": ["random_forest"], "algo": ["random_forest"]}
    sent["m-random_forest-max_depth"] = ["0"]
    answer = as_(owner).post(f"/experiments/{experiment.pk}/new-run/", sent)
    assert answer.status_code == 422
    assert "Must be between 1 and 200." in answer.content.decode()
    assert not experiment.runs.exists()


def test_a_viewer_may_look_but_not_start(as_: As, viewer: User, experiment: Experiment) -> None:
    address = f"/experiments/{experiment.pk}/new-run/"
    assert "Viewers can look at runs but not start them." in as_(viewer).get(address).content.decode()
    sent = {"for": "species", "use": ["sex"], "shown": ["dummy"], "algo": ["dummy"]}
    assert as_(viewer).post(address, sent).status_code == 403
    assert not experiment.runs.exists()


def test_a_stranger_finds_nothing(as_: As, stranger: User, experiment: Experiment) -> None:
    assert as_(stranger).get(f"/experiments/{experiment.pk}/new-run/").status_code == 404

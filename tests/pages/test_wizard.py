"""Asking a question in the browser: guessed, recognised, refused where the person stands, all or nothing."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion
from experiments.models import Experiment, Run
from tests.conftest import As

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(version: DatasetVersion) -> str:
    return f"/w/{version.dataset.workspace.slug}/experiments/new/?version={version.pk}"


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def form(**changes: Any) -> dict[str, Any]:
    """What the page sends when nothing but these fields was touched."""
    names = ["island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex"]
    usual = {
        "for": "species",
        "target": "species",
        "task": "classification",
        "metric": "roc_auc",
        "use": names,
    }
    models = {"shown": ["dummy", "logistic_regression", "random_forest"], "algo": ["logistic_regression"]}
    return {**usual, **models, "name": "Which species?", "do": "start", **changes}


def with_column(version: DatasetVersion, name: str, **facts: Any) -> None:
    """One column of the version gets other facts."""
    version.columns = [
        {**column, **facts} if column["name"] == name else column for column in version.columns
    ]
    version.save()


def test_the_target_is_guessed_with_its_reason(browser: Client, address: str) -> None:
    page = browser.get(address).content.decode()
    assert '<option value="species" selected>' in page
    assert "By its name, this is what people mostly want to know" in page
    assert '<meter aria-label="Adelie" min="0" max="344" value="152">' in page


def test_the_page_says_the_same_as_json_and_curl(
    browser: Client, address: str, version: DatasetVersion
) -> None:
    page = browser.get(address).content.decode()
    assert f"&quot;dataset_version&quot;: &quot;{version.pk}&quot;" in page
    assert "curl http://testserver/api/v1/workspaces/field-lab/experiments/" in page


def test_one_model_leads_to_its_run(browser: Client, address: str) -> None:
    answer = browser.post(address, form())
    run = Run.objects.get()
    assert answer.headers["Location"] == run.get_absolute_url()
    assert (run.algo, run.experiment.target, run.experiment.metric) == (
        "logistic_regression",
        "species",
        "roc_auc",
    )


def test_several_models_lead_to_their_experiment(browser: Client, address: str) -> None:
    answer = browser.post(address, form(algo=["logistic_regression", "random_forest"]))
    experiment = Experiment.objects.get()
    assert answer.headers["Location"] == experiment.get_absolute_url()
    assert experiment.runs.count() == 2


def test_settings_columns_and_split_reach_the_spec(browser: Client, address: str) -> None:
    chosen = {"algo": ["random_forest"], "m-random_forest-n_estimators": "50", "use": ["island", "sex"]}
    browser.post(
        address,
        form(
            **chosen, seed="7", **{"split.test_size": "0.3", "validation.folds": "3", "kind-4": "categorical"}
        ),
    )
    spec = Run.objects.get().spec
    assert spec["model"]["n_estimators"] == 50
    assert sorted(spec["columns"]["drop"]) == [
        "bill_depth_mm",
        "bill_length_mm",
        "body_mass_g",
        "flipper_length_mm",
    ]
    assert (spec["split"]["test_size"], spec["validation"]["folds"], spec["seed"]) == (0.3, 3, 7)


def test_a_number_can_be_read_as_a_category(browser: Client, address: str, version: DatasetVersion) -> None:
    place = [column["name"] for column in version.columns].index("flipper_length_mm")
    browser.post(address, form(**{f"kind-{place}": "categorical"}))
    assert Run.objects.get().spec["columns"]["kinds"] == {"flipper_length_mm": "categorical"}


def test_folds_can_be_left_out(browser: Client, address: str) -> None:
    browser.post(address, form(**{"validation.kind": "none"}))
    assert Run.objects.get().spec["validation"] == {"kind": "none"}


def test_another_target_redraws_task_metric_and_columns(browser: Client, address: str) -> None:
    page = browser.post(address, form(target="body_mass_g", do="target")).content.decode()
    assert 'value="regression" data-redraw checked' in page
    assert '<option value="rmse" selected>' in page
    assert 'value="species" aria-label="Use species" checked' in page
    assert not Experiment.objects.exists()


def test_another_target_is_looked_at_before_it_starts(browser: Client, address: str) -> None:
    answer = browser.post(address, form(target="island"))
    assert answer.status_code == 422
    assert "The target is now island." in answer.content.decode()
    assert not Experiment.objects.exists()


def test_the_task_can_be_changed(browser: Client, address: str) -> None:
    browser.post(
        address, form(**{"for": "body_mass_g"}, target="body_mass_g", task="regression", metric="mae")
    )
    assert not Run.objects.exists()  # logistic regression does not suit a regression
    browser.post(
        address,
        form(
            **{"for": "body_mass_g"},
            target="body_mass_g",
            task="regression",
            metric="mae",
            shown=["linear_regression"],
            algo=["linear_regression"],
        ),
    )
    assert Experiment.objects.get().metric == "mae"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"unique": 1, "kind": "constant"}, "has the same value in every row"),
        ({"missing": 344, "unique": 0}, "has no values at all"),
    ],
)
def test_a_target_that_says_nothing_is_refused(
    browser: Client, address: str, version: DatasetVersion, facts: dict[str, Any], sentence: str
) -> None:
    with_column(version, "species", **facts)
    answer = browser.post(address, form())
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Experiment.objects.exists()


def test_the_only_column_cannot_be_the_target(browser: Client, address: str, version: DatasetVersion) -> None:
    version.columns = [column for column in version.columns if column["name"] == "species"]
    version.save()
    answer = browser.post(address, form())
    assert "is the only column" in answer.content.decode()
    assert not Experiment.objects.exists()


def test_words_cannot_be_predicted_as_a_number(browser: Client, address: str) -> None:
    answer = browser.post(address, form(task="regression", metric="rmse", algo=["random_forest"]))
    assert "is not a number" in answer.content.decode()
    assert not Experiment.objects.exists()


def test_a_setting_out_of_bounds_is_refused_at_its_field(browser: Client, address: str) -> None:
    changes = {"algo": ["random_forest"], "m-random_forest-n_estimators": "1"}
    answer = browser.post(address, form(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_m-random_forest-n_estimators">Must be between 10 and 5,000.</a>' in page
    assert 'id="id_m-random_forest-n_estimators_error"' in page
    assert 'value="1"' in page
    assert not Experiment.objects.exists()


def test_what_only_the_rules_know_is_refused_at_its_field_too(browser: Client, address: str) -> None:
    changes = {"shown": ["dense_network"], "algo": ["dense_network"], "m-dense_network-batch_size": "60000"}
    answer = browser.post(address, form(**changes))
    assert '<a href="#id_m-dense_network-batch_size">' in answer.content.decode()
    assert not Experiment.objects.exists()


def test_one_refused_model_keeps_the_others_from_starting(browser: Client, address: str) -> None:
    changes = {"shown": ["random_forest", "dense_network"], "algo": ["random_forest", "dense_network"]}
    browser.post(address, form(**changes, **{"m-dense_network-batch_size": "60000"}))
    assert not Experiment.objects.exists()
    assert not Run.objects.exists()


def test_an_unknown_learner_starts_nothing(browser: Client, address: str) -> None:
    answer = browser.post(address, form(algo=["os.system"]))
    assert "Choose at least one model." in answer.content.decode()
    assert not Experiment.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"use": []}, {"name": "a\nb"}, {"split.test_size": "0.9"}, {"validation.folds": "1"}]
)
def test_every_other_mistake_is_said_and_leaves_nothing(
    browser: Client, address: str, changes: dict[str, Any]
) -> None:
    answer = browser.post(address, form(**changes))
    assert answer.status_code == 422
    assert "Nothing was started." in answer.content.decode()
    assert not Experiment.objects.exists()


def test_a_draft_comes_back_filled_in(browser: Client, address: str) -> None:
    draft = address.replace("/new/?", "/new/draft/?")
    browser.post(draft, form(name="My question", algo=["random_forest"]))
    page = browser.get(address).content.decode()
    assert 'value="My question"' in page
    assert 'value="random_forest" checked' in page
    assert 'value="logistic_regression" checked' not in page


def test_a_started_experiment_leaves_no_draft(browser: Client, address: str) -> None:
    browser.post(address.replace("/new/?", "/new/draft/?"), form(name="My question"))
    browser.post(address, form())
    assert "My question" not in browser.get(address).content.decode()


def test_a_viewer_sees_why_the_button_is_off(as_: As, viewer: User, address: str) -> None:
    page = as_(viewer).get(address).content.decode()
    assert 'value="start" disabled aria-describedby="why-not"' in page
    assert "Viewers can look at experiments but not create them." in page


def test_a_viewer_cannot_start(as_: As, viewer: User, address: str) -> None:
    assert as_(viewer).post(address, form()).status_code == 403
    assert not Experiment.objects.exists()


def test_a_stranger_finds_no_wizard(as_: As, stranger: User, address: str) -> None:
    assert as_(stranger).get(address).status_code == 404
    assert as_(stranger).post(address, form()).status_code == 404


@pytest.mark.parametrize("named", ["nothing", "00000000-0000-0000-0000-000000000000"])
def test_a_version_that_is_not_there_is_not_found(browser: Client, address: str, named: str) -> None:
    assert browser.get(address.partition("=")[0] + "=" + named).status_code == 404


def test_without_data_the_page_says_what_comes_first(browser: Client) -> None:
    page = browser.get("/w/field-lab/experiments/new/").content.decode()
    assert "Add a dataset first." in page


def test_the_only_dataset_needs_no_choosing(browser: Client, version: DatasetVersion) -> None:
    assert b"What should be predicted?" in browser.get("/w/field-lab/experiments/new/").content


def test_odd_text_in_any_field_is_answered(browser: Client, address: str) -> None:
    odd = "\x00<script>alert(1)</script>\u202e𝕏"
    for name in ("target", "task", "metric", "name", "split.test_size", "seed", "kind-0", "for"):
        answer = browser.post(address, form(**{name: odd, "algo": []}))
        assert answer.status_code == 422
        assert "<script>alert" not in answer.content.decode()

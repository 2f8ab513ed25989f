"""Beyond the plain path: folds that open, splits taken by a click, what does not fit, runs like another."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion
from experiments.forms.posted import Posted
from experiments.forms.start import by_field
from experiments.forms.wizard import Models, Wizard, again, pressed
from experiments.models import Experiment, Run
from tests.conftest import As
from web.problems import Invalid

pytestmark = pytest.mark.django_db
SPECIES = {"for": ["species"], "target": ["species"], "task": ["classification"]}
USED = ["island", "bill_length_mm", "body_mass_g"]
PLAIN = {**SPECIES, "use": USED, "shown": ["dummy"], "algo": ["dummy"]}


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def address(version: DatasetVersion) -> str:
    return f"/w/{version.dataset.workspace.slug}/experiments/new/?version={version.pk}"


def wizard(version: DatasetVersion, **sent: list[str]) -> Wizard:
    named = {name.replace("__", "."): values for name, values in sent.items()}
    return Wizard(version, Posted({**PLAIN, **named}))


def found(version: DatasetVersion, kind: str, column: str) -> None:
    """Puts a finding of the rows beside those of the version."""
    told = {"kind": kind, "id": kind, "target": "", "severity": "warn", "columns": [column]}
    said: dict[str, Any] = {"title": "Rows repeat", "detail": "In many rows.", "evidence": {}, "fix": None}
    version.findings = [{**told, **said}]
    version.save()


def test_nothing_more_than_the_plain_path_is_asked_for(version: DatasetVersion) -> None:
    assert wizard(version).spec() == {"task": "classification", "target": "species"}
    assert set(wizard(version).models.requests[0][1]) == {"columns", "model"}


@pytest.mark.parametrize(
    ("kind", "split", "column"), [("groups", "group", "island"), ("ordered", "time", "body_mass_g")]
)
def test_a_split_that_the_rows_suggest_is_taken_by_one_click(
    browser: Client, version: DatasetVersion, kind: str, split: str, column: str
) -> None:
    found(version, kind, column)
    button = f'value="split:{split}:{column}">Split by {column}</button>'
    assert button in browser.get(address(version)).content.decode()
    page = browser.post(address(version), {**PLAIN, "do": f"split:{split}:{column}"}).content.decode()
    assert "The split goes by it" in page
    assert not Experiment.objects.exists()
    sent = pressed(Posted(PLAIN), f"split:{split}:{column}")
    spec = Wizard(version, sent).spec()
    assert spec["split"] == {"kind": split, "column": column}
    assert spec["validation"] == {"kind": split}


def test_a_suggestion_about_the_target_itself_has_no_button(browser: Client, version: DatasetVersion) -> None:
    found(version, "groups", "species")
    page = browser.get(address(version)).content.decode()
    assert "Rows repeat" in page
    assert 'value="split:' not in page


def test_folds_of_the_chosen_kind_stay_when_the_split_changes(version: DatasetVersion) -> None:
    chosen = wizard(version, split__kind=["group"], split__column=["island"], validation__kind=["kfold"])
    assert chosen.spec()["validation"] == {"kind": "kfold"}
    assert "checked in folds," in chosen.parts.said


def test_a_split_by_groups_needs_its_column(browser: Client, version: DatasetVersion) -> None:
    answer = browser.post(address(version), {**PLAIN, "split.kind": "group", "do": "start"})
    assert answer.status_code == 422
    assert '<a href="#id_split.column">Choose one.</a>' in answer.content.decode()


@pytest.mark.parametrize("kind", ["nothing", "\x00", "kfold"])
def test_an_unknown_split_is_refused(version: DatasetVersion, kind: str) -> None:
    refusals = wizard(version, split__kind=[kind]).refusals()
    assert refusals.get("split.kind", "") == (
        "" if kind == "\x00" else "Choose one of the values in the list."
    )


@pytest.mark.parametrize(
    ("name", "sent", "sentence"),
    [
        ("features.logs", ["island"], "“island” is not among the columns"),
        ("features.ratios", ["sex", "body_mass_g"], "“sex” is not among the columns"),
        ("features.ratios", ["body_mass_g", ""], "A row names one column only."),
        ("features.group_means", ["island", "body_mass_g"], "“island” is not among the columns"),
        ("preprocessing.numeric.clip", ["0.5"], "Must be above 0, at most 0.25."),
        ("evaluation.threshold", ["best"], "Choose one of the values in the list."),
    ],
)
def test_what_does_not_fit_is_refused_and_shown_where_it_stands(
    browser: Client, version: DatasetVersion, name: str, sent: list[str], sentence: str
) -> None:
    answer = browser.post(address(version), {**PLAIN, name: sent, "do": "start"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'id="id_{name}_error"' in page
    assert not Experiment.objects.exists()


def test_a_group_that_is_switched_off_says_nothing(version: DatasetVersion) -> None:
    off = wizard(version, features__polynomial__degree=["3"])
    assert "features" not in off.models.requests[0][1]
    on = wizard(version, features__polynomial=["on"], features__polynomial__degree=["3"])
    assert on.models.requests[0][1]["features"] == {"polynomial": {"degree": 3}}


def test_empty_rows_of_pairs_are_left_out(version: DatasetVersion) -> None:
    pairs = ["", "", "body_mass_g", "bill_length_mm", "", ""]
    asked = wizard(version, features__ratios=pairs).models
    assert asked.requests[0][1]["features"] == {"ratios": [["body_mass_g", "bill_length_mm"]]}
    (ratios,) = [field for field in asked.extras.features.fields if field.library == "ratios"]
    assert len(ratios.rows) == 2  # type: ignore[attr-defined]


def test_a_fold_brings_its_fields_when_somebody_looks(browser: Client, version: DatasetVersion) -> None:
    closed = browser.get(address(version)).content.decode()
    assert 'name="preprocessing.numeric.missing"' not in closed
    opened = browser.post(address(version), {**PLAIN, "do": "unfold:preprocessing"}).content.decode()
    assert 'name="preprocessing.numeric.missing"' in opened
    assert 'name="preprocessing.numeric.missing"' in browser.get(address(version)).content.decode()


def test_settings_count_what_was_changed(version: DatasetVersion) -> None:
    asked = wizard(
        version, preprocessing__numeric__missing=["mean"], preprocessing__categorical__encode=["target"]
    )
    assert asked.models.extras.preparation.changed == 2
    assert asked.models.extras.features.changed == 0


def test_the_note_of_a_column_says_what_fills_its_gaps(version: DatasetVersion) -> None:
    rows = {row.name: row.note for row in wizard(version).models.columns}
    mean = wizard(version, preprocessing__numeric__missing=["mean"]).models.columns
    assert rows["body_mass_g"].endswith("missing: median")
    assert {row.name: row.note for row in mean}["body_mass_g"].endswith("missing: mean")


def test_only_columns_of_numbers_or_words_can_be_treated_otherwise(version: DatasetVersion) -> None:
    place = [column["name"] for column in version.columns].index("island")
    sent = {"own": ["island"], f"kind-{place}": ["text"], "preprocessing.columns.1.encode": ["target"]}
    rows = {row.name: row for row in wizard(version, **sent).models.columns}
    assert not rows["island"].can_be_own
    assert wizard(version, **sent).models.extras.own == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("knn", "This is not JSON."),
        ('{"algo": "knn"}', "A list of models is needed."),
        ('[{"algo": "knn", "algo": "svm"}]', "This is not JSON."),
    ],
)
def test_members_that_are_no_json_are_refused(version: DatasetVersion, text: str, sentence: str) -> None:
    refusals = wizard(version, algo=["voting"], **{"m-voting-members-json": [text]}).refusals()
    assert refusals["m-voting-members"].startswith(sentence)


def test_a_refused_member_is_said_at_the_field_of_the_members(
    browser: Client, version: DatasetVersion
) -> None:
    members = '[{"algo": "knn", "n_neighbors": 0}, {"algo": "svm"}]'
    sent = {**PLAIN, "shown": ["voting"], "algo": ["voting"], "m-voting-members-json": members}
    page = browser.post(address(version), {**sent, "do": "start"}).content.decode()
    assert 'id="id_m-voting-members_error"' in page
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("preprocessing.columns.island.order", "preprocessing.columns.1.order"),
        ("preprocessing.columns.gone.order", "use"),
        ("features.ratios.0.1", "features.ratios"),
        ("validation.column", "validation.column"),
        ("model", "m-svm"),
        ("model.C", "m-svm-C"),
        ("columns.drop", "use"),
    ],
)
def test_a_refusal_stands_at_the_field_it_is_about(version: DatasetVersion, field: str, place: str) -> None:
    assert by_field(Invalid("No.", field=field), "svm", version) == {place: "No."}


def test_a_run_like_another_has_all_of_its_settings(as_: As, owner: User, experiment: Experiment) -> None:
    settings: dict[str, Any] = {
        "own": ["island"],
        "preprocessing.columns.1.order": ["Biscoe\nDream"],
        "preprocessing.columns.1.indicator": ["yes"],
        "preprocessing.numeric.indicator": ["off", "on"],
        "features.dates": ["off"],
        "features.ratios": ["body_mass_g", "bill_length_mm", "", ""],
        "features.group_means": ["body_mass_g", "island"],
        "features.logs": ["", "body_mass_g"],
        "features.selection": ["on"],
        "evaluation.data_sizes": ["off", "on"],
        "shown": ["stacking"],
        "algo": ["stacking"],
        "m-stacking-members": ["", "knn", "svm"],
        "m-stacking-passthrough": ["off", "on"],
    }
    page = f"/experiments/{experiment.pk}/new-run/"
    as_(owner).post(page, {**PLAIN, **settings})
    first = Run.objects.select_related("experiment__dataset_version").get()
    assert first.spec["features"]["dates"] is False
    assert first.spec["preprocessing"]["columns"]["island"]["order"] == ["Biscoe", "Dream"]
    as_(owner).post(page, dict(again(first).values))
    second = experiment.runs.exclude(pk=first.pk).get()
    assert second.fingerprint == first.fingerprint


def test_another_run_is_drawn_anew_without_starting(as_: As, owner: User, experiment: Experiment) -> None:
    page = f"/experiments/{experiment.pk}/new-run/"
    answer = as_(owner).post(page, {**PLAIN, "unfolded": "features", "do": "draft"}).content.decode()
    assert 'name="features.ratios"' in answer
    assert "<html" not in answer
    assert not experiment.runs.exists()


def test_a_new_run_offers_no_other_split(
    version: DatasetVersion, as_: As, owner: User, experiment: Experiment
) -> None:
    found(version, "groups", "island")
    page = as_(owner).get(f"/experiments/{experiment.pk}/new-run/").content.decode()
    assert "Rows repeat" in page
    assert 'value="split:' not in page


def test_models_of_every_family_stand_under_one_heading(version: DatasetVersion) -> None:
    asked = Models(version, {"target": "species", "task": "classification"}, Posted(PLAIN))
    shown = [card.algo for family in asked.families for card in family.cards]
    assert sorted(shown) == sorted(card.algo for card in asked.cards)

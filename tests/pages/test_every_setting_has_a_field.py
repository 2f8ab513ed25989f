"""All that the specification lets a person choose has a field on the page, and what is posted arrives."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion
from engine.choices.parts import AnySplit, AnyValidation
from engine.choices.preprocessing import Special
from engine.learners import CATALOG, describe
from engine.settings import Settings
from engine.spec import RunSpec
from experiments.forms.extras import own
from experiments.forms.posted import Posted
from experiments.forms.wizard import Wizard
from tests.conftest import As

pytestmark = pytest.mark.django_db

Schema = Mapping[str, Any]
SPEC = RunSpec.model_json_schema()
DEFS = SPEC["$defs"]
OF_A_RUN = ("preprocessing", "features", "evaluation")
ALONE = Special().model_dump(mode="json")
MEMBERS = ("member", "members", "final", "weights")  # they go together, and have a test of their own
PLACES = {  # what a walk over the schema cannot guess: a name, a pair, words in an order
    "features.group_means": (["body_mass_g", "island"], [{"of": "body_mass_g", "by": "island"}]),
    "features.interactions": (["body_mass_g", "bill_length_mm"], [["body_mass_g", "bill_length_mm"]]),
    "features.ratios": (["body_mass_g", "bill_length_mm"], [["body_mass_g", "bill_length_mm"]]),
    "features.differences": (["body_mass_g", "bill_length_mm"], [["body_mass_g", "bill_length_mm"]]),
    "features.logs": (["body_mass_g"], ["body_mass_g"]),
    "features.polynomial.columns": (["body_mass_g"], ["body_mass_g"]),
    "features.bins.columns": (["body_mass_g"], ["body_mass_g"]),
}


def plain(schema: Schema) -> Schema:
    """A schema without the null it may be, looked up."""
    for part in schema.get("anyOf", [schema]):
        if part.get("type") != "null":
            found: Schema = DEFS[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
            return found
    return schema


def leaves(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Each setting below a path, as `features.text.svd`; columns by name stand apart."""
    for name, part in schema["properties"].items():
        below, found = f"{path}.{name}", plain(part)
        if "properties" in found:
            yield from leaves(found, below)
        elif found.get("type") != "object" and name != "kind":
            yield below, part


def another(schema: Schema) -> Any:
    """A value other than the default that the schema allows."""
    found, default = plain(schema), schema.get("default")
    if "enum" in found:
        return next(value for value in found["enum"] if value != default)
    if "const" in found:
        return found["const"]
    kind = found["type"]
    if kind == "boolean":
        return not default
    if kind == "array":
        return [another({**found["items"], "default": None})] * max(2, found.get("minItems", 1))
    if kind == "string":
        return "some words"
    low = found.get("minimum", found.get("exclusiveMinimum", 0))
    step = 1 if kind == "integer" else (found.get("maximum", low + 1) - low) / 4
    return next(value for value in (low + step, low + 2 * step) if value != default)


def typed(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["on" if value else "off"]
    return [", ".join(map(str, value)) if isinstance(value, list) else str(value)]


def at(document: Any, path: str) -> Any:
    for step in path.split("."):
        document = document[step]
    return document


def arrives(
    version: DatasetVersion, sent: dict[str, list[str]], task: str = "classification"
) -> dict[str, Any]:
    """The spec of the first run that the wizard makes of what was sent."""
    target = "species" if task == "classification" else "body_mass_g"
    question = {"target": [target], "task": [task], "for": [target]}
    used = [column["name"] for column in version.columns if column["name"] not in (target, "sex")]
    wizard = Wizard(version, Posted({**question, "use": used, "shown": [""], "algo": ["dummy"], **sent}))
    assert wizard.refusals() == {}
    request = wizard.models.requests[0][1]
    return RunSpec.model_validate({**wizard.spec(), **request}).model_dump(mode="json")


RUN_PARTS = {part: list(leaves(plain(SPEC["properties"][part]), part)) for part in OF_A_RUN}


@pytest.mark.parametrize("part", OF_A_RUN)
def test_every_setting_of_a_run_arrives(version: DatasetVersion, part: str) -> None:
    assert RUN_PARTS[part]
    for path, schema in RUN_PARTS[part]:
        sent, value = PLACES.get(path) or (typed(another(schema)), another(schema))
        group = {path.rpartition(".")[0]: ["on"]} if path.count(".") == 2 else {}
        task = "regression" if path == "preprocessing.target" else "classification"
        assert at(arrives(version, {**group, path: sent}, task), path) == value, path


SPLITS = {made.__name__: ("split", made) for made in get_args(AnySplit)}
FOLDS = {made.__name__: ("validation", made) for made in get_args(AnyValidation)}


@pytest.mark.parametrize(("part", "made"), (SPLITS | FOLDS).values(), ids=(SPLITS | FOLDS).keys())
def test_every_setting_of_every_split_arrives(
    version: DatasetVersion, part: str, made: type[Settings]
) -> None:
    kind = made.model_fields["kind"].default
    column = {"group": "island", "column": "island", "time": "body_mass_g"}.get(kind, "")
    chosen = {f"{part}.kind": [kind], f"{part}.column": [column]}
    assert arrives(version, chosen)[part]["kind"] == kind
    for path, schema in leaves(made.model_json_schema(), part):
        value = column if path.endswith("column") else another(schema)
        assert at(arrives(version, {**chosen, path: typed(value)}), path) == value, path


@pytest.mark.parametrize(("column", "kind"), [("body_mass_g", "numeric"), ("island", "categorical")])
def test_every_setting_of_a_single_column_arrives(version: DatasetVersion, column: str, kind: str) -> None:
    place = [found["name"] for found in version.columns].index(column)
    for field in own(place, kind).fields:
        schema = DEFS["Special"]["properties"][field.library]
        special = {"order": ["Biscoe", "Dream, or so"], "missing": "constant"}
        value = special.get(field.library) or another(schema)
        text = {"order": ["Biscoe\nDream, or so"], "indicator": ["yes"]}.get(field.library) or typed(value)
        spec = arrives(version, {"own": [column], field.name: text})
        assert spec["preprocessing"]["columns"] == {column: {**ALONE, field.library: value}}


def test_numbers_and_words_together_have_every_setting_of_a_single_column() -> None:
    fields = [field.library for kind in ("numeric", "categorical") for field in own(0, kind).fields]
    assert set(fields) == set(DEFS["Special"]["properties"])


def of_learner(algo: str) -> dict[str, Schema]:
    described = describe(CATALOG[algo])
    return {**described["settings"]["properties"], **(described["training"] or {}).get("properties", {})}


@pytest.mark.parametrize("algo", CATALOG)
def test_every_setting_of_every_learner_arrives(version: DatasetVersion, algo: str) -> None:
    task = CATALOG[algo].tasks[0]
    for name, schema in of_learner(algo).items():
        if name in MEMBERS:
            continue
        value = another(schema)
        spec = arrives(version, {"algo": [algo], f"m-{algo}-{name}": typed(value)}, task)
        assert (spec["training"] or {}).get(name, spec["model"].get(name)) == value, name


@pytest.mark.parametrize(
    ("field", "sent", "algos"),
    [
        ("m-bagging-member", ["knn"], ["knn"]),
        ("m-voting-members", ["knn", "svm"], ["knn", "svm"]),
        ("m-stacking-members", ["knn", "svm"], ["knn", "svm"]),
        ("m-stacking-final", ["knn"], ["knn"]),
        ("m-voting-members-json", ['[{"algo": "knn", "n_neighbors": 3}, {"algo": "svm"}]'], ["knn", "svm"]),
    ],
)
def test_members_of_ensembles_arrive(
    version: DatasetVersion, field: str, sent: list[str], algos: list[str]
) -> None:
    _, algo, name = field.removesuffix("-json").split("-")
    found = arrives(version, {"algo": [algo], field: sent})["model"][name]
    members = found if isinstance(found, list) else [found]
    assert [member["algo"] for member in members] == algos
    assert all(member.get("n_neighbors", 3) == (3 if "json" in field else 5) for member in members[:1])


def test_every_field_stands_on_the_page_once_somebody_looks(
    as_: As, owner: User, version: DatasetVersion
) -> None:
    """All folds open, all groups switched on, all columns on their own: each setting is a named control."""
    algos = [algo for algo, learner in CATALOG.items() if "classification" in learner.tasks]
    folds = ["split", *OF_A_RUN, *(f"m-{algo}" for algo in algos)]
    on = {f"features.{name}": "on" for name in ("polynomial", "bins", "text", "pca", "selection")}
    used = {"for": "species", "use": ["island", "body_mass_g"], "own": ["island", "body_mass_g"]}
    page = page_of(as_(owner), version, {**used, **on, "unfolded": folds, "do": "more"})
    wanted = [path for part in OF_A_RUN for path, _ in RUN_PARTS[part] if path != "preprocessing.target"]
    wanted += [
        "seed",
        "split.kind",
        "split.test_size",
        "split.stratify",
        "validation.kind",
        "validation.folds",
    ]
    wanted += [f"m-{algo}-{name}" for algo in algos for name in of_learner(algo)]
    assert [name for name in wanted if f'name="{name}"' not in page or f'id="id_{name}"' not in page] == []


def page_of(browser: Client, version: DatasetVersion, sent: Mapping[str, Any]) -> str:
    address = f"/w/{version.dataset.workspace.slug}/experiments/new/?version={version.pk}"
    answer = browser.post(address, {"target": "species", "task": "classification", **sent})
    assert answer.status_code == 200
    return str(answer.content.decode())

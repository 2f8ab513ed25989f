"""The schema names every operation, and real answers are as it says."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # brings no types
import pytest
import yaml
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Membership, User
from experiments import artifacts
from experiments.models import Run

Program = Callable[[User | None], Any]
BYTES = ("/file/", "/rows.csv", "/thumbs/{row}/", "/artifacts/{name}", "/uploads/{id}/")
FROM_A_CHILD = ("/preview/", "/compare/", "/comparison/rows/")
NAMED_BY_THE_CALLER = ("/comparison/",)
PLACE = re.compile(r"\{[^}]+\}|<[^>]+>")


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("schema") / "schema.yml"
    call_command("spectacular", fail_on_warn=True, validate=True, file=str(place))
    found: dict[str, Any] = yaml.safe_load(place.read_text())
    return found


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern.callback


def test_it_is_openapi_3_1(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")


def test_it_names_every_address_of_the_api(schema: dict[str, Any]) -> None:
    ours = [path for path, _ in routes(get_resolver().url_patterns) if path.startswith("api/v1/")]
    described = {PLACE.sub("*", path).lstrip("/") for path in schema["paths"]}
    assert {PLACE.sub("*", path) for path in ours} - described == {"api/v1/schema/", "api/v1/docs/"}


def places(run: Run) -> dict[str, Any]:
    version = run.experiment.dataset_version
    return {
        "{slug}": "field-lab",
        "/runs/{id}": f"/runs/{run.pk}",
        "/experiments/{id}": f"/experiments/{run.experiment_id}",
        "/datasets/{id}": f"/datasets/{version.dataset_id}",
        "/dataset-versions/{id}": f"/dataset-versions/{version.pk}",
        "{algo}": "random_forest",
    }


def filled(path: str, run: Run) -> str:
    for name, value in places(run).items():
        path = path.replace(name, value)
    return path


def answers(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Each address that can be read, with the schema of its answer."""
    found = []
    for path, operations in schema["paths"].items():
        if "get" in operations and not path.endswith((*BYTES, *FROM_A_CHILD, *NAMED_BY_THE_CALLER)):
            content = operations["get"]["responses"]["200"]["content"]
            found.append((path, content["application/json"]["schema"]))
    return found


def test_real_answers_are_as_it_says(
    schema: dict[str, Any], api: Program, owner: User, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "metrics.json").write_text("{}")
    for artifact in artifacts.publish(run, 1, tmp_path):
        artifact.save()
    program = api(owner)
    for path, expected in answers(schema):
        answer = program.get(filled(path, run))
        assert answer.status_code == 200, (path, answer.content)
        whole = {**expected, "components": schema["components"]}
        jsonschema.validate(answer.json(), whole, format_checker=jsonschema.FormatChecker())
    assert len(answers(schema)) > 15


def test_what_it_calls_required_is_there_in_a_member(
    schema: dict[str, Any], api: Program, owner: User
) -> None:
    (member,) = api(owner).get("/api/v1/workspaces/field-lab/members/").json()["results"]
    assert set(member) == set(schema["components"]["schemas"]["Membership"]["properties"])
    assert member["id"] == str(Membership.objects.get().pk)

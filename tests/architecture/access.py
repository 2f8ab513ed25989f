"""Every address of the house and who gets what there; and how a test asks."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Token, User
from datasets.models import Upload
from experiments.models import Artifact, Run

PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
NOT_OURS = ("admin/",)
PEOPLE = ("owner", "editor", "viewer", "stranger", "nobody")
JSON_BODIES: dict[str, Any] = {
    "PATCH": {"name": "Another name", "role": "viewer"},
    "PATCH api/v1/dataset-versions/<uuid:pk>/": {"note": "Another note"},
    "POST api/v1/workspaces/": {"name": "Another one"},
    "POST api/v1/experiments/<uuid:pk>/runs/": {"model": {"algo": "dummy"}},
    "POST api/v1/experiments/<uuid:pk>/estimate/": {"model": {"algo": "dummy"}},
}
FORMS: dict[str, dict[str, str]] = {
    "POST datasets/<uuid:pk>/rename/": {"name": "Another name"},
    "POST workspaces/new/": {"name": "Another one"},
    "POST theme/": {"theme": "dark"},
}


@dataclass(frozen=True)
class Rule:
    """What a request to one address answers to each of PEOPLE."""

    method: str
    route: str
    statuses: tuple[int, ...]

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def request(self) -> str:
        return f"{self.method} {self.route}"


def routes() -> list[str]:
    """Each address of the project as its pattern is written, without those of the administrator's panel."""
    return [route for route, _ in _walk(get_resolver().url_patterns) if not route.startswith(NOT_OURS)]


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern


def read(table: str) -> list[Rule]:
    """The rules of a table: below its head a line for each, with a method, an address and five statuses."""
    lines = [line.split() for line in table.splitlines()[1:]]
    return [Rule(line[0], line[1].removeprefix("/"), tuple(map(int, line[2:]))) for line in lines]


@dataclass(frozen=True)
class Things:
    """What the addresses point at: all of one workspace."""

    run: Run
    owner: User
    token: Token
    upload: Upload
    artifact: Artifact

    def address(self, route: str) -> str:
        if route.startswith("^"):
            return "/password/reset/1-set-password/"
        return "/" + PLACE.sub(lambda place: self._value(route, place[2]), route)

    def _value(self, route: str, name: str) -> str:
        words = {
            "slug": "field-lab",
            "algo": "dummy",
            "sample": "penguins",
            "row": "0",
            "name": self.artifact.name,
        }
        return words.get(name) or str(self._key(route.removeprefix("api/v1/")))

    def _key(self, route: str) -> Any:
        version = self.run.experiment.dataset_version
        keys = {
            "runs": self.run.pk,
            "experiments": self.run.experiment_id,
            "datasets": version.dataset_id,
            "dataset-versions": version.pk,
            "uploads": self.upload.pk,
            "workspaces": self.owner.memberships.get().pk,
        }
        return keys.get(route.partition("/")[0], self.token.pk)


def status(client: Client, rule: Rule, address: str) -> int:
    """What one person gets. Whatever it changes is taken back."""
    with transaction.atomic():
        answer = ask(client, rule, address)
        transaction.set_rollback(True)
    return int(answer.status_code)


def ask(client: Client, rule: Rule, address: str) -> Any:
    """The answer to one request, with a body that changes something where that is allowed."""
    if not rule.is_api and rule.method == "POST":
        return client.post(address, FORMS.get(rule.request, {}))
    if rule.method == "GET":
        return client.get(address)
    body = JSON_BODIES.get(rule.request, JSON_BODIES.get(rule.method, {}))
    return client.generic(rule.method, address, json.dumps(body), "application/json")

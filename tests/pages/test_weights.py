"""What a page costs over the wire the first time: its HTML as it is, its styles and scripts as gzip."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion
from experiments import events
from experiments.events import Event
from experiments.models import Experiment
from tests import builders
from tests.conftest import As
from tests.pages.conftest import Train
from training import queue

pytestmark = pytest.mark.django_db
LINKED = re.compile(r'(?:href|src)="/static/([^"?]+)"')
IMPORTED = re.compile(r'from "\./([\w.]+)"')
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
KB = 1000


def weight(browser: Client, address: str) -> int:
    """Bytes of a page and of all that it brings along."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return len(answer.content) + sum(map(packed, brought(answer.content.decode())))


def brought(page: str) -> set[Path]:
    """The files that a page links to, and those that its scripts import."""
    linked = {file(HASH.sub("", name)) for name in LINKED.findall(page)}
    imported = {
        script.with_name(name)
        for script in linked
        if script.suffix == ".js"
        for name in IMPORTED.findall(script.read_text())
    }
    return linked | imported


def file(name: str) -> Path:
    found = finders.find(name)
    assert found, f"{name} is linked but not there"
    return Path(found)


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def test_the_stylesheet_is_small() -> None:
    assert packed(file("css/ml-trainer.css")) <= 16 * KB


@pytest.mark.parametrize("address", ["/sign-in/", "/sign-up/"])
def test_the_door_is_light(as_: As, address: str) -> None:
    assert weight(as_(None), address) <= 40 * KB


@pytest.mark.parametrize("part", ["", "datasets/", "experiments/", "runs/", "experiments/new/"])
def test_lists_and_forms_are_light(browser: Client, experiment: Experiment, owner: User, part: str) -> None:
    for _ in range(20):
        builders.run(experiment, by=owner)
    assert weight(browser, f"/w/field-lab/{part}") <= 60 * KB


def test_a_new_experiment_is_light(browser: Client, version: DatasetVersion) -> None:
    assert weight(browser, f"/w/field-lab/experiments/new/?version={version.pk}") <= 60 * KB


def test_a_long_training_is_light(browser: Client, experiment: Experiment, owner: User) -> None:
    builders.run(experiment, by=owner, algo="dense_network", epochs=1000)
    run = queue.claim("a worker")
    assert run is not None
    events.append(run.pk, run.attempt, [epoch(number) for number in range(1, 501)])
    assert weight(browser, run.get_absolute_url()) <= 60 * KB


def epoch(number: int) -> Event:
    metrics = dict.fromkeys(("loss", "val_loss", "accuracy", "val_accuracy"), 1 / number)
    return Event("epoch", {"epoch": number, "epochs": 1000, "seconds": 0.1, "metrics": metrics})


def test_results_are_light_until_a_chart_is_explored(
    browser: Client, experiment: Experiment, train: Train
) -> None:
    page = train(experiment).get_absolute_url()
    assert weight(browser, page) <= 100 * KB
    assert "plotly.min.js" not in {path.name for path in brought(browser.get(page).content.decode())}

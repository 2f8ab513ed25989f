"""Runs at every point of their life, trained by the real engine in a real child."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from datasets.models import DatasetVersion
from experiments.models import Experiment, Run
from tests import builders
from training import queue, supervisor

Train = Callable[..., Run]


@pytest.fixture
def train(warm: Path, owner: User) -> Train:
    """`train(experiment, algo=…, …)`: a run of this model, over and done."""

    def trained(experiment: Experiment, *, algo: str = "logistic_regression", **settings: Any) -> Run:
        run = builders.run(experiment, by=owner, algo=algo, **settings)
        claimed = queue.claim("a worker")
        assert claimed == run
        supervisor.supervise(claimed)
        run.refresh_from_db()
        return run

    return trained


@pytest.fixture
def folded(version: DatasetVersion, owner: User) -> Experiment:
    """Which species? Asked with three folds."""
    return builders.experiment(version, by=owner, validation={"kind": "kfold", "folds": 3})


@pytest.fixture
def numbers(version: DatasetVersion, owner: User) -> Experiment:
    """How heavy? A regression."""
    return builders.experiment(version, by=owner, task="regression", target="body_mass_g")

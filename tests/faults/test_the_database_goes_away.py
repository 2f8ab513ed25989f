"""The database refuses everybody for a while, in the middle of a training: nothing is given up for that."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection

from accounts.models import User
from experiments.models import Experiment, Run
from experiments.states import State
from tests import builders
from tests.faults.house import until
from training import patience, queue, supervisor

needs_zygote = [pytest.mark.usefixtures("warm", "no_places_left"), pytest.mark.django_db(transaction=True)]


@contextmanager
def _closed_to_all() -> Iterator[None]:
    """Nobody is let into the tests' database, and who is in it is thrown out."""
    given = settings.DATABASES["default"]
    name = connection.settings_dict["NAME"]
    door = psycopg.connect(dbname="postgres", user=given["USER"], host=given["HOST"], port=5432)
    door.autocommit = True
    with door.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            door.close()
            connection.close()


class Training:
    """A supervisor in another thread, so that the database can be taken from under it."""

    def __init__(self, run: Run) -> None:
        claimed = queue.claim("this-host:1")
        assert claimed is not None
        self.run = claimed
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        try:
            supervisor.supervise(self.run)
        finally:
            connection.close()

    def ended(self) -> Run:
        self._thread.join(60)
        assert not self._thread.is_alive()
        return Run.objects.get(pk=self.run.pk)

    def told(self) -> list[int]:
        found = self.run.events.filter(kind="epoch").order_by("seq")
        return [data["epoch"] for data in found.values_list("data", flat=True)]


def learns(experiment: Experiment, owner: User, epochs: int) -> Training:
    """A network that has told of an epoch and has more to go."""
    run = builders.run(experiment, by=owner, algo="dense_network", epochs=epochs)
    Run.objects.filter(pk=run.pk).update(
        spec={**run.spec, "training": {**run.spec["training"], "early_stopping_patience": None}}
    )
    training = Training(run)
    until(training.told, 20)
    return training


class TestWhileARunIsTrained:
    pytestmark = needs_zygote

    def test_every_epoch_is_told_once_it_is_back(self, experiment: Experiment, owner: User) -> None:
        training = learns(experiment, owner, epochs=60)
        with _closed_to_all():
            time.sleep(3)
        run = training.ended()
        assert (run.state, run.attempt) == (State.SUCCEEDED, 1), run.problem
        assert training.told() == list(range(1, 61))
        numbers = list(run.events.order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))

    def test_a_run_that_ends_meanwhile_ends_once(self, experiment: Experiment, owner: User) -> None:
        training = learns(experiment, owner, epochs=10)
        with _closed_to_all():
            time.sleep(4)
        run = training.ended()
        assert run.state == State.SUCCEEDED, run.problem
        assert run.events.filter(kind="finished").count() == 1
        assert run.artifacts.filter(name="model.zip").exists()


@pytest.mark.parametrize("error", [OperationalError(), InterfaceError(), DatabaseError()])
def test_a_lost_connection_is_let_go_of(error: Exception, db: None) -> None:
    assert patience.is_away(error)


def test_what_the_database_refuses_is_not_tried_again(db: None) -> None:
    calls: list[int] = []

    def write() -> None:
        calls.append(1)
        raise IntegrityError("a row twice")

    with pytest.raises(IntegrityError):
        patience.until_done(write, lambda: False)
    assert len(calls) == 1

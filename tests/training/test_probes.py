"""Whoever asks learns whether the house is up, and whether work can be done, and nothing else."""

import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from sandbox import walls
from training import health

pytestmark = pytest.mark.django_db


def test_the_house_is_up() -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}


def test_work_can_be_done_when_every_part_answers(warm: Path) -> None:
    for cluster in health.CLUSTERS:
        health.hear(cluster, "t")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_a_cluster_that_was_not_heard_is_named(warm: Path) -> None:
    health.hear("short", "t")
    answer = Client().get("/readyz")
    parts = answer.json()["parts"]
    assert answer.status_code == 503
    assert [name for name, answers in parts.items() if not answers] == ["cluster_training"]
    assert answer["Retry-After"]


def test_without_redis_and_zygote_it_says_so(settings: Any, tmp_path: Path) -> None:
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"unix://{tmp_path}/none"}
    settings.CACHES = {"default": away}
    parts = health.parts()
    assert [name for name, answers in parts.items() if answers] == ["database"]


def test_a_full_house_is_not_a_dead_one(claimed: Any, settings: Any) -> None:
    claimed.worker = f"{socket.gethostname()}:1"
    claimed.save()
    settings.RUN_SLOTS = 1
    assert health.is_full("training")
    settings.RUN_SLOTS = 2
    assert not health.is_full("training")
    assert not health.is_full("short")


def test_the_worker_refuses_a_level_that_does_not_exist(settings: Any) -> None:
    settings.SANDBOX_REQUIRED = "everything"
    with pytest.raises(CommandError, match="Choose one of"):
        call_command("work")


@pytest.mark.skipif(walls.level(walls.available()) == "full", reason="every wall stands here")
def test_the_worker_refuses_to_start_without_the_walls_it_must_have(settings: Any) -> None:
    settings.SANDBOX_REQUIRED = "full"
    with pytest.raises(CommandError, match="asks for full"):
        call_command("work")


def test_the_tables_of_an_older_release_are_not_enough_to_begin_work() -> None:
    assert health.has_tables()
    recorder = MigrationRecorder(connection)
    last = recorder.migration_qs.filter(app="experiments").latest("id")
    recorder.record_unapplied("experiments", last.name)
    assert not health.has_tables()

"""Why a run's model answers as it does: asked for, worked out in a child, and kept as files of the run."""

import json
import logging
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from accounts.quotas import QuotaExceeded
from datasets import bells, children, files
from datasets.children import Told
from experiments import artifacts, permissions
from experiments.models import Artifact, Explanation, Run
from experiments.states import Explained
from sandbox.job import Job
from sandbox.parent import JobRefused, ZygoteGone
from web.problems import Refused

log = logging.getLogger("experiments")

SECONDS = 300.0
QUICK_FIT = 20.0
"""Seconds of learning up to which a model is learned once more, to see what chance does."""
MOST_ASKED = 20
"""So many explanations a person may have under way."""
PATIENCE = timedelta(seconds=10)
"""A bell that was rung a moment ago may still be heard."""
PREFIX = "explain-"
MB = 2**20
FILES = {
    "importance.json": 16 * MB,
    "dependence.json": 16 * MB,
    "inside.json": 16 * MB,
    "shap.json": 16 * MB,
    "rows.json": 16 * MB,
    "shap.parquet": 256 * MB,
}
"""What a child may leave, each with its most bytes."""
FOLDER = "explanation"
STAGES = {
    "importance": "Shuffling one column after the other",
    "canary": "Learning once more beside columns of pure chance",
    "dependence": "Moving one column at a time",
    "inside": "Reading the model itself",
    "shap": "Sharing out single answers",
}


@transaction.atomic
def ask(*, run: Run, by: User) -> tuple[Explanation, bool]:
    """The explanation of a run, made soon where there is none; True where this asks for it.

    Where the last try failed it is tried again. Raises Refused where the run has no model or too many wait.
    """
    if reason := permissions.why_not_explain(run):
        raise Refused(reason, code="invalid_state")
    found, is_new = Explanation.objects.select_for_update().get_or_create(run=run, defaults={"asked_by": by})
    if not is_new and found.state != Explained.FAILED:
        return found, False
    _check_amount(by)
    if not is_new:
        found.state, found.stage, found.asked_by = Explained.WAITING, "", by
        found.problem_code, found.problem_detail = "", ""
        found.crashes, found.finished_at = 0, None
        found.save()
    transaction.on_commit(partial(_ring, found.pk), robust=True)
    return found, True


def _check_amount(by: User) -> None:
    unfinished = Explanation.objects.filter(asked_by=by, state__in=(Explained.WAITING, Explained.RUNNING))
    if unfinished.count() > MOST_ASKED:
        detail = f"{MOST_ASKED} explanations that you asked for are not done yet. Wait for some of them."
        raise QuotaExceeded(detail)


def _ring(pk: Any) -> None:
    bells.ring_for("experiments.tasks.explain", str(pk))


def read(run: Run, name: str) -> Any:
    """What one of its JSON files holds; None where the explanation left none of this name. Raises Corrupt."""
    artifact = run.artifacts.filter(name=f"{FOLDER}/{name}").first()
    return None if artifact is None else json.loads(artifacts.path_of(artifact).read_bytes())


def of(run: Run) -> Explanation | None:
    """The explanation of a run, if somebody has asked for it."""
    return Explanation.objects.filter(run=run).first()


def work(pk: Any, *, worker: str) -> None:
    """Claims an explanation and makes it. Nothing happens where it does not wait."""
    waiting = Explanation.objects.filter(pk=pk, state=Explained.WAITING).free()
    if waiting.take(worker, state=Explained.RUNNING, stage="") != 1:
        return
    beside = ("run__experiment__workspace", "run__experiment__dataset_version")
    found = Explanation.objects.select_related(*beside).get(pk=pk)
    try:
        with _folder(found) as place:
            _end(found, place, _watch(found, place))
    except Refused as reason:
        _fail(found, reason.code, reason.detail)
    except (ZygoteGone, JobRefused) as error:
        log.warning("The explanation %s could not start: %s", pk, error)
        _release(found)


@contextmanager
def _folder(found: Explanation) -> Iterator[Path]:
    place = Path(settings.WORK_DIR).resolve() / f"{PREFIX}{found.pk}-{found.attempt}"
    place.mkdir(mode=0o700, parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _watch(found: Explanation, place: Path) -> Told:
    def hear(messages: list[dict[str, Any]]) -> None:
        told = [str(message["data"].get("stage")) for message in messages if message["kind"] == "progress"]
        if told and told[-1] in STAGES:
            Explanation.objects.held(found.pk, found.attempt).update(stage=told[-1])

    return children.run(_job(found, place), hear, lambda: Explanation.objects.renew(found.pk, found.attempt))


def _job(found: Explanation, place: Path) -> Job:
    run = found.run
    sources = {name: artifacts.path_of(_left(run, file)) for name, file in _READ.items()}
    sources["data"] = artifacts.parquet(run.experiment.dataset_version)
    if not sources["data"].is_file():
        raise Refused("The rows that this run learned from are gone.", code="file_gone")
    kwargs = {
        "files": {name: str(path) for name, path in sources.items()},
        "metric": run.experiment.metric,
        "refit": run.timings.get("fit", 0.0) <= QUICK_FIT,
    }
    limits = children.limits(SECONDS, settings.RUN_MEMORY)
    return children.job("engine.explain.run", kwargs, place, tuple(sources.values()), limits)


_READ = {"model": "model.zip", "split": "split.parquet"}


def _left(run: Run, name: str) -> Artifact:
    artifact = run.artifacts.filter(name=name).first()
    if artifact is None:
        raise Refused(f"This run left no {name}. Train it again to explain it.", code="file_gone")
    return artifact


def _end(found: Explanation, place: Path, told: Told) -> None:
    ending = told.ending
    if ending is None or ending.reason == "stopped":
        return  # somebody else owns the row by now, or the run was removed
    if told.problem:
        _fail(found, str(told.problem["code"]), str(told.problem["detail"]))
    elif ending.reason is not None:
        _fail(found, *_LIMITS[ending.reason])
    elif ending.signal is not None and not told.crash:
        _again(found, f"signal {ending.signal}")
    elif told.is_done and (left := _usable(place / FOLDER)):
        _keep(found, left)
    else:
        log.error("Explanation %s failed: %s", found.pk, told.crash)
        _fail(found, *_BROKEN)


_BROKEN = ("explanation_failed", "This model could not be explained. The fault is in the log of the server.")
_LIMITS = {
    "memory": ("out_of_memory", "Explaining this model takes more memory than there is for it."),
    "wall": (
        "time_limit",
        "Explaining this model takes too long: it answers too slowly to be asked so often.",
    ),
    "cpu": (
        "time_limit",
        "Explaining this model takes too long: it answers too slowly to be asked so often.",
    ),
    "processes": ("resource_limit", "Explaining this model started too many processes, so it was stopped."),
}


def _usable(folder: Path) -> dict[str, Path]:
    """The files that may be kept; none where one that is always there is missing or one is too large."""
    if folder.is_symlink() or not folder.is_dir():
        return {}
    found = {name: folder / name for name in FILES if _is_file(folder / name)}
    too_large = any(path.stat().st_size > FILES[name] for name, path in found.items())
    return {} if too_large or "importance.json" not in found else found


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_nlink == 1


def _keep(found: Explanation, left: Mapping[str, Path]) -> None:
    """Files first, rows second. Nothing stays where the run was removed or somebody else owns the row."""
    key = f"{found.run.folder_key}/{FOLDER}-{found.attempt}"
    stored = files.publish_folder(left, key)
    with transaction.atomic():
        held = Explanation.objects.held(found.pk, found.attempt)
        moved = held.update(state=Explained.READY, stage="", lease_expires_at=None, finished_at=Now())
        if moved:
            Artifact.objects.bulk_create(
                Artifact(
                    run=found.run,
                    attempt=found.run.attempt,
                    name=f"{FOLDER}/{name}",
                    size=file.size,
                    sha256=file.sha256,
                    key=file.key,
                )
                for name, file in stored.items()
            )
    if not moved:
        _discard(found.run, key)


def _discard(run: Run, key: str) -> None:
    files.remove_folder(key)
    if not Run.objects.filter(pk=run.pk).exists():
        files.remove_folder(run.folder_key)


def _fail(found: Explanation, code: str, detail: str) -> None:
    """Ends it with its reason, if this attempt still owns it."""
    Explanation.objects.held(found.pk, found.attempt).update(
        state=Explained.FAILED,
        problem_code=code[:60] or "explanation_failed",
        problem_detail=detail[:2000],
        lease_expires_at=None,
        finished_at=Now(),
    )


def _again(found: Explanation, what: str) -> None:
    """Its child or its worker died. It is tried again a few times."""
    if found.crashes + 1 >= settings.MAX_ATTEMPTS:
        _fail(
            found,
            "explanation_crashed",
            f"Explaining this model broke off {found.crashes + 1} times ({what}).",
        )
    elif _release(found, crashes=F("crashes") + 1):
        _ring(found.pk)


def _release(found: Explanation, **changes: Any) -> bool:
    held = Explanation.objects.held(found.pk, found.attempt)
    return held.update(state=Explained.WAITING, stage="", lease_expires_at=None, **changes) == 1


def sweep() -> None:
    """Takes back what lost workers held, rings again for what waits, removes folders that nobody holds."""
    for lost in Explanation.objects.filter(state=Explained.RUNNING).expired():
        _again(lost, "the worker was lost")
    waiting = Explanation.objects.filter(state=Explained.WAITING, asked_at__lt=Now() - PATIENCE)
    for pk in waiting.values_list("pk", flat=True):
        _ring(pk)
    for folder in Path(settings.WORK_DIR).glob(f"{PREFIX}*"):
        if _is_left_behind(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left_behind(folder: Path) -> bool:
    pk, _, attempt = folder.name.removeprefix(PREFIX).rpartition("-")
    is_named = pk.isdigit() and attempt.isdigit()
    is_young = time.time() - folder.stat().st_mtime < settings.LEASE.total_seconds()
    return is_named and not is_young and not Explanation.objects.held(pk, int(attempt)).exists()

"""Figures as PNG: drawn in a child when somebody asks for them, then kept as files of the run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from datasets import children, files
from experiments import artifacts
from experiments.models import Artifact, Run
from sandbox.parent import JobRefused, ZygoteGone
from web.problems import Away, Refused

SECONDS = 30.0
MEMORY = 2 * 2**30
DATA, PICTURE = ".json", ".png"


def picture(run: Run, name: str) -> Artifact | None:
    """The picture `name` (figures/….png) of a figure that the run left; None where there is no such figure.

    Raises Refused where it cannot be drawn, Away where no child starts.
    """
    return next(iter(_drawn(run, [name])), None)


def draw_all(run: Run) -> None:
    """Draws what is not drawn yet, so that a list of the files is whole. Raises as `picture` does."""
    wanted = [_picture_of(artifact.name) for artifact in _figures(run)]
    there = set(run.artifacts.filter(name__in=wanted).values_list("name", flat=True))
    _drawn(run, [name for name in wanted if name not in there])


def _drawn(run: Run, names: list[str]) -> list[Artifact]:
    sources = {_picture_of(artifact.name): artifact for artifact in _figures(run)}
    wanted = {name: sources[name] for name in names if name in sources}
    if not wanted:
        return []
    with _pictures(wanted) as place:
        return _kept(run, {name: (artifact, place / Path(name).name) for name, artifact in wanted.items()})


def _figures(run: Run) -> list[Artifact]:
    return list(run.artifacts.filter(name__startswith="figures/", name__endswith=DATA))


def _picture_of(name: str) -> str:
    return name.removesuffix(DATA) + PICTURE


@contextmanager
def _pictures(wanted: Mapping[str, Artifact]) -> Iterator[Path]:
    """The folder with the pictures of these figures."""
    sources = {Path(name).stem: artifacts.path_of(artifact) for name, artifact in wanted.items()}
    kwargs = {"figures": {name: str(path) for name, path in sources.items()}}
    try:
        with children.folder() as place:
            limits = children.limits(SECONDS, min(MEMORY, settings.RUN_MEMORY))
            told = children.run(
                children.job("engine.figures.png.draw", kwargs, place, tuple(sources.values()), limits)
            )
            if not told.is_done:
                raise Refused("This figure cannot be drawn. Take its data instead.", code="figure_failed")
            yield place
    except (ZygoteGone, JobRefused) as error:
        raise Away("Figures cannot be drawn right now. They can again in a few seconds.") from error


def _kept(run: Run, drawn: Mapping[str, tuple[Artifact, Path]]) -> list[Artifact]:
    """Files first, rows second. Nothing is kept of a run that was removed meanwhile."""
    with transaction.atomic():
        if not Run.objects.select_for_update().filter(pk=run.pk).exists():
            return []
        return [_keep(run, name, source.attempt, path) for name, (source, path) in drawn.items()]


def _keep(run: Run, name: str, attempt: int, path: Path) -> Artifact:
    there = run.artifacts.filter(name=name).first()  # somebody else has asked meanwhile
    if there is not None:
        return there
    if path.stat().st_size > artifacts.LARGEST_FIGURE:
        raise Refused("This figure is too large as a picture. Take its data instead.", code="figure_failed")
    stored = files.publish(path, f"{run.folder_key}/{attempt}/{name}")
    return Artifact.objects.create(
        run=run, attempt=attempt, name=name, size=stored.size, sha256=stored.sha256, key=stored.key
    )

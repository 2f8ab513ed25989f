"""One training from file to files: what a worker's child runs, and what `python -m engine` runs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from engine.events import Listener, log
from engine.log import printed, size
from engine.problems import CannotTrain, first
from engine.spec import RunSpec

if TYPE_CHECKING:
    import pandas as pd

    from engine.canary import Verdict


def run(
    tell: Listener,
    *,
    spec: dict[str, Any],
    data: str,
    out: str,
    threads: int = 1,
    earlier: Mapping[str, str] | None = None,
) -> None:
    """Train `spec` on the Parquet file `data` and write the results into the folder `out`, which must exist.

    `earlier` names what trainings on the same rows left: "parts", a split.parquet to be used again, and
    "shelves", a folder of prepared rows. What this one prepares is left in `out`/shelf where there is one.

    Raises:
        CannotTrain: the data or the settings do not allow it; `problem` says why.
    """
    wanted = _checked(spec)
    with same_numbers_everywhere():
        _run(printed(tell), wanted, (Path(data), Path(out)), threads, earlier or {})


def sing(*, spec: dict[str, Any], data: str, threads: int = 1) -> Verdict:
    """The canary's verdict on `spec` and the Parquet file `data`. Raises as `run` does."""
    from engine.canary import canary

    wanted = _checked(spec)
    with same_numbers_everywhere():
        return canary(_table(Path(data)), wanted, threads=threads)


def nothing(tell: Listener, *, out: str) -> None:
    """A child that does nothing: what it holds, every child holds."""


def _checked(spec: dict[str, Any]) -> RunSpec:
    try:
        return RunSpec.model_validate(spec)
    except ValidationError as error:
        raise first(error) from error


@contextmanager
def same_numbers_everywhere() -> Iterator[None]:
    """Whatever is computed inside does not depend on the machine's share of the moment."""
    from sklearn import config_context

    with warnings.catch_warnings():
        # Their texts name paths of this machine, and people read the log. What matters is told as an event.
        warnings.simplefilter("ignore")
        # Linear algebra on several threads would change the last digits; forests take the threads instead.
        # What the checks of scikit-learn look for cannot occur: settings have bounds, and numbers are finite.
        one = linear_algebra().limit(limits=1)
        with one, config_context(assume_finite=True, skip_parameter_validation=True):
            yield


@cache
def linear_algebra() -> Any:
    """The libraries that compute on several threads, found once: looking for them takes milliseconds."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _run(
    tell: Listener, spec: RunSpec, places: tuple[Path, Path], threads: int, earlier: Mapping[str, str]
) -> None:
    from engine import shelf
    from engine.train import train

    data, out = places
    stored = _stored(Path(earlier["parts"])) if "parts" in earlier else None
    own = shelf.shelf_of(spec, Path(earlier["shelves"]), out) if "shelves" in earlier else shelf.Shelf()
    with shelf.using(own):
        report = train(_table(data), spec, tell, threads, stored)
    report.write(out)
    if own.taken:
        log(tell, "Took the rows as an earlier run prepared them.")
    log(tell, f"Saved the model, {size((out / 'model.zip').stat().st_size)}.")


def _table(path: Path) -> pd.DataFrame:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path).read(use_threads=False).to_pandas(use_threads=False)


def _stored(path: Path) -> pd.DataFrame:
    try:
        return _table(path)
    except (OSError, ValueError) as error:
        text = "The stored split of this experiment cannot be read. Start a new experiment."
        raise CannotTrain("split_unfit", text) from error

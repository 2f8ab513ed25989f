"""Prepared rows, kept for the next run that prepares the same rows in the same way.

A shelf holds, for each part of the rows, the fitted preparation (by skops) and what it made of them (as plain
arrays, mapped into memory when they are taken). Shelves of one version of the data lie together, and their
names come from all else that decides them: the preparation, the rows and the versions of the libraries. So
what is found is, bit for bit, what would be made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.predict import open_pipeline
from engine.spec import RunSpec

FORMAT = 1
LEAST_CELLS = 500_000
"""Smaller parts are prepared faster than they are kept."""
MOST_BYTES = 4 * 2**30
"""One run leaves no more than this."""
_PARTS = ("data", "indices", "indptr")
Matrix = Any


def shelf_of(spec: RunSpec, shelves: Path, out: Path) -> Shelf:
    """The shelf of this preparation among those of its data; what is made anew goes into `out`/shelf.

    A folder there, even an empty one, says that the shelf is in use.
    """
    name = name_of(spec)
    made = out / "shelf" / name
    if (shelves / name).is_dir():
        made.mkdir(parents=True)
    return Shelf(shelves / name, made)


def name_of(spec: RunSpec) -> str:
    """The name of all that is prepared from some data as `spec` wants it; the learner is left out."""
    import sklearn

    learner = {name: getattr(spec.model, name) for name in ("wants_scale", "takes_sparse", "takes_float32")}
    wanted = spec.model_dump(mode="json", exclude={"model", "training", "evaluation"})
    versions = [FORMAT, np.__version__, pd.__version__, sklearn.__version__]
    whole = json.dumps([wanted, learner, versions], sort_keys=True)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class Shelf:
    """`kept` holds what earlier runs left, `made` what this one leaves; either may be None."""

    kept: Path | None = None
    made: Path | None = None
    taken: int = 0
    _room: int = field(default=MOST_BYTES, repr=False)

    def learned(
        self, prepare: Any, features: pd.DataFrame, rows: np.ndarray, target: np.ndarray
    ) -> tuple[Any, Matrix, str]:
        """`prepare` fitted on these rows, what it made of them, and the mark of the two."""
        mark = _digest(rows)
        found = self._found(f"{mark}-learn")
        if self.kept is not None and found is not None:
            return open_pipeline((self.kept / f"{mark}.skops").read_bytes()), found, mark
        made = prepare.fit_transform(features.iloc[rows], target)
        if self.made is not None and self._keep(f"{mark}-learn", made):
            import skops.io

            skops.io.dump(prepare, self.made / f"{mark}.skops")
        return prepare, made, mark

    def asked(self, prepare: Any, features: pd.DataFrame, rows: np.ndarray, mark: str) -> Matrix:
        """What the preparation of this mark makes of other rows."""
        name = f"{mark}-{_digest(rows)}"
        if (found := self._found(name)) is not None:
            return found
        made = prepare.transform(features.iloc[rows])
        self._keep(name, made)
        return made

    def _found(self, name: str) -> Matrix | None:
        if self.kept is None or not (self.kept / f"{name}.json").is_file():
            return None
        self.taken += 1
        return _read(self.kept, name)

    def _keep(self, name: str, matrix: Matrix) -> bool:
        """Whether it was worth keeping. What it is stands beside it last, so that no half one is found."""
        size = _bytes(matrix)
        if self.made is None or _cells(matrix) < LEAST_CELLS or size > self._room:
            return False
        self._room -= size
        self.made.mkdir(parents=True, exist_ok=True)
        _write(self.made, name, matrix)
        return True


_NOWHERE = Shelf()
_current: ContextVar[Shelf] = ContextVar("shelf", default=_NOWHERE)


def current() -> Shelf:
    """The shelf of this training; one that keeps nothing where there is none."""
    return _current.get()


@contextmanager
def using(shelf: Shelf) -> Iterator[None]:
    """Whatever is prepared inside is taken from this shelf, or put there."""
    token = _current.set(shelf)
    try:
        yield
    finally:
        _current.reset(token)


def _digest(rows: np.ndarray) -> str:
    return hashlib.blake2b(np.ascontiguousarray(rows, dtype="int64").tobytes(), digest_size=16).hexdigest()


def _is_sparse(matrix: Matrix) -> bool:
    return hasattr(matrix, "indptr")


def _cells(matrix: Matrix) -> int:
    return int(matrix.nnz if _is_sparse(matrix) else matrix.size)


def _bytes(matrix: Matrix) -> int:
    parts = [getattr(matrix, part) for part in _PARTS] if _is_sparse(matrix) else [matrix]
    return sum(part.nbytes for part in parts)


def _write(folder: Path, name: str, matrix: Matrix) -> None:
    if _is_sparse(matrix):
        for part in _PARTS:
            np.save(folder / f"{name}.{part}.npy", getattr(matrix, part), allow_pickle=False)
    else:
        np.save(folder / f"{name}.npy", matrix, allow_pickle=False)
    about = {"sparse": _is_sparse(matrix), "shape": list(matrix.shape)}
    (folder / f"{name}.json").write_text(json.dumps(about), encoding="utf-8")


def _read(folder: Path, name: str) -> Matrix:
    about = json.loads((folder / f"{name}.json").read_bytes())
    if not about["sparse"]:
        return _mapped(folder / f"{name}.npy")
    from scipy.sparse import csr_matrix

    parts = tuple(_mapped(folder / f"{name}.{part}.npy") for part in _PARTS)
    return csr_matrix(parts, shape=tuple(about["shape"]), copy=False)


def _mapped(path: Path) -> np.ndarray:
    """Copied where it is written to, which no learner should and some do; the file stays as it is."""
    mapped: np.ndarray = np.load(path, mmap_mode="c", allow_pickle=False)
    return mapped

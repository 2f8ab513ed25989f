"""Answer new rows with a saved model. Stands alone: with what it trusts in it, it is in every model file.

    python predict.py model.zip input.csv output.csv

The first argument is a model file or a folder into which one was unpacked. Needs what requirements.txt names.
Nothing is unpickled, and every part is checked against its sha256 before it is used. Of the code in a model
file only what this program was saved with is run, and only where this file stands alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from engine.trusted import LAYERS, LOADERS, SOURCES, TRUSTED, TYPES

FORMAT = 1
MEMBERS = (
    "manifest.json",
    "pipeline.skops",
    "network.keras",
    "model_card.md",
    "requirements.txt",
    "predict.py",
)
STANDS_ALONE = __name__ != "engine.predict"
_SOURCE = re.compile(r"engine/(?:__init__|transformers/\w+)\.py", re.ASCII)
MOST_BYTES = 4 * 2**30
# Trees and networks hold numbers in 32 bits, which end at 3e38.
LARGEST = 1e30
_CHUNK = 8192


class CannotPredict(Exception):
    """A model file is not in order, or the rows do not fit it. The text says which and what to do."""

    def __init__(self, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.problem = {"code": code, "detail": detail, "field": field}


# Columns: the same reading of values in training and in use.


def as_words(column: pd.Series) -> pd.Series:
    """Values as words: text as it is, true and false, 3 and 3.0 as "3". Missing stays missing (NaN)."""
    codes, values = pd.factorize(column)
    words = np.array([*(_word(value) for value in values), np.nan], dtype=object)
    return pd.Series(words[codes], index=column.index, name=column.name, dtype=object)


def _word(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def as_numbers(column: pd.Series, largest: float = LARGEST) -> pd.Series:
    """Values as float64. Text that is no number, and what is infinite or too large, becomes missing (NaN)."""
    numbers = pd.to_numeric(column, errors="coerce").astype("float64").to_numpy()
    usable = np.isfinite(numbers) & (np.abs(numbers) <= largest)
    return pd.Series(np.where(usable, numbers, np.nan), index=column.index, name=column.name)


def as_dates(column: pd.Series) -> pd.Series:
    """Values as moments in UTC (datetime64[us], no zone). What is no ISO 8601 date becomes missing (NaT).

    What has no zone counts as UTC. Whole numbers are years, or days as 20260131.
    """
    known = column if pd.api.types.is_datetime64_any_dtype(column.dtype) else as_words(column)
    moments = pd.to_datetime(known, format="ISO8601", utc=True, errors="coerce")
    return moments.dt.tz_localize(None).astype("datetime64[us]")


def as_text(column: pd.Series) -> pd.Series:
    """Values as text. Missing is a text without words ("")."""
    return as_words(column).fillna("")


def as_features(table: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """The named columns in their order, each read as "numeric", "categorical", "date" or "text"."""
    readers = {"numeric": as_numbers, "categorical": as_words, "date": as_dates, "text": as_text}
    return pd.DataFrame({name: readers[kind](table[name]) for name, kind in kinds.items()}, index=table.index)


def turned_back(values: np.ndarray, bend: Mapping[str, Any] | None) -> np.ndarray:
    """Answers of a model that learned the target's logarithm or power, as the target is: same shape, float64.

    Those of a power stay between the smallest and the largest target of training, beyond which it explodes.
    """
    if bend is None:
        return values
    if bend["kind"] == "log":
        return np.asarray(np.expm1(np.minimum(values, 709.0)))
    bent = values * bend["scale"] + bend["mean"]
    return np.asarray(np.clip(_unpowered(bent, bend["lambda"]) * bend["unit"], bend["low"], bend["high"]))


def _unpowered(bent: np.ndarray, power: float) -> np.ndarray:
    """The inverse of Yeo and Johnson's power."""
    with np.errstate(all="ignore"):
        below = 1 - _unboxed(-np.minimum(bent, 0.0), 2 - power)
        return np.asarray(np.where(bent >= 0, _unboxed(np.maximum(bent, 0.0), power) - 1, below))


def _unboxed(bent: np.ndarray, power: float) -> np.ndarray:
    if power == 0:
        return np.asarray(np.exp(bent))
    return np.asarray(np.exp(np.log1p(np.maximum(bent * power, -1.0)) / power))


# The model file.


@dataclass(frozen=True)
class Predictor:
    """A loaded model. `manifest` holds its spec, columns and classes as they were written."""

    manifest: dict[str, Any]
    pipeline: Any
    network: Any | None

    @property
    def kinds(self) -> dict[str, str]:
        return {column["name"]: column["kind"] for column in self.manifest["columns"]}

    @property
    def classes(self) -> list[str] | None:
        classes: list[str] | None = self.manifest["classes"]
        return classes

    def predict(self, table: pd.DataFrame) -> pd.DataFrame:
        """A `prediction` for each row and, for classes, `probability_<class>`. Further columns are ignored.

        Raises:
            CannotPredict: a column is missing, or a number column holds text.
        """
        self._check(table)
        features = as_features(table, self.kinds)
        answers = np.concatenate([self.answers(features.iloc[rows]) for rows in _chunks(len(features))])
        if self.classes is None:
            values = turned_back(answers.reshape(-1), self.manifest.get("target_transform"))
            return pd.DataFrame({"prediction": values}, index=table.index)
        best = np.array(self.classes, dtype=object)[self._decided(answers)]
        shares = {f"probability_{name}": answers[:, i] for i, name in enumerate(self.classes)}
        return pd.DataFrame({"prediction": best, **shares}, index=table.index)

    def _decided(self, shares: np.ndarray) -> np.ndarray:
        """The likeliest class; with a threshold of its own the second one from that probability on."""
        threshold = self.manifest.get("threshold")
        likeliest: np.ndarray = shares.argmax(axis=1)
        return likeliest if threshold is None else (shares[:, 1] >= threshold).astype("int64")

    def answers(self, features: pd.DataFrame) -> np.ndarray:
        """What the model says to columns as `as_features` reads them: a share per class, or plain values."""
        if self.network is not None:
            ready = np.asarray(self.pipeline.transform(features), dtype="float32")
            return np.asarray(self.network(ready, training=False), dtype="float64")
        answer = self.pipeline.predict if self.classes is None else self.pipeline.predict_proba
        return np.asarray(answer(features), dtype="float64")

    def _check(self, table: pd.DataFrame) -> None:
        if not len(table):
            raise CannotPredict("no_rows", "There is no row to predict. Give at least one.")
        if missing := [name for name in self.kinds if name not in table.columns]:
            raise CannotPredict("missing_columns", f"These columns are missing: {', '.join(missing[:20])}.")
        for name, kind in self.kinds.items():
            if kind == "numeric" and _holds_text(table[name]):
                raise CannotPredict(
                    "not_a_number", f"The column {name} holds text where numbers belong.", name
                )
            if kind == "date" and (as_dates(table[name]).isna() & table[name].notna()).any():
                text = f"The column {name} holds what is no date. Write dates as 2026-01-31."
                raise CannotPredict("not_a_date", text, name)


def _holds_text(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column.dtype):
        return False
    return bool((pd.to_numeric(column, errors="coerce").isna() & column.notna()).any())


def _chunks(rows: int) -> Iterator[slice]:
    return (slice(start, start + _CHUNK) for start in range(0, rows, _CHUNK))


def load(path: Path) -> Predictor:
    """Open a model file, or a folder into which one was unpacked.

    Raises:
        CannotPredict: it is damaged, of another format, or holds something that no model of ours holds.
    """
    members = _read_folder(path) if path.is_dir() else _read_zip(path)
    manifest = _checked_manifest(members)
    if STANDS_ALONE:
        _bring({name: data for name, data in members.items() if name not in MEMBERS})
    network = members.get("network.keras")
    return Predictor(
        manifest=manifest,
        pipeline=open_pipeline(members["pipeline.skops"]),
        network=_open_network(network) if network else None,
    )


def _damaged(what: str) -> CannotPredict:
    return CannotPredict("artifact_corrupt", f"This model file is damaged: {what}. Download it again.")


def _read_folder(folder: Path) -> dict[str, bytes]:
    sources = [path.relative_to(folder).as_posix() for path in sorted(folder.glob("engine/**/*.py"))]
    return {name: (folder / name).read_bytes() for name in (*MEMBERS, *sources) if (folder / name).is_file()}


def _read_zip(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _check_members(infos)
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _damaged("it is not a whole zip") from error


def _check_members(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in infos]
    if odd := [name for name in names if name not in MEMBERS and not _SOURCE.fullmatch(name)]:
        raise _damaged(f"it holds {odd[0][:60]!r}, which does not belong there")
    if len(set(names)) != len(names):
        raise _damaged("it holds a part twice")
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise _damaged("its parts are larger than any model")


def _checked_manifest(members: dict[str, bytes]) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(members["manifest.json"])
        version, sums = manifest["format"], dict(manifest["sha256"])
    except (KeyError, ValueError, TypeError) as error:
        raise _damaged("its manifest cannot be read") from error
    if version != FORMAT:
        raise CannotPredict(
            "artifact_unknown", f"This model file has format {version}; this program reads {FORMAT}."
        )
    found = {
        name: hashlib.sha256(data).hexdigest() for name, data in members.items() if name != "manifest.json"
    }
    if found != sums or "pipeline.skops" not in found:
        raise _damaged("a part is not what was saved")
    return manifest


def _bring(sources: Mapping[str, bytes]) -> None:
    """Import the transformers that came with the model, as if they were installed."""
    for name, source in sources.items():
        if hashlib.sha256(source).hexdigest() != SOURCES.get(name):
            text = f"This program does not know the {name} of this model file. Use the predict.py inside it."
            raise CannotPredict("artifact_refused", text)
        module = ModuleType(name.removesuffix(".py").replace("/", "."))
        if module.__name__ not in sys.modules:
            exec(compile(source, name, "exec"), module.__dict__)  # noqa: S102 - its sha256 is known
            sys.modules[module.__name__] = module


def types_in(data: bytes) -> Iterator[tuple[str, str, Any]]:
    """Module, class and loader of everything that a saved pipeline holds."""
    for node in _nodes(_schema(data, "schema.json"), "__class__"):
        yield str(node.get("__module__")), str(node["__class__"]), node.get("__loader__")


def open_pipeline(data: bytes) -> Any:
    """A fitted pipeline, once every type in it is seen to be one of ours. Raises CannotPredict."""
    import skops.io

    for module, name, loader in types_in(data):
        if f"{module}.{name}" not in TYPES or loader not in LOADERS:
            raise _not_trusted(f"{module}.{name}")
    return skops.io.loads(data, trusted=TRUSTED)


def _open_network(data: bytes) -> Any:
    import keras

    for node in _nodes(_schema(data, "config.json"), "class_name"):
        name = f"{node.get('module')}.{node['class_name']}"
        if name not in LAYERS or node.get("registered_name"):
            raise _not_trusted(name)
    with tempfile.NamedTemporaryFile(suffix=".keras") as file:
        file.write(data)
        file.flush()
        return keras.saving.load_model(file.name, compile=False, safe_mode=True)


def _not_trusted(name: str) -> CannotPredict:
    return CannotPredict("artifact_refused", f"This model file holds {name[:100]}, which is not trusted.")


def _schema(data: bytes, name: str) -> Any:
    """What a saved pipeline or network says it is made of."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return json.loads(archive.read(name))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise _damaged("a part of it cannot be read") from error


def _nodes(value: Any, key: str) -> Iterator[dict[str, Any]]:
    """Every mapping with this key, at any depth."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
            if key in value:
                yield value
        elif isinstance(value, list):
            waiting.extend(value)


def main(arguments: list[str]) -> int:
    """Read a CSV, write a CSV with the predictions beside the rows. 0, or 2 with a sentence on stderr."""
    if len(arguments) != 3:
        sys.stderr.write("usage: python predict.py MODEL_ZIP_OR_FOLDER INPUT.csv OUTPUT.csv\n")
        return 2
    model, source, result = map(Path, arguments)
    try:
        table = pd.read_csv(source)
        predictions = load(model).predict(table)
    except (CannotPredict, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    pd.concat([table, predictions], axis=1).to_csv(result, index=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Words for the tests of the rules: versions whose columns are made up, without a database."""

from typing import Any

from datasets.models import DatasetVersion
from engine.spec import ExperimentSpec, RunRequest, RunSpec

ROWS = 1000
_TYPES = {"numeric": "float64", "categorical": "string", "date": "datetime"}
_KINDS = {
    "float64": "number",
    "int64": "integer",
    "string": "category",
    "bool": "boolean",
    "datetime": "datetime",
    "image": "image",
}


def column(name: str, kind: str = "numeric", **facts: Any) -> dict[str, Any]:
    """A column's profile: "numeric", "categorical" or "date", or a type of its own in `facts`."""
    plain = {
        "name": name,
        "type": _TYPES.get(kind, kind),
        "unique": 300,
        "missing": 0,
        "top": [],
        "min": 0.0,
        "max": 1.0,
    }
    if kind == "categorical":
        plain |= {"unique": 3, "top": [["a", 500], ["b", 300], ["c", 200]], "min": None}
    found = {**plain, "examples": [], **facts}
    return {"kind": _KINDS[found["type"]], **found}


def a_version(*columns: dict[str, Any], rows: int = ROWS) -> DatasetVersion:
    """A version of these columns beside `x`, `y`, the words `w` and the target `species`."""
    plain = [column("x"), column("y"), column("w", "categorical"), column("species", "categorical")]
    named = {one["name"] for one in columns}
    return DatasetVersion(rows=rows, columns=[*(one for one in plain if one["name"] not in named), *columns])


def a_question(**more: Any) -> ExperimentSpec:
    return ExperimentSpec.model_validate({"task": "classification", "target": "species", **more})


def a_run(
    algo: str = "logistic_regression", question: dict[str, Any] | None = None, **request: Any
) -> RunSpec:
    wanted = {"model": {"algo": algo}, **request}
    return RunSpec.join(a_question(**(question or {})), RunRequest.model_validate(wanted))

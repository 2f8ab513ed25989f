"""Two versions side by side: columns, rows, and how far each column moved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from datasets.models import DatasetVersion
from datasets.preview import answered, table_of
from datasets.readers.compare import EXACT, LARGE, SAMPLE, SMALL
from web.problems import Refused

SECONDS = 60.0
MOST = 300
"""Columns whose shift is measured."""
KEPT = 7 * 24 * 3600
"""Seconds that an answer is kept; versions never change, so it stays true."""
NUMBERS = ("int64", "float64")
BLIND = ("identifier", "constant", "image")
"""Kinds whose values differ from row to row by their nature, or not at all."""
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """What changed from `before` to `after`.

    `columns`: {"added", "removed", "retyped", "same"}; `rows`: {"from", "to", "added", "removed", "exact"}.
    Rows are compared by the columns that both have; `shifts` stands for each of these, the largest first.
    """

    before: DatasetVersion
    after: DatasetVersion
    columns: dict[str, Any]
    rows: dict[str, Any]
    shifts: list[dict[str, Any]]

    @property
    def body(self) -> dict[str, Any]:
        """As a program gets it."""
        return {
            "from": _named(self.before),
            "to": _named(self.after),
            "columns": self.columns,
            "rows": self.rows,
            "shifts": self.shifts,
            "thresholds": {"small": SMALL, "large": LARGE},
            "sample": SAMPLE,
        }


def of(version: DatasetVersion, other: DatasetVersion) -> Comparison:
    """What changed from `other` to `version`. Raises Refused where that cannot be said, Away as rows do."""
    if version.pk == other.pk:
        raise Refused("A version is the same as itself. Choose another one.", code="same_version", status=400)
    if version.dataset.workspace_id != other.dataset.workspace_id:
        raise Refused("Versions of one workspace are compared.", code="other_workspace", status=400)
    found = _measured(other, version)
    return Comparison(other, version, changed(other.columns, version.columns), **found)


def changed(before: list[Facts], after: list[Facts]) -> dict[str, Any]:
    """Columns that came, that went, and those that are of another kind or type now."""
    old, new = ({column["name"]: column for column in columns} for columns in (before, after))
    both = [name for name in new if name in old]
    retyped = [
        {"name": name, "from": _is(old[name]), "to": _is(new[name])}
        for name in both
        if _is(old[name]) != _is(new[name])
    ]
    return {
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
        "retyped": retyped,
        "same": len(both) - len(retyped),
    }


def _is(column: Facts) -> dict[str, str]:
    return {"kind": str(column["kind"]), "type": str(column["type"])}


def _measured(before: DatasetVersion, after: DatasetVersion) -> dict[str, Any]:
    """From the child, or as it was found before."""
    sources = table_of(before), table_of(after)
    key = f"compared:{before.pk}:{after.pk}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        kwargs = {
            "before": str(sources[0]),
            "after": str(sources[1]),
            "columns": _common(before.columns, after.columns),
        }
        with answered("datasets.readers.compare.compare", kwargs, sources, SECONDS) as place:
            found = json.loads((place / "compared.json").read_bytes())
        found["shifts"].sort(key=lambda shift: -(shift["value"] or 0.0))
        cache.set(key, found, KEPT)
    return found


def _common(before: list[Facts], after: list[Facts]) -> list[tuple[str, str]]:
    """The columns that both have, each with its way; "" beyond MOST and where none makes sense."""
    old = {column["name"]: column for column in before}
    both = [(column["name"], _way(old[column["name"]], column)) for column in after if column["name"] in old]
    measured = [name for name, way in both if way][:MOST]
    return [(name, way if name in measured else "") for name, way in both]


def _way(before: Facts, after: Facts) -> str:
    types = {before["type"], after["type"]}
    if {before["kind"], after["kind"]} & set(BLIND):
        return ""
    if types <= set(NUMBERS):
        return "number"
    if len(types) > 1:
        return ""
    return _WAYS.get(after["kind"], "group" if types <= {"string", "bool"} else "")


_WAYS = {"datetime": "time", "text": "length"}


def _named(version: DatasetVersion) -> dict[str, Any]:
    return {"id": str(version.pk), "number": version.number, "dataset": str(version.dataset_id)}


NOTE = (
    f"Shifts are measured on up to {SAMPLE:,} rows of each version. Below {SMALL}, or within chance, there "
    f"is none; from {LARGE} on it is large. Rows are counted up to {EXACT:,}, and estimated beyond."
)

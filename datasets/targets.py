"""A column as the answer: what is known of it, computed in a child when somebody first asks, and kept."""

import json
from collections.abc import Mapping
from typing import Any

from datasets import quality
from datasets.models import DatasetVersion, TargetProfile
from datasets.preview import answered, table_of
from datasets.quality.facts import ANSWERS
from web.problems import Away, Refused

COLUMNS = 1000  # of a wider table, the first ones
TOLD = ("name", "kind", "type", "unique", "missing", "top")

Body = Mapping[str, Any]


def why_not(version: DatasetVersion, target: str) -> str | None:
    """Why nothing can be said of this column as the answer; None where something can."""
    column = version.column(target)
    if column is None:
        return f"There is no column “{target[:100]}” in this version. Choose one of its columns."
    if column["kind"] == "constant" or column["unique"] < 2:
        return f"“{target}” never changes, so there is nothing to predict. Choose another column."
    if column["kind"] not in ANSWERS:
        return f"“{target}” cannot be predicted: it holds neither numbers nor classes. Choose another column."
    return None


def of(version: DatasetVersion, target: str) -> Body:
    """What is known of a column as the answer: computed once, then kept.

    {"target", "task", "rows", "sample", "classes" or "histogram", "strengths", "shapes", "findings"}. Raises
    Refused where it cannot be one or the look takes too long, Away where no child starts.
    """
    if not version.is_ready:
        raise Refused("What tells a column can be seen once the file is read.", code="not_ready")
    if reason := why_not(version, target):
        raise Refused(reason, code="target_unfit", field="target", status=400)
    if (body := known(version, target)) is not None:
        return body
    body = _look(version, target)
    TargetProfile.objects.update_or_create(version=version, target=target, defaults={"body": body})
    return body


def known(version: DatasetVersion, target: str) -> Body | None:
    """The same where somebody has asked before; None where nobody has. Starts nothing."""
    found = TargetProfile.objects.filter(version=version, target=target).values_list("body", flat=True)
    return found.first()


def findings(version: DatasetVersion, body: Body | None) -> list[dict[str, Any]]:
    """All findings of a version for an answer, the worst first; `body` is None where none is chosen."""
    if not body:
        return list(version.findings)
    mine = [found for found in version.findings if not found.get("target")]
    if body.get("findings") is not None:
        mine = [found for found in mine if found["kind"] != "duplicate_columns"]
    return quality.merged(mine, body.get("findings") or [])


def leaks(version: DatasetVersion, target: str) -> dict[str, str]:
    """Why each column that gives this answer away should be left out, by column.

    Empty where nothing is known: an experiment is never held up by a look that failed.
    """
    try:
        return _bad(of(version, target))
    except Refused:
        return {}


def known_leaks(version: DatasetVersion, target: str) -> dict[str, str]:
    """The same of what was found out before. Starts nothing."""
    return _bad(known(version, target) or {})


def _bad(body: Body) -> dict[str, str]:
    """The details in plain words, without the marks around names."""
    bad = [one for one in body.get("findings", []) if one["severity"] == "bad" and one["columns"]]
    return {one["columns"][0]: one["detail"].replace("`", "") for one in bad}


def _look(version: DatasetVersion, target: str) -> Body:
    source = table_of(version)
    kwargs = {
        "parquet": str(source),
        "columns": _told(version, target),
        "rows": version.rows,
        "target": target,
    }
    try:
        with answered("datasets.knowledge.look.profile_target", kwargs, (source,)) as place:
            found = json.loads((place / "target.json").read_bytes())
    except Away:
        raise
    except Refused as error:
        raise Refused(_NOT_NOW.format(target[:100]), code="look_failed") from error
    if not isinstance(found, dict):
        raise Refused(_NOT_NOW.format(target[:100]), code="look_failed")
    return found


_NOT_NOW = "What tells “{}” cannot be worked out here. Choose another column."


def _told(version: DatasetVersion, target: str) -> list[dict[str, Any]]:
    """What the child needs to know of the columns."""
    chosen = version.columns[:COLUMNS] + [
        column for column in version.columns[COLUMNS:] if column["name"] == target
    ]
    return [
        {name: column.get(name) for name in TOLD}
        | ({"histogram": column.get("histogram")} if column["name"] == target else {})
        for column in chosen
    ]

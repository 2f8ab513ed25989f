"""The figures behind a finding as its page says them: names as they are, shares in percent, units."""

from collections.abc import Mapping
from typing import Any

from web.templatetags.words import count, percent, score

Facts = list[tuple[str, str]]
UNITS = {  # of what the counts of a kind of finding are
    "outliers": "rows",
    "imbalance": "rows",
    "tiny_classes": "rows",
    "disguised": "rows",
    "high_cardinality": "different words",
}
BY_VALUE = ("imbalance", "tiny_classes", "disguised")  # whose figures stand for values, not for columns
SHARES = ("mostly_missing", "gaps")
LABELS = {"how": "They agree", "times": "Times as many", "wanted": "Rows wanted"}
SAID = {
    "equal": "cell by cell",
    "respelled": "value for value",
    "scaled": "along a straight line",
    "auc": "ROC AUC",
    "tau": "share of the variance of the classes",
    "r2": "R²",
}


def shown(finding: Mapping[str, Any]) -> Facts:
    """Label and value of each figure; names of columns stand between backticks."""
    kind, columns = finding["kind"], finding["columns"]
    return [
        (_label(kind, key, value, columns), _value(kind, key, value, key in columns))
        for key, value in (finding.get("evidence") or {}).items()
    ]


def _label(kind: str, key: str, value: Any, columns: list[str]) -> str:
    if kind in BY_VALUE and isinstance(value, int):
        return f"“{key}”"
    if key in columns:
        return f"`{key}`"
    return LABELS.get(key) or key.replace("_", " ").capitalize()


def _value(kind: str, key: str, value: Any, of_column: bool) -> str:
    if isinstance(value, float) and (key.startswith("share") or (of_column and kind in SHARES)):
        return percent(value)
    if type(value) is int and kind in UNITS and (of_column or kind in BY_VALUE):
        return f"{count(value)} {UNITS[kind].removesuffix('s') if value == 1 else UNITS[kind]}"
    return _plain(SAID.get(value, value) if key in ("how", "measure") else value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    if isinstance(value, float):
        return score(value)
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    return str(value)

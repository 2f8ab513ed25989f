"""What may be asked of the rows of a version: each word is checked against its columns. Pure."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from web.problems import Refused

MOST_CONDITIONS = 20
MOST_KEYS = 4
LONGEST = 500  # characters of a value or of a search
ORDER = ("eq", "ne", "lt", "le", "gt", "ge")
ALONE = ("missing", "present")
OPS = (*ORDER, "contains", *ALONE)
KINDS = {"int64": "number", "float64": "number", "bool": "flag", "datetime": "time", "string": "text"}
FLAGS = {"true": True, "false": False}
Condition = tuple[str, str, Any]


@dataclass(frozen=True)
class Asked:
    """Which rows, in which order. `where`: (column, op, value), all hold; `sort`: (column, falls)."""

    where: tuple[Condition, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    q: str = ""

    @property
    def words(self) -> dict[str, Any]:
        """As it travels to the child."""
        return asdict(self)


def clean(
    columns: Sequence[Mapping[str, Any]], where: Iterable[Any] = (), sort: str = "", q: str = ""
) -> Asked:
    """The question in the types of the columns; `where` holds lists or their JSON. Raises Refused (400)."""
    types = {column["name"]: str(column["type"]) for column in columns}
    conditions = tuple(_condition(one, types) for one in where)
    if len(conditions) > MOST_CONDITIONS:
        raise _wrong(f"There are {len(conditions)} filters, and {MOST_CONDITIONS} is the most. Remove some.")
    return Asked(conditions, _keys(sort, types), _text(q, "q"))


def names(columns: Sequence[Mapping[str, Any]], raw: str) -> list[str] | None:
    """The columns that a JSON array names, in its order; None for all. Raises Refused (400)."""
    if not raw:
        return None
    made, known = _json(raw, "columns"), {column["name"] for column in columns}
    if not isinstance(made, list) or not made or not all(isinstance(name, str) for name in made):
        raise _wrong('Columns are an array of names, such as ["age", "fare"].', "columns")
    for name in made:
        _known(name, known, "columns")
    return list(dict.fromkeys(made))


def _condition(raw: Any, types: Mapping[str, str]) -> Condition:
    made = _json(raw, "where") if isinstance(raw, str) else raw
    if not isinstance(made, list | tuple) or len(made) not in (2, 3) or not isinstance(made[0], str):
        raise _wrong('A filter is an array of column, comparison and value, such as ["age", "gt", 30].')
    name, op, value = (*made, None)[:3]
    _known(name, types, "where")
    if op not in OPS:
        raise _wrong(f"There is no comparison “{str(op)[:40]}”. There are {', '.join(OPS)}.")
    if op in ALONE:
        return name, op, None
    return name, op, _value(name, op, value, KINDS.get(types[name], ""))


def _value(name: str, op: str, value: Any, kind: str) -> Any:
    """The value as the column holds its own."""
    if not kind:
        raise _wrong(f"“{name}” holds pictures. They are missing or present.")
    if op == "contains" and kind != "text":
        raise _wrong(f"“{name}” holds no text, so nothing is contained in it. Compare it with eq, lt or gt.")
    if kind == "flag" and op not in ("eq", "ne"):
        raise _wrong(f"“{name}” is true or false. Compare it with eq or ne.")
    try:
        return _READERS[kind](value)
    except (ValueError, TypeError, OverflowError) as error:
        raise _wrong(f"“{name}” is compared with {_WANTED[kind]}, not with “{str(value)[:40]}”.") from error


def _number(value: Any) -> int | float:
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, str):
        value = float(value) if any(sign in value for sign in ".eE") else int(value)
    if not math.isfinite(value):
        raise ValueError
    return value if isinstance(value, int) and abs(value) < 10**30 else float(value)


def _flag(value: Any) -> bool:
    said = FLAGS.get(str(value).lower())
    if said is None:
        raise ValueError
    return said


def _time(value: Any) -> str:
    at = datetime.fromisoformat(value)
    return (at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at).isoformat(sep=" ")


def _words(value: Any) -> str:
    if value is None or isinstance(value, list | dict):
        raise TypeError
    return _text(str(value).lower() if isinstance(value, bool) else str(value), "where")


_READERS = {"number": _number, "flag": _flag, "time": _time, "text": _words}
_WANTED = {
    "number": "a number",
    "flag": "true or false",
    "time": "a date such as 2024-05-17",
    "text": "a text",
}


def _keys(sort: str, types: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
    """Names between commas, each falling where a minus stands before it; a name may hold commas itself."""
    words, made = sort.split(",") if sort else [], []
    while words:
        ends = range(len(words), 0, -1)
        found = next((key for end in ends if (key := _key(words[:end], types))), None)
        if found is None:
            _known(words[0].removeprefix("-"), types, "sort")
            raise _wrong(f"Rows cannot be sorted by pictures, as “{words[0]}” holds.", "sort")
        made.append(found[0])
        words = words[found[1] :]
    if len(made) > MOST_KEYS:
        raise _wrong(f"Rows are sorted by up to {MOST_KEYS} columns.", "sort")
    return tuple(made)


def _key(words: list[str], types: Mapping[str, str]) -> tuple[tuple[str, bool], int] | None:
    name = ",".join(words)
    for candidate, falls in ((name, False), (name.removeprefix("-"), name.startswith("-"))):
        if types.get(candidate) in KINDS:
            return (candidate, falls), len(words)
    return None


def _text(value: str, field: str) -> str:
    if "\x00" in value:
        raise _wrong("A search holds no NUL character.", field)
    if len(value) > LONGEST:
        raise _wrong(f"A search has up to {LONGEST} characters.", field)
    return value


def _json(raw: str, field: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"{field} is JSON, and this is not: “{raw[:40]}”.", field) from error


def _known(name: str, known: Iterable[str], field: str) -> None:
    if name not in known:
        raise _wrong(f"There is no column “{name[:100]}”.", field, "unknown_column")


def _wrong(detail: str, field: str = "where", code: str = "invalid_filter") -> Refused:
    return Refused(detail, code=code, field=field, status=400)

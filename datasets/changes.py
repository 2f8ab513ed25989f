"""One way of reading becomes another: choices put over earlier ones, and what changes, in words. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from datasets.readers.encodings import ENCODINGS
from datasets.readers.separators import SEPARATORS

Options = dict[str, Any]
LONGEST = 200  # letters of a note
NAMED = 5  # columns in a note
LISTED = 50  # sentences
_BY_COLUMN = ("kinds", "missing_values")
_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "category": "a category",
    "boolean": "yes or no",
    "datetime": "a date",
    "text": "text",
    "identifier": "an identifier",
    "constant": "a constant",
    "image": "an image",
}


def merged(old: Options, patch: Options) -> Options:
    """The earlier choices with these over them. None takes one back; what is said of columns adds up."""
    made = {**old, **{name: _over(old.get(name), name, value) for name, value in patch.items()}}
    return {name: value for name, value in made.items() if value not in (None, {})}


def _over(old: Any, name: str, value: Any) -> Any:
    if name == "drop":
        return list(dict.fromkeys([*(old or []), *value])) if value else None
    if name not in _BY_COLUMN or not value:
        return value
    return {column: chosen for column, chosen in {**(old or {}), **value}.items() if chosen is not None}


def note(old: Options, new: Options) -> str:
    """What was chosen anew, in a sentence or two; "" where nothing was."""
    changed = {name for name in {**old, **new} if old.get(name) != new.get(name)}
    layout = [
        _LAYOUT[name](new[name]) if name in new else _TAKEN_BACK[name] for name in _LAYOUT if name in changed
    ]
    parts = ["Read again: " + ", ".join(layout)] if layout else []
    about = [name for name in _ABOUT_COLUMNS if name in changed]
    parts += [_ABOUT_COLUMNS[name](old.get(name), new.get(name)) for name in about]
    text = ". ".join(parts) + "." if parts else ""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _lines(which: str, count: int) -> str:
    return f"the {which} line" if count == 1 else f"the {which} {count:,} lines"


def _listed(names: Sequence[str]) -> str:
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


_LAYOUT: dict[str, Any] = {
    "delimiter": lambda mark: f"separated by {SEPARATORS.get(mark, mark)}",
    "encoding": lambda name: f"as {ENCODINGS[name]}",
    "header": lambda there: "the first line holds the names" if there else "the first line is data",
    "skip_rows": lambda count: f"without {_lines('first', count)}" if count else "from the first line",
    "skip_footer": lambda count: f"without {_lines('last', count)}" if count else "to the last line",
    "comment": lambda sign: f"{sign} begins comments" if sign else "without comments",
    "quotes": lambda wrap: "quotes wrap cells" if wrap else "quotes are part of the text",
    "decimal": lambda sign: "decimal comma" if sign == "," else "decimal point",
    "thousands": lambda sign: f"thousands grouped by “{sign}”" if sign else "thousands not grouped",
    "dates": lambda order: order.replace("_", " "),
    "missing": lambda words: f"missing is {_listed([f'“{word}”' for word in words]) or 'nothing'}",
    "empty_columns": lambda what: "with empty columns" if what == "keep" else "without empty columns",
    "empty_rows": lambda what: "with empty rows" if what == "keep" else "without empty rows",
    "blanks": lambda what: "with spaces around words" if what == "keep" else "without spaces around words",
    "merged_cells": lambda what: f"merged cells {'as they are' if what == 'keep' else 'filled'}",
    "sheet": lambda name: f"sheet {name}",
    "member": lambda name: f"file {name}",
}
_TAKEN_BACK = {
    "delimiter": "the separator found out",
    "encoding": "the encoding found out",
    "header": "the names found out",
    "skip_rows": "the first line of the table found out",
    "skip_footer": "the last line of the table found out",
    "comment": "comments found out",
    "quotes": "quotes found out",
    "decimal": "the decimal sign found out",
    "thousands": "grouped thousands found out",
    "dates": "the order of dates found out",
    "missing": "the usual words for missing",
    "empty_columns": "without empty columns",
    "empty_rows": "without empty rows",
    "blanks": "spaces around words as usual",
    "merged_cells": "merged cells filled",
    "sheet": "the sheet found out",
    "member": "the file found out",
}


def _kinds(old: Options | None, new: Options | None) -> str:
    was, now = old or {}, new or {}
    made = [f"{name} is {_KINDS[kind]}" for name, kind in now.items() if was.get(name) != kind]
    back = [name for name in was if name not in now]
    parts = [f"Chose that {_listed(made)}"] if made else []
    return ". ".join([*parts, f"Found out again what {_listed(back)} is"] if back else parts)


def _dropped(old: list[str] | None, new: list[str] | None) -> str:
    out = [name for name in new or [] if name not in (old or [])]
    back = [name for name in old or [] if name not in (new or [])]
    parts = [f"Left out {_listed(out)}"] if out else []
    return ". ".join([*parts, f"Took back {_listed(back)}"] if back else parts)


def _missing_values(old: Options | None, new: Options | None) -> str:
    was, now = old or {}, new or {}
    made = [
        f"{_listed(values)} as missing in {name}" for name, values in now.items() if was.get(name) != values
    ]
    back = [name for name in was if name not in now]
    parts = [f"Read {_listed(made)}"] if made else []
    return ". ".join([*parts, f"Took {_listed(back)} as written"] if back else parts)


def _duplicates(old: str | None, new: str | None) -> str:
    return "Left out copied rows" if new == "leave_out" else "Kept copied rows"


_ABOUT_COLUMNS: dict[str, Any] = {
    "drop": _dropped,
    "kinds": _kinds,
    "missing_values": _missing_values,
    "duplicates": _duplicates,
}


def sentences(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[str]:
    """What becomes of the columns, each as {"name", "kind"}; names stand in `backticks`."""
    was, now = ({column["name"]: column["kind"] for column in columns} for columns in (old, new))
    said = [f"{_columns(len(was))} become {len(now):,}."] if len(was) != len(now) else []
    said += [
        f"`{name}` becomes {_KINDS.get(now[name], now[name])}."
        for name in was
        if name in now and now[name] != was[name]
    ]
    gone, fresh = [name for name in was if name not in now], [name for name in now if name not in was]
    if gone and fresh and len(was) == len(now):
        pairs = [pair for pair in zip(was, now, strict=True) if pair[0] in gone and pair[1] in fresh]
        said += [f"`{before}` is called `{after}`." for before, after in pairs]
    elif was:
        said += [f"`{name}` goes." for name in gone] + [f"`{name}` is new." for name in fresh]
    return said[:LISTED]


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count:,} columns"

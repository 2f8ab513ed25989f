"""How the file was read, in words: each choice with its reason, and what did not come along. In the child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasets.readers import habits
from datasets.readers.dialect import Dialect
from datasets.readers.encodings import ENCODINGS
from datasets.readers.loading import Loaded
from datasets.readers.rewriting import LeftOut
from datasets.readers.separators import SEPARATORS
from datasets.readers.text import Encoding
from datasets.tables import Column, Decision, decision

LISTED = 200  # renamed columns
SPACES = {"strip": "around values left out", "keep": "around values kept"}
LINES_ABOVE = 3  # how many lines above the table are offered to be left out, and one more than there are


@dataclass(frozen=True)
class Judged:
    """What was found out of a text before its rows were read."""

    encoding: Encoding
    layout: Dialect
    left_out: LeftOut


def of(
    judged: Judged, columns: Sequence[Column], loaded: Loaded, options: Mapping[str, Any] | None = None
) -> list[Decision]:
    """A list of {"what", "value", "why"}; "lines" or "names" where there is a list to it."""
    layout, left_out, chosen = judged.layout, judged.left_out, options or {}
    return [
        encoding_of(judged.encoding),
        _separator(layout),
        _names(layout),
        _above(layout, left_out),
        *_footer(layout, left_out),
        *empty_rows(left_out.rows, chosen),
        *_comments(layout, left_out),
        *_quotes(layout, loaded),
        *(spaces(columns, chosen, "strip") or _around_names(layout)),
        *habits.decisions(columns, options),
        _kept(loaded),
        *_renamed(columns),
        *_ends(loaded),
        *_padded(loaded),
        *_notes(columns),
    ]


def common(columns: Sequence[Column], options: Mapping[str, Any] | None = None) -> list[Decision]:
    """What every format has to say of its columns."""
    said = spaces(columns, options or {}, "keep")
    return [*said, *habits.decisions(columns, options), *_renamed(columns), *_notes(columns)]


def _choice(value: Any, label: str) -> dict[str, Any]:
    return {"value": value, "label": label}


def _lines(count: int) -> str:
    return f"{count:,} {'line' if count == 1 else 'lines'} left out" if count else "none"


def encoding_of(encoding: Encoding) -> Decision:
    """The encoding, and the others in which the bytes are a text as well."""
    others = [_choice(name, ENCODINGS[name]) for name in encoding.others]
    more: dict[str, Any] = {"option": "encoding", "choices": others} if len(others) > 1 else {}
    return decision("Encoding", encoding.label, encoding.why, **more)


def _separator(layout: Dialect) -> Decision:
    known = layout.separator in SEPARATORS
    marks = list(SEPARATORS) if known else [layout.separator, *SEPARATORS]
    choices = [_choice(mark, _mark_in_words(mark, layout)) for mark in marks]
    equal = "it cuts the rows into equal numbers of cells"
    why = "a line above the names tells it" if layout.told else equal
    return decision("Separator", layout.separator_name, why, option="delimiter", choices=choices)


def _mark_in_words(mark: str, layout: Dialect) -> str:
    """The current one by its name alone; the others with the width of the table that they would make."""
    if mark == layout.separator:
        return layout.separator_name
    width = max(layout.widths.get(mark, 0), 1)
    return f"{SEPARATORS[mark]} ({width:,} {'column' if width == 1 else 'columns'})"


def _names(layout: Dialect) -> Decision:
    made_up, first = "made up", f"from line {layout.above + 1}"
    if layout.header:
        value, why = f"from line {layout.skip}", "it differs from the lines below it"
        first = value
    else:
        value, why = made_up, "the first line looks like the lines below it"
    choices = [_choice(True, first), _choice(False, made_up)]
    return decision("Names", value, why, option="header", choices=choices)


def _above(layout: Dialect, left_out: LeftOut) -> Decision:
    counts = sorted({*range(LINES_ABOVE), layout.above, layout.above + 1})
    why = "titles and blank lines above the table" if layout.above else "the table begins with the first line"
    if layout.told and layout.above == 1:
        why = "it tells the separator"
    return decision(
        "Lines above",
        _lines(layout.above),
        why,
        option="skip_rows",
        choices=[_choice(count, _lines(count)) for count in counts],
        **({"lines": left_out.above_lines} if left_out.above_lines else {}),
    )


def _footer(layout: Dialect, left_out: LeftOut) -> list[Decision]:
    if not layout.footer and not layout.footer_chosen:
        return []
    counts = sorted({0, 1, layout.footer})
    found = decision(
        "Footer",
        _lines(layout.footer),
        "you chose it" if layout.footer_chosen else "notes below the table are no rows of it",
        option="skip_footer",
        choices=[_choice(count, _lines(count)) for count in counts],
        lines=left_out.footer_lines,
    )
    return [found]


def empty_rows(count: int, options: Mapping[str, Any]) -> list[Decision]:
    """What became of so many rows without any value."""
    if not count:
        return []
    what = options.get("empty_rows") or "leave_out"
    words = {"leave_out": f"{count:,} left out", "keep": f"{count:,} kept"}
    choices = [_choice(value, label) for value, label in words.items()]
    why = "no cell of them holds a value"
    return [decision("Empty rows", words[what], why, option="empty_rows", choices=choices)]


def spaces(columns: Sequence[Column], options: Mapping[str, Any], usual: str) -> list[Decision]:
    """What became of blanks around words; `usual` where nobody chose: "strip" or "keep"."""
    padded = [column for column in columns if column.type == "VARCHAR" and column.padded]
    if not padded:
        return []
    count = sum(column.padded for column in padded)
    why = f"{count:,} cells of {habits.named(padded)} begin or end with blanks"
    value = SPACES[options.get("blanks") or usual]
    choices = [_choice(what, label) for what, label in SPACES.items()]
    return [decision("Spaces", value, why, option="blanks", choices=choices)]


def _around_names(layout: Dialect) -> list[Decision]:
    if any(name != name.strip(" ") for name in layout.names):
        return [decision("Spaces", "around names left out", "some begin or end with blanks")]
    return []


def _comments(layout: Dialect, left_out: LeftOut) -> list[Decision]:
    if not left_out.comments:
        return []
    found = decision(
        "Comments",
        _lines(left_out.comments),
        f"they begin with “{layout.comment}”",
        option="comment",
        choices=[_choice(layout.comment, _lines(left_out.comments)), _choice("", "read as rows")],
        lines=left_out.comment_lines,
    )
    return [found]


def _quotes(layout: Dialect, loaded: Loaded) -> list[Decision]:
    if not layout.has_quotes and loaded.quotes:
        return []
    wrap = "apostrophes wrap cells" if layout.quote == "'" else "quotes wrap cells"
    letters = "part of the text"
    if layout.quotes is not None:
        why = "you chose it"
    elif loaded.quotes:
        why = "what stands between two of them is one cell, separators and line ends included"
    elif not layout.quote:
        why = "read as wrapping cells, some would swallow rows"
    else:
        why = "read as wrapping cells, some would not close"
    choices = [_choice(True, wrap), _choice(False, letters)]
    return [decision("Quotes", wrap if loaded.quotes else letters, why, option="quotes", choices=choices)]


def _kept(loaded: Loaded) -> Decision:
    found = loaded.rows + loaded.rejects.count
    if not loaded.rejects.count:
        return decision("Rows kept", f"{found:,} of {found:,}", "every row of the file fits")
    why = "the lines listed here do not fit the columns"
    return decision("Rows kept", f"{loaded.rows:,} of {found:,}", why, lines=loaded.rejects.listed)


def _renamed(columns: Sequence[Column]) -> list[Decision]:
    changed = [
        {"from": column.original_name[:80], "to": column.name}
        for column in columns
        if column.name != column.original_name.strip(" ")
    ]
    if not changed or not any(pair["from"].strip() for pair in changed):
        return []
    why = "blank, doubled, long or unusual names"
    return [decision("Renamed", f"{len(changed):,} columns", why, names=changed[:LISTED])]


def _ends(loaded: Loaded) -> list[Decision]:
    return (
        [decision("Line ends", "made equal", "the file mixes several kinds")] if loaded.ends_changed else []
    )


def _padded(loaded: Loaded) -> list[Decision]:
    if not loaded.padded:
        return []
    return [
        decision("Short rows", f"{loaded.padded:,} rows", "they end before a column that is empty everywhere")
    ]


def _notes(columns: Sequence[Column]) -> list[Decision]:
    return [decision("Note", column.name, note) for column in columns for note in column.notes][:LISTED]

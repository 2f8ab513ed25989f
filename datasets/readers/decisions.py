"""How the file was read, in words: each choice with its reason, and what did not come along. In the child."""

from collections.abc import Sequence

from datasets.readers.dialect import Dialect
from datasets.readers.loading import Loaded
from datasets.readers.text import Encoding
from datasets.tables import Column, Decision, decision

NAMED = 8  # columns that a sentence names
LISTED = 200  # renamed columns


def of(encoding: Encoding, layout: Dialect, columns: Sequence[Column], loaded: Loaded) -> list[Decision]:
    """A list of {"what", "value", "why"}; "lines" or "names" where there is a list to it."""
    made = [
        decision("Encoding", encoding.label, encoding.why),
        decision("Separator", layout.separator_name, "it cuts the rows into equal numbers of cells"),
        _names(layout),
        _missing(columns),
        _kept(loaded),
    ]
    return [*made, *_renamed(columns), *_quotes(loaded), *_ends(loaded), *_padded(loaded), *_notes(columns)]


def _names(layout: Dialect) -> Decision:
    if not layout.header:
        return decision("Names", "made up", "the first line looks like the lines below it")
    above = f"; {layout.title_lines} lines above it are left out" if layout.title_lines else ""
    return decision("Names", f"from line {layout.skip}", f"it differs from the lines below it{above}")


def _missing(columns: Sequence[Column]) -> Decision:
    words = sorted({word for column in columns for word in column.missing_words})
    if not words:
        return decision("Missing", "nothing", "no cell is empty or says that it is")
    shown = ", ".join(f"“{word}”" for word in words if word)
    value = ("empty cells" if "" in words else "") + (" and " if "" in words and shown else "") + shown
    return decision("Missing", value, "cells that say nothing")


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
        if column.name != column.original_name
    ]
    if not changed or not any(pair["from"].strip() for pair in changed):
        return []
    why = "blank, doubled, long or unusual names"
    return [decision("Renamed", f"{len(changed):,} columns", why, names=changed[:LISTED])]


def _quotes(loaded: Loaded) -> list[Decision]:
    if loaded.quotes:
        return []
    return [decision("Quotes", "part of the text", "read as wrapping cells, some would not close")]


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

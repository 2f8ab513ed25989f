"""Whatever table a program writes as CSV, in whatever dialect, comes back with every cell."""

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasets.readers import ingest as reader
from tests.datasets.conftest import LIMITS

Rows = Sequence[Sequence[str]]
QUICK = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
sizes = pytest.mark.parametrize("tried", [7, pytest.param(60, marks=pytest.mark.slow)])


@dataclass(frozen=True)
class Style:
    """How Python's csv writes."""

    delimiter: str
    quoting: Any
    end: str

    def write(self, rows: Rows) -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, quoting=self.quoting, lineterminator=self.end)
        writer.writerows(rows)
        return out.getvalue()


# With a return alone at its ends, csv would leave other ends in cells unquoted unless it quotes all.
ways = st.sampled_from(
    [
        *((quoting, end) for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL) for end in ("\n", "\r\n")),
        (csv.QUOTE_NONNUMERIC, "\n"),
        (csv.QUOTE_ALL, "\r"),
    ]
)
styles = st.builds(lambda mark, way: Style(mark, *way), st.sampled_from(",;\t|"), ways)
# Any letters; each cell ends in a word, so that none is a number or says that it is missing.
letters = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\"',;|\t #"), max_size=8
)
wild = letters.map(lambda text: text + "x")
words = st.sampled_from(
    ["red", "blue", "a b", "", "x, y", "p; q", 'he said "no"', "two\nlines", "été", "日本", "u|v"]
)


def tables(cells: st.SearchStrategy[Any], most: int = 6) -> st.SearchStrategy[list[list[Any]]]:
    """Tables of equal rows: two columns and two rows at least."""
    return st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=2, max_size=most)
    )


def stored(text: str, **options: Any) -> tuple[list[str], list[list[Any]]]:
    """The names and the cells that become of a text."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "source").write_bytes(text.encode())
        reader.ingest(
            lambda kind, told: None, source=str(folder / "source"), out=name, options=options, limits=LIMITS
        )
        table = pq.read_table(folder / "table.parquet")
    return table.column_names, [list(row.values()) for row in table.to_pylist()]


@sizes
def test_any_letters_in_any_dialect_come_back_without_outer_blanks(tried: int) -> None:
    @settings(QUICK, max_examples=tried)
    @given(tables(wild), styles)
    def check(rows: Rows, style: Style) -> None:
        as_written = {"header": False, "quotes": True, "comment": "", "skip_rows": 0, "skip_footer": 0}
        _, cells = stored(style.write(rows), delimiter=style.delimiter, **as_written)
        assert cells == [[cell.strip(" ") for cell in row] for row in rows]

    check()


@sizes
def test_a_table_with_a_key_and_names_is_found_out(tried: int) -> None:
    @settings(QUICK, max_examples=tried)
    @given(tables(words, most=12), styles)
    def check(rows: Rows, style: Style) -> None:
        names = ["key", *(f"name {place}" for place in range(len(rows[0])))]
        keyed = [[str(place), *row] for place, row in enumerate(rows)]
        found, cells = stored(style.write([names, *keyed]), missing=[], empty_columns="keep")
        assert found == names
        assert cells == [[place, *(cell or None for cell in row)] for place, row in enumerate(rows)]

    check()


@sizes
def test_numbers_come_back_to_the_last_digit(tried: int) -> None:
    @settings(QUICK, max_examples=tried)
    @given(tables(st.floats(allow_nan=False, allow_infinity=False, width=32)), styles)
    def check(rows: Sequence[Sequence[float]], style: Style) -> None:
        _, cells = stored(style.write([[repr(cell) for cell in row] for row in rows]), header=False)
        assert [[float(cell) for cell in row] for row in cells] == [list(row) for row in rows]

    check()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_end_of_line_may_stand_in_a_cell(end: str) -> None:
    rows = [["a", "b"], ["one\ntwo", "x"], ["one\r\ntwo", "y"], ["one\rtwo", "z"]]
    _, cells = stored(Style(",", csv.QUOTE_ALL, end).write(rows))
    assert cells == rows[1:]

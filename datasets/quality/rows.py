"""Findings of rows: copies, too few of them, the same entity in many, an order in time. Pure."""

from collections.abc import Sequence

from datasets.quality import words
from datasets.quality.facts import Evidence, Facts, Finding, Groups, Ordered

MANY_COPIES = 0.01
FEW = 50
"""Fewer rows than this are few for any model (scikit-learn's map of estimators begins there)."""
PER_COLUMN = 10
"""Rows for each column that a model learns from, the old rule of ten events per variable (Peduzzi, 1996)."""
LEARNED = ("integer", "number", "category", "boolean", "datetime")


def findings(columns: Sequence[Facts], seen: Evidence) -> list[Finding]:
    found = [*_copies(seen), *_few(columns, seen.rows)]
    return found + [_group(one) for one in seen.groups] + [_order(one) for one in seen.ordered]


def _copies(seen: Evidence) -> list[Finding]:
    if not seen.copied_rows:
        return []
    share = seen.copied_rows / seen.rows
    verb = "row is an exact copy" if seen.copied_rows == 1 else "rows are exact copies"
    detail = (
        f"{words.percent(share)} of the rows repeat an earlier one. A copy in both training and test makes"
        " the score look better than it is. They may also be different things that measure the same."
    )
    fix = {"label": "Keep one of each", "options": {"duplicates": "leave_out"}}
    evidence = {"rows": seen.copied_rows, "share": round(share, 4)}
    severity = "warn" if share >= MANY_COPIES else "info"
    return [
        Finding("duplicate_rows", severity, (), f"{seen.copied_rows:,} {verb}", detail, evidence, fix)  # type: ignore[arg-type]
    ]


def _few(columns: Sequence[Facts], rows: int) -> list[Finding]:
    used = [facts for facts in columns if facts["kind"] in LEARNED]
    wanted = max(PER_COLUMN * (len(used) - 1), FEW)
    if rows >= wanted:
        return []
    detail = (
        f"{words.rows(rows)} for {len(used):,} columns; {wanted:,} or more would carry them. With fewer,"
        " chance alone makes some columns look useful. Collect more rows, or leave out columns that"
        " cannot matter."
    )
    evidence = {"rows": rows, "columns": len(used), "wanted": wanted}
    return [Finding("few_rows", "warn", (), "There are few rows for so many columns", detail, evidence)]


def _group(one: Groups) -> Finding:
    name, each = words.code(one.column), one.rows / one.entities
    return Finding(
        "groups",
        "warn",
        (one.column,),
        f"The same {name} comes in many rows",
        f"{one.entities:,} different ones in {words.rows(one.rows)}, {each:.1f} rows each. Where rows of one"
        " stand in both training and test, the score is of knowing them again. Keep each on one side: split"
        f" by {name}.",
        {"different": one.entities, "rows": one.rows, "rows each": round(each, 2)},
        words.see("See the rows", sort=one.column),
    )


def _order(one: Ordered) -> Finding:
    name = words.code(one.column)
    return Finding(
        "ordered",
        "info",
        (one.column,),
        f"The rows run along {name}",
        f"{words.percent(one.share)} of neighbouring rows follow it. To predict what comes next, test on the"
        " latest rows: with rows picked by chance, a model knows both sides of each gap.",
        {"share in order": one.share},
        words.see("See the latest", sort=f"-{one.column}"),
    )

"""Findings of single columns: empty, constant, disguised, mixed, far out, personal. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from datasets.quality import words
from datasets.quality.facts import Disguised, Evidence, Facts, Finding, Mixed, Personal, Severity

NEARLY = 0.99
"""Share of one value from which a column is nearly constant: 99 of 100 rows say the same."""
MOSTLY = 0.5
GAPS = 0.05
CATEGORIES = 50
"""More categories than this are many: each is seen rarely, and one-hot encoding makes a column of each."""

SHOWN = 20  # columns whose numbers a finding holds


def findings(columns: Sequence[Facts], seen: Evidence) -> list[Finding]:
    """`seen` are the rows of the same table."""
    found = [*_empty(columns, seen.rows), *_constant(columns, seen.rows), *_missing(columns, seen.rows)]
    found += [*_identifiers(columns), *_categories(columns), *_far(seen)]
    found += [_disguised(one, seen.rows) for one in seen.disguised]
    found += [*_mixed(seen), *_dates(seen), *_personal(seen.personal)]
    return found


def _empty(columns: Sequence[Facts], rows: int) -> list[Finding]:
    names = _names(facts for facts in columns if rows and facts["missing"] >= rows)
    detail = "No row has a value, so there is nothing to learn."
    return _left_out("empty", "info", names, ("is empty", "are empty"), detail)


def _constant(columns: Sequence[Facts], rows: int) -> list[Finding]:
    same = [facts for facts in columns if facts["unique"] == 1 and not facts["missing"]]
    nearly = [facts for facts in columns if facts["unique"] > 1 and _share(facts, rows) >= NEARLY]
    detail = "What never changes cannot tell anything apart."
    almost = f"At least {words.percent(NEARLY)} of the rows have the same value; the few others rarely help."
    return [
        *_left_out("constant", "info", _names(same), ("never changes", "never change"), detail),
        *_left_out("nearly_constant", "info", _names(nearly), ("hardly changes", "hardly change"), almost),
    ]


def _share(facts: Facts, rows: int) -> float:
    """Of the rows with a value, how many have the most common one."""
    present = rows - facts["missing"]
    return facts["top"][0][1] / present if facts.get("top") and present else 0.0


def _missing(columns: Sequence[Facts], rows: int) -> list[Finding]:
    shares = {facts["name"]: facts["missing"] / rows for facts in columns if rows and facts["missing"] < rows}
    mostly = sorted((name for name in shares if shares[name] >= MOSTLY), key=lambda name: -shares[name])
    gaps = sorted((name for name in shares if GAPS <= shares[name] < MOSTLY), key=lambda name: -shares[name])
    most = (
        f"{_at_most(mostly, words.percent(shares[mostly[0]]))} of the rows have no value. " if mostly else ""
    )
    detail = f"{most}Filled in, it would be a guess about most rows."
    verbs = ("is mostly empty", "are mostly empty")
    found = _left_out("mostly_missing", "warn", mostly, verbs, detail, _some(shares, mostly))
    if gaps:
        found.append(
            Finding(
                "gaps",
                "info",
                tuple(gaps),
                f"{words.listed(gaps)} {'has' if len(gaps) == 1 else 'have'} gaps",
                f"{_at_most(gaps, words.percent(shares[gaps[0]]))} of the rows have no value."
                " Runs fill gaps from their training rows; you can change how in the experiment.",
                _some(shares, gaps),
                words.see("See the rows", [[gaps[0], "missing", ""]]),
            )
        )
    return found


def _some(shares: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    return {name: round(shares[name], 4) for name in names[:SHOWN]}


def _identifiers(columns: Sequence[Facts]) -> list[Finding]:
    if any(facts["kind"] == "image" for facts in columns):
        return []  # the name of its file belongs to a picture
    names = _names(facts for facts in columns if facts["kind"] == "identifier")
    detail = "Every row has its own value. It would be learned by heart and say nothing about new rows."
    return _left_out("identifier", "info", names, ("names the rows", "name the rows"), detail)


def _at_most(names: Sequence[str], most: str) -> str:
    """What one column has, or the most that one of several has."""
    return most if len(names) == 1 else f"Up to {most}"


def _categories(columns: Sequence[Facts]) -> list[Finding]:
    many = [facts for facts in columns if facts["kind"] == "category" and facts["unique"] > CATEGORIES]
    if not many:
        return []
    names, most = _names(many), max(facts["unique"] for facts in many)
    title = f"{words.listed(names)} {'has' if len(names) == 1 else 'have'} many categories"
    spread = _at_most(names, f"{most:,}")
    detail = f"{spread} different words. Each is seen in few rows, so what is learned from it is thin."
    counts = {facts["name"]: facts["unique"] for facts in many[:SHOWN]}
    return [Finding("high_cardinality", "info", tuple(names), title, detail, counts, words.leave_out(names))]


def _far(seen: Evidence) -> list[Finding]:
    names = sorted(seen.far, key=lambda name: -seen.far[name])
    if not names:
        return []
    title = f"{words.listed(names)} {'holds' if len(names) == 1 else 'hold'} values far from the rest"
    detail = (
        "They lie more than three times the width of the middle half beyond it. Look whether they are real;"
        " a few of them can pull a straight line and an average towards them."
    )
    counts = {name: seen.far[name] for name in names[:SHOWN]} | {"rows looked at": seen.sample}
    look = words.see("See the largest", sort=f"-{names[0]}")
    return [Finding("outliers", "info", tuple(names), title, detail, counts, look)]


def _disguised(one: Disguised, rows: int) -> Finding:
    values, held = list(one.counts), sum(one.counts.values())
    shown = words.joined([f"“{value}”" for value in values[: words.NAMED]])
    return Finding(
        "disguised",
        "warn",
        (one.column,),
        f"{shown} in {words.code(one.column)} may mean “missing”",
        f"{held:,} of {rows:,} rows hold {'it' if len(values) == 1 else 'them'}. Read as a value, it bends"
        " averages and becomes a pattern of its own.",
        dict(one.counts),
        {"label": f"Read {shown} as missing", "options": {"missing_values": {one.column: values}}},
        (words.see("See the rows", [[one.column, "eq", values[0]]]),),
    )


def _mixed(seen: Evidence) -> list[Finding]:
    return [_mixture(one) for one in seen.mixed if one.what == "numbers"]


def _mixture(one: Mixed) -> Finding:
    others = ", ".join(f"“{word}”" for word in one.others)
    mostly = one.share >= MOSTLY
    fix = words.read_as([one.column], "number", f"Read {one.column[:60]} as numbers")
    return Finding(
        "mixed",
        "warn",
        (one.column,),
        f"{words.code(one.column)} mixes numbers and words",
        f"{words.percent(one.share)} of its values are numbers, but it also holds {others}. So it is read as"
        " words, and how large a number is gets lost.",
        {"share of numbers": one.share, "others": list(one.others)},
        fix if mostly else words.leave_out([one.column]),
    )


def _dates(seen: Evidence) -> list[Finding]:
    names = [one.column for one in seen.mixed if one.what == "dates"]
    detail = "Its values look like dates, but not all of them have one form, so they are read as words."
    if not names:
        return []
    title = f"{words.listed(names)} {'holds' if len(names) == 1 else 'hold'} dates as text"
    fix = words.read_as(names, "datetime", "Read as dates")
    others = {one.column: list(one.others) for one in seen.mixed if one.what == "dates" and one.others}
    return [Finding("date_text", "info", tuple(names), title, detail, others, fix)]


def _personal(found: Sequence[Personal]) -> list[Finding]:
    if not found:
        return []
    names = [one.column for one in found]
    what = words.joined(list(dict.fromkeys(one.what for one in found)))
    title = f"{words.listed(names)} {'looks' if len(names) == 1 else 'look'} like personal data"
    detail = (
        f"Likely {what}. A model rarely needs to know who somebody is, and everyone in the workspace can see"
        " it here."
    )
    evidence = {
        one.column: f"{one.what}, {'by its name' if one.share is None else words.percent(one.share)}"
        for one in found[:SHOWN]
    }
    return [Finding("personal", "warn", tuple(names), title, detail, evidence, words.leave_out(names))]


def _names(columns: Iterable[Facts]) -> list[str]:
    return [str(facts["name"]) for facts in columns]


def _left_out(
    kind: str,
    severity: Severity,
    names: Sequence[str],
    verbs: tuple[str, str],
    detail: str,
    evidence: Mapping[str, Any] = MappingProxyType({}),
) -> list[Finding]:
    """One finding of several columns, that ends with them left out; `verbs` are of one and of many."""
    if not names:
        return []
    title = f"{words.listed(names)} {verbs[len(names) > 1]}"
    return [Finding(kind, severity, tuple(names), title, detail, evidence, words.leave_out(names))]

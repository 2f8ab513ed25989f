"""Findings of leakage: columns that know the answer, say it again, or come after it. Pure."""

from collections.abc import Mapping, Sequence

from datasets.quality import words
from datasets.quality.copies import duplicates
from datasets.quality.facts import Facts, Finding, Later, Same, Severity, Strength, Target
from datasets.quality.spellings import parts

SURELY, MOSTLY = 0.975, 0.85
"""Out-of-fold ROC AUC, R² or tau of one column alone: from the first it is a copy of the answer in all but
name, from the second it tells most of it."""
MOST = 20  # findings of one kind
MEASURES = {
    "auc": "a ROC AUC of {} (0.5 is guessing, 1 is never wrong)",
    "tau": "{} of the variance of the classes (0 is guessing, 1 is never wrong)",
    "r2": "an R² of {} (0 is guessing the mean, 1 is never wrong)",
}
AFTER = frozenset(
    (
        *("after", "outcome", "outcomes", "result", "results", "final", "actual", "future", "resolution"),
        *("resolved", "closing", "closed", "settled", "settlement", "discharge", "discharged", "death"),
        *("died", "deceased", "predicted", "prediction", "pred", "proba", "refund", "refunded"),
    )
)
GENERIC = frozenset(
    ("class", "label", "target", "type", "value", "name", "score", "group", "kind", "status", "total", "id")
)
"""Names of answers so general that another column may hold the word by chance."""


def findings(columns: Sequence[Facts], target: Target) -> list[Finding]:
    """What of the other columns should make a person think twice when `target` is predicted."""
    repeats = {same.first: same for same in target.same}
    strengths = {strength.column: strength for strength in target.strengths}
    found = [_repeat(target, same) for same in target.same[:MOST]]
    sure = [one for one in target.strengths if one.value >= SURELY and one.column not in repeats]
    kinds = {facts["name"]: facts["kind"] for facts in columns}
    found += [_sure(target, one, kinds.get(one.column, "")) for one in sure[:MOST]]
    told = {*repeats, *(one.column for one in sure)}
    late = _late(columns, target, strengths, told)
    found += late
    told |= {finding.columns[0] for finding in late if finding.severity != "info"}
    strong = [one for one in target.strengths if one.value >= MOSTLY and one.column not in told]
    others = [same for same in target.copies if not {same.first, same.second} & {target.name, *repeats}]
    return [*found, *_strong(target, strong), *duplicates(columns, others, target.name)]


def _repeat(target: Target, same: Same) -> Finding:
    name = words.code(target.name)
    how = {
        "equal": f"It is {name} once more",
        "respelled": f"It says {name} in other words",
        "scaled": f"It is {name} on another scale",
    }[same.how]
    detail = (
        f"{how} in all {words.rows(same.rows)} that have one. A model that sees it scores 100 % here and"
        " learns nothing."
    )
    return _leak(target, same.first, detail, {"how": same.how, "rows": same.rows})


def _sure(target: Target, strength: Strength, kind: str) -> Finding:
    detail = (
        f"On its own it reaches {_score(strength)}, on rows it was not fitted on. Such a column is mostly the"
        f" answer under another name, or known only once the answer is. {_hint(kind)}"
    )
    return _leak(target, strength.column, detail, _measured(strength, target))


def _hint(kind: str) -> str:
    if kind == "identifier":
        return "Here the rows are numbered, and sorted by the answer."
    return "Keep it only if you have it before you need the answer."


def _leak(target: Target, column: str, detail: str, evidence: dict[str, object]) -> Finding:
    title = f"{words.code(column)} gives the answer away"
    fix = words.leave_out([column])
    return Finding("leak", "bad", (column,), title, detail, evidence, fix, about=target.name)


def _strong(target: Target, strong: Sequence[Strength]) -> list[Finding]:
    if not strong:
        return []
    names = [one.column for one in strong]
    verb = "alone tells most of" if len(names) == 1 else "each tell most of"
    detail = (
        f"The strongest, {words.code(names[0])}, reaches {_score(strong[0])} on its own. What is measured"
        " before the answer is known is a good column, and this is no reason to leave it out. What is"
        " computed from the answer, or known only after it, is not."
    )
    evidence: dict[str, object] = {one.column: one.value for one in strong[:MOST]}
    evidence |= {"measure": strong[0].measure, "rows looked at": target.sample}
    fixes = tuple(words.leave_out([name]) for name in names[: words.NAMED])
    title = f"{words.listed(names)} {verb} {words.code(target.name)}"
    return [Finding("strong", "warn", tuple(names), title, detail, evidence, None, fixes, target.name)]


def _score(strength: Strength) -> str:
    return MEASURES[strength.measure].format(words.ratio(strength.value))


def _measured(strength: Strength, target: Target) -> dict[str, object]:
    return {"measure": strength.measure, "value": strength.value, "rows looked at": target.sample}


def _late(
    columns: Sequence[Facts], target: Target, strengths: Mapping[str, Strength], told: set[str]
) -> list[Finding]:
    """Columns that by their name, or by their dates, come after the answer."""
    later = {one.column: one for one in target.later}
    found = []
    for facts in columns:
        name = facts["name"]
        why = "" if name in told or name == target.name else _named(name, target.name)
        if not why and (name in told or name not in later):
            continue
        found.append(_after(target, name, why, strengths.get(name), later.get(name)))
    return found[:MOST]


def _named(name: str, target: str) -> str:
    """What in a name speaks of a time after the answer; empty where nothing does."""
    of_name, of_target = parts(name), set(parts(target))
    late = [part for part in of_name if part in AFTER and part not in of_target]
    if late:
        return f"“{late[0]}” in its name speaks of what comes after"
    telling = {part for part in of_target - GENERIC if len(part) > 3}
    if telling and of_target <= set(of_name) and len(of_name) > len(of_target):
        return f"its name holds {words.code(target)}, as of something made from it"
    return ""


def _after(target: Target, column: str, why: str, strength: Strength | None, later: Later | None) -> Finding:
    name, value = words.code(column), strength.value if strength else 0.0
    said = [f"{why[0].upper()}{why[1:]}."] if why else []
    if later:
        when = f"in {words.percent(later.share)} of the rows that have both"
        said.append(f"It lies after {words.code(later.than)} {when}.")
    if strength and value >= MOSTLY:
        said.append(f"On its own it reaches {_score(strength)}.")
    said.append(f"If it is known only after {words.code(target.name)} is, a model cannot have it in time.")
    severity: Severity = "bad" if why and value >= MOSTLY else ("warn" if why or value >= MOSTLY else "info")
    evidence: dict[str, object] = {"by name": why} if why else {}
    evidence |= {"after": later.than, "share": later.share} if later else {}
    evidence |= _measured(strength, target) if strength else {}
    title = f"{name} may come after the answer"
    fix = words.leave_out([column])
    return Finding(
        "after",
        severity,
        (column,),
        title,
        " ".join(said),
        evidence,
        fix,
        about=target.name,
    )

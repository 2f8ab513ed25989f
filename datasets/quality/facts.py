"""What findings are made of: what was seen in the rows, and what a finding says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Facts = Mapping[str, Any]
Severity = Literal["bad", "warn", "info"]
Action = dict[str, Any]

ANSWERS = ("integer", "number", "category", "boolean")
"""Kinds of columns that can be predicted."""
SEVERITIES: tuple[Severity, ...] = ("bad", "warn", "info")
DANGER = (
    *("leak", "after", "strong", "duplicate_columns", "groups", "mostly_missing", "duplicate_rows"),
    *("disguised", "mixed", "personal", "few_rows", "tiny_classes", "imbalance", "ordered"),
    *("identifier", "date_text", "skewed_target", "high_cardinality", "outliers"),
    *("empty", "constant", "nearly_constant", "gaps"),
)
"""The kinds of findings; of two that are equally severe, the earlier one is more dangerous."""
SINGLE = ("leak", "after", "duplicate_columns", "disguised", "mixed", "groups", "ordered")
"""Kinds that come once for each column; the others speak of all their columns in one."""


@dataclass(frozen=True)
class Same:
    """Two columns that say the same in every row.

    `how`: equal, respelled (each value of one stands for one value of the other), scaled (a straight line).
    """

    first: str
    second: str
    how: Literal["equal", "respelled", "scaled"]
    rows: int


@dataclass(frozen=True)
class Disguised:
    """Values of a column that may mean "missing", with how many of all rows hold each."""

    column: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Mixed:
    """A column kept as text, of whose cells a share are numbers (or dates); `others` are some of the rest."""

    column: str
    what: Literal["numbers", "dates"]
    share: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Personal:
    """A column that looks like something of a person; `share` of its values have the form, None by name."""

    column: str
    what: str
    share: float | None = None


@dataclass(frozen=True)
class Groups:
    """A column that names who or what a row is about: `entities` of them in `rows` rows."""

    column: str
    entities: int
    rows: int


@dataclass(frozen=True)
class Ordered:
    """A column of dates along which the rows of the file run; `share` of neighbours keep the order."""

    column: str
    share: float


@dataclass(frozen=True)
class Later:
    """A column of dates that lies after another one in `share` of the rows that have both."""

    column: str
    than: str
    share: float


@dataclass(frozen=True)
class Evidence:
    """What was seen in the rows. `sample` of `rows` were looked at, all where a count says so."""

    rows: int
    sample: int = 0
    copied_rows: int = 0
    disguised: Sequence[Disguised] = ()
    mixed: Sequence[Mixed] = ()
    personal: Sequence[Personal] = ()
    groups: Sequence[Groups] = ()
    ordered: Sequence[Ordered] = ()
    far: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Strength:
    """How surely one column alone tells the target on rows it was not fitted on.

    `measure`: auc (two classes), tau (more classes: the share of their variance that is explained) or r2.
    """

    column: str
    measure: Literal["auc", "tau", "r2"]
    value: float


@dataclass(frozen=True)
class Target:
    """A column as the answer: what its values are, and what tells them. `counts` are by class.

    `same` are the columns that repeat it, it being the second; `copies` those that repeat each other.
    """

    name: str
    task: Literal["classification", "regression"]
    rows: int
    sample: int
    counts: Sequence[tuple[str, int]] = ()
    skewness: float = 0.0
    strengths: Sequence[Strength] = ()
    same: Sequence[Same] = ()
    copies: Sequence[Same] = ()
    later: Sequence[Later] = ()


@dataclass(frozen=True)
class Finding:
    """One thing to know before anything is trained: what it is, why it matters, and one fix.

    `title` and `detail` hold names of columns in backticks. `action` is {"label", "options"}, a patch that
    makes a new version, or {"label", "rows"}, a look at the rows; None where only a person can act.
    """

    kind: str
    severity: Severity
    columns: tuple[str, ...]
    title: str
    detail: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    action: Action | None = None
    more: tuple[Action, ...] = ()
    about: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it is stored and sent; `about` is the target it belongs to, "" where there is none."""
        body = {
            "id": f"{self.kind}:{self.columns[0]}" if self.kind in SINGLE else self.kind,
            "kind": self.kind,
            "severity": self.severity,
            "columns": list(self.columns[:100]),
            "title": self.title,
            "detail": self.detail,
            "evidence": dict(self.evidence),
            "action": self.action,
            "target": self.about,
        }
        return body | ({"more": list(self.more)} if self.more else {})


def by_danger(found: Sequence[Finding]) -> list[Finding]:
    """The worst first."""
    return sorted(found, key=lambda one: (SEVERITIES.index(one.severity), DANGER.index(one.kind)))

"""An explanation as the page shows it: bars with the line of chance, curves, weights, a tree, one row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from engine.metrics import METRICS, Metric
from experiments import charts, explaining
from experiments.charts import Axis, Drawing, Look, Series, number
from experiments.models import Explanation, Run
from experiments.states import Explained
from web.problems import Refused
from web.templatetags import words

TOLD = 30  # columns in a table; the file has all
WEIGHTS = 40
MOST_CURVES = 5
WIDTH, HEIGHT = 260, 24
_READ_AS_BARS = ("categorical", "date")
Table = Mapping[str, Any]


@dataclass(frozen=True)
class Bar:
    """One line of a table: a bar from 0 to `value`, with an interval and a line where they are known."""

    name: str
    value: float
    d: str
    span: str = ""
    line: str = ""
    is_chance: bool = False
    note: Any = None
    is_below: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Moved:
    """How the answer moves with one column: a drawing over numbers, bars over words and days."""

    name: str
    output: str
    drawing: Drawing | None = None
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A line of the tree: so deep under the first question."""

    depth: int
    asks: str
    rows: int
    says: Any
    share: float | None


@dataclass(frozen=True)
class Page:
    """`row` is the number of the row to explain, as the address has it; it counts from 1, as pages do."""

    run: Run
    row: str = ""
    _missing: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """Why parts cannot be shown; every part is read to know it."""
        _ = self.importance, self._dependence, self.inside, self.shap, self.rows
        return self._missing

    @cached_property
    def explanation(self) -> Explanation | None:
        return explaining.of(self.run)

    @property
    def is_ready(self) -> bool:
        return self.explanation is not None and self.explanation.state == Explained.READY

    @property
    def is_under_way(self) -> bool:
        return self.explanation is not None and not self.explanation.is_finished

    @property
    def stage(self) -> str:
        found = self.explanation
        return explaining.STAGES.get(found.stage, "Waiting for its turn") if found else ""

    @cached_property
    def importance(self) -> Table:
        return self._read("importance.json")

    @property
    def metric(self) -> Metric:
        return METRICS[self.importance.get("metric") or self.run.experiment.metric]

    @property
    def line(self) -> float | None:
        chance = self.importance.get("chance")
        return chance["line"] if chance else None

    @cached_property
    def columns(self) -> list[Bar]:
        """The columns by how much the score drops without them."""
        told = self.importance.get("columns", [])[:TOLD]
        ends = [value for one in told for value in (one["importance"], one["low"], one["high"])]
        x = _axis([*ends, self.line or 0.0])
        return [_beside_chance(one, x, self.line) for one in told]

    @property
    def telling(self) -> list[Bar]:
        return [bar for bar in self.columns if not bar.is_chance]

    @property
    def further(self) -> int:
        """Columns that the table leaves out."""
        return max(0, len(self.importance.get("columns", [])) - TOLD)

    @cached_property
    def _dependence(self) -> Table:
        return self._read("dependence.json")

    @cached_property
    def moved(self) -> list[Moved]:
        found = self._dependence
        return [_moved(one, found["outputs"], self.run) for one in found.get("columns", [])]

    @cached_property
    def inside(self) -> Table:
        return self._read("inside.json")

    @property
    def weights(self) -> list[tuple[str, list[float]]]:
        found = self.inside.get("coefficients") or {}
        return [(one["name"], one["weights"]) for one in found.get("columns", [])[:WEIGHTS]]

    @property
    def tree(self) -> list[Line]:
        root = self.inside.get("tree")
        return _lines(root, "", 0) if root else []

    @property
    def built_in(self) -> list[Bar]:
        told = (self.inside.get("built_in") or {}).get("columns", [])[:TOLD]
        x = _axis([one["share"] for one in told])
        return [_bar(one["name"], one["share"], x) for one in told]

    @cached_property
    def shap(self) -> Table:
        return self._read("shap.json")

    @property
    def moves(self) -> list[Bar]:
        """The columns by how much they move an answer on average."""
        told = self.shap.get("columns", [])[:TOLD]
        x = _axis([one["mean_abs"] for one in told])
        return [_bar(one["name"], one["mean_abs"], x) for one in told]

    @cached_property
    def rows(self) -> list[Table]:
        found: list[Table] = self._read("rows.json").get("rows", [])
        return found

    @cached_property
    def chosen(self) -> Table | None:
        """The row to explain: the one that the address names, else the first."""
        named = next((one for one in self.rows if str(one["row"] + 1) == self.row), None)
        return named or (self.rows[0] if self.rows and not self.row else None)

    @property
    def number(self) -> str:
        """The number that the form shows."""
        return str(self.chosen["row"] + 1) if self.chosen else self.row

    @property
    def numbers(self) -> list[int]:
        return [one["row"] + 1 for one in self.rows]

    @property
    def parts(self) -> list[Bar]:
        """What moved the chosen row's answer, and which way."""
        told = self.chosen["parts"] if self.chosen else []
        x = _axis([one["contribution"] for one in told])
        return [_bar(one["name"], one["contribution"], x, note=_cell(one["value"])) for one in told]

    def _read(self, name: str) -> Table:
        if not self.is_ready:
            return {}
        try:
            return explaining.read(self.run, name) or {}
        except Refused as reason:
            self._missing.append(reason.detail)
            return {}


def _cell(value: Any) -> str | None:
    """What a row holds, as pages write it; None where it holds nothing or this is no column of the table."""
    return words.score(value) if isinstance(value, float) else value


def _axis(values: Sequence[float | None]) -> Axis:
    known = [value for value in values if value is not None]
    lo, hi = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    room = (hi - lo) * 0.02 or 1.0
    return Axis(lo - room if lo else 0.0, hi + room, 4, WIDTH - 4, ())


def _bar(name: str, value: float | None, x: Axis, *, note: Any = None) -> Bar:
    value = value or 0.0
    start, end = number(x.at(0.0)), number(x.at(value))
    return Bar(name, value, f"M{start} 6H{end}V18H{start}Z", note=note, is_below=value < 0)


def _beside_chance(one: Table, x: Axis, line: float | None) -> Bar:
    """One column of importance.json."""
    low, high = one["low"], one["high"]
    span = "" if low is None or high is None else f"M{number(x.at(low))} 12H{number(x.at(high))}"
    return replace(
        _bar(one["name"], one["importance"], x),
        span=span,
        line="" if line is None else f"M{number(x.at(line))} 0V{HEIGHT}",
        is_chance=one["is_chance"],
        low=low,
        high=high,
    )


def _moved(told: Table, outputs: list[str], run: Run) -> Moved:
    if told["kind"] in _READ_AS_BARS:
        x = _axis([mean[0] for mean in told["mean"]])
        lines = zip(told["grid"], told["mean"], told["rows"], strict=True)
        bars = [_bar(str(at), mean[0], x, note=rows) for at, mean, rows in lines]
        return Moved(told["name"], outputs[0], bars=bars)
    return Moved(told["name"], outputs[0], drawing=_curves(told, outputs, run))


def _curves(told: Table, outputs: list[str], run: Run) -> Drawing:
    grid = told["grid"]
    averages = [
        Series(output, list(zip(grid, (mean[place - 1] for mean in told["mean"]), strict=True)), f"s{place}")
        for place, output in enumerate(outputs[:MOST_CURVES], start=1)
    ]
    faint = "s0 line--thin faint"
    single = [Series("", list(zip(grid, curve, strict=True)), faint) for curve in told["ice"]]
    is_one = len(averages) == 1
    drawn = charts.curves([*(single if is_one else []), *averages], _look(told["name"], outputs, run))
    plain = charts.curves(averages, _look(told["name"], outputs, run))
    legend = (("on average", "s1"), ("single rows", "s0")) if is_one else plain.legend
    return replace(drawn, legend=legend, head=plain.head, rows=plain.rows)


def _look(name: str, outputs: list[str], run: Run) -> Look:
    is_class = run.experiment.task == "classification"
    unit = "Probability" if is_class else run.experiment.target
    if is_class and len(outputs) == 1:
        unit = f"Probability of {outputs[0]}"
    return Look(
        title=name,
        description=f"{unit} with {name}, all other columns left as they are.",
        x_unit=name[:40],
        y_unit=unit[:50],
        height=260,
        ends=False,
        whole=False,
    )


def _lines(node: Table, asks: str, depth: int) -> list[Line]:
    """The tree from its first question down, each answer under its question."""
    own = Line(depth, asks, node["rows"], node["says"], node["share"])
    if "yes" not in node:
        return [own]
    limit = f"{node['threshold']:.4g}"
    yes = _lines(node["yes"], f"{node['column']} ≤ {limit}", depth + 1)
    return [own, *yes, *_lines(node["no"], f"{node['column']} > {limit}", depth + 1)]

"""Line charts and clouds of points, laid out: every text and every path with its place in the picture."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from experiments.charts.axes import Axis, axis, span
from experiments.charts.paths import cloud, line, number, thinned

Point = tuple[float, float | None]
Place = Callable[[float], float]
WIDTH, HEIGHT = 560, 280
TOP, BELOW = 26, 38
LETTER = 6.3  # the average width of a letter at 11.5 px, in pixels
APART = 16.0  # names at the ends of lines stay this far from each other


@dataclass(frozen=True)
class Series:
    """One line, or dots: `points` are (x, y), None where there is no number; `style` holds the classes."""

    name: str
    points: Sequence[Point]
    style: str = "s1"
    is_dots: bool = False

    @property
    def last(self) -> tuple[float, float] | None:
        return next(((x, y) for x, y in reversed(self.points) if y is not None), None)


@dataclass(frozen=True)
class Text:
    x: str
    y: str
    words: str
    style: str = ""


@dataclass(frozen=True)
class Mark:
    """A thing on the drawing: a path, a rule or a dot, by which fields are set."""

    style: str
    d: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True)
class Drawing:
    """What the template draws, in the units of `width` by `height`; `legend` holds names with styles.

    `edges` says where the axes start and end: left, right, bottom, top.
    """

    title: str
    description: str
    width: int
    height: int
    rules: tuple[Mark, ...] = ()
    paths: tuple[Mark, ...] = ()
    dots: tuple[Mark, ...] = ()
    texts: tuple[Text, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[float | None, ...], ...] = ()
    edges: tuple[float, float, float, float] = (0, 1, 0, 1)

    @property
    def unit(self) -> tuple[Place, Place]:
        """Where a share from 0 to 1 lies, along and up, in a drawing whose axes go from 0 to 1."""
        left, right, bottom, top = self.edges
        return (lambda x: left + x * (right - left)), (lambda y: bottom + y * (top - bottom))


@dataclass
class _Sheet:
    """A drawing in the making."""

    x: Axis
    y: Axis
    rules: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def frame(self, x_unit: str, y_unit: str, height: int) -> None:
        bottom, right = self.y.start, self.x.end
        for place, (tick, words) in enumerate(zip(self.y.ticks, self.y.labels(), strict=True)):
            y = self.y.at(tick)
            style = "axis" if place == 0 else "rule"
            self.rules.append(Mark(style, d=f"M{number(self.x.start)} {number(y)}H{number(right)}"))
            self.texts.append(Text(number(self.x.start - 8), number(y + 4), words, "end"))
        for place, (tick, words) in enumerate(zip(self.x.ticks, self.x.labels(), strict=True)):
            style = "mid wide" if place % 2 and len(self.x.ticks) > 4 else "mid"
            self.texts.append(Text(number(self.x.at(tick)), number(bottom + 18), words, style))
        self.texts.append(Text("0", "11", y_unit, "ink"))
        self.texts.append(Text(number(right), number(height - 2), x_unit, "ink end"))


@dataclass(frozen=True)
class Look:
    """What is said around the data: title, sentence, units.

    `ends` names the lines at their ends; `whole` counts x in integers, as epochs.
    """

    title: str
    description: str
    x_unit: str
    y_unit: str
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    height: int = HEIGHT
    ends: bool = True
    whole: bool = True


def curves(series: Sequence[Series], look: Look, *, best: float | None = None, diagonal: str = "") -> Drawing:
    """Lines over one axis each way.

    `best` is the x of the best point of the last series and is marked; `diagonal` draws and names the line
    of guessing from corner to corner.
    """
    sheet = _sheet(series, look)
    paths = [_diagonal(sheet.x, sheet.y, sheet.texts, diagonal)] if diagonal else []
    paths += [Mark(f"line {one.style}", d=_path(one, sheet)) for one in series if not one.is_dots]
    dots = [mark for one in series if one.is_dots for mark in _dots(one, sheet)]
    dots += _best(series[-1], best, sheet) if series else []
    if look.ends:
        sheet.texts += _names(series, sheet)
    legend = () if look.ends or len(series) < 2 else tuple((one.name, one.style) for one in series)
    head, rows = _table(series, look)
    return _drawing(sheet, look, paths=tuple(paths), dots=tuple(dots), legend=legend, head=head, rows=rows)


def waiting(look: Look) -> Drawing:
    """An empty frame that says why, as large as the drawing that will take its place."""
    middle = Text(number(WIDTH / 2), number(look.height / 2), look.description, "ink mid")
    base = Mark("axis", d=f"M26 {number(look.height - BELOW)}H{WIDTH - 12}")
    up = Text("0", "11", look.y_unit, "ink")
    along = Text(number(WIDTH - 12), number(look.height - 2), look.x_unit, "ink end")
    return Drawing(look.title, look.description, WIDTH, look.height, rules=(base,), texts=(up, along, middle))


def scatter(points: Sequence[tuple[float, float]], look: Look, *, equal: str = "", zero: str = "") -> Drawing:
    """A cloud of points; `equal` names the line where both are the same, `zero` the line at 0."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if equal:
        xs = ys = xs + ys
    y_axis = axis(ys, look.height - BELOW, TOP)
    sheet = _Sheet(axis(xs, _left(y_axis), WIDTH - 12), y_axis)
    sheet.frame(look.x_unit, look.y_unit, look.height)
    paths = [Mark("points s1", d=cloud((sheet.x.at(x), sheet.y.at(y)) for x, y in points))]
    if equal:
        paths.insert(0, _diagonal(sheet.x, sheet.y, sheet.texts, equal))
    if zero and sheet.y.lo < 0 < sheet.y.hi:
        paths.insert(0, _zero(sheet, zero))
    return _drawing(sheet, look, paths=tuple(paths), head=(look.x_unit, look.y_unit), rows=tuple(points[:20]))


def bars(values: Sequence[float], names: Sequence[str], look: Look, line_over: Series) -> Drawing:
    """A bar from 0 for each value, and a line over them whose x counts the bars from 0."""
    seen = [0.0, *values, *(y for _, y in line_over.points if y is not None)]
    y_axis = axis(seen, look.height - BELOW, TOP)
    x_axis = Axis(-0.5, len(values) - 0.5, _left(y_axis), WIDTH - 12, ())
    sheet = _Sheet(x_axis, y_axis)
    sheet.frame(look.x_unit, look.y_unit, look.height)
    floor, half = number(y_axis.at(0)), (x_axis.at(1) - x_axis.at(0)) * 0.36
    for place, (value, name) in enumerate(zip(values, names, strict=True)):
        middle = x_axis.at(place)
        d = f"M{number(middle - half)} {floor}V{number(y_axis.at(value))}H{number(middle + half)}V{floor}Z"
        sheet.rules.append(Mark("bar s1", d=d))
        style = "mid wide" if place % 2 else "mid"
        sheet.texts.append(Text(number(middle), number(y_axis.start + 18), name, style))
    drawn = (Mark(f"line {line_over.style}", d=_path(line_over, sheet)),)
    legend = ((look.y_unit, "s1"), (line_over.name, line_over.style))
    return _drawing(sheet, look, paths=drawn, legend=legend)


def _drawing(sheet: _Sheet, look: Look, **parts: object) -> Drawing:
    return Drawing(
        title=look.title,
        description=look.description,
        width=WIDTH,
        height=look.height,
        rules=tuple(sheet.rules),
        texts=tuple(sheet.texts),
        edges=(sheet.x.start, sheet.x.end, sheet.y.start, sheet.y.end),
        **parts,  # type: ignore[arg-type]
    )


def _sheet(series: Sequence[Series], look: Look) -> _Sheet:
    ys = [y for one in series for _, y in one.points if y is not None]
    xs = [x for one in series for x, _ in one.points]
    bottom = look.height - BELOW
    y = axis(look.y_range or ys, bottom, TOP)
    room = max((len(one.name) for one in series), default=0) * LETTER + 14 if look.ends else 12
    right = WIDTH - (room if _reaches_the_edge(xs, look) else 12)
    lo, hi = look.x_range or (min(xs, default=0), max(xs, default=1))
    x = (span if look.whole else axis)((lo, hi), _left(y), right)
    sheet = _Sheet(x, y)
    sheet.frame(look.x_unit, look.y_unit, look.height)
    return sheet


def _reaches_the_edge(xs: Sequence[float], look: Look) -> bool:
    """Whether names behind the ends of the lines would not fit before the right edge."""
    lo, hi = look.x_range or (0.0, 0.0)
    return not xs or hi <= lo or (max(xs) - lo) / (hi - lo) > 0.78


def _left(y: Axis) -> float:
    return max(26.0, max(map(len, y.labels())) * LETTER + 12)


def _dots(series: Series, sheet: _Sheet) -> list[Mark]:
    style = f"dot {series.style}"
    places = ((sheet.x.at(x), sheet.y.at(y)) for x, y in series.points if y is not None)
    return [Mark(style, x=number(x), y=number(y)) for x, y in places]


def _path(series: Series, sheet: _Sheet) -> str:
    return line((sheet.x.at(x), None if y is None else sheet.y.at(y)) for x, y in thinned(series.points))


def _diagonal(x: Axis, y: Axis, texts: list[Text], name: str) -> Mark:
    middle_x, middle_y = (x.start + x.end) / 2, (y.start + y.end) / 2
    texts.append(Text(number(middle_x + 24), number(middle_y + 4), name, "ink"))
    ends = [(x.start, y.start), (x.end, y.end)]
    return Mark("line s0 line--thin line--dash", d=line(ends))


def _zero(sheet: _Sheet, name: str) -> Mark:
    at = sheet.y.at(0)
    sheet.texts.append(Text(number(sheet.x.end), number(at - 6), name, "ink end"))
    return Mark("line s0 line--thin line--dash", d=line([(sheet.x.start, at), (sheet.x.end, at)]))


def _best(series: Series, best: float | None, sheet: _Sheet) -> list[Mark]:
    found = next(((x, y) for x, y in series.points if x == best and y is not None), None)
    if found is None:
        return []
    x, y = sheet.x.at(found[0]), sheet.y.at(found[1])
    sheet.rules.append(Mark("axis line--dash", d=f"M{number(x)} {TOP}V{number(sheet.y.start)}"))
    return [Mark("dot s1", x=number(x), y=number(y))]


def _names(series: Sequence[Series], sheet: _Sheet) -> list[Text]:
    """The name of each line at its end, moved apart where they would touch."""
    ends = [(sheet.y.at(one.last[1]), sheet.x.at(one.last[0]), one) for one in series if one.last]
    ends.sort(key=lambda end: end[0])
    places = [end[0] for end in ends]
    for above, below in pairwise(range(len(places))):
        places[below] = max(places[below], places[above] + APART)
    overflow = max(0.0, (places[-1] if places else 0.0) - sheet.y.start)
    return [
        Text(number(x + 8), number(place - overflow + 4), one.name, "ink")
        for place, (_, x, one) in zip(places, ends, strict=True)
    ]


def _table(
    series: Sequence[Series], look: Look
) -> tuple[tuple[str, ...], tuple[tuple[float | None, ...], ...]]:
    """The same numbers as a table: every line beside the other where they share their x, at most 20 rows."""
    shared = sorted({x for one in series for x, _ in one.points})
    columns = [dict(one.points) for one in series]
    rows = [(x, *(column.get(x) for column in columns)) for x in _sample(shared, 20)]
    return (look.x_unit, *(one.name for one in series)), tuple(rows)


def _sample(values: Sequence[float], most: int) -> Iterable[float]:
    if len(values) <= most:
        return values
    return [values[round(place * (len(values) - 1) / (most - 1))] for place in range(most)]

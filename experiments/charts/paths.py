"""Path data: short, because every point is sent to every watcher."""

from collections.abc import Iterable, Sequence

MOST_POINTS = 200


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def line(points: Iterable[tuple[float, float | None]]) -> str:
    """Path data through the points in order; a None lifts the pen."""
    parts: list[str] = []
    drawing = False
    for x, y in points:
        if y is None:
            drawing = False
            continue
        lead = " " if drawing else "M"
        parts.append(f"{lead}{number(x)} {number(y)}")
        drawing = True
    return "".join(parts)


def cloud(points: Iterable[tuple[float, float]]) -> str:
    """One path that a round pen turns into a dot for each point."""
    return "".join(f"M{number(x)} {number(y)}h0" for x, y in points)


def thinned(
    points: Sequence[tuple[float, float | None]], most: int = MOST_POINTS
) -> Sequence[tuple[float, float | None]]:
    """At most about `most` points: of each stretch the lowest and the highest, so that no peak is lost."""
    if len(points) <= most:
        return points
    stretch = -(-2 * len(points) // most)
    kept = [points[0]]
    for start in range(1, len(points) - 1, stretch):
        kept += _extremes(points[start : min(start + stretch, len(points) - 1)])
    return [*kept, points[-1]]


def _extremes(part: Sequence[tuple[float, float | None]]) -> list[tuple[float, float | None]]:
    known = [point for point in part if point[1] is not None]
    if not known:
        return list(part[:1])
    low, high = min(known, key=_height), max(known, key=_height)
    return [low] if low is high else sorted([low, high], key=lambda point: point[0])


def _height(point: tuple[float, float | None]) -> float:
    return point[1] or 0.0

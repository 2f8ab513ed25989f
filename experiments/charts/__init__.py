"""Charts as geometry: from plain numbers to what an SVG template draws. Knows no run and no page."""

from experiments.charts.axes import Axis, nice, tick_text
from experiments.charts.drawing import Drawing, Look, Mark, Series, bars, curves, scatter, waiting
from experiments.charts.marks import Dots, Spark, Versus, fold_axis, fold_dots, spark, versus
from experiments.charts.paths import number

__all__ = [
    "Axis",
    "Dots",
    "Drawing",
    "Look",
    "Mark",
    "Series",
    "Spark",
    "Versus",
    "bars",
    "curves",
    "fold_axis",
    "fold_dots",
    "nice",
    "number",
    "scatter",
    "spark",
    "tick_text",
    "versus",
    "waiting",
]

"""Charts as geometry: round ticks, honest paths, and a table beside every picture."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import charts
from experiments.charts import Drawing, Look, Series
from experiments.charts.paths import cloud, line, thinned

LOOK = Look("Loss by epoch", "It falls.", "Epoch", "Loss", x_range=(0, 10))
FALLING = [(float(epoch), 10.0 - epoch) for epoch in range(1, 11)]


def words(drawing: Drawing) -> list[str]:
    return [text.words for text in drawing.texts]


@given(st.floats(-1e8, 1e8), st.floats(1e-4, 1e8))
def test_ticks_hold_the_values_between_them(lo: float, width: float) -> None:
    ticks = charts.nice(lo, lo + width)
    assert ticks[0] <= lo + 1e-6 * width
    assert ticks[-1] >= lo + width * (1 - 1e-6)
    assert 2 <= len(ticks) <= 6


@pytest.mark.parametrize(
    ("lo", "hi", "expected"),
    [
        (0, 1, ("0", "0.2", "0.4", "0.6", "0.8", "1.0")),
        (0.8, 0.9, ("0.80", "0.82", "0.84", "0.86", "0.88", "0.90")),
        (45, 66, ("45", "50", "55", "60", "65", "70")),
        (-250_000, 310_000, ("−400,000", "−200,000", "0", "200,000", "400,000")),
    ],
)
def test_ticks_are_round_and_written_alike(lo: float, hi: float, expected: tuple[str, ...]) -> None:
    assert charts.tick_text(charts.nice(lo, hi)) == expected


def test_epochs_are_counted_in_whole_numbers() -> None:
    ticks = charts.nice(0, 3, whole=True)
    assert ticks == (0, 1, 2, 3)


def test_one_value_alone_still_has_an_axis() -> None:
    ticks = charts.nice(5, 5)
    assert ticks[0] < 5 < ticks[-1]


def test_a_missing_value_lifts_the_pen() -> None:
    assert line([(0, 1), (1, None), (2, 3), (3, 4)]) == "M0 1M2 3 3 4"


def test_a_cloud_has_one_dot_for_each_point() -> None:
    assert cloud([(1, 2), (3.25, 4)]) == "M1 2h0M3.2 4h0"


def test_thinning_keeps_the_ends_and_every_peak() -> None:
    points: list[tuple[float, float | None]] = [(float(x), 0.0) for x in range(5000)]
    points[2345] = (2345.0, 9.0)
    kept = thinned(points)
    assert len(kept) <= 250
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert (2345.0, 9.0) in kept


def test_a_curve_names_its_lines_and_units() -> None:
    drawing = charts.curves([Series("validation", FALLING)], LOOK)
    assert {"validation", "Epoch", "Loss"} <= set(words(drawing))
    assert drawing.description == "It falls."


def test_the_best_point_is_marked() -> None:
    drawing = charts.curves([Series("validation", FALLING)], LOOK, best=10)
    assert len(drawing.dots) == 1


def test_lines_that_end_together_keep_their_names_apart() -> None:
    other = [(x, y + 0.01) for x, y in FALLING]
    drawing = charts.curves([Series("training", FALLING), Series("validation", other)], LOOK)
    heights = [float(text.y) for text in drawing.texts if text.words in ("training", "validation")]
    assert abs(heights[0] - heights[1]) >= 12


def test_the_table_beside_a_curve_has_the_same_numbers() -> None:
    drawing = charts.curves([Series("validation", FALLING)], LOOK)
    assert drawing.head == ("Epoch", "validation")
    assert drawing.rows[0] == (1.0, 9.0)


def test_a_long_table_is_a_sample_with_both_ends() -> None:
    long = [(float(x), float(x)) for x in range(1, 501)]
    drawing = charts.curves([Series("loss", long)], Look("t", "d", "Epoch", "Loss", x_range=(0, 500)))
    assert len(drawing.rows) == 20
    assert drawing.rows[0][0] == 1
    assert drawing.rows[-1][0] == 500


def test_everything_of_a_curve_lies_inside_the_picture() -> None:
    drawing = charts.curves([Series("validation", FALLING)], LOOK)
    numbers = [float(number) for path in drawing.paths for number in re.findall(r"[\d.]+", path.d)]
    assert max(numbers) <= drawing.width
    assert min(numbers) >= 0


def test_a_perfect_prediction_lies_on_the_line_between_the_corners() -> None:
    drawing = charts.scatter([(1, 1), (2, 2), (3, 3)], LOOK, equal="right on the spot")
    assert "right on the spot" in words(drawing)
    xs = [float(x) for x in re.findall(r"M([\d.]+)", drawing.paths[-1].d)]
    assert xs == sorted(xs)


def test_residuals_show_where_zero_is() -> None:
    drawing = charts.scatter([(1, -2), (2, 3)], LOOK, zero="right on the spot")
    assert len(drawing.paths) == 2


def test_several_classes_are_told_apart_by_a_legend() -> None:
    look = Look("ROC", "d", "x", "y", x_range=(0, 1), y_range=(0, 1), ends=False, whole=False)
    two = [Series("Adelie", [(0, 0), (1, 1)], "s1"), Series("Gentoo", [(0, 0), (1, 1)], "s2")]
    assert charts.curves(two, look, diagonal="guessing").legend == (("Adelie", "s1"), ("Gentoo", "s2"))


def test_a_better_score_stands_to_the_right_of_the_naive_guess() -> None:
    mark = charts.versus(0.8, 0.5, (0.7, 0.9))
    left, right = (float(part.split()[0][1:]) for part in (mark.naive, mark.score))
    assert left < right


def test_a_spark_line_says_which_way_it_goes() -> None:
    spark = charts.spark([3.0, 2.0, 1.0], "Loss")
    assert spark is not None
    assert spark.words == "Loss, falling from 3 to 1"


def test_one_value_makes_no_spark_line() -> None:
    assert charts.spark([1.0], "Loss") is None


def test_folds_of_all_runs_stand_on_one_axis() -> None:
    axis = charts.fold_axis([(0.8, 0.9), (0.85, 0.95)])
    dots = charts.fold_dots((0.8, 0.9), axis, mean=0.85, leader=0.9, half=0.2)
    first, second = (float(place.split()[0]) for place in dots.folds.split("M")[1:])
    assert first < float(dots.mean) < second
    assert dots.span.startswith("M0 ")


def test_bars_stand_on_zero_and_are_named() -> None:
    look = Look("Error", "By tenth.", "True value", "MAE")
    bias = charts.Series("bias", [(0.0, -1.0), (1.0, 0.5)], "s2")
    drawn = charts.bars([1.0, 2.0], ["from 1", "from 2"], look, bias)
    first, second = (rule.d for rule in drawn.rules if rule.style == "bar s1")
    floor = first.split("V")[0].split(" ")[1]
    assert second.split(" ")[1].startswith(f"{floor}V")
    assert float(second.split("V")[1].split("H")[0]) < float(first.split("V")[1].split("H")[0])
    assert [text.words for text in drawn.texts if text.words.startswith("from")] == ["from 1", "from 2"]
    assert drawn.legend == (("MAE", "s1"), ("bias", "s2"))


def test_measured_points_are_dots_beside_a_line() -> None:
    look = Look("Rows", "More help.", "Rows", "Accuracy", ends=False)
    law = charts.Series("law", [(0.0, 0.5), (10.0, 1.0)], "s0")
    measured = charts.Series("measured", [(0.0, 0.5), (5.0, None), (10.0, 1.0)], is_dots=True)
    drawn = charts.curves([law, measured], look)
    assert [path.style for path in drawn.paths] == ["line s0"]
    assert [dot.style for dot in drawn.dots] == ["dot s1", "dot s1"]
    assert [name for name, _ in drawn.legend] == ["law", "measured"]


def test_a_share_lies_between_the_edges_of_its_drawing() -> None:
    look = Look("Shares", "From 0 to 1.", "x", "y", x_range=(0, 1), y_range=(0, 1), ends=False, whole=False)
    drawn = charts.curves([charts.Series("one", [(0.0, 0.0), (1.0, 1.0)])], look)
    x, y = drawn.unit
    assert (
        drawn.paths[0].d
        == f"M{charts.number(x(0))} {charts.number(y(0))} {charts.number(x(1))} {charts.number(y(1))}"
    )

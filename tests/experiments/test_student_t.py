"""The t distribution of our own agrees with scipy's."""

import math

import pytest
from scipy import stats

from experiments import student_t

FREEDOMS = (1, 2, 3, 4, 9, 29, 99, 1000)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("t", [0.0, 0.01, 0.5, 1.0, 2.0, 5.0, 40.0])
def test_the_chance_beyond_both_sides(t: float, freedom: int) -> None:
    assert student_t.two_sided(t, freedom) == pytest.approx(2 * stats.t.sf(t, freedom), abs=1e-11)
    assert student_t.two_sided(-t, freedom) == student_t.two_sided(t, freedom)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("chance", [0.5, 0.05, 0.001])
def test_the_critical_value(freedom: int, chance: float) -> None:
    assert student_t.critical(freedom, chance) == pytest.approx(stats.t.isf(chance / 2, freedom), rel=1e-9)


def test_an_endless_lead_is_no_chance() -> None:
    assert student_t.two_sided(math.inf, 4) == 0

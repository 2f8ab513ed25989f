"""A difference on shared folds is clear only where chance does not make it as easily."""

import math
from statistics import mean, variance

import numpy as np
import pytest
from scipy import stats

from experiments.significance import corrected_t_test

ONE = (0.90, 0.88, 0.92, 0.91, 0.87)
OTHER = (0.88, 0.87, 0.91, 0.88, 0.86)


def test_it_is_the_formula_of_the_paper() -> None:
    found = corrected_t_test(ONE, OTHER, 1 / 4)
    differences = [a - b for a, b in zip(ONE, OTHER, strict=True)]
    t = mean(differences) / math.sqrt((1 / 5 + 1 / 4) * variance(differences))
    assert found is not None
    assert found.mean == pytest.approx(mean(differences))
    assert found.p == pytest.approx(2 * stats.t.sf(t, 4))
    assert found.low < found.mean < found.high


def test_without_the_correction_it_is_the_paired_test() -> None:
    found = corrected_t_test(ONE, OTHER, 0)
    assert found is not None
    assert found.p == pytest.approx(stats.ttest_rel(ONE, OTHER).pvalue)


def test_the_correction_makes_it_more_careful() -> None:
    plain, corrected = corrected_t_test(ONE, OTHER, 0), corrected_t_test(ONE, OTHER, 1 / 4)
    assert plain is not None
    assert corrected is not None
    assert corrected.p > plain.p


def test_the_interval_leaves_out_zero_just_where_it_is_clear() -> None:
    random = np.random.default_rng(0)
    for lead in np.linspace(0, 0.1, 40):
        other = random.normal(0.8, 0.02, 5)
        found = corrected_t_test((other + lead + random.normal(0, 0.02, 5)).tolist(), other.tolist(), 1 / 4)
        assert found is not None
        assert found.is_clear == (found.low > 0 or found.high < 0)


@pytest.mark.parametrize(("one", "other"), [((0.9,), (0.8,)), ((), ()), ((0.9, 0.8), (0.9, 0.8, 0.7))])
def test_what_has_no_shared_folds_is_not_compared(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    assert corrected_t_test(one, other, 0.25) is None


def test_equal_runs_do_not_differ_and_a_steady_lead_does() -> None:
    same, lead = corrected_t_test(ONE, ONE, 0.25), corrected_t_test((0.75, 0.5), (0.5, 0.25), 0.25)
    assert same is not None
    assert lead is not None
    assert (same.p, same.is_clear) == (1, False)
    assert (lead.p, lead.low, lead.is_clear) == (0, 0.25, True)


def test_chance_alone_is_called_clear_in_about_5_of_100_cases_only() -> None:
    """Folds that share training rows are alike; the plain test is fooled by that, this one is not."""
    random, clear, times = np.random.default_rng(1), 0, 600
    for _ in range(times):
        shared = random.normal(0, 1, 2)  # what all folds of a run have in common
        runs = [shared[i] * 0.5 + random.normal(0, 1, 10) for i in range(2)]
        found = corrected_t_test(runs[0].tolist(), runs[1].tolist(), 1 / 4)
        assert found is not None
        clear += found.is_clear
    assert clear / times < 0.12

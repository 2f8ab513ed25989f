"""Student's t: how often chance alone goes that far. Light: the web process has no scipy.

The tail is the regularised incomplete beta function, by its continued fraction (DLMF 8.17.22, Lentz's way).
"""

import math
from functools import cache

_TINY = 1e-300
_EXACT = 1e-15
_MOST_STEPS = 500


def two_sided(t: float, freedom: int) -> float:
    """The chance of a value at least as far from 0 as `t`, with so many degrees of freedom (1 or more)."""
    if math.isinf(t):
        return 0.0
    return _incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5)


@cache
def critical(freedom: int, chance: float = 0.05) -> float:
    """The distance from 0 that chance alone reaches with this probability: 12.706 for 1, 1.96 for many."""
    low, high = 0.0, 1.0
    while two_sided(high, freedom) > chance:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if two_sided(middle, freedom) > chance else (low, middle)
    return (low + high) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b) for 0 <= x <= 1."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction is quick on the other side only
        return 1 - _incomplete_beta(1 - x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / (a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """1 + d1/(1 + d2/(1 + ...)) of DLMF 8.17.22, from the front."""
    value = above = 1.0
    below = 0.0
    for step in range(1, _MOST_STEPS):
        part = _part(step, x, a, b)
        below = 1 / _apart_from_zero(1 + part * below)
        above = _apart_from_zero(1 + part / above)
        value *= above * below
        if abs(above * below - 1) < _EXACT:
            break
    return value


def _part(step: int, x: float, a: float, b: float) -> float:
    half, is_odd = divmod(step, 2)
    if is_odd:
        return -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
    return half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))


def _apart_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY

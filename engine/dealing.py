"""How rows are dealt into parts: by chance, by whole groups, by time. Numbers in, numbers out.

Whoever is kept aside comes from the low end of an order, and folds are dealt from its high end down, so that
keeping more rows aside moves no row to another fold.
"""

from __future__ import annotations

import numpy as np

_MOST_GROUPS = 5000


def kept_aside(ranks: np.ndarray, strata: np.ndarray, share: float) -> np.ndarray:
    """True for test rows, shape (rows,): of each stratum its share, lowest ranks first."""
    sizes = np.bincount(strata)
    wanted = int(np.clip(round(len(ranks) * share), 1, len(ranks) - 2))
    quotas = _shared_out(sizes, wanted)
    found: np.ndarray = _place_in_stratum(ranks, strata) < quotas[strata]
    return found


def _shared_out(sizes: np.ndarray, wanted: int) -> np.ndarray:
    """`wanted` rows shared out in proportion to `sizes`, by the largest remainders."""
    exact: np.ndarray = sizes * wanted / sizes.sum()
    quotas: np.ndarray = np.floor(exact).astype("int64")
    left = wanted - int(quotas.sum())
    can_give = np.flatnonzero(quotas < sizes - 1)
    quotas[can_give[np.argsort(-(exact - quotas)[can_give], kind="stable")[:left]]] += 1
    return quotas


def dealt(ranks: np.ndarray, strata: np.ndarray, folds: int) -> np.ndarray:
    """A fold from 1 for each row, dealt in turn within each stratum from the highest rank down."""
    found: np.ndarray = (_place_in_stratum(-ranks, strata) + _first(strata)) % folds + 1
    return found


def dealt_anew(ranks: np.ndarray, strata: np.ndarray, folds: int, draws: np.ndarray) -> np.ndarray:
    """Another deal of the same rows: each round of `folds` rows gets all folds, in the order of `draws`.

    As the rounds stay, this deal too keeps its balance where the lowest ranks are taken away.
    """
    rounds = -(-np.bincount(strata) // folds)
    hands = (np.cumsum(rounds) - rounds)[strata] + _place_in_stratum(-ranks, strata) // folds
    found: np.ndarray = (_place_in_stratum(draws, hands) + _first(strata)) % folds + 1
    return found


def _first(strata: np.ndarray) -> np.ndarray:
    """For each row how many rows are in lower strata, so that remainders spread over the folds."""
    sizes = np.bincount(strata)
    first: np.ndarray = (np.cumsum(sizes) - sizes)[strata]
    return first


def _place_in_stratum(ranks: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """For each row how many rows of its stratum have a lower rank. No two ranks are equal."""
    sizes = np.bincount(strata)
    order = np.argsort(strata * np.ptp(ranks) + strata + ranks)
    place = np.empty(len(ranks), dtype="int64")
    place[order] = np.arange(len(ranks)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return place


def in_random_order(codes: np.ndarray, seed: int) -> np.ndarray:
    """Groups numbered anew, in an order of chance. Of very many some share a number and stay together."""
    groups = int(codes.max(initial=-1)) + 1
    order = np.random.default_rng([seed, 1]).permutation(groups)[codes]
    found: np.ndarray = order if groups <= _MOST_GROUPS else order * _MOST_GROUPS // groups
    return found


def groups_kept_aside(groups: np.ndarray, strata: np.ndarray, share: float, others: int = 1) -> np.ndarray:
    """True for test rows: from the first group on, each that brings size and strata nearer to the share.

    As many `others` are left to learn from, where there are more groups than these.
    """
    counts = _counts(groups, strata)
    wanted, taken = counts.sum(axis=0) * share, np.zeros(counts.shape[1])
    chosen = np.zeros(len(counts), dtype=bool)
    spare = int(np.count_nonzero(counts[:, -1])) - others
    for number, group in enumerate(counts):
        if spare > 0 and (2 * (taken - wanted) + group) @ group < 0:
            taken += group
            chosen[number] = True
            spare -= 1
    if not chosen.any():
        sizes = counts[:, -1]
        chosen[np.argmin(np.where(sizes > 0, sizes, np.inf))] = True
    found: np.ndarray = chosen[groups]
    return found


def dealt_groups(groups: np.ndarray, strata: np.ndarray, folds: int) -> np.ndarray:
    """A fold from 1 for each row: from the last group on, each to the fold that has least of its like."""
    counts = _counts(groups, strata)
    loads = np.zeros((folds, counts.shape[1]))
    fold_of = np.zeros(len(counts), dtype="int64")
    for number in range(len(counts) - 1, -1, -1):
        fold_of[number] = least = int(np.argmin(loads @ counts[number]))
        loads[least] += counts[number]
    found: np.ndarray = fold_of[groups] + 1
    return found


def _counts(groups: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Rows of each group by stratum, and in the last column together."""
    width = int(strata.max(initial=0)) + 1
    number = int(groups.max(initial=0)) + 1
    counts = np.bincount(groups * width + strata, minlength=number * width).reshape(number, width)
    return np.column_stack([counts, counts.sum(axis=1)]).astype("float64")


def latest(times: np.ndarray, share: float, others: int = 1) -> np.ndarray:
    """True for the latest rows, as near to the share as can be where rows of one time stay together.

    As many `others` of the times are left to learn from, where there are more than these; there must be two.
    """
    values, counts = np.unique(times, return_counts=True)
    left = others if len(values) > others else 1
    after = (len(times) - np.cumsum(counts))[left - 1 : -1]
    first = values[left:][np.argmin(np.abs(after - len(times) * share))]
    found: np.ndarray = times >= first
    return found


def dealt_in_time(times: np.ndarray, folds: int) -> np.ndarray:
    """Blocks of about equal size that follow in time, rows of one time together: 0, which only learns, to
    `folds`. All 0 where there are fewer different times than blocks."""
    values, place, counts = np.unique(times, return_inverse=True, return_counts=True)
    if len(values) <= folds:
        return np.zeros(len(times), dtype="int64")
    until, ends = np.cumsum(counts), [-1]
    for number in range(1, folds + 1):
        nearest = int(np.argmin(np.abs(until - len(times) * number / (folds + 1))))
        ends.append(int(np.clip(nearest, ends[-1] + 1, len(values) - 2 - folds + number)))
    found: np.ndarray = np.searchsorted(ends[1:], place)
    return found

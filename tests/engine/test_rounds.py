"""Learning tree by tree: what is told of each round, when to stop, and the rows that say so."""

import numpy as np
import pytest

from engine.rounds import Rounds, Rows, a_few, loss_of, parts

Told = list[tuple[int, int, dict[str, float], float]]


def _rounds(told: Told, most: int = 10, patience: int | None = None) -> Rounds:
    return Rounds(most, patience, lambda *said: told.append(said))


@pytest.mark.parametrize(("most", "numbers"), [(1, [1]), (3, [1, 2, 3]), (100, list(range(1, 101)))])
def test_few_rounds_are_all_told(most: int, numbers: list[int]) -> None:
    told: Told = []
    rounds = _rounds(told, most)
    for number in range(1, most + 1):
        rounds.after(number, 1.0)
    assert [said[0] for said in told] == numbers


@pytest.mark.parametrize("most", [101, 250, 999, 5000])
def test_of_many_rounds_at_most_a_hundred_and_the_last_are_told(most: int) -> None:
    told: Told = []
    rounds = _rounds(told, most)
    for number in range(1, most + 1):
        rounds.after(number, 1.0)
    assert 50 <= len(told) <= 101
    assert told[-1][:2] == (most, most)


def test_seconds_are_those_of_one_round() -> None:
    told: Told = []
    rounds = Rounds(400, None, lambda *said: told.append(said))
    for number in range(1, 9):
        rounds.after(number, 1.0)
    assert [said[0] for said in told] == [4, 8]
    assert all(0 < said[3] < 0.1 for said in told)


def test_losses_are_plain_numbers_by_name() -> None:
    told: Told = []
    rounds = _rounds(told, 2)
    rounds.after(1, np.float64(0.5))
    rounds.after(2, np.float64(0.25), np.float64(0.75))
    assert [said[2] for said in told] == [{"loss": 0.5}, {"loss": 0.25, "val_loss": 0.75}]
    assert all(type(value) is float for said in told for value in said[2].values())


@pytest.mark.parametrize(
    ("losses", "patience", "stopped", "best"),
    [
        ([3, 2, 1], 1, None, 3),
        ([3, 2, 2, 1], 1, 3, 2),
        ([3, 2, 4, 1, 5, 6], 2, 6, 4),
        ([1, 2, 3, 4], 3, 4, 1),
        ([float("nan"), float("nan")], 1, 2, 1),
    ],
)
def test_it_stops_after_so_many_rounds_without_a_better_one(
    losses: list[float], patience: int, stopped: int | None, best: int
) -> None:
    rounds = _rounds([], 10, patience)
    numbered = enumerate(losses, start=1)
    assert next((number for number, loss in numbered if rounds.after(number, 0.0, loss)), None) == stopped
    assert rounds.best == best


def test_the_round_that_ends_it_is_told_though_it_is_not_due() -> None:
    told: Told = []
    rounds = _rounds(told, 1000, patience=1)
    rounds.after(1, 1.0, 1.0)
    rounds.after(2, 1.0, 2.0)
    assert [said[0] for said in told] == [2]


def test_without_patience_nothing_stops_and_nothing_is_best() -> None:
    rounds = _rounds([], 10)
    assert not any(rounds.after(number, 1.0) for number in range(1, 11))
    assert rounds.best == 0


@pytest.mark.parametrize(
    ("patience", "heard", "matters"), [(None, False, False), (3, False, True), (None, True, True)]
)
def test_rounds_matter_where_somebody_hears_or_they_may_end_it(
    patience: int | None, heard: bool, matters: bool
) -> None:
    rounds = Rounds(10, patience, (lambda *said: None) if heard else None)
    assert rounds.matter is matters


def _split(target: np.ndarray, *, is_classes: bool = True) -> tuple[Rows, Rows | None]:
    features = np.arange(len(target))[:, None]
    return parts(features, target, 7, is_classes=is_classes, aside=True)


@pytest.mark.parametrize("rows", [20, 99, 1000])
def test_a_tenth_is_kept_aside_and_no_row_is_in_both(rows: int) -> None:
    target = np.arange(rows) % 2
    learn, check = _split(target)
    assert check is not None
    assert len(check.target) == round(rows * 0.1)
    assert sorted([*learn.features[:, 0], *check.features[:, 0]]) == list(range(rows))
    assert (target[learn.features[:, 0]] == learn.target).all()


def test_the_same_seed_keeps_the_same_rows_aside() -> None:
    target = np.arange(200) % 3
    first, second = _split(target)[1], _split(target)[1]
    assert first is not None
    assert second is not None
    assert (first.features == second.features).all()


def test_a_class_of_one_row_is_learned_and_not_kept_aside() -> None:
    target = np.array([0] * 30 + [1] * 30 + [2])
    for seed in range(20):
        learn, _ = parts(np.zeros((61, 1)), target, seed, is_classes=True, aside=True)
        assert set(learn.target) == {0, 1, 2}


@pytest.mark.parametrize(("target", "is_classes"), [([0, 1, 2], True), ([1.5], False)])
def test_where_no_row_can_be_spared_all_learn(target: list[float], is_classes: bool) -> None:
    learn, check = _split(np.array(target), is_classes=is_classes)
    assert check is None
    assert len(learn.target) == len(target)


def test_nothing_is_copied_where_nothing_is_kept_aside() -> None:
    features, target = np.zeros((50, 2)), np.arange(50) % 2
    learn, check = parts(features, target, 0, is_classes=True, aside=False)
    assert learn.features is features
    assert check is None


def test_balanced_weights_are_those_of_scikit_learn() -> None:
    from sklearn.utils.class_weight import compute_sample_weight

    target = np.array([0] * 70 + [1] * 25 + [2] * 5)
    learn, _ = parts(np.zeros((100, 1)), target, 0, is_classes=True, aside=False, balanced=True)
    assert learn.weights is not None
    np.testing.assert_allclose(learn.weights, compute_sample_weight("balanced", target))


def test_values_have_no_class_weights() -> None:
    learn, _ = parts(np.zeros((9, 1)), np.linspace(0, 1, 9), 0, is_classes=False, aside=False, balanced=True)
    assert learn.weights is None


def test_a_few_rows_are_looked_at_in_their_order() -> None:
    assert a_few(10, 0).tolist() == list(range(10))
    few = a_few(100_000, 0)
    assert len(few) == len(set(few)) == 500
    assert (np.diff(few) > 0).all()


def test_the_loss_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import log_loss, mean_squared_error

    random = np.random.default_rng(0)
    shares, target = random.dirichlet([1, 1, 1], 50), random.integers(3, size=50)
    assert loss_of(shares, target) == pytest.approx(log_loss(target, shares, labels=[0, 1, 2]))
    values, truth = random.normal(size=(2, 50))
    assert loss_of(values, truth) == pytest.approx(mean_squared_error(truth, values))


def test_a_share_of_nothing_is_a_large_loss_and_not_an_endless_one() -> None:
    assert 30 < loss_of(np.array([[1.0, 0.0]]), np.array([1])) < 40

"""The best first, and no run before another that it cannot be told from."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from engine.metrics import METRICS
from experiments import leaderboard
from experiments.leaderboard import Row
from experiments.models import Experiment, Run
from experiments.states import State
from tests import builders

AUC, RMSE = METRICS["roc_auc"], METRICS["rmse"]


def row(score: float, *folds: float) -> Row:
    return Row(Run(), score, folds=folds)


def places(rows: list[Row], metric: Any = AUC) -> list[tuple[float | None, int | None]]:
    return [(row.score, row.place) for row in leaderboard.place(rows, metric, 0.5)]


def test_higher_is_first_where_higher_is_better() -> None:
    assert places([row(0.7), row(0.9), row(0.8)]) == [(0.9, 1), (0.8, 2), (0.7, 3)]


def test_lower_is_first_where_lower_is_better() -> None:
    assert places([row(0.7), row(0.9)], RMSE) == [(0.7, 1), (0.9, 2)]


def test_equal_scores_share_a_place_and_the_next_one_is_skipped() -> None:
    assert places([row(0.9), row(0.9), row(0.8)]) == [(0.9, 1), (0.9, 1), (0.8, 3)]


def test_what_folds_cannot_tell_apart_shares_a_place() -> None:
    one = row(0.90, 0.88, 0.92, 0.90)
    other = row(0.89, 0.90, 0.88, 0.89)
    assert places([one, other]) == [(0.90, 1), (0.89, 1)]


def test_a_small_but_steady_lead_is_a_lead() -> None:
    one = row(0.91, 0.90, 0.91, 0.92)
    other = row(0.90, 0.89, 0.90, 0.91)
    assert places([one, other]) == [(0.91, 1), (0.90, 2)]


def test_the_distance_to_the_first_is_told() -> None:
    first, second = leaderboard.place([row(0.7), row(0.9)], AUC, 0.0)
    assert (first.distance, round(second.distance or 0, 3)) == (0, 0.2)


def ended(run: Run, **metrics: Any) -> Run:
    fields = {"state": State.SUCCEEDED, "finished_at": timezone.now(), "metrics": metrics}
    Run.objects.filter(pk=run.pk).update(**fields)
    return run


def test_a_board_shows_all_runs_and_the_naive_guess(experiment: Experiment, owner: User) -> None:
    waiting, worse, better, failed = (builders.run(experiment, by=owner) for _ in range(4))
    ended(worse, test={"roc_auc": 0.7}, baseline={"test": {"roc_auc": 0.5}})
    ended(better, test={"roc_auc": 0.8})
    problem = {"problem_code": "x", "finished_at": timezone.now()}
    Run.objects.filter(pk=failed.pk).update(state=State.FAILED, **problem)
    board = leaderboard.rank(experiment)
    assert [row.run for row in board.rows] == [better, worse, waiting, failed]
    assert [row.place for row in board.rows] == [1, 2, None, None]
    assert board.baseline == 0.5
    assert not board.is_validated


def test_folds_count_before_the_test(experiment: Experiment, run: Run) -> None:
    folds = {"roc_auc": {"mean": 0.6, "std": 0.1, "folds": [0.5, 0.7]}}
    ended(run, test={"roc_auc": 0.9}, validation=folds)
    board = leaderboard.rank(experiment)
    assert (board.rows[0].score, board.rows[0].folds) == (0.6, (0.5, 0.7))
    assert board.is_validated


def test_a_run_without_the_score_is_not_placed(experiment: Experiment, run: Run) -> None:
    ended(run, test={"roc_auc": None})
    assert leaderboard.rank(experiment).rows[0].place is None

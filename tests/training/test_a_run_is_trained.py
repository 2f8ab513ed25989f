"""From the queue to the results, with a real child."""

import pytest

from experiments.models import Run
from experiments.states import State
from training import queue, supervisor

pytestmark = pytest.mark.usefixtures("warm")


def trained(run: Run) -> Run:
    claimed = queue.claim("this-host:1")
    assert claimed is not None
    supervisor.supervise(claimed)
    run.refresh_from_db()
    return run


@pytest.mark.django_db(transaction=True)
def test_a_queued_run_ends_with_scores_timings_and_files(run: Run) -> None:
    trained(run)
    assert run.state == State.SUCCEEDED, run.problem
    assert run.metrics["test"]["accuracy"] > 0.9
    assert run.score == run.metrics["test"]["roc_auc"]
    assert set(run.timings) == {"queued", "prepare", "fit", "evaluate", "total"}
    assert run.headline["text"]

"""What scores there are, what they are called and which way is better. Light: the web pages read it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Task = Literal["classification", "regression"]
TASKS: tuple[Task, ...] = ("classification", "regression")


@dataclass(frozen=True)
class Metric:
    """One score: its name in specs and files, its label on pages, and one sentence on what it means."""

    name: str
    label: str
    task: Task
    higher_is_better: bool
    meaning: str

    @property
    def tasks(self) -> tuple[Task, ...]:
        return (self.task,)


def _classes(name: str, label: str, meaning: str, *, higher: bool = True) -> Metric:
    return Metric(name, label, "classification", higher, meaning)


def _numbers(name: str, label: str, meaning: str, *, higher: bool = False) -> Metric:
    return Metric(name, label, "regression", higher, meaning)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        _classes(
            "roc_auc",
            "ROC AUC",
            "How well the rows of one class are ranked above the others; 0.5 is guessing.",
        ),
        _classes("accuracy", "Accuracy", "The share of rows that are predicted right."),
        _classes(
            "balanced_accuracy", "Balanced accuracy", "The share predicted right, averaged over the classes."
        ),
        _classes("f1", "F1", "Precision and recall in one number; 1 is perfect."),
        _classes("precision", "Precision", "Of the rows predicted to be of a class, the share that are."),
        _classes("recall", "Recall", "Of the rows of a class, the share that are found."),
        _classes("average_precision", "Average precision", "Precision averaged over all thresholds."),
        _classes(
            "log_loss",
            "Log loss",
            "How far the probabilities are from the truth; 0 is perfect.",
            higher=False,
        ),
        _classes(
            "brier",
            "Brier score",
            "How far the probabilities are from the truth, squared; 0 is perfect.",
            higher=False,
        ),
        _classes("mcc", "MCC", "How well answers and truth agree in all classes; 0 is guessing, 1 perfect."),
        _classes("f1_weighted", "F1, weighted", "F1 of each class, weighted by its number of rows."),
        _classes(
            "precision_weighted", "Precision, weighted", "Precision of each class, weighted by its rows."
        ),
        _classes("recall_weighted", "Recall, weighted", "Recall of each class, weighted by its rows."),
        _numbers("rmse", "RMSE", "Typical error in the unit of the target; large errors count more."),
        _numbers("mae", "MAE", "Average error in the unit of the target."),
        _numbers(
            "r2",
            "R²",
            "The share of the variation that is explained; 0 is always saying the mean.",
            higher=True,
        ),
        _numbers("median_ae", "Median AE", "Half of the errors are smaller, in the unit of the target."),
        _numbers(
            "explained_variance",
            "Explained variance",
            "As R², but an error that is the same everywhere does not count.",
            higher=True,
        ),
        _numbers("mse", "MSE", "Average squared error."),
        _numbers("mape", "MAPE", "Average error as a share of the true value; none where a true value is 0."),
    )
}


def for_task(task: Task) -> tuple[Metric, ...]:
    """The scores of a task, the most telling first."""
    return tuple(metric for metric in METRICS.values() if metric.task == task)


def default_metric(task: Task) -> str:
    """The score that ranks runs where nobody chose another."""
    return for_task(task)[0].name

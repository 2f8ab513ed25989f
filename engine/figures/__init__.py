"""Figures as plain numbers, with a drawing for Plotly beside them. At most 2,000 points each."""

from engine.figures.answers import (
    calibration,
    confusion_matrix,
    gain,
    precision_recall,
    roc,
    threshold_curve,
)
from engine.figures.base import MOST_POINTS, Figure
from engine.figures.learning import data_sizes, learning_curve
from engine.figures.numbers import error_by_quantile, predicted_actual, qq, residuals

__all__ = [
    "MOST_POINTS",
    "Figure",
    "calibration",
    "confusion_matrix",
    "data_sizes",
    "error_by_quantile",
    "gain",
    "learning_curve",
    "precision_recall",
    "predicted_actual",
    "qq",
    "residuals",
    "roc",
    "threshold_curve",
]

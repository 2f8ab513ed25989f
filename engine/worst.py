"""The test rows where a model is most wrong: the place to look for mistakes in the data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.fit import Answer
from engine.prepare import Ready

MOST = 50


def worst_rows(ready: Ready, test: np.ndarray, answer: Answer) -> pd.DataFrame:
    """The 50 worst test rows, the worst first: row, actual, predicted, and how wrong.

    For classes `probability` is what the model gave to the true class, `loss` its negative logarithm. For
    numbers `error` is predicted minus actual, in the unit of the target.
    """
    truth = ready.target[test]
    if answer.shares is None:
        error = answer.predicted - truth
        worst = _largest(np.abs(error))
        return pd.DataFrame(
            {
                "row": ready.rows[test[worst]],
                "actual": truth[worst],
                "predicted": answer.predicted[worst],
                "error": error[worst],
            }
        )
    given = answer.shares[np.arange(len(truth)), truth]
    worst = _largest(-given)
    words = np.array(ready.classes, dtype=object)
    smallest = np.finfo("float64").eps
    return pd.DataFrame(
        {
            "row": ready.rows[test[worst]],
            "actual": words[truth[worst]],
            "predicted": words[answer.predicted[worst]],
            "probability": given[worst],
            "loss": -np.log(np.clip(given[worst], smallest, 1.0)),
        }
    )


def _largest(values: np.ndarray) -> np.ndarray:
    """The places of the 50 largest; of equals the row that comes first."""
    return np.argsort(-values, kind="stable")[:MOST]

"""Words for the tests of the split: rows made of a list of classes, and parts of a table."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.parts import Parts
from engine.prepare import Ready, prepare
from engine.split import split
from tests.engine.helpers import Heard, a_spec


def ready_of(classes: Sequence[int], **by: Any) -> Ready:
    """Rows of these classes; `by` are the columns that the split goes by."""
    target = np.array(classes)
    return Ready(
        task="classification",
        features=pd.DataFrame({"x": np.arange(len(target), dtype="float64")}),
        kinds={"x": "numeric"},
        target=target,
        classes=tuple(str(number) for number in range(target.max() + 1)),
        rows=np.arange(len(target)),
        without_target=0,
        by=pd.DataFrame(by, index=range(len(target))),
    )


def parts_of(table: pd.DataFrame, algo: str = "logistic_regression", **more: Any) -> Parts:
    spec = a_spec(algo, **more)
    return split(prepare(table, spec, Heard()), spec, Heard())


def fold_of(parts: Parts) -> np.ndarray:
    """The fold of each row in the first deal."""
    found: np.ndarray = parts.deals[0]
    return found

"""Words as numbers: the mean of the target where they stand. No training row sees its own target."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.model_selection import KFold
from sklearn.preprocessing import TargetEncoder

_FOLDS = 5


class TargetMeans(TargetEncoder):  # type: ignore[misc]
    """scikit-learn's TargetEncoder, for as few rows and classes as there are."""

    def __init__(self, classes: bool = True, seed: int = 0) -> None:
        super().__init__()
        self.classes = classes
        self.seed = seed

    def fit(self, features: Any, target: Any) -> TargetMeans:
        """Learn each word's mean of the target; for three classes or more, each class's share."""
        self._suit(target)
        super().fit(features, target)
        return self

    def fit_transform(self, features: Any, target: Any, **params: Any) -> np.ndarray:
        """The training rows, each encoded by means of the parts that it is not in."""
        self._suit(target)
        if len(target) < 2:
            return np.asarray(super().fit(features, target).transform(features))
        folds = int(np.clip(len(target) // 2, 2, _FOLDS))
        self.cv = KFold(folds, shuffle=True, random_state=self.seed)
        encoded = np.asarray(super().fit_transform(features, target, **params))
        self.cv = _FOLDS
        return encoded

    def _suit(self, target: Any) -> None:
        several = "binary" if len(np.unique(target)) == 2 else "multiclass"
        self.target_type = several if self.classes else "continuous"

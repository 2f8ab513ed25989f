"""Rows that both learn and test: copies make a test look better than the model is."""

from __future__ import annotations

import numpy as np
import pandas as pd

_LOOKED_AT = 1000


def copies(features: pd.DataFrame, train: np.ndarray, test: np.ndarray) -> int:
    """How many test rows have the same features as some training row, by a hash of 64 bits.

    The column that differs most goes first: where its values differ, the others need no look.
    """
    telling = features.iloc[:_LOOKED_AT].nunique().idxmax()
    for looked_at in (features[[telling]], features):
        kept = np.concatenate([train, test])
        hashes = pd.util.hash_pandas_object(looked_at.iloc[kept], index=False)
        learned, tested = hashes.iloc[: len(train)], hashes.iloc[len(train) :]
        train = train[learned.isin(tested).to_numpy()]
        test = test[tested.isin(learned).to_numpy()]
    return len(test)

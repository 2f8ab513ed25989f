"""Preparations that make the same of a row when they learn from it as when they are asked about it.

Then the rows that a model has learned from need not be prepared again for its training scores. It holds, bit
for bit, for steps that treat each row by itself; not for those that are cross-fitted, as target encoding, or
that compute what they learn and what they answer by different ways, as principal components.
"""

from __future__ import annotations

from typing import Any

_BY_ROW = frozenset(
    {
        "Clip",
        "ColumnTransformer",
        "Frequency",
        "MinMaxScaler",
        "OneHotEncoder",
        "OrdinalEncoder",
        "Pipeline",
        "Ranges",
        "RobustScaler",
        "SimpleImputer",
        "Single",
        "StandardScaler",
    }
)


def is_alike(prepare: Any) -> bool:
    """Whether `prepare`, fitted, makes of the rows it was fitted on what `fit_transform` gave."""
    if type(prepare).__name__ not in _BY_ROW:
        return False
    return all(is_alike(step) for step in _inside(prepare))


def _inside(step: Any) -> list[Any]:
    if hasattr(step, "transformers_"):
        named = (part for _, part, _ in step.transformers_)
    else:
        named = (part for _, part in getattr(step, "steps", []))
    return [part for part in named if not isinstance(part, str)]

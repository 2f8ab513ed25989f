"""Stage 3, in one place: how numbers are brought to a like range."""

from __future__ import annotations

from typing import Any

from engine.choices.preprocessing import Scale
from engine.spec import RunSpec


def scaler(asked: Scale, spec: RunSpec) -> Any | None:
    """An unfitted transformer; None where numbers stay as they are. Auto is what the learner wants."""
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    auto = "standard" if spec.model.wants_scale else "none"
    scale = auto if asked == "auto" else asked
    if scale == "quantile":
        from engine.transformers.quantiles import Quantiles

        return Quantiles(seed=spec.seed)
    if scale == "power":
        from engine.transformers.power import Power

        return Power()
    known = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}
    return known[scale]() if scale in known else None

"""The learners that stand alone, so that ensembles may have them. A new one is one file and one name here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from engine.learners.base import Learner
from engine.learners.dummy import Dummy
from engine.learners.linear_regression import LinearRegression
from engine.learners.logistic_regression import LogisticRegression
from engine.learners.random_forest import RandomForest
from engine.learners.xgboost import XGBoost

SINGLE: tuple[type[Learner], ...] = (
    Dummy,
    LogisticRegression,
    LinearRegression,
    RandomForest,
    XGBoost,
)

if TYPE_CHECKING:
    AnyMember = Learner
else:
    AnyMember = Annotated[Union[SINGLE], Field(discriminator="algo")]  # noqa: UP007

"""The learners that stand alone, so that ensembles may have them. A new one is one file and one name here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from engine.learners.adaboost import AdaBoost
from engine.learners.base import Learner
from engine.learners.decision_tree import DecisionTree
from engine.learners.dummy import Dummy
from engine.learners.elastic_net import ElasticNet
from engine.learners.extra_trees import ExtraTrees
from engine.learners.gaussian_process import GaussianProcess
from engine.learners.gradient_boosting import GradientBoosting
from engine.learners.hist_gradient_boosting import HistGradientBoosting
from engine.learners.knn import KNN
from engine.learners.lasso import Lasso
from engine.learners.lightgbm import LightGBM
from engine.learners.linear_regression import LinearRegression
from engine.learners.linear_svm import LinearSVM
from engine.learners.logistic_regression import LogisticRegression
from engine.learners.mlp import MLP
from engine.learners.naive_bayes import NaiveBayes
from engine.learners.random_forest import RandomForest
from engine.learners.ridge import Ridge
from engine.learners.sgd import SGD
from engine.learners.svm import SVM
from engine.learners.xgboost import XGBoost

SINGLE: tuple[type[Learner], ...] = (
    Dummy,
    LogisticRegression,
    LinearRegression,
    Ridge,
    Lasso,
    ElasticNet,
    SGD,
    LinearSVM,
    SVM,
    KNN,
    NaiveBayes,
    GaussianProcess,
    MLP,
    DecisionTree,
    RandomForest,
    ExtraTrees,
    AdaBoost,
    GradientBoosting,
    HistGradientBoosting,
    XGBoost,
    LightGBM,
)

if TYPE_CHECKING:
    AnyMember = Learner
else:
    AnyMember = Annotated[Union[SINGLE], Field(discriminator="algo")]  # noqa: UP007

"""Published figures of trees come out on the tables they were published for."""

import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from engine.job import same_numbers_everywhere
from engine.report import Report
from engine.spec import RunSpec
from engine.train import train
from tests.engine.helpers import ROOT

TEN_FOLDS = {"kind": "kfold", "folds": 10}


def _checked(table: pd.DataFrame, target: str, task: str, **model: object) -> Report:
    spec = {"task": task, "target": target, "model": model, "validation": TEN_FOLDS}
    with same_numbers_everywhere():
        return train(table, RunSpec.model_validate(spec), threads=2)


def _mean(report: Report, metric: str) -> float:
    return float(report.metrics["validation"][metric]["mean"])


@pytest.mark.slow
def test_a_forest_does_as_well_as_one_of_a_bare_script_on_houses() -> None:
    housing = pd.read_csv(ROOT / "tests" / "data" / "housing.csv")
    forest = {"algo": "random_forest", "n_estimators": 100}
    ours = _mean(_checked(housing, "median_house_value", "regression", **forest), "rmse")
    assert ours == pytest.approx(_bare_rmse(housing), rel=0.02)


def _bare_rmse(housing: pd.DataFrame) -> float:
    """Ten folds of a forest over medians and one-hot words, on four fifths of the rows."""
    words, target = ["ocean_proximity"], "median_house_value"
    numbers = [name for name in housing if name not in (*words, target)]
    prepare = ColumnTransformer(
        [
            ("n", SimpleImputer(strategy="median"), numbers),
            ("w", OneHotEncoder(handle_unknown="ignore"), words),
        ]
    )
    model = make_pipeline(prepare, RandomForestRegressor(100, random_state=0, n_jobs=2))
    learn = housing.sample(frac=0.8, random_state=0)
    folds = KFold(10, shuffle=True, random_state=0)
    scores = cross_val_score(model, learn, learn[target], cv=folds, scoring="neg_root_mean_squared_error")
    return float(-scores.mean())


@pytest.mark.parametrize(
    ("loaded", "auc"),
    [(load_breast_cancer, 0.99), (load_wine, 0.998)],
    ids=["breast cancer", "wine"],
)
def test_a_forest_ranks_well_known_tables_as_published(loaded: object, auc: float) -> None:
    data = loaded(as_frame=True)  # type: ignore[operator]
    table = data.frame.assign(target=data.target.map(lambda number: f"class {number}"))
    report = _checked(table, "target", "classification", algo="random_forest", n_estimators=100)
    assert _mean(report, "roc_auc") == pytest.approx(auc, abs=0.01)


def test_a_forest_knows_who_survived() -> None:
    told = ["survived", "pclass", "sex", "age", "sibsp", "parch", "fare", "embarked"]
    titanic = pd.read_csv(ROOT / "examples" / "titanic.csv")[told]
    report = _checked(titanic, "survived", "classification", algo="random_forest", n_estimators=100)
    assert _mean(report, "roc_auc") == pytest.approx(0.86, abs=0.01)


@pytest.mark.parametrize("algo", ["gradient_boosting", "hist_gradient_boosting", "lightgbm", "xgboost"])
def test_boostings_agree_on_diabetes(algo: str) -> None:
    table = load_diabetes(as_frame=True).frame
    gentle = {
        "max_iter" if algo.startswith("hist") else "n_estimators": 60,
        "learning_rate": 0.05,
        "max_depth": 3,
    }
    assert _mean(_checked(table, "target", "regression", algo=algo, **gentle), "rmse") == pytest.approx(
        55.5, abs=1.5
    )

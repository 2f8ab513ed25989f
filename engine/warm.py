"""Everything heavy that a training needs, imported and rehearsed once. Starts no thread: it may be forked.

With more than one thread a fork can hang for ever. The libraries of numpy and Arrow start theirs while
they are loaded, unless the environment says otherwise before that.
"""

from __future__ import annotations

import os

for _name, _value in {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}.items():
    os.environ.setdefault(_name, _value)

import importlib  # noqa: E402

MODULES = (
    "h5py",
    "joblib",
    "keras",
    "lightgbm",
    "narwhals._interchange.dataframe",
    "narwhals._pandas_like.namespace",
    "narwhals.stable.v2._namespace",
    "pandas",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "pyarrow.vendored.version",
    "sklearn.calibration",
    "sklearn.compose",
    "sklearn.decomposition",
    "sklearn.dummy",
    "sklearn.ensemble",
    "sklearn.exceptions",
    "sklearn.feature_extraction.text",
    "sklearn.feature_selection",
    "sklearn.gaussian_process",
    "sklearn.impute",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.naive_bayes",
    "sklearn.neighbors",
    "sklearn.neural_network",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "sklearn.svm",
    "sklearn.tree",
    "skops.io",
    "threadpoolctl",
    "xgboost",
    "engine.job",
    "engine.networks.estimator",
    "engine.rounds",
    "engine.train",
)
for _module in MODULES:
    importlib.import_module(_module)


def rehearse() -> None:
    """One training of a handful of made-up rows, so that what libraries look up once is looked up here.

    A linear model alone: it computes in this thread and starts no other.
    """
    import pandas as pd

    from engine.job import linear_algebra
    from engine.spec import RunSpec
    from engine.train import train

    rows = 40
    table = pd.DataFrame(
        {
            "answer": ["yes", "no"] * (rows // 2),
            "number": [None, *(place * 1.5 for place in range(1, rows))],
            "word": ["red", "green", "blue", None] * (rows // 4),
        }
    )
    spec = {"task": "classification", "target": "answer", "model": {"algo": "logistic_regression"}}
    with linear_algebra().limit(limits=1):
        train(table, RunSpec.model_validate(spec))


rehearse()

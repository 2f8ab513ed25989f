"""Everything heavy that a training needs, imported once. Starts no thread, so the process may be forked.

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
    "keras",
    "narwhals._interchange.dataframe",
    "narwhals._pandas_like.namespace",
    "narwhals.stable.v2._namespace",
    "pandas",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "pyarrow.vendored.version",
    "sklearn.compose",
    "sklearn.dummy",
    "sklearn.ensemble",
    "sklearn.exceptions",
    "sklearn.impute",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "skops.io",
    "threadpoolctl",
    "xgboost",
    "engine.job",
    "engine.networks.estimator",
    "engine.train",
)
for _module in MODULES:
    importlib.import_module(_module)

# What these look up once per process takes milliseconds, and a child would do it for each run.
importlib.import_module("engine.job").linear_algebra()
importlib.import_module("narwhals.stable.v2.dependencies").is_into_dataframe(object())

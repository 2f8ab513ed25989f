"""The web process reads specs and the catalogue without the weight of the libraries that train."""

import pytest

from tests.engine.helpers import in_fresh_process

HEAVY = (
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "sklearn",
    "keras",
    "tensorflow",
    "xgboost",
    "lightgbm",
    "skops",
)


@pytest.mark.parametrize(
    "module", ["spec", "choices.parts", "learners", "estimate", "problems", "metrics", "events", "job"]
)
def test_a_light_module_brings_no_heavy_library(module: str) -> None:
    program = (
        f"import json, sys, engine.{module}; print(json.dumps([m for m in {HEAVY} if m in sys.modules]))"
    )
    assert in_fresh_process(program) == []


def test_describing_the_whole_catalogue_brings_no_heavy_library() -> None:
    program = f"""
import json, sys
from engine import learners
for learner in learners.CATALOG.values():
    learners.describe(learner)
print(json.dumps([m for m in {HEAVY} if m in sys.modules]))
"""
    assert in_fresh_process(program) == []

"""Real tables for the engine's tests."""

import pandas as pd
import pytest

from tests.engine.helpers import EXAMPLES, Heard


@pytest.fixture
def penguins() -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "penguins.csv")


@pytest.fixture
def cars() -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "mpg.csv")


@pytest.fixture
def titanic() -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "titanic.csv")


@pytest.fixture
def heard() -> Heard:
    return Heard()

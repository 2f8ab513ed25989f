"""Stage 3, further columns: what is made of the columns, and what of all of it is kept."""

from __future__ import annotations

from typing import Any

from engine.prepare import Ready
from engine.spec import RunSpec

Entry = tuple[str, Any, list[str]]
"""A name, an unfitted transformer and the columns of `Ready.features` it reads: a ColumnTransformer entry."""


def branches(spec: RunSpec, ready: Ready) -> list[Entry]:
    """What stands beside the columns themselves. Each branch reads raw columns and fills its own gaps."""
    return []


def after(spec: RunSpec, ready: Ready) -> list[tuple[str, Any]]:
    """Steps for all columns together, dense or sparse, once they are prepared."""
    return []

"""What a run will take of time and memory, and whether that is far more than a run may have."""

from django.conf import settings

from datasets.models import DatasetVersion
from engine.estimate import Estimate, estimate
from engine.spec import RunSpec
from web.problems import Invalid
from web.templatetags.words import size

FAR_MORE = 3
"""Estimates are good to this factor: only what is beyond it cannot be trained for certain."""


def expected(version: DatasetVersion, spec: RunSpec) -> Estimate:
    """What this run roughly takes, from what is known of the version's columns."""
    return estimate(spec, version.columns, version.rows or 0)


def why_too_large(version: DatasetVersion, spec: RunSpec) -> Invalid | None:
    """Why this run would not fit into its memory, even if it took but a third of what is expected."""
    needed = expected(version, spec).memory_bytes
    if needed <= FAR_MORE * settings.RUN_MEMORY:
        return None
    text = f"This needs about {size(needed)} of memory, and a run may take {size(settings.RUN_MEMORY)}."
    way_out = "Make fewer columns, or choose a model that needs less."
    return Invalid(f"{text} {way_out}", code="exceeds_memory", field="model")

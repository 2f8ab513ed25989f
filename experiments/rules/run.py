"""Whether a run can be trained on a version: all rules in the order in which a person would meet them."""

from collections.abc import Iterator

from datasets.models import DatasetVersion
from engine.spec import RunSpec
from experiments.rules import columns, cost, models, widths
from experiments.rules.seen import seen
from web.problems import Invalid


def why_not_run(version: DatasetVersion, spec: RunSpec) -> Invalid | None:
    """Why this run cannot be trained on this version; None where nothing is known to stand in the way."""
    return next(_refusals(version, spec), None)


def _refusals(version: DatasetVersion, spec: RunSpec) -> Iterator[Invalid]:
    if unknown := columns.why_not_named(version, spec):
        yield unknown
    kinds = seen(version, spec)
    found = (
        columns.why_nothing_left(version, spec, kinds),
        columns.why_not_made_of(spec, kinds),
        columns.why_not_treated(spec, kinds),
        models.why_not_filled(spec, kinds),
        models.why_not_bent(version, spec),
        widths.why_too_wide(version, spec, kinds),
        models.why_not_model(version, spec, kinds),
        models.why_not_batch(version, spec),
        models.why_not_threshold(version, spec),
        cost.why_too_large(version, spec),
    )
    yield from (refusal for refusal in found if refusal)

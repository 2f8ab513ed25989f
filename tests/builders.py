"""Things that many sentences need, made the way the product makes them."""

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accounts.models import User
from datasets import files
from datasets.models import Dataset, DatasetVersion, Status, TargetProfile
from experiments.models import Experiment, Run


@dataclass(frozen=True)
class Read:
    """A file as the reader left it: the source, the Parquet beside, the profile."""

    source: Path
    parquet: Path
    profile: dict[str, Any]


def read(source: Path, folder: Path) -> Read:
    from datasets.readers.ingest import ingest

    limits = {"columns": 10_000, "memory": 2**30, "threads": 1}
    ingest(lambda kind, data: None, source=str(source), out=str(folder), options={}, limits=limits)
    profile = json.loads((folder / "profile.json").read_text())
    return Read(source, folder / "table.parquet", profile)


def version(dataset: Dataset, read: Read, *, by: User) -> DatasetVersion:
    """A ready version whose bytes are in their place."""
    made = DatasetVersion(
        dataset=dataset,
        number=dataset.versions.count() + 1,
        original_name=read.source.name,
        original_size=read.source.stat().st_size,
        original_sha256=files.digest(read.source),
        created_by=by,
    )
    files.publish(read.source, made.original_key)
    stored = files.publish(read.parquet, made.parquet_key)
    made.parquet_size, made.parquet_sha256 = stored.size, stored.sha256
    profile = deepcopy(read.profile)  # the session shares it
    made.rows, made.columns = profile["rows"], profile["columns"]
    made.decisions, made.status = profile["decisions"], Status.READY
    made.findings, made.associations = profile["findings"], profile["associations"]
    made.save()
    if target := profile["target"]:
        TargetProfile.objects.create(version=made, target=target["target"], body=target)
    return made


def experiment(version: DatasetVersion, *, by: User, **spec: Any) -> Experiment:
    from experiments import actions

    question = {"task": "classification", "target": "species", "validation": {"kind": "none"}} | spec
    return actions.create_experiment(
        workspace=version.dataset.workspace,
        name="Which species?",
        version=version,
        spec=question,
        metric=None,
        by=by,
    )


def run(experiment: Experiment, *, by: User, algo: str = "logistic_regression", **settings: Any) -> Run:
    from experiments import actions

    made, _ = actions.start_run(experiment=experiment, request={"model": {"algo": algo, **settings}}, by=by)
    return made

"""The whole look at a finished table: ties between columns, findings, and the likely answer. In the child."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from datasets import quality
from datasets.database import connect
from datasets.knowledge import associations, evidence, exact, shapes, strengths
from datasets.knowledge.sample import Cells, Facts, Sample, relation, take
from datasets.quality.facts import ANSWERS, Evidence, Same, Target
from datasets.tables import Tell


def look(con: Any, parquet: Path, columns: Sequence[Facts], rows: int) -> dict[str, Any]:
    """{"findings", "associations", "target"}; `target` is None where no column can be the answer.

    `con` is a DuckDB that may read `parquet`; `columns` are their profiles.
    """
    looker = Looker(con, parquet, columns, rows)
    likely = next((facts["name"] for facts in columns if facts.get("target_reason")), "")
    target = looker.answer(likely)
    about = target["findings"] if target else quality.duplicates(columns, looker.same)
    return {
        "findings": quality.merged(quality.findings(columns, looker.evidence), about),
        "associations": associations.measure(looker.sample),
        "target": target,
    }


@dataclass(frozen=True)
class Looker:
    """One table that is looked at, through a sample and where needed through all of its rows."""

    con: Any
    parquet: Path
    columns: Sequence[Facts]
    rows: int
    besides: str = ""

    @cached_property
    def sample(self) -> Sample:
        return take(self.con, self.parquet, self.columns, self.rows, self.besides)

    @property
    def table(self) -> str:
        return relation(self.parquet)

    @cached_property
    def same(self) -> list[Same]:
        return exact.same_columns(self.con, self.table, self.sample)

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            rows=self.rows,
            sample=self.sample.size,
            copied_rows=exact.copied_rows(self.con, self.table, self.columns, self.rows),
            disguised=exact.disguised(self.con, self.table, self.sample),
            mixed=evidence.mixed(self.sample),
            personal=evidence.personal(self.sample),
            groups=evidence.groups(self.sample),
            ordered=evidence.ordered(self.sample),
            far=evidence.far(self.sample),
        )

    def answer(self, name: str) -> dict[str, Any] | None:
        """What is known of one column as the answer; None where it cannot be one.

        {"target", "task", "rows", "sample", "classes" or "histogram", "strengths", "shapes", "findings"}.
        """
        facts = next((facts for facts in self.columns if facts["name"] == name), None)
        cells = self.sample.columns.get(name)
        if facts is None or cells is None or facts["kind"] not in ANSWERS or cells.distinct < 2:
            return None
        target = self._target(cells, facts)
        counts = {"classes": [list(pair) for pair in target.counts]}
        return {
            "target": name,
            "task": target.task,
            "rows": target.rows,
            "sample": target.sample,
            **(counts if target.counts else {"histogram": facts["histogram"]}),
            "strengths": [vars(strength) for strength in target.strengths],
            "shapes": shapes.by_answer(self.sample, cells, target),
            "findings": quality.about(self.columns, target),
        }

    def _target(self, cells: Cells, facts: Facts) -> Target:
        task = quality.task_of(facts)
        found = Target(
            name=cells.name,
            task=task,
            rows=self.rows - facts["missing"],
            sample=int(cells.present.sum()),
            strengths=strengths.strengths(self.sample, cells, task == "regression"),
            same=exact.same_as(self.con, self.table, self.sample, cells),
            copies=self.same,
            later=evidence.later(self.sample),
        )
        if task == "regression":
            return replace(found, skewness=evidence.skewness(cells.numbers))
        return replace(found, counts=exact.classes(self.con, self.table, cells))


def profile_target(
    tell: Tell, *, parquet: str, columns: Sequence[Mapping[str, Any]], rows: int, target: str, out: str
) -> None:
    """Writes what is known of `target` as the answer into `out`/target.json; null where it cannot be one."""
    with connect(out, "1GiB") as con:
        body = Looker(con, Path(parquet), columns, rows, target).answer(target)
    (Path(out) / "target.json").write_text(json.dumps(body, allow_nan=False), encoding="utf-8")

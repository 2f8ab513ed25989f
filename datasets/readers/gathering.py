"""A table of files with their classes, gathered one by one; why some are left out. In the child."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from datasets.problems import CannotRead
from datasets.readers.archives import Member
from datasets.readers.folders import Classes, Item
from datasets.readers.zip_checks import shown
from datasets.tables import Column, Decision, Rejects, Table, Work, decision

BATCH = 16 * 2**20  # bytes that are gathered before they are written
LISTED = 1000  # files that could not be used
NAMED = 100  # classes without files
NO_FOLDER = "lies in no folder of a class"


@dataclass
class Gathered:
    """The table `raw` of files, filled in pieces: name, class, and what was made of the bytes.

    `what` is what people call such a file; `type` is VARCHAR or BLOB.
    """

    work: Work
    con: Any
    what: str
    type: str
    rows: int = 0
    rejects: Rejects = field(default_factory=Rejects)
    counts: Counter[str] = field(default_factory=Counter)
    _waiting: list[tuple[str, str, Any]] = field(default_factory=list)
    _bytes: int = 0

    def __post_init__(self) -> None:
        self.con.execute(f"CREATE TABLE raw (file VARCHAR, label VARCHAR, value {self.type})")

    def add(self, item: Item, value: str | bytes) -> None:
        self._waiting.append((item.member.name, item.label, value))
        self._bytes += len(value) + 200
        self.counts[item.label] += 1
        self.rows += 1
        if self._bytes >= BATCH:
            self._write()
            self.work.tell("progress", {"rows": self.rows})

    def leave_out(self, member: Member, reason: str) -> None:
        self.rejects.count += 1
        if len(self.rejects.listed) < LISTED:
            self.rejects.listed.append({"name": shown(member.name), "reason": reason})

    def _write(self) -> None:
        import pyarrow as pa

        types = [pa.string(), pa.string(), pa.binary() if self.type == "BLOB" else pa.string()]
        cells = zip(*self._waiting, strict=True)
        arrays = [pa.array(column, kind) for column, kind in zip(cells, types, strict=True)]
        self.con.register("piece", pa.Table.from_arrays(arrays, ["file", "label", "value"]))
        self.con.execute("INSERT INTO raw SELECT * FROM piece")
        self.con.unregister("piece")
        self._waiting, self._bytes = [], 0

    def table(self, classes: Classes, value: Column, said: Sequence[Decision]) -> Table:
        """All that was gathered. Raises CannotRead where nothing can be learnt from it."""
        for member in classes.loose:
            self.leave_out(member, NO_FOLDER)
        self._check(classes)
        if self._waiting:
            self._write()
        file = Column("file", "file", "file", sql="file", why="The name of the file", kind="identifier")
        why = "The folder that the file lies in"
        label = Column("label", "label", "label", sql="label", why=why, kind="category")
        decisions = [*self._decisions(classes), *said]
        return Table(self.con, "raw", [file, label, value], self.rows, self.rejects, decisions)

    def _check(self, classes: Classes) -> None:
        found = self.rows + self.rejects.count
        if self.rejects.count * 2 > found:
            first = self.rejects.listed[0]
            raise CannotRead(
                "too_many_unusable",
                f"{self.rejects.count:,} of {found:,} files cannot be used as {self.what}. The first is"
                f" “{first['name']}”: {first['reason']}. Put {self.what} into one folder for each class.",
            )
        if self.rows < 2:
            raise CannotRead("too_few_rows", f"Of {self.what}, this zip holds a single one. Add more.")
        if len(self.counts) < 2:
            (label,) = self.counts
            raise CannotRead(
                "one_class",
                f"All {self.what} lie in one folder, “{label}”. A model tells classes apart: make one"
                " folder for each and pack the folders together.",
            )

    def _decisions(self, classes: Classes) -> list[Decision]:
        found = self.rows + self.rejects.count
        made = [decision("Classes", f"{len(self.counts):,}", "the folder that a file lies in is its class")]
        if classes.around:
            made.append(decision("Folder", shown(classes.around), "left out: every other folder lies in it"))
        if classes.splits:
            parts = ", ".join(shown(part) for part in classes.splits)
            made.append(decision("Parts", parts, "read together; an experiment splits the rows anew"))
        if empty := [label for label in classes.labels if not self.counts[label]]:
            why = "no file in these folders can be used"
            made.append(decision("Empty classes", f"{len(empty):,} left out", why, names=empty[:NAMED]))
        if not self.rejects.count:
            return [*made, decision("Files kept", f"{found:,} of {found:,}", "every file can be used")]
        why = "the files listed here cannot be used"
        kept = decision("Files kept", f"{self.rows:,} of {found:,}", why, lines=self.rejects.listed)
        return [*made, kept]

"""A zip of texts becomes a table: one row for each file that can be read, with its class. In the child."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from datasets.problems import CannotRead
from datasets.readers import archives, folders, text
from datasets.readers.archives import UNPACKED, Archive
from datasets.readers.folders import Item
from datasets.readers.gathering import Gathered
from datasets.readers.loading import database
from datasets.readers.text import Encoding
from datasets.tables import Column, Decision, Table, Work, decision

LARGEST = 2**20  # bytes of one text
GUESSES = 200  # files whose encoding is worked out; after them the commonest so far is taken where it fits
PLAIN = Encoding("utf-8", "every byte fits")


class BadText(Exception):
    """Why a file cannot be used, in a few words that follow its name."""


@dataclass
class Letters:
    """How bytes become letters, file by file. `chosen`: the encoding that a person asked for."""

    folder: Path
    chosen: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    guessed: Counter[str] = field(default_factory=Counter)

    def of(self, data: bytes) -> str:
        """The text of a file. Raises BadText where it is none."""
        found, encoding = self._plain(data) or self._guess(data)
        if "\x00" in found:
            raise BadText("no text, for it holds NUL characters")
        if not found.strip():
            raise BadText("empty")
        self.counts[encoding.label] += 1
        return found

    def _plain(self, data: bytes) -> tuple[str, Encoding] | None:
        if self.chosen:
            return None
        try:
            return data.removeprefix(b"\xef\xbb\xbf").decode(), PLAIN
        except UnicodeDecodeError:
            return None

    def _guess(self, data: bytes) -> tuple[str, Encoding]:
        encoding = self._likely(data)
        try:
            found = data[encoding.skip :].decode(encoding.name).removeprefix(text.MARK)
        except (UnicodeDecodeError, LookupError) as error:
            raise BadText(f"not in {encoding.label}") from error
        self.guessed[encoding.name] += 1
        return found, encoding

    def _likely(self, data: bytes) -> Encoding:
        if not self.chosen and self.guessed.total() >= GUESSES:
            return Encoding(self.guessed.most_common(1)[0][0], "as most of the others")
        if self.chosen:
            return Encoding(self.chosen, "you chose it")
        place = self.folder / "one"
        place.write_bytes(data)
        try:
            return text.detect(place)
        except CannotRead as error:
            raise BadText("no text in an encoding that is known") from error


def read(work: Work) -> Table:
    """`file`, `label` and `text` by class and name.

    Raises CannotRead: `one_class`, `too_few_rows`, `too_many_unusable`, and what `archives` raises.
    """
    con = database(work.folder, work.limits, readable=[work.path])
    gathered = Gathered(work, con, "texts", "VARCHAR")
    letters = Letters(work.folder, work.options.get("encoding") or "")
    with archives.opened(work.path, work.limits.get("unpacked", UNPACKED)) as archive:
        classes = folders.some(folders.by_class(archive), work.limits.get("tried", 0))
        for item in classes.items:
            _keep(archive, item, gathered, letters)
    column = Column("text", "text", "value", "VARCHAR", "value", why="Texts from files", kind="text")
    table = gathered.table(classes, column, [_said(letters)])
    table.format = "texts"
    return table


def _keep(archive: Archive, item: Item, gathered: Gathered, letters: Letters) -> None:
    data = archive.read(item.member, LARGEST)
    try:
        if data is None:
            raise BadText(f"larger than {LARGEST:,} bytes")
        gathered.add(item, letters.of(data))
    except BadText as reason:
        gathered.leave_out(item.member, str(reason))


def _said(letters: Letters) -> Decision:
    """The commonest encoding, with how many files were in each where there are several."""
    found = letters.counts.most_common()
    value = found[0][0] if found else PLAIN.label
    if len(found) < 2:
        return decision("Encoding", value, "every file fits" if not letters.chosen else "you chose it")
    counted = ", ".join(f"{count:,} in {label}" for label, count in found)
    return decision("Encoding", "found for each file", counted)

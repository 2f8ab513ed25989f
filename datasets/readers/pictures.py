"""A zip of pictures becomes a table: one row for each that can be used, with its class. In the child."""

import hashlib
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from datasets.readers import archives, folders
from datasets.readers.archives import UNPACKED, Archive
from datasets.readers.folders import Item
from datasets.readers.gathering import Gathered
from datasets.readers.images import LONGEST_SIDE, BadPicture, Picture, encoded, opened
from datasets.readers.loading import database
from datasets.readers.thumbnails import Thumbs, thumbnail
from datasets.tables import Column, Decision, Table, Work, decision

LARGEST = 64 * 2**20  # bytes of one file
CLASSES = 1000  # classes whose places are kept
_MODES = {"L": "grey", "RGB": "colour"}
_CHANGES = {
    "turned": ("Turned", "upright, as the camera says it was held"),
    "smaller": ("Made smaller", f"no side is longer than {LONGEST_SIDE} pixels"),
    "transparent": ("Transparent", "parts that show what is behind became white"),
    "deep": ("Deep grey", "16 bits became 8"),
    "inks": ("Inks", "colours for print became colours for screens"),
    "moving": ("Moving", "the first picture of each is kept"),
}


@dataclass(frozen=True)
class Prepared:
    """A picture with the bytes that are kept of it and those of its thumbnail."""

    picture: Picture
    data: bytes
    thumb: bytes


@dataclass
class Seen:
    """What is seen on the way, for the column of pictures and for what is said about it."""

    widths: list[int] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)
    modes: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    labels: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    copies: int = 0
    disputed: int = 0

    def is_copy(self, data: bytes, label: str) -> bool:
        """Whether the same pixels came before in the same class; those of another class are counted, too."""
        digest = hashlib.sha256(data).digest()
        known = self.labels.get(digest, ())
        self.copies += label in known
        self.disputed += bool(known) and label not in known
        if label not in known:
            self.labels[digest] = (*known, label)
        return label in known

    def note(self, picture: Picture) -> None:
        self.widths.append(picture.width)
        self.heights.append(picture.height)
        self.modes[_MODES[picture.image.mode]] += 1
        self.formats[picture.format] += 1
        self.changes.update(picture.changes)


def read(work: Work) -> Table:
    """`file`, `label` and `image` (PNG or JPEG) by class and name; beside it, `thumbs` in the folder.

    Raises CannotRead: `one_class`, `too_few_rows`, `too_many_unusable`, and what `archives` raises.
    """
    con = database(work.folder, work.limits, readable=[work.path])
    gathered, seen = Gathered(work, con, "pictures", "BLOB"), Seen()
    limit = work.limits.get("unpacked", UNPACKED)
    with archives.opened(work.path, limit) as archive, (work.folder / "thumbs").open("wb") as file:
        classes, thumbs = folders.some(folders.by_class(archive), work.limits.get("tried", 0)), Thumbs(file)
        for item, made in _prepared(archive, classes.items, work.limits["threads"]):
            _keep(made, item, gathered, seen, thumbs)
        thumbs.finish()
    column = Column("image", "image", "value", "BLOB", "value", why="Pictures from files", kind="image")
    column.facts = {"pictures": _summary(seen, gathered)}
    table = gathered.table(classes, column, _decisions(seen, work))
    table.format = "images"
    return table


def _prepared(
    archive: Archive, items: Sequence[Item], threads: int
) -> Iterator[tuple[Item, Prepared | BadPicture]]:
    """Each file in order, unpacked one by one and prepared by several threads, few of them ahead."""
    waiting: deque[tuple[Item, Future[Prepared | BadPicture]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            waiting.append((item, pool.submit(_prepare, archive.read(item.member, LARGEST))))
            if len(waiting) > threads:
                first, made = waiting.popleft()
                yield first, made.result()
        for first, made in waiting:
            yield first, made.result()


def _prepare(data: bytes | None) -> Prepared | BadPicture:
    """What is kept of one file, or why it cannot be used."""
    if data is None:
        return BadPicture(f"larger than {LARGEST:,} bytes")
    try:
        picture = opened(data)
    except BadPicture as reason:
        return reason
    return Prepared(picture, encoded(picture), thumbnail(picture.image))


def _keep(made: Prepared | BadPicture, item: Item, gathered: Gathered, seen: Seen, thumbs: Thumbs) -> None:
    if isinstance(made, BadPicture):
        gathered.leave_out(item.member, str(made))
        return
    options = gathered.work.options
    label = "" if "label" in options.get("drop", ()) else item.label  # so no two rows are equal in the end
    if seen.is_copy(made.data, label) and options.get("duplicates") == "leave_out":
        return
    seen.note(made.picture)
    gathered.add(item, made.data)
    thumbs.add(made.thumb)


def _summary(seen: Seen, gathered: Gathered) -> dict[str, Any]:
    """Sizes in pixels as in the files; of each class its first row and how many follow."""
    classes, first = [], 0
    for label, count in gathered.counts.items():
        classes.append([label, first, count])
        first += count
    return {
        "widths": _spread(seen.widths),
        "heights": _spread(seen.heights),
        "modes": dict(seen.modes.most_common()),
        "formats": dict(seen.formats.most_common()),
        "classes": classes[:CLASSES],
    }


def _spread(sides: Sequence[int]) -> dict[str, float]:
    return {"min": min(sides), "median": median(sides), "max": max(sides)} if sides else {}


def _decisions(seen: Seen, work: Work) -> list[Decision]:
    kept = len(seen.widths)
    counted = [(*_CHANGES[change], count) for change, count in seen.changes.most_common()]
    made = [decision(what, f"{count:,} of {kept:,} pictures", why) for what, why, count in counted]
    if seen.disputed:
        why = "the same picture lies in another class as well, so one of the two is wrong"
        made.append(decision("Two classes", f"{seen.disputed:,} pictures", why))
    if seen.copies:
        made.append(_copies(seen.copies, work.options.get("duplicates") == "leave_out"))
    return made


def _copies(count: int, is_left_out: bool) -> Decision:
    choices = [{"value": "keep", "label": "kept"}, {"value": "leave_out", "label": "left out"}]
    why = f"{count:,} pictures are the same as another of their class"
    value = choices[is_left_out]["label"]
    return decision("Copied pictures", value, why, option="duplicates", choices=choices)

"""A zip with one folder for each class: which file is of which class. In the child."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from datasets import names
from datasets.readers.archives import Archive, Member

SPLITS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev"}
Parts = tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A file with its class: the name of its folder."""

    member: Member
    label: str


@dataclass(frozen=True)
class Classes:
    """`items` by class and name, `loose` files of no class, `labels` of all folders, even of empty ones.

    `around` is the folder in which all others lie; `splits` are folders such as train and test above classes.
    """

    items: list[Item]
    loose: list[Member]
    labels: list[str]
    around: str = ""
    splits: Parts = ()


def by_class(archive: Archive) -> Classes:
    """Sorts files by their folders. One around all others, and train and test, are no classes."""
    paths = [member.parts for member in archive.useful]
    folders = [tuple(folder.split("/")) for folder in archive.folders if not folder.startswith("__MACOSX")]
    around = _around([*paths, *((*folder, "") for folder in folders)])
    depth = len(around)
    splits = _splits(paths, depth)
    depth += bool(splits)
    items = [Item(one, _label(one.parts[depth])) for one in archive.useful if _is_deep(one, depth)]
    loose = [one for one in archive.useful if not _is_deep(one, depth)]
    empty = {_label(folder[depth]) for folder in folders if len(folder) > depth}
    labels = empty | {item.label for item in items}
    items.sort(key=lambda item: (item.label, item.member.name))
    return Classes(items, loose, sorted(labels), "/".join(around), splits)


def some(classes: Classes, most: int) -> Classes:
    """Only so many files, spread evenly, for a reading that is only tried; all where `most` is 0."""
    items, loose = classes.items, classes.loose
    if not most or len(items) <= most:
        return classes
    step = -(-len(items) // most)
    spread = items[::step]
    return replace(classes, items=spread, loose=loose[::step], labels=sorted({one.label for one in spread}))


def _is_deep(member: Member, depth: int) -> bool:
    return len(member.parts) > depth + 1


def _around(paths: Sequence[Parts]) -> list[str]:
    """The folders, one in the other, in which all that has a folder lies."""
    found: list[str] = []
    while top := _only_top(paths, len(found)):
        found.append(top)
    return found


def _only_top(paths: Sequence[Parts], depth: int) -> str:
    """The one folder at this depth that has folders in it; "" where there are several or none."""
    deeper = [parts for parts in paths if len(parts) > depth + 1]
    tops = {parts[depth] for parts in deeper}
    has_folders = any(len(parts) > depth + 2 for parts in deeper)
    return tops.pop() if len(tops) == 1 and has_folders else ""


def _splits(paths: Sequence[Parts], depth: int) -> Parts:
    first = {parts[depth] for parts in paths if len(parts) > depth + 1}
    is_deeper = any(len(parts) > depth + 2 for parts in paths)
    return tuple(sorted(first)) if is_deeper and {name.lower() for name in first} <= SPLITS else ()


def _label(folder: str) -> str:
    return names.clean_title(folder) or "class"

"""Which reader opens which file: by its first bytes, and by its ending only where those fit several."""

from collections.abc import Callable

from datasets import signatures
from datasets.problems import CannotRead
from datasets.readers import delimited
from datasets.tables import Table, Work

Reader = Callable[[Work], Table]

_READERS: dict[str, Reader] = {}


def reader_of(work: Work) -> Reader:
    """The reader for a file. Raises CannotRead where there is none."""
    with work.path.open("rb") as file:
        head = file.read(signatures.HEAD)
    if reason := signatures.why_not_bytes(head, ""):
        raise CannotRead("type_mismatch", reason)
    family = signatures.family_of(head)
    return _READERS.get(family, delimited.read)

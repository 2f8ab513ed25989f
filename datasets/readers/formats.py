"""Which reader opens which file."""

from collections.abc import Callable

from datasets.readers import delimited
from datasets.tables import Table, Work

Reader = Callable[[Work], Table]


def reader_of(work: Work) -> Reader:
    """The reader for a file, by its first bytes. Raises CannotRead where there is none."""
    return delimited.read

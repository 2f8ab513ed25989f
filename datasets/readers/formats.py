"""Which reader opens which file: by its first bytes, and by its ending only where those fit several."""

from collections.abc import Callable

from datasets import names, signatures
from datasets.problems import CannotRead
from datasets.readers import archives, columnar, delimited, documents, packed, pictures, records, spreadsheets
from datasets.tables import Table, Work

Reader = Callable[[Work], Table]

_READERS: dict[str, Reader] = {}
_ZIPS: dict[str, Reader] = {}


def reader_of(work: Work) -> Reader:
    """The reader for a file. Raises CannotRead where there is none."""
    with work.path.open("rb") as file:
        head = file.read(signatures.HEAD)
    if reason := signatures.why_not_bytes(head, ""):
        raise CannotRead("type_mismatch", reason)
    family = signatures.family_of(head)
    if family == signatures.ZIP:
        return _reader_of_zip(work)
    if family == signatures.TEXT and signatures.is_json(head, names.ending_of(work.name)):
        return records.read
    return _READERS.get(family, delimited.read)


def _reader_of_zip(work: Work) -> Reader:
    """Spreadsheets are zips, and so is much else: told by what lies in them."""
    with archives.opened(work.path) as archive:
        kind = archives.kind_of(archive)
    if kind in archives.NOT_READ:
        raise CannotRead("type_mismatch", archives.NOT_READ[kind])
    return _ZIPS.get(kind, _packed)


def _packed(work: Work) -> Table:
    """What came packed is read as what it is, and the packing is told."""
    with work.path.open("rb") as file:
        family = signatures.family_of(file.read(signatures.HEAD))
    inner, said = packed.unpack(work, family)
    table = reader_of(inner)(inner)
    table.decisions = [*said, *table.decisions]
    return table


_ZIPS |= {"images": pictures.read, "texts": documents.read}
_ZIPS |= {"xlsx": spreadsheets.read, "ods": spreadsheets.read}
_READERS |= {signatures.GZIP: _packed, signatures.ZSTD: _packed}
_READERS |= {signatures.OFFICE: spreadsheets.read, signatures.PARQUET: columnar.read}

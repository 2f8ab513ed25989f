"""What a file is, by its ending and by its first bytes. No ending is believed alone."""

from datasets import names

TABLES = ("csv", "tsv", "txt", "tab", "ssv", "psv", "data", "dat")
HEAD = 4096

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"RIFF", "a picture or a recording"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xfe\xed\xfa", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
)
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body")


def why_not_name(file_name: str) -> str | None:
    """Why a file of this name is not taken. None: it may come."""
    ending = names.ending_of(file_name)
    if ending in TABLES or not ending:
        return None
    return f"Files ending in .{ending[:20]} cannot be read. Save the table as CSV and upload that."


def why_not_bytes(head: bytes) -> str | None:
    """Why a file that begins so is no delimited text, whatever its name says. None: it may be."""
    kind = _kind(head[:HEAD])
    if kind is None:
        return None
    return f"By its first bytes this is {kind}, not a table as text. Save the table as CSV and upload that."


def _kind(head: bytes) -> str | None:
    for start, kind in _SIGNATURES:
        if head.startswith(start) and not _is_words(start, head):
            return kind
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "a web page or a drawing" if plain.startswith(_MARKUP) else None


def _is_words(start: bytes, head: bytes) -> bool:
    """A signature of letters alone may also be the beginning of a text: "BMI", "MZ", "RIFF"."""
    return start.isalnum() and start.isascii() and not any(byte < 9 or 13 < byte < 32 for byte in head)

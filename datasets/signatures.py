"""What a file is, by its ending and by its first bytes. No ending is believed alone."""

import json
import re

from datasets import names

HEAD = 4096

TEXT, ZIP, OFFICE, GZIP, ZSTD, PARQUET = "text", "zip", "office", "gzip", "zstd", "parquet"
TABLES = ("csv", "tsv", "txt", "tab", "ssv", "psv", "data", "dat")
RECORDS = ("json", "jsonl", "ndjson")
READABLE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*TABLES, *RECORDS), (TEXT,)),
    **dict.fromkeys(("xlsx", "xlsm", "ods"), (ZIP, OFFICE)),
    "xls": (OFFICE, ZIP, TEXT),  # many programs write text and call it so
    "zip": (ZIP,),
    "gz": (GZIP, TEXT),  # what fetches a file may unpack it and keep its name
    "zst": (ZSTD, TEXT),
    "parquet": (PARQUET,),
}
"""Each ending that is taken, with the families of bytes that may stand behind it."""

ACCEPT = ",".join(f".{ending}" for ending in READABLE)
"""For the page: what its file chooser offers."""
WORDS = (
    "Text tables (CSV, TSV and the like), Excel (.xlsx, .xls), OpenDocument (.ods), Parquet, JSON and"
    " JSON Lines; packed as .gz, .zst or .zip; a .zip of images or texts with a folder for each class"
)
"""For people: what can be read."""

_FAMILIES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE),
    (b"\x1f\x8b", GZIP),
    (b"\x28\xb5\x2f\xfd", ZSTD),
    (b"PAR1", PARQUET),
)
_CALLED = {
    TEXT: "plain text",
    ZIP: "a zip archive or a spreadsheet",
    OFFICE: "an old Office document",
    GZIP: "a gzip archive",
    ZSTD: "a Zstandard archive",
    PARQUET: "a Parquet file",
}
_ENDING_OF = {ZIP: "xlsx or .zip", OFFICE: "xls", GZIP: "gz", ZSTD: "zst", PARQUET: "parquet"}

_SAVE = "Save the table as CSV and upload that."
_LOAD = "Such a file can run programs when it is opened. Save the table as CSV where you made it."
_PACK = "Pictures come in a .zip with a folder for each class; tables come as text. Save the table as CSV."
_UNPACK = "Unpack it and upload the table that lies in it. Save the table as CSV if it is not one yet."
_EXPORT = "Save the table as CSV or Parquet where you made it, and upload that."

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", _PACK),
    (b"\xff\xd8\xff", "a JPEG picture", _PACK),
    (b"GIF8", "a GIF picture", _PACK),
    (b"BM", "a picture", _PACK),
    (b"II*\x00", "a TIFF picture", _PACK),
    (b"MM\x00*", "a TIFF picture", _PACK),
    (b"RIFF", "a picture or a recording", _PACK),
    (b"\x00\x00\x01\x00", "an icon", _PACK),
    (b"\x7fELF", "a program", _SAVE),
    (b"MZ", "a program", _SAVE),
    (b"\xfe\xed\xfa", "a program", _SAVE),
    (b"\xcf\xfa\xed\xfe", "a program", _SAVE),
    (b"\xca\xfe\xba\xbe", "a program", _SAVE),
    (b"\x00asm", "a program", _SAVE),
    (b"#!/", "a script", _SAVE),
    (b"PK\x05\x06", "an empty zip archive", _SAVE),
    (b"PK\x07\x08", "one part of a zip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"\x04\x22\x4d\x18", "an LZ4 archive", _UNPACK),
    (b"\x89HDF", "an HDF5 file", _EXPORT),
    (b"CDF\x01", "a NetCDF file", _EXPORT),
    (b"\x93NUMPY", "a NumPy array", _EXPORT),
    (b"ARROW1", "an Arrow file", _EXPORT),
    (b"\xff\xff\xff\xff", "an Arrow stream", _EXPORT),
    (b"FEA1", "a Feather file", _EXPORT),
    (b"PARE", "an encrypted Parquet file", "Save it without encryption. Save the table as CSV if you can."),
    (b"ORC", "an ORC file", _EXPORT),
    (b"Obj\x01", "an Avro file", _EXPORT),
    (b"SQLite format 3\x00", "a SQLite database", _EXPORT),
    (b"MATLAB 5.0 MAT", "a MATLAB file", _EXPORT),
    (b"$FL2", "an SPSS file", _EXPORT),
    (b"<stata_dta>", "a Stata file", _EXPORT),
    (b"X\n\x00\x00\x00", "an R file", _EXPORT),
    (b"%PDF", "a PDF document", _SAVE),
    (b"%!PS", "a PostScript document", _SAVE),
    (b"{\\rtf", "a rich text document", _SAVE),
    *((bytes([0x80, protocol]), "a Python pickle", _LOAD) for protocol in range(2, 6)),
)
_SHAPES: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"c[\w.]+\n[\w.]+\n(p\d+\n|\(|q[\x00-\xff])"), "a Python pickle", _LOAD),
    (re.compile(rb"\((dp|lp|tp)\d*\n|\(i[\w.]+\n[\w.]+\n"), "a Python pickle", _LOAD),
    (re.compile(rb"[\](})]+q[\x00-\x08]"), "a Python pickle", _LOAD),
    (re.compile(rb"x[\x01\x5e\x9c\xda][^\n]*[\x00-\x08]"), "a joblib pickle or another packed file", _LOAD),
    (re.compile(rb"(?=[\x00-\xff]{257}ustar)[^\x00]{1,100}\x00"), "a tar archive", _UNPACK),
    (re.compile(rb"[\x00-\xff]{8}DUCK[\x00-\xff]\x00"), "a DuckDB database", _EXPORT),
    (re.compile(rb"\x00\x00[\x00-\xff]{2}ftyp"), "a recording or a picture", _PACK),
)
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body")
_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*(\{|\]|\[\s*["\d\[-]|"))')


def why_not_name(file_name: str) -> str | None:
    """Why a file of this name is not taken. None: it may come."""
    ending = names.ending_of(file_name)
    if ending in READABLE or not ending:
        return None
    return f"Files ending in .{ending[:20]} cannot be read. {_SAVE}"


def why_not_bytes(head: bytes, ending: str = "csv", *, whole: bool = True) -> str | None:
    """Why a file that begins so is not what its ending says. None: it may be. No ending fits all.

    `whole`: `head` is the first HEAD bytes, or all of a shorter file; else more of them may follow.
    """
    if refused := _refused(head[:HEAD]):
        what, advice = refused
        return f"By its first bytes this is {what}, not a table that can be read. {advice}"
    family = family_of(head)
    is_open = family == TEXT and not whole
    if not ending or is_open or family in READABLE.get(ending, (TEXT,)):
        return None
    return (
        f"By its first bytes this is {_CALLED[family]}, although its name ends in .{ending[:20]}. "
        f"{_rename(family)}"
    )


def family_of(head: bytes) -> str:
    """Which family of readers the bytes belong to; text where nothing says otherwise."""
    return next(
        (family for start, family in _FAMILIES if _begins(head, start) or _is_only(head, start)), TEXT
    )


def is_json(head: bytes, ending: str) -> bool:
    """Whether a text is records rather than a table: by its ending, else by its first signs."""
    text = head.decode(json.detect_encoding(head), "ignore")
    return ending in RECORDS or _JSON.match(text.removeprefix("\ufeff")) is not None


def _rename(family: str) -> str:
    if family == TEXT:
        return f"If it is a table as text, let its name end in .csv. If not, it is damaged. {_EXPORT}"
    return f"If that is right, let its name end in .{_ENDING_OF[family]}. If not, it is damaged. {_SAVE}"


def _refused(head: bytes) -> tuple[str, str] | None:
    for start, what, advice in _SIGNATURES:
        if _begins(head, start):
            return what, advice
    for shape, what, advice in _SHAPES:
        if shape.match(head):
            return what, advice
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return ("a web page or a drawing", _SAVE) if plain.startswith(_MARKUP) else None


def _begins(head: bytes, start: bytes) -> bool:
    return head.startswith(start) and not _is_words(start, head)


def _is_only(head: bytes, start: bytes) -> bool:
    """Nothing but the signature, once or more: a file that was cut off right after it."""
    return head != b"" and not head.replace(start, b"")


def _is_words(start: bytes, head: bytes) -> bool:
    """A signature of letters alone may also be the beginning of a text: "BMI", "MZ", "RIFF"."""
    return start.isalnum() and start.isascii() and not any(byte < 9 or 13 < byte < 32 for byte in head)

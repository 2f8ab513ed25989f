"""How a page asks for a file and for how to read it."""

from typing import Any

from django import forms
from django.conf import settings

from datasets import signatures
from datasets.options import MOST_LINES
from datasets.readers.encodings import ENCODINGS
from web.templatetags.words import size

FIND_OUT = ("", "Find out")
SEPARATORS = [
    FIND_OUT,
    (",", "Comma"),
    (";", "Semicolon"),
    ("tab", "Tab"),
    ("|", "Pipe"),
    ("space", "Spaces"),
    ("wide", "Two spaces or more"),
]
HEADERS = [FIND_OUT, ("true", "Holds the names"), ("false", "Is data already")]
QUOTES = [FIND_OUT, ("true", "Wrap cells"), ("false", "Are part of the text")]
COMMENTS = [FIND_OUT, ("none", "There are none"), *((sign, f"Begin with {sign}") for sign in "#%;!")]
DECIMALS = [FIND_OUT, (".", "Point, as in 1.5"), (",", "Comma, as in 1,5")]
THOUSANDS = [
    FIND_OUT,
    ("none", "Not grouped"),
    ("comma", "Comma, as in 1,234"),
    ("point", "Point, as in 1.234"),
    ("space", "Space, as in 1 234"),
    ("'", "Apostrophe, as in 1'234"),
]
DATES = [
    FIND_OUT,
    ("day_first", "Day first, as in 31/12/2026"),
    ("month_first", "Month first, as in 12/31/2026"),
]
EMPTY = [FIND_OUT, ("leave_out", "Leave them out"), ("keep", "Keep them")]
BLANKS = [FIND_OUT, ("strip", "Leave them out"), ("keep", "Keep them")]
MERGED = [FIND_OUT, ("fill", "Count for each of their rows"), ("keep", "Count for their first row")]


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _lines(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_LINES, required=False)


class ReadingForm(forms.Form):
    """How the file is to be read; nothing chosen means that it is found out."""

    delimiter = _choice("Separator", SEPARATORS)
    encoding = _choice("Encoding", [FIND_OUT, *ENCODINGS.items()])
    header = _choice("First line", HEADERS)
    skip_rows = _lines("Lines above the table")
    skip_footer = _lines("Lines below the table")
    comment = _choice("Comments", COMMENTS)
    quotes = _choice("Quotes", QUOTES)
    decimal = _choice("Decimals", DECIMALS)
    thousands = _choice("Thousands", THOUSANDS)
    dates = _choice("Dates", DATES)
    missing = forms.CharField(
        label="Words for missing", help_text="Parted by commas.", max_length=1000, required=False
    )
    empty_columns = _choice("Empty columns", EMPTY)
    empty_rows = _choice("Empty rows", EMPTY)
    blanks = _choice("Spaces around words", BLANKS)
    merged_cells = _choice("Merged cells", MERGED)
    sheet = forms.CharField(label="Sheet", max_length=200, required=False)
    member = forms.CharField(label="File in the archive", max_length=1000, required=False)

    def options(self) -> dict[str, Any]:
        """What was chosen, as `options.clean_patch` takes it."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in ReadingForm.base_fields and value not in (None, "")
        }


def limits() -> dict[str, Any]:
    """What the form for a file and its script need to know of the limits."""
    most = settings.MAX_UPLOAD
    note = f"Up to {size(most)}. An interrupted upload goes on where it stopped."
    taken = {"accept": signatures.ACCEPT, "readable": signatures.WORDS}
    return {"most": most, "part": settings.MAX_PART // 2, "upload_note": note, **taken}


class UploadForm(ReadingForm):
    """A small file in one piece, for browsers without scripts."""

    file = forms.FileField(
        label="File", error_messages={"required": "Choose a file.", "empty": "This file is empty."}
    )

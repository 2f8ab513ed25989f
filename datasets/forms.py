"""How a page asks for a file and for how to read it."""

from typing import Any

from django import forms
from django.conf import settings

from datasets import signatures
from datasets.readers.encodings import ENCODINGS
from web.templatetags.words import size

SEPARATORS = [
    ("", "Find out"),
    (",", "Comma"),
    (";", "Semicolon"),
    ("tab", "Tab"),
    ("|", "Pipe"),
    ("space", "Space"),
]
HEADERS = [("", "Find out"), ("true", "Holds the names"), ("false", "Is data already")]


class ReadingForm(forms.Form):
    """How the file is to be read; nothing chosen means that it is found out."""

    delimiter = forms.ChoiceField(label="Separator", choices=SEPARATORS, required=False)
    encoding = forms.ChoiceField(
        label="Encoding", choices=[("", "Find out"), *ENCODINGS.items()], required=False
    )
    header = forms.ChoiceField(label="First line", choices=HEADERS, required=False)

    def options(self) -> dict[str, Any]:
        names = ("delimiter", "encoding", "header")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


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

"""A zip of texts with a folder for each class becomes a table, whatever encoding each text is in."""

from collections.abc import Callable

import pyarrow.parquet as pq
import pytest

from datasets.models import DatasetVersion, Status
from datasets.problems import CannotRead
from datasets.readers import documents
from tests.datasets.conftest import Read, column, decision
from tests.datasets.zips import packed

HAM = "Kommst du heute Abend? Ich würde mich freuen, dich zu sehen. Grüße aus Köln, Jürgen"
SPAM = "WIN a free prize!! Call now, terms apply."


def mails(ham: bytes = HAM.encode(), count: int = 3) -> dict[str, bytes]:
    made = {f"mails/ham/{number}.txt": ham for number in range(count)}
    return made | {f"mails/spam/{number}.txt": f"{SPAM} {number}".encode() for number in range(count)}


def test_each_folder_is_a_class_and_each_text_a_row(read: Read) -> None:
    profile = read(packed(mails()))
    assert (profile["format"], profile["rows"]) == ("texts", 6)
    kinds = [(found["name"], found["kind"]) for found in profile["columns"]]
    assert kinds == [("file", "identifier"), ("label", "category"), ("text", "text")]
    assert column(profile, "label")["top"] == [["ham", 3], ["spam", 3]]
    table = pq.read_table(profile["folder"] / "table.parquet")
    assert table["text"].to_pylist() == [HAM] * 3 + [f"{SPAM} {number}" for number in range(3)]
    assert decision(profile, "Encoding")["value"] == "UTF-8"


ENCODED = [
    ("with a mark", HAM.encode("utf-8-sig"), "UTF-8"),
    ("UTF-16", HAM.encode("utf-16"), "found for each file"),
    ("Windows-1252", HAM.encode("cp1252"), "found for each file"),
]


@pytest.mark.parametrize(("data", "said"), [case[1:] for case in ENCODED], ids=[case[0] for case in ENCODED])
def test_each_text_is_read_in_its_own_encoding(read: Read, data: bytes, said: str) -> None:
    profile = read(packed(mails(data)))
    table = pq.read_table(profile["folder"] / "table.parquet")
    assert table["text"].to_pylist()[:3] == [HAM] * 3
    made = decision(profile, "Encoding")
    assert made["value"] == said
    assert said == "UTF-8" or "3 in UTF-8" in made["why"]


def test_after_some_guesses_the_commonest_is_taken(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "GUESSES", 2)
    profile = read(packed(mails(HAM.encode("cp1252"), count=9)))
    table = pq.read_table(profile["folder"] / "table.parquet")
    assert set(table["text"].to_pylist()[:9]) == {HAM}
    assert "9 in" in decision(profile, "Encoding")["why"]


def test_an_encoding_can_be_chosen_for_all(read: Read) -> None:
    profile = read(packed(mails("naïve".encode("cp1250", "replace") + b"\xb3")), encoding="iso8859-2")
    table = pq.read_table(profile["folder"] / "table.parquet")
    assert table["text"].to_pylist()[0].endswith("ł")
    assert decision(profile, "Encoding")["why"] == "you chose it"


def test_what_is_no_text_is_listed_and_the_rest_is_kept(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST", 2**16)
    bad = {
        "mails/ham/program": b"\x7fELF\x00\x01",
        "mails/ham/blank.txt": b" \n\t",
        "mails/ham/long.txt": b"x" * (2**16 + 1),
        "mails/loose.txt": b"Who am I?",
    }
    kept = decision(read(packed(mails() | bad)), "Files kept")
    assert kept["value"] == "6 of 10"
    assert {row["name"].rpartition("/")[2]: row["reason"] for row in kept["lines"]} == {
        "program": "no text, for it holds NUL characters",
        "blank.txt": "empty",
        "long.txt": f"larger than {documents.LARGEST:,} bytes",
        "loose.txt": "lies in no folder of a class",
    }


def test_texts_of_one_class_are_refused(refused: Callable[..., CannotRead]) -> None:
    reason = refused(packed({f"mails/spam/{number}.txt": SPAM for number in range(5)}))
    assert reason.code == "one_class"
    assert reason.detail.startswith("All texts lie in one folder, “spam”.")


def test_texts_come_in_through_the_real_way(ingest: Callable[..., DatasetVersion]) -> None:
    version = ingest(packed(mails(HAM.encode("cp1252"))), "mails.zip")
    assert (version.status, version.format, version.rows) == (Status.READY, "texts", 6)
    assert version.thumbs_size is None

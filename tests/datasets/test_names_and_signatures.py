"""What people bring is named so that it can be shown, and taken only where it may be a table."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import names, signatures
from datasets.options import clean
from web.problems import Invalid

TEXT = st.text(st.characters(exclude_characters="\x00"), max_size=400)


@given(TEXT)
def test_any_name_becomes_one_that_can_be_shown(raw: str) -> None:
    shown = names.clean_file_name(raw)
    assert 1 <= len(shown) <= 255
    assert shown == shown.strip()
    assert not set(shown) & set("/\\\r\n\t\x7f\u202e\u2066")
    assert shown not in (".", "..")


@given(TEXT)
def test_cleaning_twice_changes_no_more(raw: str) -> None:
    once = names.clean_file_name(raw)
    assert names.clean_file_name(once) == once


@given(st.lists(TEXT, max_size=30))
def test_columns_get_names_of_their_own(raw: list[str]) -> None:
    made = names.column_names(raw)
    assert len(made) == len(raw)
    assert len({name.casefold() for name in made}) == len(made)
    for name in made:
        assert name.strip() == name != ""
        assert not name.startswith(("=", "+", "-", "@", "|"))
        assert not any(unicodedata.category(letter) == "Cc" for letter in name)


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("titanic.csv", "titanic"),
        ("a.b.csv", "a.b"),
        (".csv", ".csv"),
        ("no ending", "no ending"),
        ("file", "file"),
    ],
)
def test_a_dataset_is_called_like_its_file(file: str, title: str) -> None:
    assert names.title_of(file) == title


@given(st.binary(max_size=64))
def test_any_beginning_can_be_looked_at(head: bytes) -> None:
    assert signatures.why_not_bytes(head) is None or "Save the table as CSV" in str(
        signatures.why_not_bytes(head)
    )


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<%{"), max_size=64
    )
)
def test_plain_words_are_never_taken_for_something_else(text: str) -> None:
    assert signatures.why_not_bytes(text.encode()) is None


@pytest.mark.parametrize(
    "text", [b"BMI,age\n20,30\n", b"MZ,b\n1,2\n", b"RIFF,b\n1,2\n", b"PAR1,score\n", b"GIF8,x\n"]
)
def test_words_that_look_like_a_signature_are_words(text: bytes) -> None:
    assert signatures.why_not_bytes(text) is None


@pytest.mark.parametrize(
    "head",
    [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"\x7fELF",
        b"MZ\x90\x00\x03\x00",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"\x89HDF\r\n",
        b"\x93NUMPY\x01",
        b"ARROW1\x00\x00",
        b"PAR1\x15\x04\x15",
        b"SQLite format 3\x00",
        b"\x80\x04\x95",
        b"\x80\x05\x95",
        b"%PDF-1.7",
        b"  <html>",
        b"\xef\xbb\xbf<svg ",
    ],
)
def test_other_files_are_known_by_their_first_bytes(head: bytes) -> None:
    assert signatures.why_not_bytes(head)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({}, {}),
        ({"delimiter": None, "encoding": ""}, {}),
        ({"delimiter": "tab"}, {"delimiter": "\t"}),
        ({"encoding": "Latin1"}, {"encoding": "iso8859-1"}),
        ({"encoding": "UTF-16"}, {"encoding": "utf-16-le"}),
        ({"header": "false"}, {"header": False}),
    ],
)
def test_choices_are_kept_in_our_own_words(sent: dict[str, object], kept: dict[str, object]) -> None:
    assert clean(sent) == kept


@pytest.mark.parametrize("mark", ["", '"', "'", "\n", "a", "5", ".", "§", "\x00", ",,"])
def test_not_every_sign_parts_cells(mark: str) -> None:
    if mark == "":
        assert clean({"delimiter": mark}) == {}
        return
    with pytest.raises(Invalid) as caught:
        clean({"delimiter": mark})
    assert caught.value.field == "options.delimiter"

"""Letters of many languages come out as they were meant, even where a file holds few of them."""

import pytest

from datasets.problems import CannotRead
from datasets.readers import text
from datasets.readers.encodings import ENCODINGS, encoding_name, likeliest
from tests.datasets.conftest import Read, decision

WORDS = {
    "cp1252": [
        "Zürich",
        "café",
        "Brébeuf",
        "niño",
        "25 °C",
        "£5",
        "it’s",
        "Århus",
        "São Paulo",
        "Ærø",
        "naïve – “x”",
        "É",
        "Straße",
    ],
    "cp1250": ["Łódź", "Příbram České Budějovice", "Žluťoučký kůň"],
    "cp1251": ["Москва", "Привет мир", "город", "МОСКВА"],
    "koi8-r": ["Москва", "Привет мир", "Санкт-Петербург"],
    "cp866": ["Москва", "Привет, как дела"],
    "cp1253": ["Αθήνα", "Θεσσαλονίκη", "καλημέρα κόσμε"],
    "cp1254": ["Beşiktaş", "ığdır", "güneş"],
    "cp1255": ["שלום עולם", "ירושלים"],
    "cp1256": ["القاهرة", "مرحبا بالعالم"],
    "cp874": ["กรุงเทพ", "สวัสดีชาวโลก"],
    "mac-roman": ["café Zürich"],
    "cp850": ["café Zürich"],
    "shift_jis": ["日本語の文章", "東京", "カタカナ", "大阪府"],
    "euc_jp": ["日本語の文章を書く", "東京タワー"],
    "gb18030": ["北京", "上海市", "你好世界", "中华人民共和国", "广州"],
    "big5": ["台北", "中文資料", "你好世界", "高雄市"],
    "euc_kr": ["서울", "부산광역시", "안녕하세요 세계", "대한민국"],
}
CASES = [(name, word) for name, words in WORDS.items() for word in words]


@pytest.mark.parametrize(("name", "word"), CASES)
def test_one_word_is_enough_for_most_languages(name: str, word: str) -> None:
    sample = f"1,{word},5\n2,{word}7\n"
    found = likeliest(sample.encode(name))
    assert found is not None
    assert sample.encode(name).decode(found) == sample


@pytest.mark.parametrize("word", ["Kraków", "ró", "Győr", "señor"])
def test_what_two_encodings_could_mean_is_read_as_western(word: str) -> None:
    assert likeliest(word.encode("cp1250" if word != "señor" else "cp1252")) == "cp1252"


def test_bytes_that_are_no_letters_have_no_encoding() -> None:
    assert likeliest(bytes(range(128, 256)) * 4) is None


@pytest.mark.parametrize(
    ("asked", "ours"),
    [
        ("UTF8", "utf-8"),
        ("latin-1", "iso8859-1"),
        ("windows-1252", "cp1252"),
        ("utf-16", "utf-16-le"),
        ("SJIS", "shift_jis"),
        (" Big5 ", "big5"),
        ("utf-7", None),
        ("rot13", None),
        ("klingon", None),
        ("a\0b", None),
    ],
)
def test_an_encoding_is_known_by_any_of_its_names(asked: str, ours: str | None) -> None:
    assert encoding_name(asked) == ours


def test_each_encoding_has_words_for_a_person_and_can_be_chosen() -> None:
    assert all(encoding_name(name) == name for name in ENCODINGS)
    assert len(set(ENCODINGS.values())) == len(ENCODINGS)


def test_plain_ascii_leaves_nothing_to_choose(read: Read) -> None:
    assert "choices" not in decision(read("a,b\n1,2\n3,4\n"), "Encoding")


def test_letters_beyond_ascii_can_be_read_otherwise(read: Read) -> None:
    data = "place,word\n" + "".join(f"{place},Łódź {place}\n" for place in range(9))
    made = decision(read(data.encode("cp1250")), "Encoding")
    offered = {choice["label"]: choice["value"] for choice in made["choices"]}
    assert offered[made["value"]] == "cp1250"
    assert {"cp1252", "iso8859-2"} < set(offered.values())
    assert "utf-8" not in offered.values()


def test_a_letter_cut_in_two_by_a_block_of_reading_is_no_fault(read: Read) -> None:
    data = "a,b\n" + "x" * (text.PIECE - 5) + "é,1\nü,2\n"
    assert read(data)["rows"] == 2


def test_a_letter_that_ends_early_is_not_utf8(read: Read) -> None:
    profile = read(b"a,b\n1,x\n2,caf\xe9")
    assert decision(profile, "Encoding")["value"] == "Western European (Windows-1252)"


@pytest.mark.parametrize(
    ("data", "encoding", "code"),
    [
        ("a,b\n1,ü\n2,x\n".encode("cp1252"), "utf-8", "encoding_unknown"),
        (b"a,b\n1,2\n3,4\n5", "utf-16", "encoding_unknown"),
        (b"a,b\n" + bytes(range(128, 256)) + b"\n1,2\n", "", "encoding_unknown"),
    ],
)
def test_bytes_that_do_not_fit_are_refused_with_a_way_on(
    read: Read, data: bytes, encoding: str, code: str
) -> None:
    with pytest.raises(CannotRead) as caught:
        read(data, encoding=encoding_name(encoding) or "")
    assert (caught.value.code, caught.value.field) == (code, "encoding")

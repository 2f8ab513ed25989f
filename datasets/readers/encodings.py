"""Which encoding bytes are likely in that are not UTF-8, by the letters they make in it. In the child."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

SURE = 0.6  # share of letters that must make sense
RARE = 0.95  # what an encoding weighs that is hardly used any more
COMMON = 0.25  # what frequent letters weigh beside it

ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16, big-endian",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32, big-endian",
    "cp1252": "Western European (Windows-1252)",
    "iso8859-1": "Western European (Latin-1)",
    "cp1250": "Central European (Windows-1250)",
    "iso8859-2": "Central European (Latin-2)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp866": "Cyrillic (DOS)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp874": "Thai (Windows-874)",
    "mac-roman": "Western European (Macintosh)",
    "cp850": "Western European (DOS)",
    "shift_jis": "Japanese (Shift-JIS)",
    "euc_jp": "Japanese (EUC-JP)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "euc_kr": "Korean (EUC-KR)",
}
_PIECES = re.compile(r"[^\W\d_]+|[^\x00-\x7f\w]+")
_OTHER_NAMES = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_SIGNS = frozenset("°£€§®©±²³µ½¼¾«»“”„‘’–—…·•×¡¿ºª ")
_WESTERN = "éèüöäñçàáíóøåßæêôúâîûãõëï"


@dataclass(frozen=True)
class _Alphabet:
    """An encoding of one byte a letter: the script of its letters, and the most frequent of them."""

    name: str
    script: str
    common: str
    weight: float = 1.0


@dataclass(frozen=True)
class _Wide:
    """An encoding of two bytes a letter: first bytes of everyday letters and of signs."""

    name: str
    letters: tuple[tuple[int, int], ...]
    common: str
    signs: tuple[tuple[int, int], ...] = ((0xA1, 0xA3),)


_ALPHABETS = (
    _Alphabet("cp1252", "LATIN", _WESTERN),
    _Alphabet("cp1250", "LATIN", "ěščřžýáíéůúłąęśżźćńóőűöüăşďťň"),
    _Alphabet("iso8859-2", "LATIN", "ěščřžýáíéůúłąęśżźćńóőűöüăşďťň"),
    _Alphabet("cp1254", "LATIN", "şğıçöüi̇â"),
    _Alphabet("mac-roman", "LATIN", _WESTERN, RARE),
    _Alphabet("cp850", "LATIN", _WESTERN, RARE),
    _Alphabet("cp1251", "CYRILLIC", "оеаинтсрвлкмдпу"),
    _Alphabet("koi8-r", "CYRILLIC", "оеаинтсрвлкмдпу"),
    _Alphabet("cp866", "CYRILLIC", "оеаинтсрвлкмдпу"),
    _Alphabet("cp1253", "GREEK", "αοιετσνηυρπκμλςάόίή"),
    _Alphabet("cp1255", "HEBREW", "יוהלארתבשמםע"),
    _Alphabet("cp1256", "ARABIC", "ايلمنرتبوةسدعه"),
    _Alphabet("cp874", "THAI", "านรกเอมยลวดทส"),
)
_KANA = "".join(map(chr, range(0x3041, 0x30FF)))
_JAPANESE = _KANA + "日本東京大阪県市区町人年月名古屋山川田中"
_SIMPLIFIED = (
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自之过家学对可里后小多天而能好都日发成事"
    "作文开方前所本公同三长北京海广州市省东南西县区世界华民共新名山江河湖津重庆深圳成武汉安"
)
_TRADITIONAL = (
    "的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自之過家學對可裡後小多天而能好都日發成事"
    "作文開方前所本公同三長台臺北高雄市縣區新竹灣資料世界華民東南西名山港香"
)
_KOREAN = (
    "이다는에을의가고하은지도로서한자기사시리대인해정어수아부전일공중원제주민국안녕요세계울산광역구동남북를과나라보만들있없것"
    "그여상무영장선성김박최조강윤임오신"
)
_WIDES = (
    _Wide("shift_jis", ((0x88, 0x97), (0x82, 0x83)), _JAPANESE, signs=((0x81, 0x81),)),
    _Wide("gb18030", ((0xB0, 0xD7),), _SIMPLIFIED),
    _Wide("big5", ((0xA4, 0xC6),), _TRADITIONAL),
    _Wide("euc_kr", ((0xB0, 0xC8),), _KOREAN),
    _Wide("euc_jp", ((0xA4, 0xA5), (0xB0, 0xCF)), _JAPANESE),
)


def encoding_name(wanted: str) -> str | None:
    """Our name of an encoding that somebody asked for; None where it is not one we read."""
    try:
        name = codecs.lookup(wanted.strip()).name
    except (LookupError, ValueError):
        return None
    known = {codecs.lookup(ours).name: ours for ours in ENCODINGS}
    return known.get(_OTHER_NAMES.get(name, name))


def fitting(sample: bytes) -> list[str]:
    """The encodings in which these bytes are text. The last letter may be half."""
    narrow = [name for name in ENCODINGS if not name.startswith(("utf-16", "utf-32"))]
    return [name for name in narrow if _decoded(sample, name) is not None]


def likeliest(sample: bytes) -> str | None:
    """The encoding that makes most sense of bytes that are not UTF-8; None where none makes enough.

    Where several do, the western one: it is the most frequent by far, and a person can choose another.
    """
    found = [(score, name) for score, name in _scores(sample) if score >= SURE]
    best = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return best[1]


def _scores(sample: bytes) -> Iterator[tuple[float, str]]:
    """How much sense each makes; the western one first, which wins where another makes as much."""
    for alphabet in _ALPHABETS:
        if text := _decoded(sample, alphabet.name):
            yield _sense(text, alphabet), alphabet.name
    for wide in _WIDES:
        if text := _decoded(sample, wide.name):
            yield _sense_of_wide(text, wide), wide.name


def _decoded(sample: bytes, name: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeError:
        return None


def _sense_of_wide(text: str, wide: _Wide) -> float:
    """The share of letters that are everyday ones; more where they are frequent ones."""
    places = [place for place, letter in enumerate(text) if not letter.isascii()]
    counted = [place for place in places if not _is_sign(text[place], wide)]
    good = sum(_is_everyday(text, place, wide) for place in counted)
    common = sum(text[place] in wide.common for place in counted)
    return (good + COMMON * common) / len(counted) if counted else 0.0


def _is_sign(letter: str, wide: _Wide) -> bool:
    code = letter.encode(wide.name)
    return len(code) == 2 and _within(code[0], wide.signs)


def _is_everyday(text: str, place: int, wide: _Wide) -> bool:
    """A second byte below 128 makes a letter only beside another; else it is a western one before ASCII."""
    code = text[place].encode(wide.name)
    around = _around(text, place)
    is_sound = code[-1] >= 0xA1 or (wide.name in ("shift_jis", "big5") and not around.isascii())
    return len(code) == 2 and _within(code[0], wide.letters) and is_sound and not _has_letter(around)


def _around(text: str, place: int) -> str:
    return text[max(place - 1, 0) : place] + text[place + 1 : place + 2]


def _has_letter(around: str) -> bool:
    return any(letter.isascii() and letter.isalpha() for letter in around)


def _within(byte: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= byte <= high for low, high in ranges)


def _sense(text: str, alphabet: _Alphabet) -> float:
    """The share of letters that stand where letters of this script may; more where they are frequent ones."""
    pieces = [piece for piece in _PIECES.findall(text) if not piece.isascii()]
    letters = [letter for piece in pieces for letter in piece if not letter.isascii()]
    good = sum(_in_place(piece, alphabet.script) for piece in pieces)
    common = sum(letter.casefold() in alphabet.common or letter in _SIGNS for letter in letters)
    return alphabet.weight * (good + COMMON * common) / len(letters) if letters else 0.0


def _in_place(piece: str, script: str) -> int:
    """How many letters beyond ASCII of a word make sense: Latin ones among others of ASCII, the rest alone.

    A sign makes sense where it stands alone.
    """
    beyond = [letter for letter in piece if not letter.isascii()]
    if len(piece) == 1 and piece in _SIGNS:
        return int(script == "LATIN")
    is_mixed = len(beyond) < len(piece)
    if is_mixed != (script == "LATIN") and len(piece) > 1:
        return 0
    cases = zip(" " + piece, piece, strict=False)
    falls = sum(letter.isupper() and before.islower() for before, letter in cases)
    return sum(_is_of(letter, script) for letter in beyond) - falls


def _is_of(letter: str, script: str) -> bool:
    return unicodedata.name(letter, "").startswith(script) or (script == "LATIN" and letter in _SIGNS)

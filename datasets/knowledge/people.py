"""Whether a column holds something of a person: by the form of its values, else by its name. Pure."""

import re
from collections.abc import Callable, Sequence

from datasets.quality.facts import Personal
from datasets.quality.spellings import DATE_LIKE, ends_with

LOOKED_AT = 1000  # different values
AT_LEAST = 5  # of them, for a form to count
SHARE = 0.8  # of them have the form

_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[a-z0-9-]+([.][a-z0-9-]+)*[.][a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"[+(]?[0-9][0-9 ()./-]{6,18}[0-9]")
_TITLED = re.compile(r"[^\W\d_][\w'’ -]+, (Mr|Mrs|Ms|Miss|Master|Dr|Rev|Prof|Sir|Mme|Mlle|Frau|Herr)[.]? .+")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}([ ]?[A-Z0-9]{4}){2,7}([ ]?[A-Z0-9]{1,3})?")
_IP = re.compile(r"(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])([.](25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}")
_SSN = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{4}")

_NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "e-mail addresses": (("email",), ("e", "mail"), ("mail",), ("email", "address")),
    "phone numbers": (("phone",), ("telephone",), ("phone", "number"), ("mobile",), ("fax",), ("telefon",)),
    "names of people": (
        *(("surname",), ("lastname",), ("last", "name"), ("firstname",), ("first", "name")),
        *(("fullname",), ("full", "name"), ("maiden", "name"), ("nachname",), ("vorname",)),
        *(("patient", "name"), ("customer", "name"), ("employee", "name"), ("student", "name")),
    ),
    "dates of birth": (("dob",), ("birthdate",), ("birth", "date"), ("date", "of", "birth"), ("birthday",)),
    "addresses": (("street",), ("street", "address"), ("home", "address"), ("postal", "address")),
    "social security numbers": (("ssn",), ("social", "security", "number")),
    "passport numbers": (("passport",), ("passport", "number"), ("passport", "no")),
    "bank accounts": (("iban",), ("account", "number")),
    "card numbers": (("credit", "card"), ("card", "number"), ("credit", "card", "number")),
    "IP addresses": (("ip", "address"), ("ip",)),
}
_NEVER = ("boolean", "constant", "number", "image")  # kinds whose name alone says nothing of a person


def recognise(name: str, kind: str, values: Sequence[str]) -> Personal | None:
    """What of a person a column holds; None where it looks like nothing of the kind."""
    known = [value.strip() for value in values if value.strip()]
    for what, fits in _FORMS:
        share = sum(map(fits, known)) / len(known) if len(known) >= AT_LEAST else 0.0
        if share >= SHARE:
            return Personal(name, what, round(share, 4))
    if kind in _NEVER:
        return None
    return next((Personal(name, what) for what, ends in _NAMES.items() if ends_with(name, ends)), None)


def _is_phone(value: str) -> bool:
    if not _PHONE.fullmatch(value) or DATE_LIKE.fullmatch(value) or _IP.fullmatch(value):
        return False
    digits = sum(letter.isdigit() for letter in value)
    marks = value.count("-") + value.count(" ") + value.count("(") + value.count("/")
    return 7 <= digits <= 15 and (value[0] == "+" or marks >= 2)


def _is_card(value: str) -> bool:
    """16 digits whose check digit is right (Luhn, ISO/IEC 7812)."""
    digits = [int(letter) for letter in value.replace(" ", "").replace("-", "") if letter.isdecimal()]
    if len(digits) != 16 or not value.replace(" ", "").replace("-", "").isdigit():
        return False
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[0::2]]
    return (sum(doubled) + sum(digits[1::2])) % 10 == 0


def _matches(form: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: form.fullmatch(value) is not None


_FORMS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("e-mail addresses", _matches(_EMAIL)),
    ("card numbers", _is_card),
    ("social security numbers", _matches(_SSN)),
    ("IP addresses", _matches(_IP)),
    ("bank accounts", _matches(_IBAN)),
    ("names of people", _matches(_TITLED)),
    ("phone numbers", _is_phone),
)

"""What one cell looks like, before anything is known of its column. In the child."""

import re

MISSING = frozenset({"", "NA", "N/A", "NAN", "NULL", "NONE", "?", "-"})
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}([,.' \u00a0]\d{3})+([.,]\d+)?")
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ T]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(:\d{2})?")
_YEAR = re.compile(r"(1[5-9]|20|21)\d\d")
_MARK = r"[A-Z]{0,3}[$]|[€£¥₹₽₩₺₪₫฿]|USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK|kr[.]?|zł|Kč|%"
_GAP = "[ \u00a0\u202f]?"
AMOUNT = re.compile(
    rf"[+-]?(?P<before>{_MARK})?{_GAP}[(]?[+-]?(?P<inside>{_MARK})?{_GAP}"
    rf"[.,]?[0-9][0-9.,' \u00a0\u202f]*(?P<behind>{_MARK})?[)]?"
)
"""A number with a sign of money or percent, roughly."""


def is_missing(cell: str) -> bool:
    return cell.strip().upper() in MISSING


def is_number(cell: str) -> bool:
    """A number in any of the usual ways: 1234.5, 1234,5 and 1,234.5 alike."""
    text = cell.strip()
    return _NUMBER.fullmatch(text) is not None or _GROUPED.fullmatch(text) is not None


def is_date(cell: str) -> bool:
    """A date in figures, a time of day, or both."""
    return _DATE.fullmatch(cell.strip()) is not None


def is_year(cell: str) -> bool:
    return _YEAR.fullmatch(cell.strip()) is not None


def is_value(cell: str) -> bool:
    """A number, an amount, a date or a time: nothing that would name a column."""
    return is_number(cell) or is_date(cell) or _is_amount(cell)


def _is_amount(cell: str) -> bool:
    """$5, 12 € or 34%."""
    found = AMOUNT.fullmatch(cell.strip())
    return found is not None and any(found.groups())

"""What kind of column it is, by its type and its figures, and why."""

import re
from typing import Any

from datasets.tables import Column

FEW_ROWS = 20  # too few to call a column an identifier
LONG = 50  # letters of a cell on average, from which on it is a text
WORDS = 3.5  # blanks in it
NEARLY = 0.9  # of an estimate
_PAIRS = ({"true", "false"}, {"yes", "no"}, {"y", "n"}, {"t", "f"})
_BY_TYPE = {"BIGINT": "integer", "DOUBLE": "number", "BOOLEAN": "boolean", "TIMESTAMP": "datetime"}
_ID = re.compile(r"(.*[_ .-])?(id|uuid|guid|key|index|idx|no|nr|number|row)", re.IGNORECASE)

Facts = dict[str, Any]


def kind_of(column: Column, facts: Facts, rows: int) -> tuple[str, str]:
    """The kind and the reason. `facts`: `present`, `unique`, `min`, `max`, `lengths`, `spaces`, `top`."""
    if column.kind:
        return column.kind, column.why
    if not facts["present"]:
        return "constant", column.why
    if facts["unique"] == 1:
        return "constant", "Every value is the same"
    if column.type == "BIGINT" and _is_counter(column, facts, rows):
        return "identifier", "Every row has its own number"
    if column.type in _BY_TYPE:
        return _BY_TYPE[column.type], column.why
    return _text_kind(column, facts)


def _is_counter(column: Column, facts: Facts, rows: int) -> bool:
    is_counted = facts["max"] - facts["min"] + 1 == rows
    if facts["present"] != rows or rows < FEW_ROWS:
        return False
    if facts["estimated"]:
        return bool(is_counted and facts["unique"] > NEARLY * rows)
    return bool(facts["unique"] == rows and (is_counted or _ID.fullmatch(column.name)))


def _text_kind(column: Column, facts: Facts) -> tuple[str, str]:
    present, unique, spaces = facts["present"], facts["unique"], facts["spaces"]
    if {str(value).strip().lower() for value, _ in facts["top"]} in _PAIRS:
        return "boolean", "Two words that mean yes and no"
    if unique == present >= FEW_ROWS and spaces < 1:
        return "identifier", "Every value is different"
    if (spaces >= WORDS or facts["lengths"][1] > LONG) and unique * 2 > present:
        return "text", "Sentences, mostly different"
    if unique > 0.9 * present and present >= FEW_ROWS:
        return "text", "Nearly every value is different"
    if column.why != "Text":
        return "category", column.why
    return "category", f"{unique:,} different words"

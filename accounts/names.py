"""Names that people give: kept as they are written, refused where nobody could read them."""

import unicodedata

from web.problems import Invalid

_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(name: str, *, longest: int, field: str = "name") -> str:
    """The name without blanks around it. Raises Invalid where it is empty, too long or not readable."""
    name = name.strip()
    if not any(letter.isprintable() and not letter.isspace() for letter in name):
        raise Invalid("Give it a name.", code="required", field=field)
    if len(name) > longest:
        raise Invalid(f"This name has {len(name):,} characters. Use at most {longest}.", field=field)
    if any(unicodedata.category(letter) in _UNSEEN or letter in _TURNING for letter in name):
        raise Invalid("This name holds a character that cannot be seen. Take it out.", field=field)
    return name

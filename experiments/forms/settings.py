"""One field for each setting, from its JSON Schema: bounds, words and default are there."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from experiments.forms.posted import Posted

Schema = Mapping[str, Any]
Option = tuple[str, str]


class NotRead(ValueError):
    """A text that is not what the setting needs; the message says what is."""


@dataclass(frozen=True)
class Setting:
    """A field as the page shows it. `library` is its name in spec and library; empty means the default."""

    name: str
    label: str
    kind: str  # number, text, select or check
    library: str = ""
    hint: str = ""
    value: Any = ""
    placeholder: str | None = None
    min: float | None = None
    max: float | None = None
    step: str | None = None
    options: tuple[Option, ...] = ()
    error: str = ""
    schema: Any = None
    required: bool = False

    def filled(self, text: str) -> Self:
        return replace(self, value=text == "on" if self.kind == "check" else text)

    def taken(self, sent: Posted) -> Self:
        """The field as it was sent; as it is where nothing was sent of it."""
        return self.filled(sent.get(self.name)) if self.name in sent else self

    def told(self, value: Any) -> dict[str, list[str]]:
        """What a browser sends where this field holds a value of the spec."""
        if isinstance(value, bool):
            yes, no = ("on", "off") if self.kind == "check" else ("yes", "no")
            return {self.name: [yes if value else no]}
        return {self.name: [written(value)]}

    def why_not(self) -> str:
        """Why it cannot be read, as a sentence; empty where it can."""
        if not self.is_set:
            return "Choose one." if self.required else ""
        try:
            self.read()
        except NotRead as sentence:
            return str(sentence)
        return ""

    def refused(self, sentence: str) -> Self:
        return replace(self, error=sentence)

    @property
    def is_set(self) -> bool:
        """Whether the value differs from leaving the field alone."""
        if self.kind == "check":
            return bool(self.value) != bool(self.schema.get("default"))
        return self.value not in ("", None)

    def read(self) -> Any:
        """The value for the spec. Raises NotRead with a sentence for the person."""
        if self.kind == "check":
            return self.value
        if self.kind == "select":
            return _chosen(self.value, self.options, self.schema)
        if self.schema["type"] == "string":
            return self.value
        if self.schema["type"] == "array":
            return [_number(part, self.schema["items"]) for part in _parts(self.value)]
        return _number(self.value, self.schema)


def settings(schema: Schema, prefix: str) -> list[Setting]:
    """The fields of one settings schema; names are `prefix` and the library's name."""
    return [setting(name, part, prefix) for name, part in schema.get("properties", {}).items()]


def setting(name: str, schema: Schema, prefix: str = "", empty: str = "none") -> Setting:
    """The field of one property. `empty` says in words what nothing chosen means."""
    plain = without_null(schema)
    kind = "select" if _is_yes_no_or_empty(schema, plain) else _kind(plain)
    low, high = (plain.get("minimum"), plain.get("maximum")) if kind == "number" else (None, None)
    default = schema.get("default")
    return Setting(
        name=f"{prefix}{name}",
        label=schema.get("title", name),
        library=name,
        kind=kind,
        hint=_hint(schema, plain, kind),
        value=bool(default) if kind == "check" else "",
        placeholder=None if kind in ("check", "select") else _placeholder(default, empty),
        min=low,
        max=high,
        step={"integer": "1", "number": "any"}.get(plain.get("type", "")) if kind == "number" else None,
        options=_options(plain, default, empty) if kind == "select" else (),
        schema=plain if "default" in plain else {**plain, "default": default},
    )


def written(value: Any) -> str:
    """A value as a person types it into a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, list | tuple):
        return ", ".join(written(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def between(schema: Schema) -> str:
    """The allowed range in words: "10 to 5,000", "above 0, at most 10"; empty where there is none."""
    low, above, high = schema.get("minimum"), schema.get("exclusiveMinimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{_said(low)} to {_said(high)}"
    ends = {"at least": low, "above": above, "at most": high}
    parts = (f"{words} {_said(value)}" if value is not None else "" for words, value in ends.items())
    return ", ".join(part for part in parts if part)


def _said(value: float) -> str:
    """Large numbers in full, not as powers of ten."""
    return f"{value:,g}" if abs(value) < 1e6 else f"{value:,.0f}"


def without_null(schema: Schema) -> Schema:
    """A nullable property without its null: an empty field says null."""
    choices = [part for part in schema.get("anyOf", []) if part.get("type") != "null"]
    return choices[0] if len(choices) == 1 else schema


def _is_yes_no_or_empty(schema: Schema, plain: Schema) -> bool:
    return plain is not schema and plain.get("type") == "boolean"


def _placeholder(default: Any, empty: str) -> str:
    return written(default) or ("" if empty == "none" else empty)


def _kind(schema: Schema) -> str:
    if "enum" in schema or "const" in schema:
        return "select"
    return {"boolean": "check", "integer": "number", "number": "number"}.get(schema.get("type", ""), "text")


def _hint(schema: Schema, plain: Schema, kind: str) -> str:
    bounds = between(plain) if kind == "number" else ""
    sentence = str(schema.get("description", ""))
    return " ".join(
        part for part in (sentence, f"{bounds[0].upper()}{bounds[1:]}." if bounds else "") if part
    )


def _options(schema: Schema, default: Any, empty: str) -> tuple[Option, ...]:
    if schema.get("type") == "boolean":
        return (("", empty), ("yes", "yes"), ("no", "no"))
    values = [str(value) for value in schema.get("enum", [schema.get("const")])]
    first = empty if default is None else f"{default} (default)"
    return (("", first), *((value, value) for value in values if value != default))


def _chosen(text: str, options: tuple[Option, ...], schema: Schema) -> str | bool:
    if text not in {value for value, _ in options}:
        raise NotRead("Choose one of the values in the list.")
    return text == "yes" if schema.get("type") == "boolean" else text


def _parts(text: str) -> list[str]:
    parts = text.replace(";", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def _number(text: str, schema: Schema) -> int | float:
    value = _whole(text) if schema["type"] == "integer" else _real(text)
    if not _fits(value, schema):
        raise NotRead(f"Must be {_within(schema)}.")
    return value


def _within(schema: Schema) -> str:
    words = between(schema)
    return f"between {words.replace(' to ', ' and ')}" if " to " in words else words


def _fits(value: float, schema: Schema) -> bool:
    low, above, high = schema.get("minimum"), schema.get("exclusiveMinimum"), schema.get("maximum")
    return (
        (low is None or value >= low) and (above is None or value > above) and (high is None or value <= high)
    )


def _whole(text: str) -> int:
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise NotRead("A whole number is needed, as 10.")
    return int(text)


def _real(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise NotRead("A number is needed, as 0.1.") from None
    if not math.isfinite(value):
        raise NotRead("A number is needed, as 0.1.")
    return value

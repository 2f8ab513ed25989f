"""One field for each setting of a learner, from its JSON Schema: bounds, words and default are there."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

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

    def filled(self, text: str) -> "Setting":
        return replace(self, value=text == "on" if self.kind == "check" else text)

    def refused(self, sentence: str) -> "Setting":
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
            return _chosen(self.value, self.options)
        if self.schema["type"] == "array":
            return [_number(part, self.schema["items"]) for part in _parts(self.value)]
        return _number(self.value, self.schema)


def settings(schema: Schema, prefix: str) -> list[Setting]:
    """The fields of one settings schema; names are `prefix` and the library's name."""
    return [setting(name, part, prefix) for name, part in schema.get("properties", {}).items()]


def setting(name: str, schema: Schema, prefix: str = "") -> Setting:
    """The field of one property."""
    plain = _plain(schema)
    kind = _kind(plain)
    low, high = (plain.get("minimum"), plain.get("maximum")) if kind == "number" else (None, None)
    default = schema.get("default")
    return Setting(
        name=f"{prefix}{name}",
        label=schema.get("title", name),
        library=name,
        kind=kind,
        hint=_hint(schema, plain, kind),
        value=bool(default) if kind == "check" else "",
        placeholder=None if kind in ("check", "select") else written(default),
        min=low,
        max=high,
        step={"integer": "1", "number": "any"}.get(plain.get("type", "")) if kind == "number" else None,
        options=_options(plain, default) if kind == "select" else (),
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


def _plain(schema: Schema) -> Schema:
    """A nullable property without its null: an empty field says null."""
    choices = [part for part in schema.get("anyOf", []) if part.get("type") != "null"]
    return choices[0] if len(choices) == 1 else schema


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


def _options(schema: Schema, default: Any) -> tuple[Option, ...]:
    values = [str(value) for value in schema.get("enum", [schema.get("const")])]
    first = "none" if default is None else f"{default} (default)"
    return (("", first), *((value, value) for value in values if value != default))


def _chosen(text: str, options: tuple[Option, ...]) -> str:
    if text not in {value for value, _ in options}:
        raise NotRead("Choose one of the values in the list.")
    return text


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

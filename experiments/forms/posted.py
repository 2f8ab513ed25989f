"""What was sent, kept as it was sent: one form for a request, a saved draft and settings to start from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

MOST_LETTERS = 200_000  # a draft beyond this is not kept


@dataclass(frozen=True)
class Posted:
    """Names and their values, all text, as a browser sends them."""

    values: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, query: QueryDict) -> "Posted":
        """A request's fields without those that steer the request itself."""
        return cls(
            {name: values for name, values in query.lists() if name not in ("csrfmiddlewaretoken", "do")}
        )

    @classmethod
    def draft(cls, stored: Any) -> "Posted":
        """What a session kept; nothing where it kept nothing."""
        return cls(dict(stored) if isinstance(stored, dict) else {})

    def __bool__(self) -> bool:
        return bool(self.values)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, default: str = "") -> str:
        """The last value of a name without blanks around it and without NUL."""
        values = self.values.get(name)
        return values[-1].strip().replace("\x00", "") if values else default

    def all(self, name: str) -> list[str]:
        return list(self.values.get(name, []))

    def without(self, names: Iterable[str]) -> "Posted":
        gone = set(names)
        return Posted({name: values for name, values in self.values.items() if name not in gone})

    def with_one_more(self, name: str, value: str) -> "Posted":
        return self.given({name: [*self.all(name), value]})

    def given(self, more: Mapping[str, list[str]]) -> "Posted":
        """The same with other values for some names."""
        return Posted({**self.values, **more})

    @property
    def letters(self) -> int:
        return sum(len(name) + sum(map(len, values)) for name, values in self.values.items())

    @property
    def is_small(self) -> bool:
        return self.letters <= MOST_LETTERS

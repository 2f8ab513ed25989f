"""Fields that hold several values or name columns: ticked names, pairs, lines of words, other models."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from rest_framework.exceptions import ParseError

from experiments.forms.posted import Posted
from experiments.forms.settings import NotRead, Option, Setting
from web.parsing import loads

GONE = "“{}” is not among the columns that fit here. Choose another, or use that column."
AS_JSON = 'Write JSON, as {"algo": "random_forest"}.'


@dataclass(frozen=True)
class Column(Setting):
    """One column by its name. What was sent and does not fit is shown and refused, not dropped."""

    def taken(self, sent: Posted) -> Self:
        named = sent.all(self.name)
        return replace(self, value=named[-1]) if named else self

    @property
    def shown(self) -> list[Option]:
        return [*self.options, *_strangers([self.value], self.options)]

    def read(self) -> str:
        _check([self.value], self.options)
        return str(self.value)


@dataclass(frozen=True)
class Names(Setting):
    """Several columns, each a box to tick."""

    def taken(self, sent: Posted) -> Self:
        return replace(self, value=tuple(filter(None, sent.all(self.name)))) if self.name in sent else self

    def told(self, value: Any) -> dict[str, list[str]]:
        return {self.name: list(value)}

    @property
    def shown(self) -> list[Option]:
        return [*self.options, *_strangers(self.value, self.options)]

    @property
    def is_set(self) -> bool:
        return bool(self.value)

    def read(self) -> list[str]:
        _check(self.value, self.options)
        return list(self.value)


@dataclass(frozen=True)
class Pairs(Setting):
    """Rows of two columns; the last row is empty. `parts` are the two lists to choose from.

    `keys` are the names of the two in an object; empty where a pair is a list.
    """

    parts: tuple[tuple[Option, ...], ...] = ((), ())
    keys: tuple[str, ...] = ()
    heads: tuple[str, ...] = ("First column", "Second column")

    def taken(self, sent: Posted) -> Self:
        named = sent.all(self.name)
        rows = zip(named[::2], named[1::2], strict=False)
        return replace(self, value=tuple(row for row in rows if any(row))) if named else self

    def told(self, value: Any) -> dict[str, list[str]]:
        rows = [[row[key] for key in self.keys] if self.keys else row for row in value]
        return {self.name: [name for row in rows for name in row]}

    @property
    def rows(self) -> list[list[tuple[str, str, list[Option]]]]:
        """For each row its two selects: what they ask for, what is chosen, what may be."""
        filled = [*(self.value or ()), ("", "")]
        return [
            [
                (head, name, [*options, *_strangers([name], options)])
                for head, name, options in zip(self.heads, row, self.parts, strict=True)
            ]
            for row in filled
        ]

    @property
    def is_set(self) -> bool:
        return bool(self.value)

    def read(self) -> list[Any]:
        for row in self.value:
            if not all(row):
                raise NotRead("A row names one column only. Choose its other one, or empty the row.")
            for name, options in zip(row, self.parts, strict=True):
                _check([name], options)
        return [dict(zip(self.keys, row, strict=True)) if self.keys else list(row) for row in self.value]


@dataclass(frozen=True)
class Lines(Setting):
    """Words, one in each line."""

    def filled(self, text: str) -> Self:
        return replace(self, value="\n".join(line.strip() for line in text.splitlines() if line.strip()))

    def told(self, value: Any) -> dict[str, list[str]]:
        return {self.name: ["\n".join(value)]}

    def read(self) -> list[str]:
        return str(self.value).splitlines()


@dataclass(frozen=True)
class Members(Setting):
    """Other models with their usual settings, ticked; or as JSON, for finer ones. `many` or one."""

    many: bool = True
    text: str = ""

    @property
    def json_name(self) -> str:
        return f"{self.name}-json"

    def taken(self, sent: Posted) -> Self:
        if self.name not in sent and self.json_name not in sent:
            return self
        return replace(self, value=tuple(filter(None, sent.all(self.name))), text=sent.get(self.json_name))

    def told(self, value: Any) -> dict[str, list[str]]:
        members = value if self.many else [value]
        return {
            self.name: [],
            self.json_name: [json.dumps(members if self.many else value, ensure_ascii=False)],
        }

    @property
    def is_set(self) -> bool:
        return bool(self.value or self.text)

    def read(self) -> Any:
        if self.text:
            return self._parsed()
        known = {algo for algo, _ in self.options}
        if unknown := [algo for algo in self.value if algo not in known]:
            raise NotRead(f"“{unknown[0][:100]}” is none of these models. Choose others.")
        members = [{"algo": algo} for algo in self.value]
        return members if self.many else members[0]

    def _parsed(self) -> Any:
        try:
            found = loads(self.text.encode("utf-8", "surrogatepass"))
        except ParseError:
            raise NotRead(f"This is not JSON. {AS_JSON}") from None
        if not isinstance(found, list if self.many else dict):
            raise NotRead(f"{'A list of models' if self.many else 'One model'} is needed. {AS_JSON}")
        return found


def options(names: Iterable[str]) -> tuple[Option, ...]:
    return tuple((name, name) for name in names)


def _strangers(chosen: Sequence[str], known: Sequence[Option]) -> list[Option]:
    names = {value for value, _ in known}
    return [(name, f"{name} (does not fit)") for name in chosen if name and name not in names]


def _check(chosen: Sequence[str], known: Sequence[Option]) -> None:
    if gone := _strangers(chosen, known):
        raise NotRead(GONE.format(gone[0][0][:100]))


def is_model(schema: Mapping[str, Any]) -> bool:
    """Whether a schema is that of any of several models."""
    return "oneOf" in schema

"""Groups of fields that belong together, as the specification nests them: made, sent, read and refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

from experiments.forms import choosers
from experiments.forms.choosers import Column, Lines, Names, Pairs
from experiments.forms.posted import Posted
from experiments.forms.settings import Schema, Setting, setting, without_null

UNFOLDED = "unfolded"
"""The field that names the folds somebody has looked into; what is inside the others is not drawn."""
Kind = TypeVar("Kind", bound=Setting)
Columns = Mapping[str, Iterable[str]]
"""The names of columns that fit, by the path of the field that asks for them."""


@dataclass(frozen=True)
class Group:
    """`name` is the path in the spec. An `optional` one is nothing until it is switched `on`."""

    name: str
    title: str
    summary: str
    fields: tuple[Setting, ...]
    groups: tuple["Group", ...] = ()
    optional: bool = False
    on: bool = True
    unfolded: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether its fields stand on the page: once somebody looked, or where something was changed."""
        return self.unfolded or self.is_open

    @property
    def library(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def changed(self) -> int:
        """How many settings differ from leaving all alone."""
        if not self.on:
            return 0
        inside = sum(field.is_set for field in self.fields) + sum(group.changed for group in self.groups)
        return inside + self.optional

    @property
    def is_open(self) -> bool:
        return bool(self.changed or self.has_error)

    @property
    def has_error(self) -> bool:
        return any(field.error for field in self.fields) or any(group.has_error for group in self.groups)

    def taken(self, sent: Posted, refused: Mapping[str, str]) -> Self:
        """The group as it was sent, each refusal at its field."""
        fields = (field.taken(sent) for field in self.fields)
        return replace(
            self,
            on=sent.get(self.name) == "on" if self.optional else True,
            unfolded=self.name in sent.all(UNFOLDED),
            fields=tuple(
                field.refused(refused[field.name]) if field.name in refused else field for field in fields
            ),
            groups=tuple(group.taken(sent, refused) for group in self.groups),
        )

    def told(self, value: Mapping[str, Any] | None) -> dict[str, list[str]]:
        """What a browser sends where the spec holds this; nothing where it is as it is left alone."""
        if value is None:
            return {}
        sent = {self.name: ["on"]} if self.optional else {}
        for field in self.fields:
            if field.library in value and value[field.library] != field.schema.get("default"):
                sent |= field.told(value[field.library])
        for group in self.groups:
            sent |= group.told(value.get(group.library))
        return sent

    def without(self, library: str) -> Self:
        """The group without one of its own fields."""
        return replace(self, fields=tuple(field for field in self.fields if field.library != library))

    def read(self) -> dict[str, Any]:
        """What was set, for the spec. Raises NotRead: ask `refusals` first."""
        found = {field.library: field.read() for field in self.fields if field.is_set}
        return found | {group.library: group.read() for group in self.groups if group.changed}

    def refusals(self) -> dict[str, str]:
        """The fields that cannot be read, each with its sentence."""
        if not self.on:
            return {}
        found = {field.name: sentence for field in self.fields if (sentence := field.why_not())}
        for group in self.groups:
            found |= group.refusals()
        return found


def group(schema: Schema, name: str, columns: Columns, title: str = "", *, empty: str = "none") -> Group:
    """The fields and groups of one object of the spec. Objects by column have no field here.

    `schema` is a model's, with its `$defs`; `columns` says what fits the fields that ask for columns.
    """
    return _Maker(schema.get("$defs", {}), columns, empty).group(schema, name, title)


@dataclass(frozen=True)
class _Maker:
    defs: Mapping[str, Schema]
    columns: Columns
    empty: str

    def group(self, schema: Schema, name: str, title: str, *, optional: bool = False) -> Group:
        parts = [(key, part, self._plain(part)) for key, part in schema["properties"].items()]
        needed = schema.get("required", ())
        return Group(
            name=name,
            title=title or schema.get("title", name),
            summary=schema.get("description", "").partition("\n\n")[0],
            optional=optional,
            on=not optional,
            fields=tuple(
                replace(self._field(key, part, f"{name}."), required=key in needed)
                for key, part, plain in parts
                if key != "kind" and plain.get("type") != "object"
            ),
            groups=tuple(
                self.group(plain, f"{name}.{key}", part.get("title", ""), optional="$ref" not in part)
                for key, part, plain in parts
                if "properties" in plain
            ),
        )

    def _plain(self, schema: Schema) -> Schema:
        plain = without_null(schema)
        return self.defs[plain["$ref"].rpartition("/")[2]] if "$ref" in plain else plain

    def _field(self, key: str, schema: Schema, prefix: str) -> Setting:
        plain = without_null(schema)
        made = setting(key, schema, prefix, self.empty)
        none = "choose" if plain is schema else self.empty
        if f"{prefix}{key}" not in self.columns:
            return _changed(made, Lines, "lines") if _is_words(plain) else made
        fitting = choosers.options(self.columns[f"{prefix}{key}"])
        if plain["type"] == "string":
            return _changed(made, Column, "column", options=(("", none), *fitting))
        if plain["items"].get("type") == "string":
            return _changed(made, Names, "names", options=fitting, value=())
        return self._pairs(made, plain["items"], fitting)

    def _pairs(self, made: Setting, item: Schema, fitting: tuple[tuple[str, str], ...]) -> Pairs:
        named = self._plain(item).get("properties")
        if not named:
            return _changed(made, Pairs, "pairs", value=(), parts=(fitting, fitting))
        parts = tuple(choosers.options(self.columns[f"{made.name}.{key}"]) for key in named)
        heads = tuple(part["title"] for part in named.values())
        return _changed(made, Pairs, "pairs", value=(), parts=parts, keys=tuple(named), heads=heads)


def _is_words(plain: Schema) -> bool:
    return plain.get("type") == "array" and plain["items"].get("type") == "string"


def _changed(made: Setting, kind: type[Kind], word: str, **more: Any) -> Kind:
    """The same field as another kind of field."""
    return kind(**{**vars(made), "kind": word, "value": "", **more})

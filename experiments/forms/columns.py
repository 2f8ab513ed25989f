"""The columns a model may use: ticked or left out with the reason, read as they are or as the person says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasets.models import DatasetVersion
from experiments.forms.extras import Own, Used, can_be_own
from experiments.forms.posted import Posted
from web.templatetags.words import count, percent

Column = Mapping[str, Any]
SHOWN = 100  # the rest of a wide table is used as it was read
NATURAL = {
    "integer": "numeric",
    "number": "numeric",
    "category": "categorical",
    "boolean": "categorical",
    "datetime": "date",
}
KINDS = (("numeric", "Number"), ("categorical", "Category"), ("date", "Date"), ("text", "Text"))
WORDS = {
    "integer": "Whole number",
    "number": "Number",
    "category": "Category",
    "boolean": "Yes or no",
    "datetime": "Date",
    "text": "Text",
    "identifier": "Identifier",
    "constant": "Constant",
    "image": "Picture",
}
REASONS = {
    "text": "Free text is left out unless you use it: each word becomes a column",
    "identifier": "Nearly every row has its own value: it would be learned by heart",
    "constant": "Always the same: nothing to learn",
    "image": "These models learn from tables",
}


@dataclass(frozen=True)
class Row:
    """One line of the table. `kind` is what the person chose, "" for as it was read."""

    index: int
    name: str
    read_as: str
    used: bool
    kind: str
    note: str
    own: bool = False

    @property
    def learned_as(self) -> str:
        """What the model reads it as: numeric, categorical, date or text; the others are left out."""
        return self.kind or NATURAL.get(self.read_as, "text" if self.read_as == "text" else "categorical")

    @property
    def can_be_own(self) -> bool:
        return self.used and can_be_own(self.learned_as)

    @property
    def options(self) -> list[tuple[str, str]]:
        return [("", WORDS.get(self.read_as, self.read_as.capitalize())), *KINDS]


def why_left_out(column: Column, rows: int, leaks: Mapping[str, str]) -> str:
    """Why a column is not used unless the person wants it; empty where it is.

    `leaks` are the reasons of the columns that give the answer away, by column.
    """
    if reason := leaks.get(column["name"]):
        return f"It gives the answer away. {reason}"
    if rows and column.get("missing", 0) >= rows:
        return "All values are missing"
    return REASONS.get(column["kind"], "")


def table(version: DatasetVersion, target: str, sent: Posted, leaks: Mapping[str, str]) -> list[Row]:
    """A row for each column but the target, as sent or, where nothing was sent, as read."""
    return [
        _row(index, column, version.rows or 0, sent, leaks)
        for index, column in enumerate(version.columns[: SHOWN + 1])
        if column["name"] != target
    ]


def used(table: list[Row]) -> list[Used]:
    """The columns that the model sees, for the settings that name columns."""
    return [Used(row.index, row.name, row.learned_as, row.own) for row in table if row.used]


def with_own(table: list[Row], own: tuple[Own, ...]) -> list[tuple[Row, Own | None]]:
    """Each row with what is said of its column alone, if anything is."""
    alone = {one.name: one for one in own}
    return [(row, alone.get(row.name)) for row in table]


def request(
    table: list[Row], version: DatasetVersion, target: str, leaks: Mapping[str, str]
) -> dict[str, Any]:
    """The `columns` part of a spec: what is dropped, and what is read otherwise than it was."""
    shown = {row.name for row in table} | {target}
    rows = version.rows or 0
    unseen = [column for column in version.columns if column["name"] not in shown]
    dropped = [row.name for row in table if not row.used]
    dropped += [column["name"] for column in unseen if why_left_out(column, rows, leaks)]
    asked = {row.name: row.kind or ("text" if row.read_as == "text" else "") for row in table if row.used}
    kinds = {row.name: asked[row.name] for row in table if _is_other(row, asked.get(row.name, ""))}
    return {"drop": dropped, "kinds": kinds}


def _is_other(row: Row, kind: str) -> bool:
    return kind not in ("", NATURAL.get(row.read_as))


def _row(index: int, column: Column, rows: int, sent: Posted, leaks: Mapping[str, str]) -> Row:
    reason = why_left_out(column, rows, leaks)
    used = column["name"] in sent.all("use") if "for" in sent else not reason
    kind = sent.get(f"kind-{index}")
    return Row(
        index=index,
        name=column["name"],
        read_as=column["kind"],
        used=used,
        kind=kind if kind in dict(KINDS) else "",
        note=reason or _gaps(column, rows, sent),
        own=column["name"] in sent.all("own"),
    )


def _gaps(column: Column, rows: int, sent: Posted) -> str:
    """What happens to missing values, in words."""
    missing = column.get("missing", 0)
    if not missing or not rows:
        return ""
    of_words = NATURAL.get(column["kind"]) == "categorical"
    asked = sent.get(f"preprocessing.{'categorical' if of_words else 'numeric'}.missing")
    filling = (asked or ("most_frequent" if of_words else "median")).replace("_", " ")
    share = percent(missing / rows) if missing / rows >= 0.01 else count(missing)
    return f"{share} missing: {filling}"

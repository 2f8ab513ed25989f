"""Why a training cannot be done, in words for the person who asked for it."""

from __future__ import annotations

from typing import TypedDict

from pydantic import ValidationError
from pydantic_core import ErrorDetails


class Problem(TypedDict):
    """One refusal: a stable word for programs, a sentence for people, and the field it is about."""

    code: str
    detail: str
    field: str | None


class CannotTrain(Exception):
    """The data or the settings do not allow this training. The text says what to change."""

    def __init__(self, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field

    @property
    def problem(self) -> Problem:
        return {"code": self.code, "detail": self.detail, "field": self.field}


_SENTENCES = {
    "extra_forbidden": "There is no setting of this name.",
    "missing": "This setting is needed.",
    "union_tag_not_found": "Say which kind this is.",
    "finite_number": "Give a finite number.",
    "int_type": "Give a whole number.",
    "int_from_float": "Give a whole number.",
    "float_type": "Give a number.",
    "bool_type": "Give true or false.",
    "string_type": "Give a text.",
    "too_short": "Give at least one.",
    "too_long": "These are too many.",
    "string_too_short": "Give a text that is not empty.",
    "string_too_long": "This text is too long.",
    "tuple_type": "Give a list.",
    "dict_type": "Give an object of names and values.",
    "model_type": "Give an object of names and values.",
    "model_attributes_type": "Give an object of names and values.",
    "uuid_parsing": "Give an id as it came from the API.",
    "uuid_type": "Give an id as it came from the API.",
}
_BOUNDS = {
    "greater_than_equal": ("Must be at least {}.", "ge"),
    "greater_than": ("Must be more than {}.", "gt"),
    "less_than_equal": ("Must be at most {}.", "le"),
    "less_than": ("Must be less than {}.", "lt"),
}
_CODES = {"extra_forbidden": "unknown_field", "missing": "required", "infeasible": "infeasible"}
_UNION_FIELDS = ("model", "split", "validation")
# Members of an ensemble, and where their kind stands in a path: `members` has a place before it.
_UNIONS_INSIDE = {"member": 2, "final": 2, "members": 3}


def explain(error: ValidationError) -> list[Problem]:
    """What is wrong with a spec, fault by fault. `field` is a dotted path: `model.n_estimators`."""
    return [
        {
            "code": _code(fault["type"], _field(fault["loc"])),
            "detail": _sentence(fault),
            "field": _field(fault["loc"]),
        }
        for fault in error.errors(include_url=False, include_input=False)
    ]


def first(error: ValidationError) -> CannotTrain:
    """The first fault of a spec as an exception that a person can read."""
    problem = explain(error)[0]
    return CannotTrain(
        problem["code"], f"{problem['field'] or 'spec'}: {problem['detail']}", problem["field"]
    )


def _field(location: tuple[int | str, ...]) -> str | None:
    # In a choice between kinds pydantic names the chosen kind as a step of the path; people never wrote it.
    steps = [str(step) for step in location]
    if len(steps) > 1 and steps[0] in _UNION_FIELDS:
        del steps[1]
    inside = _UNIONS_INSIDE.get(steps[1]) if len(steps) > 1 and steps[0] == "model" else None
    if inside and len(steps) > inside:
        del steps[inside]
    return ".".join(steps) or None


def _code(kind: str, field: str | None) -> str:
    if kind == "union_tag_invalid" and field == "model":
        return "unknown_estimator"
    return _CODES.get(kind, "invalid")


def _sentence(fault: ErrorDetails) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in _BOUNDS:
        text, name = _BOUNDS[kind]
        return text.format(f"{context[name]:g}" if isinstance(context[name], float) else context[name])
    if kind == "too_short" and context["min_length"] > 1:
        return f"Give at least {context['min_length']}."
    if kind == "union_tag_invalid":
        return f"“{str(context['tag'])[:100]}” is not known. Choose one of {context['expected_tags']}."
    if kind == "literal_error":
        return f"Choose one of {context['expected']}."
    return _SENTENCES.get(kind, str(fault["msg"]).rstrip(".") + ".")

"""The page on preparation names every setting, every choice and every default."""

import re

import pytest

from engine.choices.preprocessing import Categorical, Numeric, Preprocessing, Special
from tests.engine.helpers import ROOT

_PAGE = (ROOT / "docs" / "preparation.md").read_text("utf-8")
_WORDS = set(re.findall(r"\w+", _PAGE))
_SETTINGS = [
    pytest.param(settings, name, id=f"{settings.__name__}-{name}")
    for settings in (Numeric, Categorical, Special, Preprocessing)
    for name in settings.model_fields
]


@pytest.mark.parametrize(
    ("settings_of", "name"), _SETTINGS, ids=lambda value: getattr(value, "__name__", value)
)
def test_the_page_names_each_setting_and_choice(settings_of: type[Preprocessing], name: str) -> None:
    field = settings_of.model_json_schema()["properties"][name]
    choices = {word for kind in field.get("anyOf", [field]) for word in kind.get("enum", [])}
    assert {name, *choices} <= _WORDS


@pytest.mark.parametrize("settings_of", [Numeric, Categorical, Preprocessing])
def test_the_page_shows_each_default_in_italics(settings_of: type[Preprocessing]) -> None:
    for field in settings_of.model_fields.values():
        if isinstance(field.default, str):
            assert f"*{field.default}*" in _PAGE
        elif isinstance(field.default, int | float) and not isinstance(field.default, bool):
            assert f"*{field.default:g}*" in _PAGE


def test_the_readme_leads_to_the_page() -> None:
    assert "docs/preparation.md" in (ROOT / "README.md").read_text("utf-8")

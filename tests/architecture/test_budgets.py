"""Functions, files and templates stay small enough to be read in one look."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    "accounts",
    "bench",
    "datasets",
    "engine",
    "examples",
    "experiments",
    "mltrainer",
    "sandbox",
    "training",
    "web",
]
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_TEMPLATE, LONGEST_VIEW = 40, 400, 150, 25
MEDIAN, NINETY = 7, 20


def modules(folders: list[str]) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its lines of code: blank lines, comments and the docstring do not count."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", code_lines(node)


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return len(
        {inner.lineno for statement in body for inner in ast.walk(statement) if hasattr(inner, "lineno")}
    )


def test_no_function_is_longer_than_a_look() -> None:
    long = [
        f"{name}: {lines}"
        for path in modules([*CODE, "tests"])
        for name, lines in functions(path)
        if lines > LONGEST_FUNCTION
    ]
    assert not long


def test_most_functions_are_short() -> None:
    lines = sorted(lines for path in modules(CODE) for _, lines in functions(path))
    assert statistics.median(lines) <= MEDIAN
    assert lines[int(len(lines) * 0.9)] <= NINETY


def test_no_file_is_longer_than_a_chapter() -> None:
    long = [
        str(path) for path in modules([*CODE, "tests"]) if len(path.read_text().splitlines()) > LONGEST_FILE
    ]
    assert not long


def test_no_template_is_longer_than_a_page() -> None:
    templates = (ROOT / "templates").rglob("*.*")
    assert not [str(path) for path in templates if path.read_text().count("\n") > LONGEST_TEMPLATE]


@pytest.mark.parametrize("app", ["accounts", "datasets", "experiments", "training"])
def test_views_only_translate(app: str) -> None:
    paths = [*(ROOT / app).glob("views.py"), *(ROOT / app).glob("views/*.py")]
    assert paths
    assert not [name for path in paths for name, lines in functions(path) if lines > LONGEST_VIEW]


def test_every_module_says_its_place_in_the_story() -> None:
    silent = [str(path) for path in modules(CODE) if ast.get_docstring(ast.parse(path.read_text())) is None]
    assert not silent


def test_the_tests_outweigh_the_code() -> None:
    def weight(folders: list[str]) -> int:
        return sum(len(path.read_text().splitlines()) for path in modules(folders))

    assert weight(["tests"]) >= 0.6 * weight(CODE)


def test_pages_carry_no_inline_script_or_style() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert "style=" not in text, path
        assert "<style" not in text, path
        assert "onclick=" not in text, path
        for tag in text.split("<script")[1:]:
            assert "src=" in tag.partition(">")[0] or "application/json" in tag.partition(">")[0], path

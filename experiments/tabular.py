"""A comparison as text to take home: CSV, Markdown, LaTeX."""

import csv
import io
from collections.abc import Callable

from experiments.comparison import Compared, Comparison

Rows = list[list[str]]


def written(found: Comparison, form: str) -> str:
    """The runs as one of FORMS: name, learner, score on the folds, and the test's scores."""
    head = ["run", "learner", found.metric.label, *(f"{metric.label}, test" for metric in found.metrics)]
    rows = [head, *(_cells(one, found) for one in found.runs)]
    return FORMS[form](rows)


def _cells(one: Compared, found: Comparison) -> list[str]:
    values = [one.score, *(one.test.get(metric.name) for metric in found.metrics)]
    return [one.run.name, one.run.algo, *("" if value is None else f"{value:.6g}" for value in values)]


def _csv(rows: Rows) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[_harmless(cell) for cell in row] for row in rows])
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A name that a sheet would take for a formula gets an apostrophe before it; numbers are numbers."""
    return f"'{cell}" if cell[:1] in tuple("=+@\t\r") else cell


def _markdown(rows: Rows) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]) + "\n"


_SPELLED = {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
_TEX = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | _SPELLED)


def _latex(rows: Rows) -> str:
    lines = [" & ".join(cell.translate(_TEX) for cell in row) + r" \\" for row in rows]
    columns = "ll" + "r" * (len(rows[0]) - 2)
    body = "\n".join([lines[0], r"\hline", *lines[1:]])
    return f"\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}\n"


FORMS: dict[str, Callable[[Rows], str]] = {"csv": _csv, "md": _markdown, "tex": _latex}

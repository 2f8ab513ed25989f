"""The model card: what a model is for, how good it is, and how it treats what it does not know."""

from __future__ import annotations

from typing import Any

from engine.choices.preprocessing import Preprocessing
from engine.learners import CATALOG
from engine.metrics import for_task
from engine.unknowns import unknowns
from engine.words import count, number


def model_card(manifest: dict[str, Any], metrics: dict[str, Any]) -> str:
    """Markdown for people, from a manifest and the content of metrics.json."""
    spec, rows = manifest["spec"], metrics["rows"]
    learner = CATALOG[spec["model"]["algo"]]
    return "\n".join(
        [
            f"# {learner.title} for {_cell(manifest['target'])}",
            "",
            f"{metrics['headline']['text']} {metrics['headline']['baseline']}",
            "",
            f"Predicts `{_cell(manifest['target'])}` ({manifest['task']}). {learner.summary}",
            f"Learned from {count(rows['train'] - rows['with_gaps'], 'row')}, tested once on "
            f"{count(rows['test'], 'row')} that it had not seen.",
            "",
            *_scores(manifest, metrics),
            *_columns(manifest),
            *_treatment(manifest),
            *_origin(manifest),
        ]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("`", "'")


def _scores(manifest: dict[str, Any], metrics: dict[str, Any]) -> list[str]:
    lines = [
        "## Scores on the test rows",
        "",
        "| score | this model | 95 % interval | naive guess |",
        "|---|---|---|---|",
    ]
    for metric in for_task(manifest["task"]):
        low, high = (_said(end) for end in metrics["intervals"][metric.name])
        here, naive = _said(metrics["test"][metric.name]), _said(metrics["baseline"]["test"][metric.name])
        lines.append(f"| {metric.label} | {here} | {low} to {high} | {naive} |")
    return [*lines, ""]


def _said(value: float | None) -> str:
    return "none" if value is None else number(value)


def _columns(manifest: dict[str, Any]) -> list[str]:
    lines = ["## Columns", "", "| column | kind | typical value |", "|---|---|---|"]
    lines += [
        f"| {_cell(c['name'])} | {c['kind']} | {_cell(str(c['typical']))} |" for c in manifest["columns"]
    ]
    if manifest["classes"]:
        lines += ["", f"Classes: {', '.join(_cell(name) for name in manifest['classes'])}."]
    if manifest["threshold"] is not None:
        from_where = f"from a probability of {number(manifest['threshold'])} on, as tuned out of fold"
        lines += ["", f"It says {_cell(manifest['classes'][1])} {from_where}."]
    return [*lines, ""]


def _treatment(manifest: dict[str, Any]) -> list[str]:
    chosen = Preprocessing.model_validate(manifest["spec"]["preprocessing"])
    kinds = {column["name"]: column["kind"] for column in manifest["columns"]}
    return [
        "## What it does with what it does not know",
        "",
        *(f"- {_cell(sentence)}" for sentence in unknowns(chosen, kinds)),
        "- A number outside the range of the training rows: answered, and less sure than the scores say.",
        "- A missing column, or text in a column of numbers: refused. Further columns are ignored.",
        "",
    ]


def _origin(manifest: dict[str, Any]) -> list[str]:
    libraries = ", ".join(f"{name} {version}" for name, version in manifest["libraries"].items())
    return [
        "## Where it comes from",
        "",
        f"- Spec {manifest['fingerprint']}, seed {manifest['spec']['seed']}",
        f"- Python {manifest['python']}, {libraries}",
        "",
        "Use it with `python predict.py model.zip input.csv output.csv`.",
        "",
    ]

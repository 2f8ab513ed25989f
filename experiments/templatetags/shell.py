"""The frame of the page, around its own workspace where it has one; and how scores are called."""

from django import template

from engine.metrics import METRICS
from experiments.context import Shell

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: template.Context) -> Shell:
    """The shell at `workspace` if the page's context names one."""
    shell: Shell = context["shell"]
    return shell.at(context.get("workspace"))


@register.filter
def metric(name: str) -> str:
    """What a score is called for people."""
    return METRICS[name].label if name in METRICS else name

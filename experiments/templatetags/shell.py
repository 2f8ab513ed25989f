"""Finds the frame of the page: around its own workspace where it has one."""

from django import template

from experiments.context import Shell

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: template.Context) -> Shell:
    """The shell at `workspace` if the page's context names one."""
    shell: Shell = context["shell"]
    return shell.at(context.get("workspace"))

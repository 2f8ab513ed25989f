"""What pages are made of: icons with their sprite, inputs in the house style, links that keep the query."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from web.icons import DRAWINGS

register = template.Library()
STATES = {
    "queued": "clock",
    "ingesting": "spin",
    "running": "spin",
    "succeeded": "check",
    "ready": "check",
    "failed": "x",
    "cancelled": "slash",
}
LOOKS = {"ingesting": "running", "ready": "succeeded"}


@register.simple_tag(takes_context=True)
def icon(context: template.Context, name: str, size: str = "") -> SafeString:
    """An outline drawing without a voice; `size` is "", "sm" or "lg". Its sprite comes with `icons`."""
    _noted(context).setdefault(name, False)
    look = f"icon icon--{size}" if size else "icon"
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-{}"/></svg>', look, name
    )


@register.simple_tag(takes_context=True)
def icons(context: template.Context, *names: str) -> SafeString:
    """The sprite of every icon used so far, and of `names` that a later swap will need; each once a page."""
    noted = _noted(context)
    for name in names:
        noted.setdefault(name, False)
    fresh = sorted(name for name, drawn in noted.items() if not drawn)
    noted.update(dict.fromkeys(fresh, True))
    symbols = format_html_join(
        "",
        '<symbol id="i-{}" viewBox="0 0 24 24">{}</symbol>',
        ((name, mark_safe(DRAWINGS[name])) for name in fresh),  # noqa: S308 - our own drawings
    )
    return (
        format_html('<svg hidden xmlns="http://www.w3.org/2000/svg">{}</svg>', symbols) if fresh else symbols
    )


def _noted(context: template.Context) -> dict[str, bool]:
    """Which icons this page has used, and whether their drawing is out; kept on the request."""
    request = context.get("request")
    if request is None:
        return {}
    noted: dict[str, bool] = request.__dict__.setdefault("_icons", {})
    return noted


@register.filter
def state_icon(state: str) -> str:
    """The icon that stands beside the word for a state."""
    return STATES.get(state, "info")


@register.filter
def state_look(state: str) -> str:
    """The chip's variant for a state."""
    return LOOKS.get(state, state)


@register.filter
def control(field: BoundField) -> SafeString:
    """The input of a form field in the house style; Django adds what ties it to its hint and error."""
    look = {} if isinstance(field.field.widget, CheckboxInput) else {"class": "input"}
    return field.as_widget(attrs={**field.field.widget.attrs, **look})


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether a form field is one box to tick."""
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query string with `changes`; None or "" takes a name out."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.filter
def coded(words: str) -> SafeString:
    """A sentence in which `names` between backticks stand as code; everything in it is escaped."""
    parts = str(words).split("`")
    if len(parts) % 2 == 0:  # one without its partner means itself
        parts[-2:] = ["`".join(parts[-2:])]
    looks = ("{}", "<code>{}</code>")
    return format_html_join(
        "", "{}", ((format_html(looks[place % 2], part),) for place, part in enumerate(parts))
    )

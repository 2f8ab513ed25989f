"""How numbers, sizes and times are written on every page."""

import math
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
SPACE = "\u00a0"
MINUS = "\u2212"


@register.filter
def score(value: Any) -> str:
    """Four significant digits: 0.8358, 53.82; "none" where there is no number."""
    if (
        value is None
        or isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
    ):
        return "none"
    if value == 0:
        return "0"
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(digits, 8)}f}".replace("-", MINUS)


@register.filter
def chance(value: float) -> str:
    """A probability with three decimals; "below 0.001" where that would say 0."""
    return "below 0.001" if value < 0.001 else f"{value:.3f}"


@register.filter
def count(value: int | None) -> str:
    """In full with thousands commas."""
    return "none" if value is None else f"{value:,}".replace("-", MINUS)


@register.filter
def size(value: int | None) -> str:
    """Bytes in three digits: 1.92 MB."""
    if value is None:
        return "none"
    amount, unit = float(value), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            break
        amount /= 1000
    return f"{value}{SPACE}B" if unit == "B" else f"{_three(amount)}{SPACE}{unit}"


@register.filter
def seconds(value: float | None) -> str:
    """A span in three digits: 3 ms, 0.21 s, 6.20 s, 3 min 40 s."""
    if value is None:
        return "none"
    if value < 0.1:
        return f"{1000 * value:.0f}{SPACE}ms"
    if value < 60:
        return f"{_three(value)}{SPACE}s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes}{SPACE}min {rest}{SPACE}s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{SPACE}h {minutes}{SPACE}min"


@register.filter
def percent(value: float | None) -> str:
    """A share from 0 to 1 with one decimal: 19.9 %."""
    return "none" if value is None else f"{100 * value:.1f}{SPACE}%"


@register.filter
def ago(value: datetime | None) -> SafeString:
    """A <time>: "4 min ago" up to a day, then "Nov 21"; the exact time in the title."""
    if value is None:
        return mark_safe("never")
    exact = value.strftime("%Y-%m-%d %H:%M:%S UTC")
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, _span(value))


def _span(value: datetime) -> str:
    passed = (timezone.now() - value).total_seconds()
    if passed < 60:
        return "just now"
    if passed < 3600:
        return f"{int(passed // 60)} min ago"
    if passed < 86400:
        return f"{int(passed // 3600)} h ago"
    return f"{value:%b} {value.day}" + ("" if value.year == timezone.now().year else f", {value.year}")


def _three(amount: float) -> str:
    return f"{amount:.{max(0, 2 - int(math.log10(amount)))}f}" if amount >= 1 else f"{amount:.2f}"

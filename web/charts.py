"""Pages that show Plotly: the only ones that take styles from scripts."""

from collections.abc import Callable
from typing import cast

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpResponse

View = Callable[..., HttpResponse]


def with_plotly(view: View) -> View:
    """Lets the page take styles from scripts: Plotly writes them, and no other page shows it."""
    return cast("View", csp_update({"style-src": [UNSAFE_INLINE]})(view))

"""Finds the one file of the plotly wheel that pages use, so that no bundle lies in the repository."""

import importlib.util
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

NAME = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Serves `plotly.min.js` from where pip installed it, without importing plotly."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("plotly")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("plotly is not installed: install requirements.txt")
        self.storage = FileSystemStorage(location=Path(spec.origin).parent / "package_data")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self.storage.path(NAME) if path == NAME else None
        if find_all:
            return [found] if found else []
        return found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Storage]]:
        yield NAME, self.storage

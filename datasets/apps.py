"""Registers the chapter with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DatasetsConfig(AppConfig):
    name = "datasets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Asks the chapters above what of the data they need; `datasets.holders` keeps the answers."""
        autodiscover_modules("holding")

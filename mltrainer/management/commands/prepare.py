"""`manage.py prepare`: tables, static files and the first administrator, where others run the servers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from mltrainer.preparing import prepare


class Command(BaseCommand):
    """A door: one call."""

    help = "Brings tables and static files up to date, and makes the first administrator."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            news = prepare()
        except OperationalError:
            raise CommandError("The database does not answer. Check DATABASE_URL.") from None
        if news:
            self.stdout.write(news)

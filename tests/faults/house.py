"""A whole running installation whose parts can be broken, seen through its API, sockets and processes."""

import http.client
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from websockets.sync.client import connect

from bench.platform import Platform
from examples import demo
from mltrainer.addresses import DATABASE, run_dir
from mltrainer.embedded.postgres import PORT

Json = dict[str, Any]
LOGISTIC: Json = {"model": {"algo": "logistic_regression"}}
LONG: Json = {
    "model": {"algo": "dense_network", "units": [8], "early_stopping_patience": None},
    "training": {"epochs": 5000, "batch_size": 1},
}
"""A network that learns until somebody stops it."""


def network(epochs: int) -> Json:
    """A small network; an epoch takes some milliseconds."""
    model = {"algo": "dense_network", "units": [8], "early_stopping_patience": None}
    return {"model": model, "training": {"epochs": epochs, "batch_size": 8}}


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    """What it says as soon as that is true. The house may be busy, so tests are patient."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError("it never became true")


@dataclass
class House:
    """The installation, a read dataset, and one question asked of it."""

    platform: Platform
    experiment: Json

    @property
    def home(self) -> Path:
        return Path(self.platform.process.environ()["MLTRAINER_HOME"])

    def start(self, body: Json) -> str:
        run = self.platform.api.call("POST", f"/api/v1/experiments/{self.experiment['id']}/runs/", body)
        return str(run["id"])

    def run(self, run: str) -> Json:
        return self.platform.api.call("GET", f"/api/v1/runs/{run}/")

    def ended(self, run: str, seconds: float = 90) -> Json:
        """The run, once it has ended."""
        until(lambda: self.run(run)["status"] not in ("queued", "running"), seconds)
        return self.run(run)

    def unfinished(self) -> list[str]:
        runs = self.platform.api.call("GET", f"/api/v1/experiments/{self.experiment['id']}/runs/")
        return [run["id"] for run in runs["results"] if run["status"] in ("queued", "running")]

    def cancel(self, run: str) -> None:
        self.platform.api.call("POST", f"/api/v1/runs/{run}/cancel/", {})

    def events(self, run: str) -> list[Json]:
        """Everything that happened, in order."""
        found: list[Json] = []
        while True:
            after = found[-1]["seq"] if found else 0
            page = self.platform.api.call("GET", f"/api/v1/runs/{run}/events/?after={after}&limit=1000")
            found += page["results"]
            if not page["next"]:
                return found

    def epochs(self, run: str) -> list[int]:
        """The numbers of the epochs that were told, in order."""
        told = [event for event in self.events(run) if event["kind"] == "epoch"]
        return [event["data"]["epoch"] for event in told]

    def learns(self, run: str) -> None:
        """Returns when it has told of an epoch."""
        until(lambda: self.epochs(run))

    def messages(self, run: str) -> list[str]:
        """The sentences of its states."""
        return [event["data"]["message"] for event in self.events(run) if event["kind"] == "state"]

    def artifacts(self, run: str) -> dict[str, str]:
        """The addresses of what it left, by name."""
        found = self.platform.api.call("GET", f"/api/v1/runs/{run}/artifacts/")["results"]
        return {one["name"]: one["url"] for one in found}

    def text(self, url: str) -> str:
        return self.platform.api.send("GET", url, None, {}).decode()

    def status(self, path: str) -> tuple[int, str | None]:
        """Status and Retry-After of an answer."""
        client = http.client.HTTPConnection(self.platform.address.removeprefix("http://"), timeout=30)
        with closing(client):
            client.request("GET", path, headers={"Authorization": f"Bearer {self.platform.api.token}"})
            answer = client.getresponse()
            return answer.status, answer.headers["Retry-After"]

    def socket(self, run: str, after: int = 0) -> Iterator[Json]:
        """What the socket of a run says until the run has ended, as a browser hears it: it comes back."""
        address = self.platform.address.replace("http", "ws", 1)
        headers = {"Authorization": f"Bearer {self.platform.api.token}"}
        with connect(f"{address}/ws/runs/{run}/?after={after}", additional_headers=headers) as socket:
            for message in socket:
                event = json.loads(message)
                yield event
                if event["kind"] == "finished":
                    return

    def family(self) -> list[psutil.Process]:
        return list(self.platform.process.children(recursive=True))

    def child(self, run: str) -> psutil.Process:
        """The process that trains it."""

        def find() -> psutil.Process | None:
            return next((each for each in self.family() if f"run-{run}-" in _place(each)), None)

        found: psutil.Process = until(find)
        return found

    def worker(self, run: str) -> psutil.Process:
        """The process that watches over it, as its row says."""
        rows = psycopg.connect(dbname=DATABASE, user=DATABASE, host=str(run_dir(self.home)), port=PORT)
        with closing(rows), rows.cursor() as cursor:
            cursor.execute("SELECT worker FROM experiments_run WHERE id = %s", [run])
            found = cursor.fetchone()
            assert found is not None
            return psutil.Process(int(found[0].rpartition(":")[2]))

    def server(self, pid_file: str) -> psutil.Process:
        """The embedded server that wrote this file in the home."""
        return psutil.Process(int((self.home / pid_file).read_text().split()[0]))

    def clusters(self) -> list[psutil.Process]:
        """The first process of each cluster."""
        return [each for each in self.family() if _is_cluster(each) and not _is_cluster(each.parent())]

    def is_ready(self) -> bool:
        return demo.answers(self.platform.address)


@contextmanager
def frozen(process: psutil.Process) -> Iterator[None]:
    """It does nothing while this lasts."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def kill(process: psutil.Process) -> None:
    os.kill(process.pid, signal.SIGKILL)


def _place(process: psutil.Process) -> str:
    try:
        return str(process.cwd())
    except psutil.Error:
        return ""


def _is_cluster(process: psutil.Process | None) -> bool:
    try:
        return process is not None and "cluster" in process.cmdline()
    except psutil.Error:
        return False

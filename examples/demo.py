"""The main job from a terminal, over the REST API and the WebSocket alone: a file in, four models out.

Reads like a client of your own would: sign in, upload in parts, ask a question, start runs, watch, compare.
"""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "examples" / "penguins.csv"
HOME = Path(os.environ.get("MLTRAINER_HOME", ROOT / "var"))
ADDRESS = f"http://{os.environ.get('HOST', 'localhost')}:{os.environ.get('PORT', '8000')}"
PART = 4 * 2**20
MODELS: list[dict[str, Any]] = [
    {"model": {"algo": "dummy"}},
    {"model": {"algo": "logistic_regression"}},
    {"model": {"algo": "random_forest", "n_estimators": 200}},
    {"model": {"algo": "dense_network", "units": [32, 16]}, "training": {"epochs": 15}},
]
Json = dict[str, Any]


class DemoError(Exception):
    """The demo cannot go on; the text says why."""


class Api:
    """A few lines around urllib: JSON in, JSON out, problems as sentences."""

    def __init__(self, address: str) -> None:
        self.address, self.token = address, ""

    def call(self, method: str, path: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        answer = self.send(method, path, data, {"Content-Type": "application/json"})
        return dict(json.loads(answer or b"{}"))

    def send(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> bytes:
        keys = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = path if path.startswith("http") else self.address + path
        request = Request(url, data=data, headers=headers | keys, method=method)
        try:
            with urlopen(request, timeout=60) as response:
                return bytes(response.read())
        except HTTPError as error:
            raise DemoError(f"{method} {path}: {json.loads(error.read())['detail']}") from error


def main() -> None:
    with server() as address:
        api = Api(address)
        sign_in(api)
        workspace = api.call("GET", "/api/v1/workspaces/")["results"][0]["slug"]
        version = upload(api, workspace)
        experiment = ask(api, workspace, version)
        runs = [start(api, experiment, model) for model in MODELS]
        for run in runs:
            watch(api, run)
        show(api, workspace, version, experiment, runs)


@contextmanager
def server() -> Iterator[str]:
    """The address of the running server; one is started, and stopped at the end, where none runs."""
    if answers() or is_coming():
        yield ADDRESS
        return
    print("No server is running: starting one …")
    process = subprocess.Popen([ROOT / "script" / "server"], start_new_session=True)
    try:
        wait_for(process)
        yield ADDRESS
    finally:
        process.terminate()
        process.wait(30)
        print("The server that was started for this is stopped. ./script/server shows the pages again.")


def answers(address: str = ADDRESS) -> bool:
    try:
        with urlopen(f"{address}/readyz", timeout=5):
            return True
    except (URLError, OSError):
        return False


def is_coming() -> bool:
    """Whether a server that was just started answers within a moment."""
    until = time.monotonic() + 10
    while listens() and time.monotonic() < until:
        if answers():
            return True
        time.sleep(0.5)
    return False


def listens() -> bool:
    try:
        with urlopen(f"{ADDRESS}/healthz", timeout=5):
            return True
    except OSError:
        return False


def wait_for(process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 900
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            raise DemoError("The server did not start.")
        time.sleep(0.5)


def sign_in(api: Api) -> None:
    email = os.environ.get("MLTRAINER_ADMIN_EMAIL", "admin@localhost")
    kept = HOME / "admin-password"
    password = os.environ.get("MLTRAINER_ADMIN_PASSWORD") or (
        kept.read_text().strip() if kept.exists() else ""
    )
    if not password:
        raise DemoError(
            "Set MLTRAINER_ADMIN_EMAIL and MLTRAINER_ADMIN_PASSWORD to an account that may sign in."
        )
    body = {"email": email, "password": password, "name": "script/demo"}
    api.token = api.call("POST", "/api/v1/auth/tokens/", body)["token"]
    print(f"Signed in as {email}.")


def upload(api: Api, workspace: str) -> Json:
    """Sends the file in resumable parts, then waits until it is read."""
    size = DATA.stat().st_size
    name = base64.b64encode(DATA.name.encode()).decode()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    made = json.loads(api.send("POST", "/api/v1/uploads/", b"", headers))
    with DATA.open("rb") as file:
        while part := file.read(PART):
            at = file.tell() - len(part)
            headers = {
                "Tus-Resumable": "1.0.0",
                "Upload-Offset": str(at),
                "Content-Type": "application/offset+octet-stream",
            }
            api.send("PATCH", f"/api/v1/uploads/{made['id']}/", part, headers)
    body = {"upload": made["id"], "name": "Penguins"}
    dataset = api.call("POST", f"/api/v1/workspaces/{workspace}/datasets/", body)
    return read(api, dataset)


def read(api: Api, dataset: Json) -> Json:
    version: Json = dataset["latest_version"]
    while version["status"] == "ingesting":
        time.sleep(0.1)
        version = api.call("GET", f"/api/v1/dataset-versions/{version['id']}/")
    if version["status"] == "failed":
        raise DemoError(version["problem"]["detail"])
    print(f"Uploaded {DATA.name}: {version['rows']} rows, {len(version['columns'])} columns.")
    return version | {"dataset": dataset["id"]}


def ask(api: Api, workspace: str, version: Json) -> Json:
    body = {
        "name": "Which species is it?",
        "dataset_version": version["id"],
        "task": "classification",
        "target": "species",
        "metric": "roc_auc",
    }
    return api.call("POST", f"/api/v1/workspaces/{workspace}/experiments/", body)


def start(api: Api, experiment: Json, model: Json) -> Json:
    return api.call("POST", f"/api/v1/experiments/{experiment['id']}/runs/", model)


def watch(api: Api, run: Json) -> None:
    """Follows one run over its WebSocket until it has ended."""
    print(f"\n{run['name']}: {run['spec']['model']['algo']}")
    address = api.address.replace("http", "ws", 1) + f"/ws/runs/{run['id']}/?after=0"
    with connect(address, additional_headers={"Authorization": f"Bearer {api.token}"}) as socket:
        for message in socket:
            event = json.loads(message)
            tell(event)
            if event["kind"] == "finished":
                return


def tell(event: Json) -> None:
    data = event["data"]
    if event["kind"] == "epoch":
        figures = ", ".join(
            f"{name} {value:.4f}" for name, value in data["metrics"].items() if value is not None
        )
        print(f"  epoch {data['epoch']:>3} of {data['epochs']}: {figures}")
    elif event["kind"] == "log":
        print(f"  {data['message']}")
    elif event["kind"] == "warning":
        print(f"  note: {data['message']}")


def show(api: Api, workspace: str, version: Json, experiment: Json, runs: list[Json]) -> None:
    board = api.call("GET", f"/api/v1/experiments/{experiment['id']}/leaderboard/")["results"]
    print(f"\n{'place':>5}  {'run':<20} {'model':<22} {'ROC AUC':>8} {'accuracy':>8}")
    for row in board:
        run = api.call("GET", f"/api/v1/runs/{row['id']}/")
        test = run["metrics"].get("test", {})
        place = row["rank"] if row["rank"] is not None else ""
        figures = "".join(
            f" {test[name]:8.4f}" if name in test else " " * 9 for name in ("roc_auc", "accuracy")
        )
        print(f"{place:>5}  {run['name']:<20} {run['spec']['model']['algo']:<22}{figures}")
    print(f"\nWorkspace:  {api.address}/w/{workspace}/")
    print(f"Dataset:    {api.address}/datasets/{version['dataset']}/")
    print(f"Experiment: {api.address}/experiments/{experiment['id']}/")
    for run in runs:
        print(f"Run:        {api.address}/runs/{run['id']}/")


if __name__ == "__main__":
    try:
        main()
    except DemoError as error:
        sys.exit(str(error))

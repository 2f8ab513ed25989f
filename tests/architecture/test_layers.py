"""Imports point backwards in the story, and every folder has its place in it."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_THE_PRODUCT = {"tests", "bench", "examples"}
HEAVY = {"pandas", "sklearn", "keras", "tensorflow", "xgboost", "duckdb", "pyarrow", "numpy", "matplotlib"}


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_folder_of_code_has_its_layer() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_THE_PRODUCT
    assert folders == set(config["root_packages"])


def loaded(program: str) -> set[str]:
    code = f"{program}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_web_process_loads_no_machine_learning() -> None:
    program = "import mltrainer.asgi, mltrainer.urls"
    assert not loaded(program) & HEAVY


def test_describing_what_can_be_trained_loads_no_machine_learning() -> None:
    assert not loaded("import engine.spec, engine.learners, engine.metrics, engine.problems") & HEAVY


def test_the_engine_and_the_sandbox_know_no_django() -> None:
    assert "django" not in loaded("import engine.train, engine.job, sandbox.parent, sandbox.zygote")


def test_what_reads_a_file_in_the_child_knows_no_django() -> None:
    assert "django" not in loaded("import datasets.readers.ingest, datasets.warm")

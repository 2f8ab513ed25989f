"""What Dockerfile and compose.yaml name is there, and pins are pins."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]


def commands() -> list[str]:
    in_image = [json.loads(found)[0] for found in re.findall(r"CMD (\[.*\])", DOCKERFILE)]
    return sorted({*in_image, *(SERVICES[name]["command"][0] for name in ("web", "worker"))})


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_containers_is_there_and_can_be_run(command: str) -> None:
    assert os.access(ROOT / command, os.X_OK)


def test_web_and_worker_differ_by_command_only() -> None:
    web, worker = SERVICES["web"], SERVICES["worker"]
    assert (web["command"], worker["command"]) == (["script/web"], ["script/worker"])
    for shared in ("image", "environment", "volumes"):
        assert web[shared] == worker[shared]


def test_the_containers_do_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users == ["mltrainer"]


def test_the_image_installs_pinned_requirements_only() -> None:
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line]
    assert installs
    assert all("--require-hashes -r requirements.txt" in line for line in installs)


def test_no_secret_has_a_value_in_the_compose_file() -> None:
    environment = {**SERVICES["web"]["environment"], **SERVICES["db"]["environment"]}
    for name, value in environment.items():
        if re.search("SECRET|PASSWORD", name):
            assert re.fullmatch(r"\$\{\w+:[-?][^}]*\}", value)
            assert "-" not in value or value.endswith(":-}")


def test_the_workers_wait_for_the_tables_and_the_web_for_the_database() -> None:
    assert SERVICES["worker"]["depends_on"]["web"]["condition"] == "service_healthy"
    assert SERVICES["web"]["depends_on"]["db"]["condition"] == "service_healthy"


def test_the_shared_volume_is_where_the_image_keeps_its_home() -> None:
    home = re.search(r"MLTRAINER_HOME=(\S+)", DOCKERFILE)
    assert home is not None
    assert SERVICES["web"]["volumes"] == [f"data:{home[1]}"]
    assert set(COMPOSE["volumes"]) == {"data", "database"}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_direct_requirement_says_why_and_is_pinned_with_hashes(name: str) -> None:
    pinned = (ROOT / f"{name}.txt").read_text()
    for line in (ROOT / f"{name}.in").read_text().splitlines():
        if line.startswith(("#", "-c")):
            continue
        package, reason = line.split("  # ")
        key = re.split(r"[\[;<>=\s]", package)[0].lower()
        assert reason
        assert re.search(rf"^{key}(\[[a-z, -]+\])?==[^\\]+\\\n    --hash=sha256:", pinned, re.MULTILINE), key


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_pins_name_no_place_to_fetch_from(name: str) -> None:
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", (ROOT / name).read_text())


def test_linux_takes_the_small_builds_and_other_systems_the_full_ones() -> None:
    pinned = (ROOT / "requirements.txt").read_text()
    for small, full in (("tensorflow-cpu", "tensorflow"), ("xgboost-cpu", "xgboost")):
        assert re.search(
            rf"^{small}==.*platform_machine == 'x86_64' and sys_platform == 'linux'", pinned, re.M
        )
        assert re.search(rf"^{full}==.*platform_machine != 'x86_64' or sys_platform != 'linux'", pinned, re.M)

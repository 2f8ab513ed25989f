"""Clicks Train in a real browser and waits for the first epoch to arrive."""

import json
import os
import shutil
import time
from typing import TYPE_CHECKING

from bench.platform import EMAIL, PASSWORD, Json, Platform

if TYPE_CHECKING:
    from playwright.sync_api import Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Where Chromium lies: `CHROMIUM`, or a program of that name."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def first_epoch_spans(platform: Platform, version: Json, times: int) -> list[float]:
    """Seconds for each click; none, and a word, where there is no Chromium."""
    program = chromium()
    if program is None:
        print("No Chromium here: the first epoch in the browser is not measured.")
        return []
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=FLAGS) as opened,
    ):
        page = opened.new_page()
        _sign_in(page, platform.address)
        return [_click(page, platform, version) for _ in range(times)]


def _sign_in(page: "Page", address: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/w/**")


def _click(page: "Page", platform: Platform, version: Json) -> float:
    """Seconds from the click on Train to the first epoch that the page receives."""
    page.goto(f"{platform.address}/w/{platform.workspace}/experiments/new/?version={version['id']}")
    for family in page.locator("details.family:not([open]) > summary").all()[::-1]:
        family.click()
    for box in page.locator("input[name=algo]").all():
        box.set_checked(box.get_attribute("value") == "dense_network")
    page.locator(".choice", has=page.locator("[value=dense_network]")).get_by_text("Settings").click()
    page.get_by_label("Epochs").fill("3")
    seen: list[float] = []
    page.once("websocket", lambda socket: socket.on("framereceived", lambda frame: _note(frame, seen)))
    start = time.perf_counter()
    page.get_by_role("button", name="Train 1 model").click()
    while not seen:
        page.wait_for_timeout(10)
    page.get_by_text("Succeeded").first.wait_for()
    return seen[0] - start


def _note(frame: str | bytes, seen: list[float]) -> None:
    if json.loads(frame)["kind"] == "epoch":
        seen.append(time.perf_counter())

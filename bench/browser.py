"""Clicks Train in a real browser and waits for the first epoch to be drawn."""

import os
import shutil

from bench.platform import EMAIL, PASSWORD, Json, Platform

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def first_epoch_spans(platform: Platform, version: Json, times: int) -> list[float]:
    """Seconds for each click; none, and a word, where there is no Chromium."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("No Chromium here: the first epoch in the browser is not measured.")
        return []
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=FLAGS) as chromium,
    ):
        page = chromium.new_page()
        _sign_in(page, platform.address)
        return [_click(page, platform, version) for _ in range(times)]


def _sign_in(page: "object", address: str) -> None:
    page.goto(f"{address}/sign-in/")  # type: ignore[attr-defined]
    page.get_by_label("E-mail address").fill(EMAIL)  # type: ignore[attr-defined]
    page.get_by_label("Password", exact=True).fill(PASSWORD)  # type: ignore[attr-defined]
    page.get_by_role("button", name="Sign in", exact=True).click()  # type: ignore[attr-defined]
    page.wait_for_url("**/w/**")  # type: ignore[attr-defined]


def _click(page: "object", platform: Platform, version: Json) -> float:
    raise NotImplementedError

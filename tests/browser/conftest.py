"""A running house, a Chromium, and pages that must not complain."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench import browser as where
from bench.browser import FLAGS
from bench.platform import Platform, platform

ROOT = Path(__file__).resolve().parents[2]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NO_CHROMIUM = "no Chromium on this machine: install Debian's package chromium"
NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if where.chromium() is None:
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Ends with these tests: while it lives, this thread counts as asynchronous, and Django refuses it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where.chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def house(chromium: Browser) -> Iterator[Platform]:
    """The whole installation, as `manage.py serve` starts it."""
    with platform() as running:
        yield running


@pytest.fixture
def new_page(chromium: Browser, house: Platform) -> Iterator[NewPage]:
    """Opens pages; at the end none may have broken a policy or thrown an error."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(viewport: dict[str, int] = WIDE, **options: object) -> Page:
        context = chromium.new_context(base_url=house.address, viewport=viewport, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert not [
        line for line in complaints if "Failed to load resource" not in line and "WebSocket" not in line
    ]


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()

"""No axe violation, light and dark, wide and narrow; nothing wider than its window."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE, NewPage

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def look(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{address} {scheme}: {found.generate_report()}"
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0, f"{address} is {sideways} px too wide"


def test_every_page_of_the_way(new_page: NewPage) -> None:
    page = new_page()
    for door in ("/sign-in/", "/sign-up/"):
        look(page, door)
    steps.sign_up(page)
    home = page.url
    look(page, home)
    steps.upload(page)
    dataset = page.url
    column = page.get_by_role("link", name="body_mass_g").first.get_attribute("href") or ""
    steps.choose(page, "species", ["logistic_regression"])
    wizard = page.url
    steps.train(page)
    page.get_by_text("Succeeded").first.wait_for(timeout=60_000)
    run = page.url
    experiment = page.get_by_role("link", name="Experiments").first.get_attribute("href") or ""
    addresses = [
        home,
        f"{home}datasets/",
        dataset,
        f"{dataset}?tab=rows&sort=-body_mass_g",
        f"{dataset}?tab=versions",
        f"{dataset}?tab=used",
        column,
        f"{home}trash/",
        wizard,
        run,
        f"{run}?tab=settings",
        experiment,
        "/tokens/",
        "/you/",
        f"{home}runs/",
    ]
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for address in addresses:
            look(page, address)

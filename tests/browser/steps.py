"""The steps of the way, in the words of the pages."""

import re
import uuid
from pathlib import Path

from playwright.sync_api import Page, expect

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PASSWORD = "a long enough password"


def sign_up(page: Page) -> str:
    """A new person, inside a workspace of their own; the address they signed up with."""
    email = f"maya-{uuid.uuid4().hex[:8]}@example.org"
    page.goto("/sign-up/")
    page.get_by_label("Your name").fill("Maya Okafor")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url(re.compile(r"/w/[^/]+/$"))
    return email


def upload(page: Page, file: Path = EXAMPLES / "penguins.csv") -> None:
    """Chooses a file on the datasets page and waits until it is read."""
    page.get_by_role("link", name="Datasets").click()
    page.set_input_files("input[type=file]", file)
    page.wait_for_url(re.compile(r"/datasets/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("link", name="New experiment").first).to_be_visible(timeout=20_000)


def choose(page: Page, target: str, models: list[str]) -> None:
    """Fills the four questions of a new experiment."""
    page.get_by_role("link", name="New experiment").first.click()
    picked = page.get_by_label("Target column")
    if picked.input_value() != target:
        picked.select_option(target)
        expect(page.get_by_label("Target column")).to_have_value(target)
        page.wait_for_load_state("networkidle")
    for family in page.locator("details.family:not([open]) > summary").all()[::-1]:
        family.click()
    for box in page.locator("input[name=algo]").all():
        box.set_checked(box.get_attribute("value") in models)


def set_epochs(page: Page, epochs: int) -> None:
    page.locator(".choice", has=page.locator("[value=dense_network]")).get_by_text("Settings").click()
    page.get_by_label("Epochs").fill(str(epochs))


def train(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Train")).first.click()
    page.wait_for_url(re.compile(r"/(runs|experiments)/[0-9a-f-]{36}/$"))

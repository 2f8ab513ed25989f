"""Trees are followed on the page of a run while they grow, as the epochs of a network are."""

import re

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import NewPage

LONG = 90_000


def test_trees_are_followed_while_they_grow(new_page: NewPage) -> None:
    page = new_page()
    steps.sign_up(page)
    steps.upload(page, steps.EXAMPLES / "mpg.csv")
    steps.choose(page, "mpg", ["xgboost"])
    card = page.locator(".choice", has=page.locator("[value=xgboost]"))
    card.get_by_text("Settings").click()
    for name, value in {
        "n_estimators": "5000",
        "learning_rate": "0.002",
        "early_stopping_rounds": "1000",
    }.items():
        card.locator(f"[name=m-xgboost-{name}]").fill(value)
    steps.train(page)
    expect(page.get_by_text(re.compile(r"Iteration [\d,]+ of 5,000")).first).to_be_visible(timeout=LONG)
    expect(page.get_by_role("heading", name="Loss by iteration")).to_be_visible()
    expect(page.get_by_text("Succeeded").first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("How it learned").first).to_be_visible()

"""Two runs, ticked on the leaderboard and compared: on their folds, and row by row."""

from playwright.sync_api import Page, expect

from tests.browser import steps

LONG = 120_000  # milliseconds; the machine may be busy


def test_a_person_compares_two_runs_row_by_row_and_moves_the_baseline(page: Page) -> None:
    steps.sign_up(page)
    steps.upload(page)
    steps.choose(page, "species", ["logistic_regression", "dummy"])
    steps.train(page)
    boxes = page.locator("input[name=run]")
    expect(boxes).to_have_count(2, timeout=LONG)
    for box in boxes.all():
        box.check()
    page.get_by_role("button", name="Compare the chosen runs").click()
    expect(page.get_by_role("heading", name="Compare 2 runs")).to_be_visible()
    expect(page.get_by_text("clear", exact=True).first).to_be_visible()
    expect(page.get_by_text("McNemar’s test").first).to_be_visible(timeout=LONG)
    second = page.locator("main table").first.locator("tbody tr").nth(1).locator("th a").inner_text()
    page.get_by_role("link", name="Make it the baseline").first.click()
    expect(page.get_by_text(f"against {second}")).to_be_visible()

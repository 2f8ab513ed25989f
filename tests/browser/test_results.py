"""Two classes in the browser: the line is moved by hand, and the worst rows come when they are looked at."""

import re

from playwright.sync_api import Page, expect

from tests.browser import steps

LONG = 120_000  # milliseconds; the machine may be busy


def _counts(page: Page) -> list[int]:
    return [int(text.replace(",", "")) for text in page.locator("table.matrix b").all_inner_texts()]


def test_the_line_between_two_classes_moves_with_the_matrix_and_the_costs(
    page: Page,
) -> None:
    steps.sign_up(page)
    steps.upload(page)
    steps.choose(page, "sex", ["logistic_regression"])
    steps.train(page)
    expect(page.get_by_text("Succeeded").first).to_be_visible(timeout=LONG)
    slider = page.get_by_label("Threshold", exact=True)
    expect(slider).to_be_visible()
    before = _counts(page)
    line = page.locator("#threshold svg .at")
    stood = line.get_attribute("d")
    slider.press("End")
    expect(page.locator("#threshold output")).to_have_text("0.99")
    after = _counts(page)
    assert sum(after) == sum(before)
    assert after[0] >= before[0]
    assert after[3] < before[3]
    assert line.get_attribute("d") != stood
    page.get_by_label(re.compile("^A missed")).fill("1000")
    page.get_by_role("button", name=re.compile(r"^Use 0\.")).click()
    assert _counts(page)[2] == 0


def test_the_worst_rows_come_when_they_are_scrolled_to_and_lead_to_the_data(page: Page) -> None:
    steps.sign_up(page)
    steps.upload(page)
    steps.choose(page, "species", ["logistic_regression"])
    steps.train(page)
    expect(page.get_by_text("Succeeded").first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Reading the rows…")).to_have_count(1)
    page.locator("#worst").scroll_into_view_if_needed()
    rows = page.locator("#worst tbody tr")
    expect(rows).to_have_count(50, timeout=LONG)
    number = rows.first.locator("th a").first.inner_text()
    rows.first.locator("th a").first.click()
    expect(page.locator(f"#row-{number.replace(',', '')}")).to_be_visible(timeout=LONG)


def test_a_figure_is_taken_home_as_a_picture(page: Page) -> None:
    steps.sign_up(page)
    steps.upload(page)
    steps.choose(page, "species", ["dummy"])
    steps.train(page)
    expect(page.get_by_text("Succeeded").first).to_be_visible(timeout=LONG)
    with page.expect_download() as taken:
        page.get_by_role("link", name=re.compile("^PNG of How well it ranks")).click()
    assert taken.value.suggested_filename == "roc.png"

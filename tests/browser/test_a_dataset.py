"""A dataset in the browser: what was found is acted on, a decision is flipped, rows are gone through."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

READ = 30_000  # milliseconds; the machine may be busy


@pytest.fixture
def titanic(page: Page) -> Page:
    steps.sign_up(page)
    steps.upload(page, steps.EXAMPLES / "titanic.csv")
    return page


def test_the_leak_is_found_and_left_out(titanic: Page) -> None:
    leak = titanic.locator("li.finding--bad", has_text="alive")
    expect(leak).to_contain_text("gives the answer away")
    leak.get_by_text("Evidence").click()
    expect(leak.get_by_role("definition").first).to_be_visible()
    leak.get_by_role("button", name="Leave out alive").click()
    expect(titanic.get_by_role("link", name="Version 2, newest")).to_be_visible(timeout=READ)
    names = titanic.locator(".column-card h3")
    expect(names.filter(has_text="survived")).to_be_visible(timeout=READ)
    expect(names.filter(has_text="alive")).to_have_count(0)
    expect(titanic.locator("li.finding--bad")).to_have_count(0)
    titanic.get_by_role("link", name="Versions 2").click()
    expect(titanic.get_by_text("Left out alive").first).to_be_visible()


def test_a_decision_is_flipped_after_a_look(page: Page, tmp_path: Path) -> None:
    table = tmp_path / "prices.csv"
    table.write_text("day;price\n" + "".join(f"{day};{day},5\n" for day in range(1, 60)))
    steps.sign_up(page)
    steps.upload(page, table)
    separator = page.locator("dd", has_text="semicolon").first
    separator.locator("summary", has_text="Change").click()
    separator.get_by_role("radio", name=re.compile("^comma", re.I)).check()
    separator.get_by_role("button", name="See what changes").click()
    trial = page.locator("#trial")
    expect(trial.get_by_role("heading", name="What would change")).to_be_focused(timeout=READ)
    expect(trial.get_by_role("table")).to_be_visible()
    trial.get_by_role("button", name="Read again so").click()
    expect(page.get_by_role("link", name="Version 2, newest")).to_be_visible(timeout=READ)
    expect(page.get_by_text("Read again: separated by comma.")).to_be_visible()
    expect(page.locator(".column-card h3", has_text="price")).to_have_count(0, timeout=READ)
    expect(page.locator(".column-card")).to_have_count(2, timeout=READ)


def test_a_new_version_comes_by_its_dialog(titanic: Page, tmp_path: Path) -> None:
    table = tmp_path / "fewer.csv"
    table.write_text("".join((steps.EXAMPLES / "titanic.csv").read_text().splitlines(keepends=True)[:500]))
    titanic.get_by_role("button", name="New version").click()
    titanic.set_input_files("dialog input[type=file]", table)
    expect(titanic.get_by_role("link", name="Version 2, newest")).to_be_visible(timeout=READ)
    expect(titanic.get_by_role("link", name="Rows 499")).to_be_visible(timeout=READ)


def test_rows_are_sorted_filtered_and_paged_without_a_new_page(titanic: Page) -> None:
    titanic.get_by_role("link", name="Rows 891").click()
    titanic.evaluate("window.stays = true")
    titanic.get_by_role("link", name="age", exact=True).click()
    expect(titanic.locator("th[aria-sort=ascending]")).to_contain_text("age")
    expect(titanic.locator("tbody tr").first).to_contain_text("0.42")
    expect(titanic.get_by_role("link", name="age", exact=True)).to_be_focused()
    titanic.get_by_label("Column", exact=True).select_option("sex")
    titanic.get_by_label("Value").fill("female")
    titanic.get_by_role("button", name="Filter").click()
    expect(titanic.get_by_text("1 to 100 of 314 that fit, of 891")).to_be_visible()
    titanic.get_by_role("link", name="Next").click()
    expect(titanic.get_by_text("101 to 200 of 314 that fit, of 891")).to_be_visible()
    assert "page=2" in titanic.url
    titanic.get_by_role("link", name="sex is female").click()
    expect(titanic.get_by_text("1 to 100 of 891")).to_be_visible()
    assert titanic.evaluate("window.stays") is True
    titanic.reload()
    expect(titanic.locator("th[aria-sort=ascending]")).to_contain_text("age")


def test_a_bar_of_a_card_leads_to_its_rows(titanic: Page) -> None:
    drawing = titanic.get_by_role("img", name=re.compile("^Distribution of age"))
    box = drawing.bounding_box()
    assert box
    drawing.click(position={"x": 2, "y": box["height"] - 2})
    expect(titanic.get_by_text(re.compile("age is at least 0.42"))).to_be_visible()


def test_the_same_bytes_are_known_again(titanic: Page) -> None:
    titanic.get_by_role("link", name="Datasets").first.click()
    titanic.set_input_files("input[type=file]", steps.EXAMPLES / "titanic.csv")
    expect(titanic.get_by_text("You already have this file as")).to_be_visible()
    expect(titanic.get_by_role("button", name="Upload it anyway")).to_be_visible()
    titanic.get_by_role("link", name=re.compile("^Use ")).click()
    expect(titanic.get_by_role("link", name="Version 1, newest")).to_be_visible()


def test_several_files_come_at_once(page: Page) -> None:
    steps.sign_up(page)
    page.get_by_role("link", name="Datasets").click()
    page.set_input_files("input[type=file]", [steps.EXAMPLES / "penguins.csv", steps.EXAMPLES / "mpg.csv"])
    for name in ("penguins.csv", "mpg.csv"):
        expect(page.get_by_role("link", name=f"Open {name}")).to_be_visible(timeout=READ)


def test_a_column_is_explored(titanic: Page) -> None:
    titanic.locator(".column-card h3").get_by_role("link", name="fare").click()
    titanic.get_by_role("button", name="Explore").click()
    expect(titanic.locator(".js-plotly-plot")).to_be_visible(timeout=READ)

"""From a file to a trained model, live in the browser."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.platform import Platform
from tests.browser import steps
from tests.browser.conftest import NewPage

LONG = 120_000  # milliseconds; the machine may be busy


def test_sign_up_upload_train_watch_and_take_the_model_home(page: Page, tmp_path: Path) -> None:
    steps.sign_up(page)
    steps.upload(page)
    expect(page.get_by_text("344").first).to_be_visible()
    steps.choose(page, "species", ["dense_network"])
    steps.set_epochs(page, 30)
    steps.train(page)
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 30")).first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Succeeded").first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Naive guess").first).to_be_visible()
    expect(page.locator("table.matrix")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download model").first.click()
    bundle = tmp_path / "model.zip"
    taken.value.save_as(bundle)
    assert {"manifest.json", "pipeline.skops", "network.keras"} <= set(zipfile.ZipFile(bundle).namelist())


def test_a_reload_and_a_second_tab_show_the_same_in_mid_training(page: Page) -> None:
    steps.sign_up(page)
    steps.upload(page)
    steps.choose(page, "species", ["dense_network"])
    steps.set_epochs(page, 120)
    steps.train(page)
    seen = epoch_now(page)
    page.reload()
    second = page.context.new_page()
    second.goto(page.url)
    assert seen <= epoch_now(page) <= epoch_now(second) + 50
    for tab in (page, second):
        expect(tab.get_by_text("Succeeded").first).to_be_visible(timeout=LONG)
    told = epochs_told(page)
    assert told == epochs_told(second)
    assert told == list(range(told[0], told[0] + len(told)))
    assert len(told) > 50


def epoch_now(page: Page) -> int:
    """The epoch that the page says is at work."""
    words = page.get_by_text(re.compile(r"Epoch \d+ of 120")).first
    expect(words).to_be_visible(timeout=LONG)
    return int(re.findall(r"Epoch (\d+) of 120", words.inner_text())[0])


def epochs_told(page: Page) -> list[int]:
    """The epochs that the log of the page tells of, in order."""
    page.goto(page.url.partition("?")[0] + "?tab=log")
    lines = page.locator("[role=log] li").all_inner_texts()
    return [int(found[1]) for line in lines if (found := re.search(r"Epoch (\d+)", line))]


def test_a_killed_web_server_costs_the_page_nothing(page: Page, house: Platform) -> None:
    steps.sign_up(page)
    steps.upload(page)
    steps.choose(page, "species", ["dense_network"])
    steps.set_epochs(page, 120)
    steps.train(page)
    epoch_now(page)
    house.web().kill()
    expect(page.get_by_text("Connection lost").first).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Succeeded").first).to_be_visible(timeout=LONG)
    told = epochs_told(page)
    assert told == list(range(told[0], told[0] + len(told)))


def test_several_models_are_ranked_on_the_page_of_the_experiment(page: Page) -> None:
    steps.sign_up(page)
    steps.upload(page, steps.EXAMPLES / "mpg.csv")
    steps.choose(page, "mpg", ["linear_regression", "random_forest"])
    expect(page.get_by_role("radio", name="Regression")).to_be_checked()
    steps.train(page)
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("heading", name="At work")).to_have_count(0, timeout=LONG)
    for algo in ("linear_regression", "random_forest"):
        expect(page.get_by_role("table").get_by_text(algo).first).to_be_visible()
    page.locator("table tbody tr th a").first.click()
    expect(page.get_by_role("heading", name=re.compile("[Rr]esiduals"))).to_be_visible()


def test_a_refused_target_is_said_at_its_field(page: Page, tmp_path: Path) -> None:
    constant = tmp_path / "constant.csv"
    constant.write_text("a,b,c\n" + "".join(f"{row},same,{row % 7}\n" for row in range(60)))
    steps.sign_up(page)
    steps.upload(page, constant)
    steps.choose(page, "b", [])
    expect(page.get_by_text(re.compile("only one value|the same value|constant", re.I)).first).to_be_visible()


def test_a_picture_named_csv_is_refused_where_it_was_dropped(page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 2000)
    steps.sign_up(page)
    page.get_by_role("link", name="Datasets").click()
    page.set_input_files("input[type=file]", picture)
    expect(page.get_by_text(re.compile("picture|image|PNG")).first).to_be_visible(timeout=20_000)


def test_the_newcomer_signs_in_again_and_finds_everything(new_page: NewPage) -> None:
    page = new_page()
    email = steps.sign_up(page)
    steps.upload(page)
    again = new_page()
    again.goto("/sign-in/")
    again.get_by_label("E-mail address").fill(email.upper())
    again.get_by_label("Password", exact=True).fill(steps.PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    again.wait_for_url(re.compile(r"/w/[^/]+/$"))
    again.get_by_role("link", name="Datasets").click()
    expect(again.get_by_role("link", name=re.compile("[Pp]enguins")).first).to_be_visible()

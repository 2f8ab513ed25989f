"""A file comes in by the browser: in parts, over a bad line, after a reload, or not at all."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import steps

ROWS = 400_000


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three parts or more."""
    path = tmp_path_factory.mktemp("large") / "large.csv"
    rows = (f"{number},{number / 7:.6f},word {number % 9}\n" for number in range(ROWS))
    path.write_text("number,share,word\n" + "".join(rows))
    return path


@pytest.fixture
def datasets(page: Page) -> Page:
    steps.sign_up(page)
    page.get_by_role("link", name="Datasets").click()
    return page


def parts_of(page: Page) -> list[int]:
    """The places of the parts that leave the browser from now on."""
    places: list[int] = []
    page.on(
        "request",
        lambda request: (
            places.append(int(request.headers["upload-offset"])) if request.method == "PATCH" else None
        ),
    )
    return places


def test_a_large_file_comes_in_parts_and_is_read(datasets: Page, large: Path) -> None:
    places = parts_of(datasets)
    datasets.set_input_files("input[type=file]", large)
    datasets.wait_for_url(re.compile(r"/datasets/[0-9a-f-]{36}/$"))
    assert len(places) >= 3
    expect(datasets.get_by_text(re.compile("Reading"))).to_be_visible()
    expect(datasets.get_by_text(f"{ROWS:,}").first).to_be_visible(timeout=30_000)


def test_a_lost_line_is_waited_for(datasets: Page, large: Path) -> None:
    lost = iter([True, True])

    def breaks(route: Route) -> None:
        if route.request.method == "PATCH" and next(lost, False):
            route.abort()
        else:
            route.continue_()

    datasets.route("**/api/v1/uploads/**", breaks)
    datasets.set_input_files("input[type=file]", large)
    expect(datasets.get_by_text("The connection broke. Trying again in")).to_be_visible()
    datasets.wait_for_url(re.compile(r"/datasets/[0-9a-f-]{36}/$"), timeout=30_000)


def test_after_a_reload_it_goes_on_where_it_stopped(datasets: Page, large: Path) -> None:
    def only_the_first(route: Route) -> None:
        if route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0":
            route.abort()
        else:
            route.continue_()

    datasets.route("**/api/v1/uploads/**", only_the_first)
    datasets.set_input_files("input[type=file]", large)
    expect(datasets.get_by_text("The connection broke. Trying again in")).to_be_visible()
    datasets.unroute_all()
    datasets.reload()
    expect(datasets.get_by_text(re.compile(r"large.csv stopped at \d+ %. Choose it again"))).to_be_visible()
    places = parts_of(datasets)
    datasets.set_input_files("input[type=file]", large)
    datasets.wait_for_url(re.compile(r"/datasets/[0-9a-f-]{36}/$"), timeout=30_000)
    assert 0 not in places


def test_a_picture_is_refused_where_the_person_stands(datasets: Page, tmp_path: Path) -> None:
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    datasets.set_input_files("input[type=file]", picture)
    expect(datasets.get_by_role("alert")).to_contain_text("By its first bytes this is a PNG picture")
    datasets.get_by_role("button", name="Dismiss").click()
    expect(datasets.get_by_text("picture.csv")).not_to_be_visible()


def test_what_cannot_come_is_said_before_a_byte_flows(datasets: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    datasets.on("request", lambda request: asked.append(request.url) if "/uploads/" in request.url else None)
    for name, data, sentence in (
        ("model.h5", b"x" * 10, "Files ending in .h5 cannot be read."),
        ("empty.csv", b"", "This file is empty."),
    ):
        (tmp_path / name).write_bytes(data)
        datasets.set_input_files("input[type=file]", tmp_path / name)
        expect(datasets.get_by_text(sentence)).to_be_visible()
    assert not asked


def test_an_upload_can_be_stopped_and_go_on(datasets: Page, large: Path) -> None:
    def slowly(route: Route) -> None:
        datasets.wait_for_timeout(150)
        route.continue_()

    datasets.route("**/api/v1/uploads/*/", slowly)
    datasets.set_input_files("input[type=file]", large)
    datasets.get_by_role("button", name="Pause").click()
    expect(datasets.get_by_text("Paused")).to_be_visible()
    datasets.get_by_role("button", name="Go on").click()
    datasets.wait_for_url(re.compile(r"/datasets/[0-9a-f-]{36}/$"), timeout=30_000)


def test_a_file_that_cannot_be_read_shows_the_way_out(datasets: Page, tmp_path: Path) -> None:
    table = tmp_path / "one.csv"
    table.write_text("name\nAda\nBea\n")
    datasets.set_input_files("input[type=file]", table)
    expect(datasets.get_by_text("Only one column was found.")).to_be_visible(timeout=20_000)
    expect(datasets.get_by_role("button", name="Read it again")).to_be_visible()


def test_of_many_files_two_flow_and_the_others_wait_their_turn(datasets: Page, tmp_path: Path) -> None:
    files = [tmp_path / f"table-{number}.csv" for number in range(5)]
    for number, file in enumerate(files):
        file.write_text("size,price\n" + "".join(f"{row},{row * number + 7}\n" for row in range(60)))
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held and route.request.method == "PATCH":
            held.append(route)
        else:
            route.continue_()

    datasets.route("**/api/v1/uploads/*/", hold)
    datasets.set_input_files("input[type=file]", files)
    rows = [datasets.locator("[data-queue] li", has_text=file.name) for file in files]
    expect(datasets.get_by_text("Waits for its turn")).to_have_count(3)
    expect(datasets.get_by_text("0 of 5 files are here, 3 wait.")).to_be_visible()
    datasets.wait_for_timeout(300)
    assert len(held) == 2
    rows[3].get_by_role("button", name="Pause").click()  # it waits: those behind come before it
    rows[4].get_by_role("button", name="Cancel").click()  # it waits, and never flows
    expect(datasets.get_by_text("0 of 4 files are here, 1 waits.")).to_be_visible()
    is_held = False
    for route in held:
        route.continue_()
    for row, file in zip(rows[:3], files, strict=False):
        expect(row.get_by_role("link", name=f"Open {file.name}")).to_be_visible(timeout=20_000)
    expect(rows[3]).to_contain_text("Paused")
    rows[3].get_by_role("button", name="Go on").click()
    expect(rows[3].get_by_role("link", name="Open table-3.csv")).to_be_visible(timeout=20_000)
    expect(datasets.get_by_text("4 of 4 files are here.")).to_be_visible()
    datasets.reload()
    expect(datasets.get_by_role("link", name=re.compile(r"^table-\d$"))).to_have_count(4)


def test_where_one_that_flows_is_cancelled_the_next_comes_up(datasets: Page, tmp_path: Path) -> None:
    files = [tmp_path / f"table-{number}.csv" for number in range(3)]
    for number, file in enumerate(files):
        file.write_text(f"size,price\n{number},2\n3,4\n")
    datasets.route("**/api/v1/uploads/*/", lambda route: None)  # nothing that flows comes to its end
    datasets.set_input_files("input[type=file]", files)
    last = datasets.locator("[data-queue] li", has_text="table-2.csv")
    expect(last).to_contain_text("Waits for its turn")
    datasets.get_by_role("button", name="Cancel").first.click()
    expect(last).not_to_contain_text("Waits")
    expect(datasets.get_by_text("0 of 2 files are here.")).to_be_visible()


def test_the_rows_of_a_sample_can_be_paged_through(datasets: Page) -> None:
    datasets.get_by_role("button", name="Add Titanic").click()
    datasets.get_by_role("link", name="Rows 891").click(timeout=20_000)
    datasets.get_by_role("link", name="Next").click()
    expect(datasets.get_by_text("101 to 200 of 891").first).to_be_visible()

"""The frame of every page: landmarks, one heading, nothing inline, few questions to the database."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Role, User, Workspace
from tests.conftest import As
from web.icons import DRAWINGS

INSIDE = ["/you/", "/tokens/", "/workspaces/new/", "/password/"]
OUTSIDE = ["/sign-in/", "/sign-up/", "/password/reset/", "/password/reset/sent/", "/password/reset/done/"]
BARE = {"br", "hr", "img", "input", "link", "meta", "path", "circle", "ellipse", "rect", "use"}


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, and whether they close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in BARE:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [a for name, a in self.tags if name == tag and wanted.items() <= a.items()]

    def values(self, attribute: str) -> list[str]:
        return [a[attribute] or "" for _, a in self.tags if attribute in a]


@pytest.fixture
def page(as_: As, owner: User) -> Any:
    def get(url: str) -> Page:
        answer = as_(None if url in OUTSIDE else owner).get(url)
        assert answer.status_code == 200
        return Page(answer.content.decode())

    return get


@pytest.mark.parametrize("url", INSIDE + OUTSIDE)
def test_a_page_has_one_heading_one_main_and_closes_what_it_opens(page: Any, url: str) -> None:
    made = page(url)
    assert len(made.all("h1")) == len(made.all("main", id="main")) == 1
    assert made.all("html", lang="en")
    assert made.open == []


@pytest.mark.parametrize("url", INSIDE + OUTSIDE)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(page: Any, url: str) -> None:
    made = page(url)
    assert not made.all("style")
    assert not made.values("style")
    assert not [name for _, a in made.tags for name in a if name.startswith("on")]
    assert all("src" in script for script in made.all("script"))
    assert all(link.startswith(("/", "#", "?")) for link in made.values("href") + made.values("src"))


@pytest.mark.parametrize("url", INSIDE + OUTSIDE)
def test_ids_are_unique_and_labels_find_their_inputs(page: Any, url: str) -> None:
    made = page(url)
    ids = made.values("id")
    assert len(ids) == len(set(ids))
    for attribute in (
        "for",
        "aria-labelledby",
        "popovertarget",
        "commandfor",
        "data-reveal",
        "aria-describedby",
    ):
        assert {word for value in made.values(attribute) for word in value.split()} <= set(ids)


@pytest.mark.parametrize("url", INSIDE + OUTSIDE)
def test_the_sprite_holds_exactly_the_icons_that_are_used(page: Any, url: str) -> None:
    made = page(url)
    used = {a["href"].removeprefix("#i-") for a in made.all("use")}
    drawn = [a["id"].removeprefix("i-") for a in made.all("symbol")]
    assert sorted(used) == sorted(drawn)


@pytest.mark.parametrize("url", INSIDE)
def test_inside_the_way_around_is_on_every_page(page: Any, url: str) -> None:
    made = page(url)
    assert made.all("nav", **{"aria-label": "Main"})
    assert made.all("nav", **{"aria-label": "Breadcrumbs"})
    assert made.all("a", **{"class": "skip", "href": "#main"})
    assert made.all("a", href="/w/field-lab/")


@pytest.mark.parametrize(
    ("url", "most"), [(url, 60_000) for url in INSIDE] + [(url, 40_000) for url in OUTSIDE]
)
def test_a_page_is_light(as_: As, owner: User, url: str, most: int) -> None:
    assert len(as_(None if url in OUTSIDE else owner).get(url).content) < most


@pytest.mark.parametrize("url", INSIDE)
def test_many_workspaces_ask_no_more_of_the_database_than_one(as_: As, owner: User, url: str) -> None:
    browser = as_(owner)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        return len(queries)

    few = asked()
    for number in range(20):
        more = Workspace.objects.create(name=f"Lab {number}", slug=f"lab-{number}")
        Membership.objects.create(workspace=more, user=owner, role=Role.VIEWER)
    assert asked() == few <= 12


def test_who_is_in_no_workspace_still_finds_the_way(as_: As, db: None) -> None:
    alone = User.objects.create_user("alone@example.org")
    made = Page(as_(alone).get("/you/").content.decode())
    assert made.all("a", href=reverse("new_workspace"))
    assert made.open == []


@pytest.mark.parametrize("who", ["owner", "boss"])
def test_only_administrators_are_shown_the_panel(as_: As, owner: User, who: str) -> None:
    boss = User.objects.create_superuser("root@example.org")
    links = Page(as_(boss if who == "boss" else owner).get("/you/").content.decode()).values("href")
    assert ("/admin/" in links) == (who == "boss")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_in_the_first_html(as_: As, owner: User, theme: str) -> None:
    browser = as_(owner)
    answer = browser.post("/theme/", {"theme": theme, "next": "/tokens/"})
    assert answer.headers["Location"] == "/tokens/"
    assert f'<html lang="en" data-theme="{theme}">' in browser.get("/you/").content.decode()
    browser.post("/sign-out/")
    assert f'<html lang="en" data-theme="{theme}">' in browser.get("/sign-in/").content.decode()


def test_the_theme_goes_back_to_the_systems(as_: As, owner: User) -> None:
    browser = as_(owner)
    for theme in ("dark", "system"):
        browser.post("/theme/", {"theme": theme})
    assert '<html lang="en">' in browser.get("/you/").content.decode()


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "", "javascript:x"])
def test_the_theme_form_leads_nobody_astray(as_: As, owner: User, onward: str) -> None:
    answer = as_(owner).post("/theme/", {"theme": '"><script>', "next": onward})
    assert answer.headers["Location"] == "/"
    assert "theme" not in answer.cookies


def test_single_letters_can_be_turned_off(as_: As, owner: User) -> None:
    browser = as_(owner)
    browser.post("/you/", {"name": "Olive O."})
    assert '<html lang="en" data-keys="off">' in browser.get("/you/").content.decode()
    browser.post("/you/", {"name": "Olive O.", "keys": "on"})
    assert '<html lang="en">' in browser.get("/you/").content.decode()


def test_settings_keep_the_name_and_say_so(as_: As, owner: User) -> None:
    page = as_(owner).post("/you/", {"name": "Olive <i>", "keys": "on"}, follow=True).content.decode()
    owner.refresh_from_db()
    assert owner.name == "Olive <i>"
    assert "Your settings are saved." in page
    assert "<i>" not in page


def test_what_is_not_there_is_said_without_asking_the_database(as_: As, owner: User) -> None:
    browser = as_(None)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get("/nothing/here/")
    assert answer.status_code == 404
    assert not asked.captured_queries
    made = Page(answer.content.decode())
    assert len(made.all("h1")) == 1
    assert re.search(r"Request <code>[\w-]{8,}</code>", answer.content.decode())


@pytest.mark.parametrize("template", ["503.html", "error.html", "429.html"])
def test_the_pages_for_bad_days_need_no_database(template: str) -> None:
    html = render_to_string(template, {"sentence": "It rests."}, RequestFactory().get("/"))
    made = Page(html)
    assert len(made.all("h1")) == 1
    assert made.open == []


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_every_drawing_is_whole(name: str) -> None:
    made = Page(f"<svg>{DRAWINGS[name]}</svg>")
    assert made.open == []
    assert len(made.tags) > 1

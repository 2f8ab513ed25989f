"""The log: one line for each thing, findable by its number, and not to be forged from outside."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from mltrainer import logs, urls

FORGED = "x\n2026-01-01 00:00:00 ERROR training All runs are gone.\u202e"


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError(FORGED)


urlpatterns = [*urls.urlpatterns, path("broken/", broken), path("api/v1/broken/", broken)]
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def written() -> Iterator[Any]:
    """What the log's handler would have written so far, as text."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    handler.setFormatter(logs.formatter())
    logging.getLogger().addHandler(handler)
    yield lambda: "\n".join(lines)
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_the_number_on_a_broken_page_is_in_its_answer_and_in_the_log(browser: Client, written: Any) -> None:
    answer = browser.get("/broken/")
    number = answer["X-Request-ID"]
    assert answer.status_code == 500
    assert f"<code>{number}</code>" in answer.content.decode()
    assert f"request_id={number}" in written()
    assert "ValueError" in written()


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_broken_call_is_one_entry_with_its_number(browser: Client, written: Any) -> None:
    answer = browser.get("/api/v1/broken/", headers={"Accept": "application/json"})
    heads = [line for line in written().splitlines() if not line.startswith("    | ")]
    assert [answer["X-Request-ID"] in line for line in heads] == [True]
    assert answer.json()["code"] == "internal"


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_what_a_client_sends_forges_no_line(browser: Client, written: Any) -> None:
    browser.get("/broken/?a=%0A2026-01-01 ERROR", headers={"User-Agent": FORGED, "X-Request-ID": FORGED})
    assert not [line for line in written().splitlines() if line.startswith("2026-01-01")]
    assert "\u202e" not in written()


def test_a_sentence_of_ours_stays_on_its_line_too(written: Any) -> None:
    logging.getLogger("training").warning("The file %s is strange.", FORGED)
    assert written().count("\n") == 0
    assert r"x\n2026-01-01" in written()


@pytest.mark.django_db
def test_what_went_well_or_was_refused_writes_nothing(browser: Client, written: Any) -> None:
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/no/such/page/").status_code in (302, 404)
    assert written() == ""


@pytest.mark.django_db
def test_a_probe_that_is_not_ready_writes_no_line_each_time(
    browser: Client, written: Any, settings: Any, tmp_path: Any
) -> None:
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    assert [browser.get("/readyz").status_code for _ in range(5)] == [503] * 5
    assert "/readyz" not in written()


@pytest.mark.django_db(transaction=True)
def test_a_page_without_the_database_says_so_and_is_one_line(browser: Client, written: Any) -> None:
    browser.cookies["sessionid"] = "somebody"
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        browser.cookies["sessionid"] = "somebody"
        answer = browser.get("/")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert [answer["X-Request-ID"] in line for line in written().splitlines()] == [True]


def test_outside_of_requests_there_is_no_number() -> None:
    structlog.contextvars.clear_contextvars()
    assert logs.request_number() == ""

"""Whatever is refused is a problem document with a sentence, a stable word and the field."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User, Workspace
from tests.conftest import PASSWORD

Program = Callable[[User | None], Any]
MEMBERS = {"type", "title", "status", "detail", "code", "errors"}
HERE = "/api/v1/workspaces/"
DEEP = b"[" * 100_000
NOT_JSON: list[tuple[bytes, int, str]] = [
    (b"", 422, "required"),
    (b"{", 400, "parse_error"),
    (b'{"name": "a"} x', 400, "parse_error"),
    (b'{"name": NaN}', 400, "parse_error"),
    (b'{"name": 1e999}', 400, "parse_error"),
    (b'{"name": ' + b"9" * 5000 + b"}", 400, "parse_error"),
    (b'{"name": "a", "name": "b"}', 400, "parse_error"),
    (b'{"name": "a\\u0000"}', 400, "parse_error"),
    (b'{"name": "\\ud800"}', 400, "parse_error"),
    ('{"name": "a"}'.encode("utf-16"), 400, "parse_error"),
    (DEEP, 400, "parse_error"),
    (b"[]", 422, "invalid"),
    (b"null", 422, "required"),
    (b'"name"', 422, "invalid"),
]


def check(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The document of an answer that is a problem of this status and code."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body: dict[str, Any] = answer.json()
    assert set(body) == MEMBERS
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    assert body["detail"].strip().endswith((".", "mlt_…"))
    return body


@pytest.mark.parametrize("path", ["", "nope/", "runs/x/", "workspaces/../", "runs/a%2Fb/", "catalog/oracle/"])
def test_an_address_that_leads_nowhere(api: Program, owner: User, path: str) -> None:
    check(api(owner).get(f"/api/v1/{path}"), 404, "not_found")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "mlt_x"])
def test_nobody_is_told_how_to_sign_in(db: None, header: str) -> None:
    answer = Client(headers={"Authorization": header} if header else {}).get("/api/v1/me/")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    check(answer, 401, answer.json()["code"])


def test_a_wrong_password_is_a_401_with_a_challenge(api: Program, owner: User) -> None:
    body = {"email": owner.email, "password": f"not {PASSWORD}"}
    answer = api(None).post("/api/v1/auth/tokens/", body)
    check(answer, 401, "invalid_credentials")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_method_that_an_address_does_not_know(api: Program, owner: User) -> None:
    answer = api(owner).put("/api/v1/me/", b"{}", "application/json")
    check(answer, 405, "method_not_allowed")
    assert "PATCH" in answer["Allow"]


@pytest.mark.parametrize("kind", ["application/xml", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_is_not_json(api: Program, owner: User, kind: str) -> None:
    check(api(owner).generic("POST", HERE, b"name=x", kind), 415, "unsupported_media_type")


@pytest.mark.parametrize(("raw", "status", "code"), NOT_JSON)
def test_json_that_cannot_be_used(api: Program, owner: User, raw: bytes, status: int, code: str) -> None:
    check(api(owner).post(HERE, raw), status, code)
    assert Workspace.objects.count() == 1


def test_an_answer_in_another_form(api: Program, owner: User) -> None:
    answer = api(owner).get("/api/v1/me/", headers={"Accept": "application/xml"})
    check(answer, 406, "not_acceptable")


def test_another_host(api: Program, owner: User) -> None:
    check(api(owner).get("/api/v1/me/", headers={"Host": "evil.example"}), 400, "bad_request")


def test_what_is_wrong_names_its_field(api: Program, owner: User) -> None:
    body = check(api(None).post("/api/v1/auth/tokens/", {"email": None}), 422, "required")
    assert {error["field"] for error in body["errors"]} == {"email", "password"}
    assert body["detail"].startswith("email: ")


def test_a_part_of_a_form_that_is_not_one(api: Program, owner: User) -> None:
    answer = api(owner).generic("POST", f"{HERE}field-lab/datasets/", b"x", "multipart/form-data")
    check(answer, 400, "parse_error")


def test_a_name_is_a_text(api: Program, owner: User) -> None:
    body = check(api(owner).post(HERE, {"name": 5}), 422, "invalid")
    assert body["errors"][0]["field"] == "name"

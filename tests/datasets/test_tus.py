"""A file comes in parts, and goes on where it stopped."""

import base64
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from datasets import files, sweeping, uploads
from datasets.models import Upload
from tests.conftest import Api

pytestmark = pytest.mark.django_db(transaction=True)
UPLOADS = "/api/v1/uploads/"
DATA = b"a,b\n" + b"1,2\n" * 500
Program = Callable[[User | None], Api]


def begin(program: Api, size: int = len(DATA), name: str = "table.csv", **more: str) -> Any:
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    told += "".join(f",{key} {base64.b64encode(value.encode()).decode()}" for key, value in more.items())
    return program.post(UPLOADS, headers={"Upload-Length": str(size), "Upload-Metadata": told})


def send(program: Api, place: str, offset: int, part: bytes, **headers: str) -> Any:
    return program.generic(
        "PATCH",
        place,
        part,
        "application/offset+octet-stream",
        headers={"Upload-Offset": str(offset), **headers},
    )


@pytest.fixture
def program(api: Program, owner: User) -> Api:
    return api(owner)


@pytest.fixture
def place(program: Api) -> str:
    location: str = begin(program)["Location"]
    return location.removeprefix("http://testserver")


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_the_server_says_what_it_can(program: Api) -> None:
    said = program.options(UPLOADS)
    assert said.status_code == 204
    assert said["Tus-Version"] == said["Tus-Resumable"] == "1.0.0"
    assert "creation" in said["Tus-Extension"]
    assert said["Tus-Max-Size"] == str(django_settings.MAX_UPLOAD)


def test_an_upload_begins_with_room_for_it(program: Api) -> None:
    made = begin(program)
    assert made.status_code == 201
    assert made["Location"].endswith(f"/api/v1/uploads/{made.json()['id']}/")
    assert (made.json()["offset"], made.json()["size"]) == (0, len(DATA))


def test_parts_make_a_whole_with_its_digest(program: Api, place: str) -> None:
    assert send(program, place, 0, DATA[:700])["Upload-Offset"] == "700"
    assert send(program, place, 700, DATA[700:]).status_code == 204
    upload = Upload.objects.get()
    assert upload.is_complete
    assert upload.sha256 == hashlib.sha256(DATA).hexdigest()
    assert files.path_of(upload.key).read_bytes() == DATA


def test_head_says_where_to_go_on(program: Api, place: str) -> None:
    send(program, place, 0, DATA[:700])
    said = program.head(place)
    assert (said["Upload-Offset"], said["Upload-Length"]) == ("700", str(len(DATA)))
    assert said["Cache-Control"] == "no-store"


def test_a_restarted_server_goes_on_with_the_same_digest(program: Api, place: str) -> None:
    send(program, place, 0, DATA[:700])
    uploads._digests._known.clear()
    send(program, place, 700, DATA[700:])
    assert Upload.objects.get().sha256 == hashlib.sha256(DATA).hexdigest()


def test_bytes_that_no_row_knows_of_are_overwritten(program: Api, place: str) -> None:
    send(program, place, 0, DATA[:700])
    path = files.path_of(Upload.objects.get().key)
    path.write_bytes(DATA[:700] + b"half a part, and then the power went")
    send(program, place, 700, DATA[700:])
    assert path.read_bytes() == DATA


@pytest.mark.parametrize("offset", [0, 699, 701, 10**9])
def test_a_part_at_another_place_is_refused(program: Api, place: str, offset: int) -> None:
    send(program, place, 0, DATA[:700])
    assert code(send(program, place, offset, b"x")) == (409, "offset_mismatch")
    assert Upload.objects.get().offset == 700


def test_the_same_part_from_two_lines_at_once_is_stored_once(program: Api, place: str) -> None:
    def once(_: int) -> int:
        try:
            return int(send(program, place, 0, DATA[:700]).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(once, range(4)))
    assert answers == [204, 409, 409, 409]
    assert files.path_of(Upload.objects.get().key).read_bytes() == DATA[:700]


def test_more_than_was_declared_is_refused(program: Api, place: str) -> None:
    assert code(send(program, place, 0, DATA + b"x")) == (413, "size_mismatch")
    assert Upload.objects.get().offset == 0


def test_a_part_over_the_limit_is_refused(program: Api, settings: Settings) -> None:
    settings.MAX_PART = 1000
    place = begin(program)["Location"]
    assert code(send(program, place, 0, DATA[:1001])) == (413, "too_large")


def test_a_file_over_the_limit_is_refused_before_its_bytes(program: Api, settings: Settings) -> None:
    assert code(begin(program, settings.MAX_UPLOAD + 1)) == (413, "too_large")
    assert not Upload.objects.exists()


def test_an_empty_file_is_refused(program: Api) -> None:
    assert code(begin(program, 0)) == (422, "file_empty")


@pytest.mark.parametrize("length", ["", "-1", "x", "1e3", "1" * 30, "٣"])
def test_a_length_is_a_number(program: Api, length: str) -> None:
    headers = {"Upload-Length": length} if length.isascii() else {"Upload-Length": "3"}
    response = program.post(UPLOADS, headers=headers)
    if length.isascii():
        assert code(response) == (400, "invalid_header")


def test_metadata_is_base64(program: Api) -> None:
    response = program.post(UPLOADS, headers={"Upload-Length": "3", "Upload-Metadata": "filename ???"})
    assert code(response) == (400, "invalid_header")


@pytest.mark.parametrize(
    "ending",
    [
        "pkl",
        "joblib",
        "h5",
        "keras",
        "pt",
        "npy",
        "feather",
        "arrow",
        "sqlite",
        "exe",
        "svg",
        "html",
        "npz",
        "docx",
        "tar",
    ],
)
def test_other_kinds_of_files_are_not_taken(program: Api, ending: str) -> None:
    assert code(begin(program, name=f"file.{ending}")) == (415, "type_not_allowed")


@pytest.mark.parametrize(
    "head", [b"\x89PNG\r\n\x1a\n", b"\x7fELF\x02\x01", b"PK\x03\x04\x14", b"\x80\x04\x95", b"<svg xmlns="]
)
def test_what_is_no_table_by_its_bytes_goes_at_once(program: Api, place: str, head: bytes) -> None:
    assert code(send(program, place, 0, head + b"\x00" * 40)) == (415, "type_mismatch")
    assert not Upload.objects.exists()
    assert list(files.path_of("uploads").iterdir()) == []


def test_the_digest_that_was_promised_is_held(program: Api) -> None:
    good = begin(program, sha256=hashlib.sha256(DATA).hexdigest())["Location"]
    assert send(program, good, 0, DATA).status_code == 204
    bad = begin(program, sha256="0" * 64)["Location"]
    assert code(send(program, bad, 0, DATA)) == (422, "checksum_mismatch")
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../x.csv", "x.csv"),
        ("C:\\data\\x.csv", "x.csv"),
        ("\u202evsc.x.csv", "vsc.x.csv"),
        ("table 🐧.csv", "table 🐧.csv"),
        ("....", "file"),
        ("CON", "CON"),
        ("x.csv ", "x.csv"),
        ("a" * 300 + ".csv", "a" * 251 + ".csv"),
    ],
)
def test_names_are_shown_and_never_used(program: Api, sent: str, shown: str) -> None:
    made = begin(program, name=sent)
    assert made.status_code == 201
    assert made.json()["name"] == shown
    assert Upload.objects.get().key == f"uploads/{made.json()['id']}"


def test_a_name_with_a_nul_is_refused(program: Api) -> None:
    assert code(begin(program, name="a\0b.csv")) == (400, "invalid_name")


def test_another_version_of_the_protocol_is_refused(program: Api, place: str) -> None:
    refused = program.head(place, headers={"Tus-Resumable": "0.2.2"})
    assert refused.status_code == 412
    assert refused["Tus-Version"] == "1.0.0"


def test_a_part_says_that_it_is_one(program: Api, place: str) -> None:
    headers = {"Upload-Offset": "0"}
    assert program.generic("PATCH", place, b"{}", "text/plain", headers=headers).status_code == 415


def test_an_upload_can_be_given_up(program: Api, place: str) -> None:
    send(program, place, 0, DATA[:700])
    assert program.delete(place).status_code == 204
    assert program.head(place).status_code == 404
    assert list(files.path_of("uploads").iterdir()) == []


def test_an_upload_is_its_owners_alone(api: Program, editor: User, place: str) -> None:
    other = api(editor)
    assert other.head(place).status_code == 404
    assert send(other, place, 0, DATA).status_code == 404
    assert other.delete(place).status_code == 404
    assert Upload.objects.count() == 1


def test_nobody_uploads_nothing(api: Program, place: str) -> None:
    assert begin(api(None)).status_code == 401
    assert send(api(None), place, 0, DATA).status_code == 401


def test_an_upload_that_gets_no_part_is_removed(program: Api, place: str) -> None:
    send(program, place, 0, DATA[:700])
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert send(program, place, 700, DATA[700:]).status_code == 404
    sweeping.sweep()
    assert not Upload.objects.exists()
    assert list(files.path_of("uploads").iterdir()) == []


def test_ten_at_once_take_no_more_room_than_there_is(program: Api, settings: Settings) -> None:
    settings.MAX_STORAGE = 6 * len(DATA) + 10

    def once(_: int) -> int:
        try:
            return int(begin(program).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = sorted(pool.map(once, range(10)))
    assert answers == [201] * 6 + [409] * 4


def test_a_full_disk_is_said_and_the_upload_stays(program: Api, place: str, settings: Settings) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, before[1]))
    try:
        response = send(program, place, 0, DATA)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert code(response) == (507, "storage_full")
    assert Upload.objects.get().offset == 0
    assert send(program, place, 0, DATA).status_code == 204

"""Files leave in pieces, as attachments, under the name a person gave."""

from pathlib import Path

import pytest

from web.downloads import PIECE, download


@pytest.mark.asyncio
async def test_a_file_leaves_whole_and_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    path.write_bytes(b"x" * (PIECE + 7))
    response = download(path, "model.zip")
    pieces = [piece async for piece in response]
    assert [len(piece) for piece in pieces] == [PIECE, 7]
    assert response["Content-Length"] == str(PIECE + 7)


def test_a_name_cannot_write_headers(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"")
    header = download(path, 'a"b\r\nSet-Cookie: x=1 ü.csv')["Content-Disposition"]
    assert header.startswith("attachment")
    assert "\r" not in header
    assert "\n" not in header


def test_what_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        download(tmp_path / "gone", "gone")

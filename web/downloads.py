"""Files on their way out: as attachments, in pieces, never a whole one in memory."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

PIECE = 256 * 1024


def download(path: Path, name: str, content_type: str = "application/octet-stream") -> StreamingHttpResponse:
    """An attachment called `name` with the bytes of `path`. Raises FileNotFoundError."""
    file = path.open("rb")
    response = StreamingHttpResponse(_pieces(file), content_type=content_type)
    response["Content-Length"] = str(path.stat().st_size)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
    finally:
        file.close()

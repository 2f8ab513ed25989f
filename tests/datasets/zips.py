"""Zips as people pack them, and as nobody should."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

Files = Mapping[str, bytes | str]


def packed(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A plain zip; a name that ends in a slash is a folder."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return made.getvalue()


def entry(name: bytes, data: bytes, **said: int) -> dict[str, object]:
    """One file as a zip tells it. `said` overrides what is true: size, packed, crc, flags, mode, at."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    squeezed = body.compress(data) + body.flush()
    true = {"size": len(data), "packed": len(squeezed), "crc": zlib.crc32(data)}
    return {"name": name, "body": squeezed, "at": -1, "flags": 0, "mode": 0, "method": 8, **true, **said}


def raw(entries: list[dict[str, object]], disk: int = 0, count: int | None = None) -> bytes:
    """A zip written by hand, so that it may lie."""
    made, listed = bytearray(), bytearray()
    for it in entries:
        at = it["at"] if it["at"] != -1 else len(made)
        sizes = (it["crc"], it["packed"], it["size"], len(it["name"]))  # type: ignore[arg-type]
        start = (20, it["flags"], it["method"], 0, 0x5821)
        if it["at"] == -1:
            made += struct.pack("<4s5H3L2H", b"PK\x03\x04", *start, *sizes, 0) + it["name"] + it["body"]  # type: ignore[operator]
        mode = int(it["mode"]) << 16  # type: ignore[call-overload]
        listed += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 0x314, *start, *sizes, 0, 0, 0, 0, mode, at)
        listed += it["name"]  # type: ignore[arg-type]
    count = len(entries) if count is None else count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", disk, 0, count, count, len(listed), len(made), 0)
    return bytes(made + listed) + end


def zeros(mebibytes: int, size: int | None = None) -> bytes:
    """A zip of so many MiB of zeros (in steps of 16), a thousandth as long. `size`: what it says."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    part = packer.compress(b"\x00" * (16 * 2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    body = part * (mebibytes // 16) + b"\x03\x00"
    said = {"packed": len(body), "size": mebibytes * 2**20 if size is None else size}
    return raw([{**entry(b"a.csv", b""), "body": body, **said}])

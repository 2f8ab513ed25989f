"""Random harm done to tables, and how the reader takes it: it reads, or it says why not, and never crashes.

Run it as `python -m bench.fuzz_sniffer --seconds 120`. Each finding comes with the seed that makes it again.
"""

import argparse
import random
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasets.problems import CannotRead
from datasets.readers import ingest

DATA = Path(__file__).parent.parent / "tests" / "data" / "awkward"
LIMITS = {"columns": 10_000, "memory": 4 * 10**9, "threads": 2}
LARGEST = 20_000  # bytes of a seed
SLOW = 10.0  # seconds that one small file may take
BITS = [
    b'"',
    b"'",
    b",",
    b";",
    b"\t",
    b"|",
    b"  ",
    b"\n",
    b"\r",
    b"\r\n",
    b"#",
    b"\\",
    b'\\"',
    b'""',
    b"sep=;\n",
]
MORE = [
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xe9",
    b"\xc3",
    b"\x80\x81",
    b"NA",
    b"?",
    b"1,5",
    b"1.000",
    b"31/12/2020",
    b"-",
]
TEXTS = [
    b"a,b,c\n1,x,2.5\n2,y,3.5\n3,z,4.5\n",
    b'id;text\n1;"one\ntwo; three"\n2;"four ""five"""\n3;six\n',
    b"x y z\n1 2 3\n4 5 6\n7 8 9\n",
    b"# note\nname|day\nann|2024-01-01\nbob|2024-01-02\n\nSource: us\n",
    "ville;prix\nOrléans;1,5\nNîmes;2,5\nSète;3,5\n".encode("cp1252"),
    "名前,値\n東京,1\n大阪,2\n京都,3\n".encode("shift_jis"),
    "a\tb\n1\tü\n2\tö\n".encode("utf-16"),
]
OPTIONS: list[dict[str, Any]] = [
    {},
    {},
    {},
    {"delimiter": ";"},
    {"delimiter": " "},
    {"delimiter": "  "},
    {"header": True},
    {"header": False},
    {"quotes": False},
    {"quotes": True},
    {"skip_rows": 2},
    {"skip_footer": 2},
    {"comment": "#"},
    {"comment": ""},
    {"encoding": "cp1252"},
    {"encoding": "utf-16-le"},
    {"missing": ["x", "1"]},
    {"decimal": ","},
    {"thousands": "."},
    {"dates": "month_first"},
]
Harm = Callable[[random.Random, bytes], bytes]


def _insert(dice: random.Random, data: bytes) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[:place] + dice.choice(BITS + MORE) + data[place:]


def _delete(dice: random.Random, data: bytes) -> bytes:
    start = dice.randrange(len(data) + 1)
    return data[:start] + data[start + dice.randrange(1, 20) :]


def _flip(dice: random.Random, data: bytes) -> bytes:
    if not data:
        return data
    place = dice.randrange(len(data))
    return data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]


def _repeat(dice: random.Random, data: bytes) -> bytes:
    start = dice.randrange(len(data) + 1)
    piece = data[start : start + dice.randrange(1, 200)]
    return data[:start] + piece * dice.randrange(2, 40) + data[start:]


def _swap(dice: random.Random, data: bytes) -> bytes:
    return data.replace(dice.choice(BITS), dice.choice(BITS))


def _cut(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _join(dice: random.Random, data: bytes) -> bytes:
    return data + dice.choice(TEXTS)


HARMS: list[Harm] = [_insert, _insert, _insert, _delete, _flip, _repeat, _swap, _cut, _join]


def harmed(seed: int, seeds: list[bytes]) -> tuple[bytes, dict[str, Any]]:
    """The file and the options that a number stands for."""
    dice = random.Random(seed)  # noqa: S311 - the same harm each time is what is wanted
    data = dice.choice(seeds)
    for _ in range(dice.randrange(1, 6)):
        data = dice.choice(HARMS)(dice, data)[: 4 * LARGEST]
    return data, dict(dice.choice(OPTIONS))


def outcome(data: bytes, options: dict[str, Any]) -> str:
    """`read`, or the code of the refusal. Raises whatever else the reader raises."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.write_bytes(data)
        try:
            ingest.ingest(_ignore, source=str(source), out=folder, options=options, limits=LIMITS)
        except CannotRead as problem:
            if not problem.detail.endswith("."):
                raise AssertionError(f"This is no sentence: {problem.detail}") from problem
            return problem.code
        return "read"


def _ignore(kind: str, told: dict[str, Any]) -> None:
    """How far it is, nobody asks."""


def fuzz(seconds: float, first: int) -> int:
    """How many findings there were."""
    seeds = [*TEXTS, *(path.read_bytes()[:LARGEST] for path in sorted(DATA.iterdir()))]
    ends, findings, seed = Counter[str](), 0, first
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        began = time.monotonic()
        data, options = harmed(seed, seeds)
        try:
            ends[outcome(data, options)] += 1
            is_slow = time.monotonic() - began > SLOW
        except Exception:  # noqa: BLE001 - whatever it is, it is a finding
            traceback.print_exc(limit=-4)
            ends["crash"], is_slow = ends["crash"] + 1, True
        if is_slow:
            findings += 1
            print(f"seed {seed}: {options} {data[:120]!r}, {time.monotonic() - began:.1f} s", flush=True)
        seed += 1
    print(f"{seed - first:,} files, {findings} findings: {dict(ends.most_common())}")
    return findings


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=120)
    asked.add_argument("--seed", type=int, default=0)
    wanted = asked.parse_args()
    raise SystemExit(1 if fuzz(wanted.seconds, wanted.seed) else 0)


if __name__ == "__main__":
    main()

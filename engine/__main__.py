"""`python -m engine SPEC.json DATA.parquet OUT/`: the same numbers as on the platform, without it.

`--canary` trains on a shuffled target instead and says whether anything leaks; it writes nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from engine import job
from engine.events import ignore
from engine.problems import CannotTrain


def main(arguments: list[str]) -> int:
    """0 when done; 1 where the canary finds a leak; 2 with a sentence on stderr where it cannot be done."""
    try:
        asked = _read(arguments)
        spec = json.loads(asked.spec.read_text(encoding="utf-8"))
        return _sing(asked, spec) if asked.canary else _train(asked, spec)
    except (CannotTrain, OSError, ValueError) as error:
        print(error, file=sys.stderr)
    except SystemExit as end:  # what argparse says of words it does not know, or of --help
        return int(end.code or 0)
    return 2


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m engine", description="Train one specification.")
    parser.add_argument("spec", type=Path, metavar="SPEC.json")
    parser.add_argument("data", type=Path, metavar="DATA.parquet")
    parser.add_argument("out", type=Path, metavar="OUT", nargs="?", help="the folder for the results")
    parser.add_argument("--parts", metavar="SPLIT.parquet", help="the split of an earlier training")
    parser.add_argument("--canary", action="store_true", help="train on a shuffled target; writes nothing")
    parser.add_argument("--threads", type=int, default=1, help="changes the speed, not the numbers")
    asked = parser.parse_args(arguments)
    if asked.out is None and not asked.canary:
        parser.error("say where the results go: OUT")
    return asked


def _train(asked: argparse.Namespace, spec: dict[str, Any]) -> int:
    asked.out.mkdir(parents=True, exist_ok=True)
    earlier = {"parts": asked.parts} if asked.parts else {}
    data, out = str(asked.data), str(asked.out)
    job.run(ignore, spec=spec, data=data, out=out, threads=asked.threads, earlier=earlier)
    return 0


def _sing(asked: argparse.Namespace, spec: dict[str, Any]) -> int:
    verdict = job.sing(spec=spec, data=str(asked.data), threads=asked.threads)
    print(verdict.sentence)
    return 0 if verdict.sings else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

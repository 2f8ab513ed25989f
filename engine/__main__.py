"""`python -m engine SPEC.json DATA.parquet OUT/`: the same numbers as on the platform, without it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from engine import job
from engine.events import ignore
from engine.problems import CannotTrain

_USAGE = "usage: python -m engine SPEC.json DATA.parquet OUT/ [--parts SPLIT.parquet]"


def main(arguments: list[str]) -> int:
    """0 when trained; 2 with a sentence on stderr where it cannot be done."""
    if len(arguments) not in (3, 5) or arguments[3:4] not in ([], ["--parts"]):
        print(_USAGE, file=sys.stderr)
        return 2
    spec, data, out = map(Path, arguments[:3])
    earlier = {"parts": arguments[4]} if len(arguments) == 5 else {}
    try:
        wanted = json.loads(spec.read_text(encoding="utf-8"))
        out.mkdir(parents=True, exist_ok=True)
        job.run(ignore, spec=wanted, data=str(data), out=str(out), earlier=earlier)
    except (CannotTrain, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

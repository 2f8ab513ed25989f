"""`python -m engine SPEC.json DATA.parquet OUT/`: the same numbers as on the platform, without it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from engine import job
from engine.problems import CannotTrain

_USAGE = "usage: python -m engine SPEC.json DATA.parquet OUT/"


def main(arguments: list[str]) -> int:
    """0 when trained; 2 with a sentence on stderr where it cannot be done."""
    if len(arguments) != 3:
        print(_USAGE, file=sys.stderr)
        return 2
    spec, data, out = map(Path, arguments)
    try:
        wanted = json.loads(spec.read_text(encoding="utf-8"))
        out.mkdir(parents=True, exist_ok=True)
        job.run(_print, spec=wanted, data=str(data), out=str(out))
    except (CannotTrain, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _print(kind: str, data: dict[str, Any]) -> None:
    if kind in ("log", "warning"):
        print(data["message"])
    elif kind == "epoch":
        print(f"Epoch {data['epoch']} of {data['epochs']}: {json.dumps(data['metrics'])}")
    elif kind == "fold":
        print(f"Fold {data['fold']} of {data['folds']}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

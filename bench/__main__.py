"""`script/bench [group …]`: measures, prints one line each, and ends with 1 where a bound is not kept."""

import sys
from collections.abc import Callable

from bench import measures, rows
from bench.measures import Measure
from bench.platform import Platform, platform
from examples import demo


def _runs(running: Platform) -> list[Measure]:
    version = demo.upload(running.api, running.workspace)
    return [
        *measures.click_to_result(running, version),
        *measures.first_epoch(running, version),
        *measures.web_memory(running),
    ]


GROUPS: dict[str, Callable[[Platform], list[Measure]]] = {"runs": _runs, "rows": rows.pages}
"""Each on a platform of its own."""


def main(names: list[str]) -> int:
    if unknown := set(names) - set(GROUPS):
        print(f"There is no group {', '.join(sorted(unknown))}. There are {', '.join(GROUPS)}.")
        return 2
    results: list[Measure] = []
    for name in names or GROUPS:
        with platform() as running:
            results += GROUPS[name](running)
    for result in results:
        print(line(result))
    return 0 if all(result.holds for result in results) else 1


def line(result: Measure) -> str:
    word = "holds" if result.holds else "MISSED"
    figure = f"{result.name:<44} {result.figure:8.3f} {result.unit:<18}"
    return f"{figure} bound {result.bound:<5} {word:<6} ({result.how})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

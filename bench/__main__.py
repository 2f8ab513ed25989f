"""`script/bench [group …]`: measures, prints one line each, and ends with 1 where a bound is not kept."""

import argparse
import sys
from collections.abc import Callable

from bench import ingest, measures, rows, training
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
ALONE: dict[str, Callable[[], list[Measure]]] = {"training": training.against_sklearn}
"""Without a platform."""
ALL = [*GROUPS, *ALONE, "ingest"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description="How fast it is.")
    parser.add_argument("groups", nargs="*", help=f"of {', '.join(ALL)}; all where none is named")
    parser.add_argument("--size", type=int, default=ingest.SIZE, help="MB of the file that is read")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.groups) - set(ALL):
        parser.error(f"there is no group {', '.join(sorted(unknown))}")
    results: list[Measure] = []
    for name in asked.groups or ALL:
        results += _results(name, asked.size)
    for result in results:
        print(line(result))
    return 0 if all(result.holds for result in results) else 1


def _results(name: str, size: int) -> list[Measure]:
    if name == "ingest":
        return ingest.against_pandas(size)
    return ALONE[name]() if name in ALONE else _on_a_platform(name)


def _on_a_platform(name: str) -> list[Measure]:
    with platform() as running:
        return GROUPS[name](running)


def line(result: Measure) -> str:
    word = "holds" if result.holds else "MISSED"
    figure = f"{result.name:<44} {result.figure:8.3f} {result.unit:<18}"
    return f"{figure} bound {result.bound:<5} {word:<6} ({result.how})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

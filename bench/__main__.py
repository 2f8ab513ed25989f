"""`script/bench`: measures, prints one line each, and ends with 1 where a bound is not kept."""

import sys

from bench import measures
from bench.platform import platform
from examples import demo


def main() -> int:
    with platform() as running:
        version = demo.upload(running.api, running.workspace)
        results = [
            *measures.click_to_result(running, version),
            *measures.first_epoch(running, version),
            *measures.web_memory(running),
        ]
    for result in results:
        print(line(result))
    return 0 if all(result.holds for result in results) else 1


def line(result: measures.Measure) -> str:
    word = "holds" if result.holds else "MISSED"
    figure = f"{result.name:<44} {result.figure:8.3f} {result.unit:<18}"
    return f"{figure} bound {result.bound:<5} {word:<6} ({result.how})"


if __name__ == "__main__":
    sys.exit(main())

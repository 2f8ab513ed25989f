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
        word = "holds" if result.holds else "MISSED"
        print(f"{result.name:<48} {result.figure:8.3f} {result.unit:<20} bound {result.bound:<6} {word:<7} {result.how}")
    return 0 if all(result.holds for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())

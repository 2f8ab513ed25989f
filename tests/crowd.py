"""Several at once: real threads, each with a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of calls made at the same time; an exception stands for the call that raised it."""
    results: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def one(place: int) -> None:
        gate.wait()
        try:
            results[place] = calls[place]()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results

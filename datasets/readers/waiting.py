"""A long query, and a word about how far it is every moment. In the child."""

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from datasets.tables import Tell

BEAT = 0.5  # seconds between two words of progress


def patiently(con: Any, query: str, rows: int, tell: Tell) -> Any:
    """Runs a query that goes through so many rows; tells "progress" with the rows so far. Its first row."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(con.execute, query)
        while not wait([running], BEAT).done:
            tell("progress", {"rows": int(max(con.query_progress(), 0.0) / 100 * rows)})
        return running.result().fetchone()

"""A supervisor of its own, to be killed: `python -m tests.sandbox.supervise SOCKET DIRECTORY`."""

import json
import sys
from pathlib import Path

from sandbox import parent
from sandbox.job import Job

if __name__ == "__main__":
    job = Job("tests.sandbox.functions.sleep_in_family", {}, Path(sys.argv[2]))
    parent.run(job, zygote=Path(sys.argv[1]), on_messages=lambda told: print(json.dumps(told), flush=True))  # noqa: T201

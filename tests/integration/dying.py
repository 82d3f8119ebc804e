"""Started by a test: says how it was started (``env``), or dies at once."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path


def connections() -> list[str]:
    """Established connections among the open files."""
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    established = {f"socket:[{fields[9]}]" for fields in lines if fields[3] == "01"}
    mine = (os.path.realpath(path).rpartition("/")[2] for path in Path("/proc/self/fd").iterdir())
    return [name for name in mine if name in established]


if __name__ == "__main__":
    if sys.argv[1:] != ["env"]:
        os.kill(os.getpid(), signal.SIGKILL)
    print(json.dumps({"mark": os.environ["MARK"], "pid": os.getpid(), "connections": connections()}))

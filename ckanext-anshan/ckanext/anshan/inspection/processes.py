"""Programs of the scanner as processes of their own, so that a hostile file harms nothing else.

Each has a session, a folder and an environment of its own: none of the portal's secrets, and no more than one core.
What it says goes into a file that has no name, so that it never waits for anybody to listen.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

PROGRAM = (sys.executable, "-m", "ckanext.anshan.scan")
GIVES_WAY = 19  # the lowest priority
KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TZ")  # of the environment; all else may hold secrets
ONE_CORE = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
CHUNK = 1 << 20
LONGEST = 64 << 20  # bytes that a program may say; one that says more is cut off and so leaves no report
PREFIX = "anshan-scan-"


@dataclass
class Running:
    """A program under way."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]
    folder: Path
    began: float = field(default_factory=time.monotonic)
    rest: bytes = b""
    at: int = 0

    @property
    def identity(self) -> str:
        return identity(self.process.pid)

    def lines(self) -> Iterator[dict[str, Any]]:
        """What it said since the last call, without waiting; a line that isn't whole yet waits for its end."""
        while self.at < LONGEST and (chunk := os.pread(self.said.fileno(), CHUNK, self.at)):
            self.at += len(chunk)
            *whole, self.rest = (self.rest + chunk).split(b"\n")
            for line in whole:
                with suppress(ValueError):
                    if isinstance(told := json.loads(line), dict):
                        yield told

    def kill(self) -> None:
        """End it and whatever it began."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Forget it, and remove what it left."""
        self.said.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


def begin(mode: str, request: Mapping[str, Any], name: str) -> Running:
    """Start a program of the scanner.

    :param mode: ``--job`` or ``--remedy`` · :param name: of its folder, by which it is found when its parent dies
    """
    folder = folder_of(name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    said = tempfile.TemporaryFile()  # noqa: SIM115 - Running closes it
    with tempfile.TemporaryFile() as asked:
        asked.write(json.dumps(dict(request), ensure_ascii=False).encode())
        asked.seek(0)
        process = subprocess.Popen(
            [*PROGRAM, mode],
            stdin=asked,
            stdout=said,
            stderr=subprocess.DEVNULL,  # a traceback may quote the file
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
    with suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, process.pid, GIVES_WAY)
    return Running(process, said, folder)


def answer(mode: str, request: Mapping[str, Any], name: str, seconds: float) -> dict[str, Any]:
    """Run a program to its end; what it said last. ``{"error": code}`` where it said nothing."""
    running = begin(mode, request, name)
    try:
        running.process.wait(seconds)
        found = [line for line in running.lines() if "progress" not in line]
        return found[-1] if found else {"error": "crashed"}
    except subprocess.TimeoutExpired:
        return {"error": "too_long"}
    finally:
        running.kill()
        running.close()


def folder_of(name: str) -> Path:
    return Path(tempfile.gettempdir()) / f"{PREFIX}{name}"


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | dict.fromkeys(ONE_CORE, "1") | {"LANG": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)}


# which process is which: a number is given again, a number with its time of birth is not


def host() -> str:
    return socket.gethostname()


def own_identity() -> str:
    return identity(os.getpid())


def identity(pid: int) -> str:
    """Number and time of birth of a process of this machine; empty where there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else f"{pid}:{fields[19]}"


def is_alive(identified: str) -> bool:
    pid = identified.partition(":")[0]
    return bool(identified) and pid.isdigit() and identity(int(pid)) == identified


def end(identified: str, name: str) -> None:
    """End a program whose parent is gone, and remove its folder; harmless where it is gone too."""
    folder = folder_of(name)
    for pid in {*_inside(folder), *([int(identified.partition(":")[0])] if is_alive(identified) else ())}:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _inside(folder: Path) -> Iterator[int]:
    """The processes that were begun in a folder: also one whose number nobody came to write down."""
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if os.readlink(place) == str(folder):
                yield int(place.parent.name)

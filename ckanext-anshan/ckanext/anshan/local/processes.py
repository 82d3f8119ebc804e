"""Starts and ends background processes. A process is known by its id *and* its time of birth: no stranger is ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import files

TICK_SECONDS = 0.1


@dataclass(frozen=True)
class Account:
    """The system account that a process runs as, and a command to put before it."""

    uid: int
    gid: int
    before: tuple[str, ...] = ()


def born(pid: int) -> str | None:
    """When process ``pid`` began (boot and clock ticks), or None if there is none or it has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat[stat.rindex(")") + 2 :].split()
    return None if fields[0] == "Z" else f"{boot}:{fields[19]}"


@dataclass(frozen=True)
class Process:
    """One background process, remembered in ``run/NAME.json`` and logged to ``logs/NAME.log``."""

    name: str
    data: Path

    @property
    def file(self) -> Path:
        return self.data / "run" / f"{self.name}.json"

    @property
    def log(self) -> Path:
        return self.data / "logs" / f"{self.name}.log"

    def pid(self) -> int | None:
        """Its id while it lives."""
        known = files.read_json(self.file, {})
        pid = known.get("pid")
        return pid if pid and born(pid) == known.get("born") else None

    def start(self, command: Sequence[str], env: Mapping[str, str], account: Account | None = None) -> int:
        who = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
        before = () if account is None else account.before
        if before:
            who = {}
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [*before, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(env),
                cwd=self.data if account is None else "/", start_new_session=True, **who,
            )  # fmt: skip
        files.write_json(self.file, {"pid": child.pid, "born": born(child.pid)})
        return child.pid

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 20) -> bool:
        """Ask it to end, then make it; True if there was anything to end."""
        pid = self.pid()
        if pid is None:
            self.file.unlink(missing_ok=True)
            return False
        for number in (how, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number) if number == how else os.killpg(pid, number)
            if wait_until(lambda: self.pid() is None, seconds):
                break
        self.file.unlink(missing_ok=True)
        return True

    def last_words(self, lines: int = 12) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Call ``holds`` until it is true; False when time is over."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(TICK_SECONDS)
    return True


def family(pid: int) -> Iterator[int]:
    """``pid`` and everything below it."""
    yield pid
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from family(int(child))


def memory_kib(pid: int) -> int:
    """Memory of a process and its children, shared pages counted once (KiB)."""
    total = 0
    for one in family(pid):
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total

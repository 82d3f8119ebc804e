"""All tests in two lanes side by side, each against a stack of its own; ruff and pyright beside them.

Which lane takes which test modules shows while they run: ``tests/lanes.py``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from . import lifecycle, testing
from .layout import ROOT
from .service import Portal
from .steps import Steps

SECOND_PORT = 5100  # each lane looks for a free port from its own number on
SECONDS_TO_END = 30
STOPPED = 130
COUNTED = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


@dataclass
class Running:
    """The processes of this run; whatever ends the run, ends them."""

    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    ended: bool = False

    def call(self, command: Sequence[str], env: dict[str, str], log: Path | None) -> int:
        """Run to the end; what it says goes to the log, or else to the terminal at once."""
        with log.open("ab") if log else contextlib.nullcontext() as out:
            with self.lock:
                if self.ended:
                    return STOPPED
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, cwd=ROOT, start_new_session=True
                )
                self.processes.append(process)
            return process.wait()

    def end(self) -> None:
        """Let them tidy up, then end what is left of them."""
        with self.lock:
            self.ended = True
        living = [process for process in self.processes if process.poll() is None]
        for process in living:
            process.send_signal(signal.SIGINT)
        until = time.monotonic() + SECONDS_TO_END
        for process in living:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Part:
    """One of the things done side by side."""

    name: str
    log: Path | None
    run: Callable[[Path | None], int]


def run(data: Path, choice: testing.Choice) -> int:
    """Give the exit code of the first part that failed, 0 if none did."""
    steps, running = Steps(0), Running()
    with ended_by_kill(), _ended_with(data, choice, running):
        portal, ini = testing.stack(data, steps)
        _clear(data)
        codes = side_by_side(_parts(portal, ini, running, choice))
        found = counts(data / "claims")
        codes["tests left out"] = min(1, found["not run"])
        print(f"\n{told(found)} in {steps.seconds() / 60:.1f} minutes; {_well(codes)}")
    return next((code for code in codes.values() if code), 0)


def _clear(data: Path) -> None:
    shutil.rmtree(data / "claims", ignore_errors=True)
    (data / "claims").mkdir()
    for log in (data / "logs").glob("beside-*.log"):
        log.unlink()


def _parts(portal: Portal, ini: Path, running: Running, choice: testing.Choice) -> list[Part]:
    data, logs = portal.data, portal.layout.logs
    browser = testing.find_browser(portal) if choice.browser else ""

    def lane(number: int, portal: Portal, ini: Path, log: Path | None) -> int:
        words = ["-p", "tests.lanes", f"--lane={number}", f"--claims={data / 'claims'}"]
        env = testing.environment(portal, ini, browser)
        return running.call(testing.command(portal, ini, testing.suites(choice), words), env, log)

    def second(log: Path | None) -> int:
        own, ini = testing.stack(data / "second", Steps(0, quiet=True), SECOND_PORT)
        return lane(1, own, ini, log)

    def checks(log: Path | None) -> int:
        return max(running.call(command, portal.env(), log) for command in testing.checks(portal))

    parts = [Part("tests, first lane", None, lambda log: lane(0, portal, ini, log))]
    parts.append(Part("tests, second lane", logs / "beside-tests.log", second))
    return [*parts, *([Part("ruff and pyright", logs / "beside-checks.log", checks)] if choice.checks else [])]


def side_by_side(parts: Sequence[Part]) -> dict[str, int]:
    """Run all at once; what went to a log is shown in turn."""
    for part in parts:
        if part.log:
            print(f"Meanwhile {part.name}: {part.log}", flush=True)
    pool = ThreadPoolExecutor(len(parts))
    jobs = {part.name: pool.submit(part.run, part.log) for part in parts}
    pool.shutdown(wait=False)
    for part in parts:
        _show(part, jobs[part.name])
    return {name: job.result() for name, job in jobs.items()}


def _show(part: Part, job: Future[int]) -> None:
    job.result()
    if part.log and part.log.exists():
        print(f"\n===== {part.name}", part.log.read_text(errors="replace"), sep="\n", end="", flush=True)


def counts(claims: Path) -> dict[str, int]:
    """What came of the tests in all lanes together; ``not run`` is what no lane has told of."""
    lanes = [json.loads(path.read_text()) for path in sorted(claims.glob("*.json"))]
    found = {name: sum(lane.get(name, 0) for lane in lanes) for name in COUNTED}
    known = max((lane["collected"] for lane in lanes), default=1)
    return found | {"not run": max(0, known - sum(found.values()))}


def told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _well(codes: dict[str, int]) -> str:
    bad = [name for name, code in codes.items() if code]
    return f"NOT well: {'; '.join(bad)}" if bad else "all is well"


@contextlib.contextmanager
def _ended_with(data: Path, choice: testing.Choice, running: Running) -> Iterator[None]:
    """Leave no process behind but the stack that is to be kept."""
    try:
        yield
    finally:
        running.end()
        lifecycle.down(data / "second")
        if not choice.keep:
            lifecycle.down(data)


@contextlib.contextmanager
def ended_by_kill() -> Iterator[None]:
    """``kill`` ends a run as Ctrl-C does."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

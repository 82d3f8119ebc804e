"""Tells step by step what goes on: ``[2/7] Solr ... 3.1 s``, with percent while something is fetched."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import TextIO


class Steps:
    """Counts and times steps; on a terminal the percent line is written over, elsewhere every tenth is a line."""

    def __init__(self, total: int, out: TextIO | None = None, quiet: bool = False) -> None:
        self.total, self.out, self.quiet = total, out or sys.stdout, quiet
        self.number, self.lock, self.began = 0, Lock(), time.monotonic()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Callable[[int, int], None]]:
        with self.lock:
            self.number += 1
            head = f"[{self.number}/{self.total}] {name}"
        self.say(f"{head} ...")
        start = time.monotonic()
        yield self._percent(head)
        self.say(f"{head}: done in {time.monotonic() - start:.1f} s")

    def say(self, text: str) -> None:
        if not self.quiet:
            with self.lock:
                print(text, file=self.out, flush=True)

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def _percent(self, head: str) -> Callable[[int, int], None]:
        shown = [0]

        def told(done: int, total: int) -> None:
            tenth = 10 * done // max(total, 1)
            if tenth > shown[0]:
                shown[0] = tenth
                self.say(f"{head}: {10 * tenth} % of {total / 1e6:.0f} MB")

        return told

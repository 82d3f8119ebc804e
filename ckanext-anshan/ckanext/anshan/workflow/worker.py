"""One process for all background work: the outbox, and the jobs that CKAN and its plugins put into Redis."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
from ckan.lib import jobs

from .. import rooms
from . import outbox

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two looks when there was nothing to do
SECOND, MINUTE, HOUR = 1.0, 60.0, 3600.0
GIVES_WAY = 10  # steps of the operating system's priority
AT_A_TIME = 20  # jobs of the outbox between two looks at Redis
FIRST = ("anshan_cache_renew", "drop_tables", "anshan_store_index")  # what takes data away, and lets it be found


def run(pause: float = PAUSE) -> None:
    """Work until the process is told to stop; a job that runs is finished first. Gives way to who waits for a page."""
    os.nice(GIVES_WAY)
    stop = threading.Event()
    silent = _Silence()
    regular = (Regular(SECOND, rooms.secondly), Regular(MINUTE, rooms.minutely), Regular(HOUR, rooms.hourly))
    _listen(stop)
    while not stop.is_set():
        done = silent.run("the database", _work_on_outbox)
        done += silent.run("Redis", _work_on_redis)
        for one in regular:
            one.run()
        _listen(stop)  # the rq worker puts its own signal handlers in
        if not done:
            stop.wait(pause)


def _listen(stop: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def _work_on_outbox() -> int:
    """Do the jobs that people wait for, or else one of the others, which may take longer."""
    return outbox.drain(AT_A_TIME, FIRST) or outbox.drain(1)


def _work_on_redis() -> int:
    """Do what waits in CKAN's queues; returns whether there was anything."""
    names = [jobs.remove_queue_name_prefix(queue.name) for queue in jobs.get_all_queues() if queue.count]
    if names:
        jobs.Worker(names).work(burst=True, logging_level="WARNING")
    return len(names)


class Regular:
    """Does work of the rooms when the worker starts and every so many seconds after; what fails waits for the next."""

    def __init__(self, every: float, works: Callable[[], Mapping[str, Callable[[], int]]]) -> None:
        self.every, self.works, self.last = every, works, float("-inf")
        self.failing: set[str] = set()

    def run(self) -> None:
        if time.monotonic() - self.last < self.every:
            return
        self.last = time.monotonic()
        for name, work in self.works().items():
            try:
                work()
            except Exception as error:
                self._failed(name, error)
            else:
                self._went_well(name)
            finally:
                model.Session.remove()

    def _failed(self, name: str, error: Exception) -> None:
        """What is tried each second is told once, until it goes well again."""
        if self.every >= MINUTE or name not in self.failing:
            log.error("%s failed, and is tried again in %d seconds: %s", name, self.every, error)
        self.failing.add(name)

    def _went_well(self, name: str) -> None:
        if self.every < MINUTE and name in self.failing:
            log.warning("%s works again", name)
        self.failing.discard(name)


class _Silence:
    """Says once that a service is away and once that it is back, instead of every second."""

    def __init__(self) -> None:
        self.away: set[str] = set()

    def run(self, service: str, work: Any) -> int:
        try:
            done = work()
        except Exception as error:
            self._failed(service, error)
            return 0
        if service in self.away:
            self.away.discard(service)
            log.warning("%s is back", service)
        return done

    def _failed(self, service: str, error: Exception) -> None:
        model.Session.remove()
        if service not in self.away:
            self.away.add(service)
            log.error("%s cannot be used, trying again every second: %s", service, error)

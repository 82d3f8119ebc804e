"""One process for all background work: the outbox, and the jobs that CKAN and its plugins put into Redis."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

import ckan.model as model
from ckan.lib import jobs

from . import outbox

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two looks when there was nothing to do
AT_A_TIME = 20  # jobs of the outbox between two looks at Redis


def run(pause: float = PAUSE) -> None:
    """Work until the process is told to stop; a job that runs is finished first."""
    stop = threading.Event()
    silent = _Silence()
    _listen(stop)
    while not stop.is_set():
        done = silent.run("the database", lambda: outbox.drain(AT_A_TIME))
        done += silent.run("Redis", _work_on_redis)
        _listen(stop)  # the rq worker puts its own signal handlers in
        if not done:
            stop.wait(pause)


def _listen(stop: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def _work_on_redis() -> int:
    """Do what waits in CKAN's queues; returns whether there was anything."""
    names = [jobs.remove_queue_name_prefix(queue.name) for queue in jobs.get_all_queues() if queue.count]
    if names:
        jobs.Worker(names).work(burst=True, logging_level="WARNING")
    return len(names)


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

"""The counters in Redis: one round trip for each request that is let through. Without Redis everybody is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, TypeVar

import ckan.plugins.toolkit as tk
import redis
from limits import RateLimitItem
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import options
from .rules import Caller, Limit, Name, Window, known, wait

log = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds that a request waits for Redis
PAUSE = 1.0  # seconds until it is asked again after it didn't answer
RECORDED_EACH = 600  # seconds at least from one record of a caller at a limit to the next
REMEMBERED = 30 * 24 * 3600  # seconds for which an address is known for a name

T = TypeVar("T")


class Refusal(NamedTuple):
    """Who reached which limit, and the seconds they have to wait."""

    name: Name
    limit: Limit
    caller: Caller
    wait: int


class Counters:
    """The counters of one web process's portal; a request that Redis doesn't answer in time isn't counted."""

    def __init__(self, url: str, prefix: str) -> None:
        once = Retry(NoBackoff(), 1)  # an idle connection may have been closed meanwhile
        pool = redis.ConnectionPool.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=once)
        self.redis = redis.Redis(connection_pool=pool)
        self.prefix = prefix
        self.storage = RedisStorage("redis://", pool, prefix)
        self.limiter = SlidingWindowCounterRateLimiter(self.storage)
        self.is_away, self._again = False, 0.0

    def hit(self, name: Name, caller: Caller) -> Refusal | None:
        """Count a request, unless the limit has been reached."""
        item = options.limit(name)
        if item is None or self._ask(lambda: self.limiter.hit(item, name.value, caller.key()), True):
            return None
        return self._refusal(name, item, caller)

    def peek(self, name: Name, caller: Caller) -> Refusal | None:
        """Whether the limit has been reached, without counting."""
        item = options.limit(name)
        if item is None or self._ask(lambda: self.limiter.test(item, name.value, caller.key()), True):
            return None
        return self._refusal(name, item, caller)

    def _refusal(self, name: Name, item: RateLimitItem, caller: Caller) -> Refusal:
        limit, key = Limit(item.amount, item.get_expiry()), item.key_for(name.value, caller.key())
        found = self._ask(lambda: self.storage.get_sliding_window(key, limit.seconds), (0, 0.0, 0, 0.0))
        return Refusal(name, limit, caller, max(1, wait(limit, Window(*found))))

    def refused(self, refusal: Refusal) -> int | None:
        """For the first refusal of a caller in a while the number of those in the while before; None for the others."""
        span = max(refusal.limit.seconds, RECORDED_EACH)
        turn = int(time.time() // span)
        here, before = (f"refused/{refusal.name.value}/{refusal.caller.key()}/{turn - ago}" for ago in (0, 1))
        count = self._ask(lambda: self.storage.incr(here, 2 * span), 0)
        return self._ask(lambda: self.storage.get(before), 0) if count == 1 else None

    def remember(self, name: Caller, address: Caller) -> None:
        """Somebody has logged in by this name from here."""
        self._ask(lambda: self.redis.set(self._known(name, address), 1, ex=REMEMBERED), None)

    def named(self, name: Caller, address: Caller) -> Caller:
        """Whom a wrong password is counted for: the name, or the name here where it has been logged in with."""
        is_known = self._ask(lambda: self.redis.exists(self._known(name, address)), 0)
        return known(name, address) if is_known else name

    def _known(self, name: Caller, address: Caller) -> str:
        return self.storage.prefixed_key(known(name, address).key())

    def _ask(self, question: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < self._again:
            return otherwise
        try:
            answer = question()
        except redis.RedisError as error:
            self._lose(error)
            return otherwise
        if self.is_away:
            self.is_away = False
            log.warning("Redis answers again: requests and log-ins are counted")
        return answer

    def _lose(self, error: Exception) -> None:
        self._again = time.monotonic() + PAUSE
        if not self.is_away:
            self.is_away = True
            log.warning("Redis can't be asked, so neither requests nor log-ins are limited until it can: %s", error)


def counters() -> Counters:
    return _counters(tk.config["ckan.redis.url"], f"anshan:{tk.config['ckan.site_id']}:guard")


_counters = cache(Counters)

"""The counters in Redis: one round trip for each request that is let through. Without Redis everybody is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, TypeVar

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

    def more(self, item: RateLimitItem, name: str, key: str) -> int:
        """Count one of what another room limits: 0, or where the limit has been reached the seconds to wait."""
        if self._ask(lambda: self.limiter.hit(item, name, key), True):
            return 0
        return self._wait(item, name, key)

    def reached(self, item: RateLimitItem, name: str, key: str) -> int:
        """Of what another room limits, without counting: 0, or the seconds to wait."""
        if self._ask(lambda: self.limiter.test(item, name, key), True):
            return 0
        return self._wait(item, name, key)

    def _refusal(self, name: Name, item: RateLimitItem, caller: Caller) -> Refusal:
        limit = Limit(item.amount, item.get_expiry())
        return Refusal(name, limit, caller, self._wait(item, name.value, caller.key()))

    def _wait(self, item: RateLimitItem, name: str, key: str) -> int:
        limit = Limit(item.amount, item.get_expiry())
        given = item.key_for(name, key), limit.seconds
        found = self._ask(lambda: self.storage.get_sliding_window(*given), (0, 0.0, 0, 0.0))
        return max(1, wait(limit, Window(*found)))

    def refused(self, refusal: Refusal) -> int | None:
        """For the first refusal of a caller in a while the number of those in the while before; None for the others."""
        seconds = refusal.limit.seconds
        here, before = self._refused(refusal.name, refusal.caller.key(), seconds)
        count = self._ask(lambda: self.storage.incr(here, 2 * max(seconds, RECORDED_EACH)), 0)
        return self._ask(lambda: self.storage.get(before), 0) if count == 1 else None

    def _refused(self, name: Name, key: str, seconds: int) -> tuple[str, str]:
        """Where refusals are counted, in this while and in the one before."""
        turn = int(time.time() // max(seconds, RECORDED_EACH))
        return f"refused/{name.value}/{key}/{turn}", f"refused/{name.value}/{key}/{turn - 1}"

    def left(self, name: Name, key: str) -> int:
        """Seconds that this caller has to wait; 0 where the limit isn't reached. Raises ``redis.RedisError``.

        :param key: ``Caller.key``
        """
        item = options.limit(name)
        if item is None or self.limiter.test(item, name.value, key):
            return 0
        limit = Limit(item.amount, item.get_expiry())
        found = self.storage.get_sliding_window(item.key_for(name.value, key), limit.seconds)
        return max(1, wait(limit, Window(*found)))

    def forget(self, name: Name, key: str) -> None:
        """Count this caller from nothing; the next refusal is the first again. Raises ``redis.RedisError``."""
        item = options.limit(name)
        if item is not None:
            self.storage.clear_sliding_window(item.key_for(name.value, key), item.get_expiry())
            self.storage.clear(self._refused(name, key, item.get_expiry())[0])

    def remember(self, name: Caller, address: Caller) -> None:
        """Somebody has logged in by this name from here."""
        self._ask(lambda: self._remember(name, address), None)

    def _remember(self, name: Caller, address: Caller) -> None:
        both = self.redis.pipeline()
        both.set(self._known(name, address), 1, ex=REMEMBERED)
        both.sadd(self._places(name), known(name, address).key())
        both.expire(self._places(name), REMEMBERED)
        both.execute()

    def places(self, name: Caller) -> set[str]:
        """Keys of the callers that wrong passwords of this name are counted for where it was logged in with. Raises
        ``redis.RedisError``."""
        found: Any = self.redis.smembers(self._places(name))
        return {key.decode() for key in found}

    def named(self, name: Caller, address: Caller) -> Caller:
        """Whom a wrong password is counted for: the name, or the name here where it has been logged in with."""
        is_known = self._ask(lambda: self.redis.exists(self._known(name, address)), 0)
        return known(name, address) if is_known else name

    def _places(self, name: Caller) -> str:
        return self.storage.prefixed_key(f"places/{name.key()}")

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

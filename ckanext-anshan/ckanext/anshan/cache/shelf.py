"""Where one web process keeps its pages: as many as fit, those longest unasked for going first."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from . import rules
from .rules import Encoding, Headers, Key

OVERHEAD = 2048  # bytes that a page needs beside its content
ENTRY_SHARE = 8  # no page takes more than this part of the room
COMPRESSION = 6


@dataclass(frozen=True)
class Page:
    """An answer as it is sent; without ``bodies`` a note that this address gives none that may be kept."""

    status: str
    headers: Headers
    etag: str
    bodies: dict[Encoding, bytes]

    def size(self) -> int:
        return OVERHEAD + sum(len(body) for body in self.bodies.values())

    def headers_of(self, encoding: Encoding) -> Headers:
        said = [("Content-Encoding", encoding.value)] if encoding.value else []
        return [*self.headers, *said, ("Content-Length", str(len(self.bodies[encoding])))]


UNKEPT = Page("", [], "", {})


def page(key: Key, status: str, headers: Headers, body: bytes) -> Page:
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    bodies = {Encoding.PLAIN: body}
    if rules.is_worth_compressing(headers, len(body)):
        bodies[Encoding.GZIP] = gzip.compress(body, COMPRESSION, mtime=0)
    return Page(status, rules.kept_headers(key, headers, etag), etag, bodies)


class Shelf:
    """Pages by their key, each good for one generation and some seconds."""

    def __init__(self, room: int) -> None:
        self.room, self.used = room, 0
        self._pages: OrderedDict[Key, tuple[bytes, float, Page]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, generation: bytes) -> Page | None:
        with self._lock:
            made, until, page = self._pages.get(key, (b"", 0.0, UNKEPT))
            if made != generation or until < time.monotonic():
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: Key, generation: bytes, page: Page, seconds: float) -> None:
        if page.size() * ENTRY_SHARE > self.room:
            return
        with self._lock:
            self._take_out(key)
            self._pages[key] = (generation, time.monotonic() + seconds, page)
            self.used += page.size()
            while self.used > self.room:
                self._take_out(next(iter(self._pages)))

    def _take_out(self, key: Key) -> None:
        if key in self._pages:
            self.used -= self._pages.pop(key)[2].size()


class Turns:
    """Lets one make a page while the others who want it wait for it, but no longer than ``patience`` seconds."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._turns: dict[object, tuple[Lock, list[None]]] = {}
        self._lock = Lock()

    @contextmanager
    def take(self, what: object) -> Iterator[None]:
        with self._lock:
            turn, waiting = self._turns.setdefault(what, (Lock(), []))
            waiting.append(None)
        mine = turn.acquire(timeout=self.patience)
        try:
            yield
        finally:
            if mine:
                turn.release()
            with self._lock:
                waiting.pop()
                if not waiting:
                    self._turns.pop(what, None)

"""Answers anonymous visitors from kept pages, before Flask is asked; every other request goes through to the portal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain
from typing import Any

from ckan.plugins import toolkit as tk

from ..workflow import clock
from . import options, rules
from .generation import Generation
from .readers import VISITORS_PAGE, Shown
from .rules import Encoding, Headers, Key
from .shelf import UNKEPT, Page, Shelf, Turns, page

Environ = Mapping[str, Any]
Start = Callable[..., Any]
Application = Callable[[Any, Any], Iterable[bytes]]

PATIENCE = 5.0  # seconds to wait for somebody else's rendering of the same page
SAID = "X-Anshan-Cache"  # hit, miss: kept by this answer, pass: answered by the portal itself


@dataclass
class Answer:
    """What the portal answered."""

    status: str
    headers: Headers
    body: Iterable[bytes]

    @property
    def code(self) -> int:
        return int(self.status[:3])


class PageCache:
    """A WSGI application around the portal's."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.seconds = options.seconds()
        self.ignored = options.ignored_cookies()
        header = tk.config["apitoken_header_name"].upper().replace("-", "_")
        self.passing = (*rules.PASSING, f"HTTP_{header}")
        self.token = tk.config["WTF_CSRF_FIELD_NAME"].encode()
        self.generation = Generation()
        self.shelf = Shelf(options.room())
        self.turns = Turns(PATIENCE)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        key = rules.key(environ, self.ignored, self.passing)
        if key is None:
            return _send_on(self._ask(self._with_visitors_page(environ)), start, personal=True)
        generation = self.generation.read() if self.seconds else None
        if generation is None:
            return self._pass(environ, start, key)
        found = self.shelf.get(key, generation)
        if found is None and environ["REQUEST_METHOD"] == "GET":
            return self._make(environ, start, key, generation)
        return _send(environ, start, found, "hit") if found and found.bodies else self._pass(environ, start, key)

    def _with_visitors_page(self, environ: Environ) -> Environ:
        """The request with the page that a visitor gets at the same address, where that is the same for all."""
        asked = rules.as_visitor(environ)
        key = rules.key(asked, self.ignored, self.passing) if asked else None
        generation = self.generation.read() if key and self.seconds else None
        if asked is None or key is None or generation is None:
            return environ
        if self.shelf.get(key, generation) is None:
            _leave(self._make(asked, lambda *_: None, key, generation))
        found = self.shelf.get(key, generation)
        if found is None or not found.status.startswith("200") or not found.bodies:
            return environ
        return {**environ, VISITORS_PAGE: Shown(generation, found.bodies[Encoding.PLAIN])}

    def _make(self, environ: Environ, start: Start, key: Key, generation: bytes) -> Iterable[bytes]:
        """Make the page, or take what somebody else has made in the meantime."""
        with self.turns.take((key, generation)):
            found = self.shelf.get(key, generation)
            if found is None:
                return self._keep(environ, start, key, generation)
        return _send(environ, start, found, "hit") if found.bodies else self._pass(environ, start, key)

    def _keep(self, environ: Environ, start: Start, key: Key, generation: bytes) -> Iterable[bytes]:
        answer = self._ask(rules.as_anybody(environ) if key.is_asset else environ)
        if answer.code == HTTPStatus.NOT_MODIFIED:  # what the portal knows by itself: a file that the reader has
            return _send_on(answer, start, personal=False)
        public = rules.is_public(key, answer.code, answer.headers)
        body = _read(answer) if public and rules.fits(answer.headers) else None
        if body is not None and not rules.has_token(answer.headers, body, self.token):
            made = page(key, answer.status, answer.headers, body)
            self.shelf.put(key, generation, made, self._lifetime())
            return _send(environ, start, made, "miss")
        if answer.code != HTTPStatus.TOO_MANY_REQUESTS:  # which says nothing about what others get here
            self.shelf.put(key, generation, UNKEPT, self._lifetime())
        return _send_on(answer, start, personal=not public or body is not None)

    def _pass(self, environ: Environ, start: Start, key: Key) -> Iterable[bytes]:
        answer = self._ask(environ)
        answer.headers = rules.lasting_headers(answer.headers)
        return _send_on(answer, start, not rules.is_public(key, answer.code, answer.headers))

    def _ask(self, environ: Environ) -> Answer:
        """The portal's answer; its first part is fetched, since only then are status and headers sure to be there."""
        said: list[Any] = []
        parts = self.application(environ, lambda status, headers, *_: said.extend((status, headers)))
        if not said:
            parts = _begun(parts)
        status, headers = said[:2]
        return Answer(status, list(headers), parts)

    def _lifetime(self) -> float:
        return rules.lifetime(self.seconds, clock.now())


def _leave(parts: Iterable[bytes]) -> None:
    """Of an answer that nobody is sent: only its end has to come."""
    getattr(parts, "close", lambda: None)()


def _begun(parts: Iterable[bytes]) -> Iterable[bytes]:
    rest = iter(parts)
    with suppress(StopIteration):
        return _Closing(chain([next(rest)], rest), parts)
    return parts


class _Closing:
    """Parts of an answer that are closed with the answer they came from."""

    def __init__(self, parts: Iterable[bytes], origin: Iterable[bytes]) -> None:
        self.parts, self.close = parts, getattr(origin, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)


def _read(answer: Answer) -> bytes | None:
    """The whole body; None if it is too large, and then ``answer.body`` still gives all of it."""
    origin, found, size = answer.body, [], 0
    rest = iter(origin)
    for part in rest:
        found.append(part)
        size += len(part)
        if size > rules.PAGE_BYTES:
            answer.body = _Closing(chain(found, rest), origin)
            return None
    answer.body = found
    getattr(origin, "close", lambda: None)()
    return b"".join(found)


def _send(environ: Environ, start: Start, page: Page, said: str) -> Iterable[bytes]:
    """A kept page as this reader wants it: compressed or not, without its body, or only that it is unchanged."""
    if page.status.startswith("200") and rules.is_known(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag):
        start("304 NOT MODIFIED", [*page.headers, (SAID, said)])
        return []
    wanted = rules.encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    encoding = wanted if wanted in page.bodies else Encoding.PLAIN
    start(page.status, [*page.headers_of(encoding), (SAID, said)])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.bodies[encoding]]


def _send_on(answer: Answer, start: Start, personal: bool) -> Iterable[bytes]:
    headers = rules.personal_headers(answer.headers) if personal else answer.headers
    start(answer.status, [*headers, (SAID, "pass")])
    return answer.body

"""Asks for one address again and again over a few connections, as ``wrk -t1 -c4`` does, and says how often it could.

One process and one loop over sockets: about a tenth of a millisecond of work for each answer, so that what is
measured is the server.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CONNECTIONS = 4
ROUNDS = 8  # times that connections are opened anew: each time they fall to the web processes as it happens
LEAST, LONGEST = 4, 60.0  # answers that are waited for, and seconds that they may take
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
LAST_CHUNK = b"\r\n0\r\n\r\n"


@dataclass
class Measured:
    """What came back: ``statuses`` says how often each came."""

    seconds: float = 0.0
    bytes: int = 0
    statuses: dict[str, int] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        return sum(self.statuses.values())

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds if self.seconds else 0.0

    def add(self, more: Measured) -> None:
        self.seconds += more.seconds
        self.bytes = more.bytes
        for status, number in more.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + number

    def failed(self) -> bool:
        return set(self.statuses) != {"200"}


@dataclass
class _Connection:
    socket: socket.socket
    request: bytes
    received: bytearray = field(default_factory=bytearray)

    def ask(self) -> None:
        self.received.clear()
        self.socket.sendall(self.request)

    def read(self) -> bytes | None:
        """The answer once it is whole."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.received += part
        return bytes(self.received) if _is_whole(self.received) else None


def _is_whole(received: bytearray) -> bool:
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = LENGTH.search(received, 0, end + 2)
    return len(received) >= end + 4 + int(length[1]) if length else received.endswith(LAST_CHUNK)


def measure(url: str, headers: Mapping[str, str], seconds: float = 5.0) -> Measured:
    """Ask for ``url`` for so many seconds, in rounds with connections of their own."""
    found = Measured()
    for _ in range(ROUNDS):
        found.add(_round(url, headers, seconds / ROUNDS))
    return found


def _round(url: str, headers: Mapping[str, str], seconds: float) -> Measured:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", *(f"{k}: {v}" for k, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    with selectors.DefaultSelector() as selector:
        opened = [_open(parts.hostname or "", parts.port or 80, request) for _ in range(CONNECTIONS)]
        try:
            for one in opened:
                selector.register(one.socket, selectors.EVENT_READ, one)
                one.ask()
            return _loop(selector, seconds)
        finally:
            for one in opened:
                one.socket.close()


def _open(host: str, port: int, request: bytes) -> _Connection:
    opened = socket.create_connection((host, port), timeout=60)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _Connection(opened, request)


def _loop(selector: selectors.BaseSelector, seconds: float) -> Measured:
    found, start = Measured(), time.perf_counter()
    now = start
    while now < start + seconds or (found.answers < LEAST and now < start + LONGEST):
        for key, _ in selector.select(1.0):
            answer = key.data.read()
            if answer is not None:
                status = answer[9:12].decode()
                found.statuses[status] = found.statuses.get(status, 0) + 1
                found.bytes = len(answer)
                key.data.ask()
        now = time.perf_counter()
    found.seconds = now - start
    return found

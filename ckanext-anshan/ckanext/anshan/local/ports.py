"""Finds ports that nobody uses."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Container

LOOPBACK = "127.0.0.1"
INNER = range(21000, 32000)  # below the ports that the system gives to outgoing connections


def is_free(port: int, host: str = LOOPBACK) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def answers(port: int, host: str = LOOPBACK, seconds: float = 0.5) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(seconds)
        return probe.connect_ex((host, port)) == 0


def next_free(wanted: int, taken: Container[int] = (), host: str = LOOPBACK) -> int:
    """``wanted``, or the first free port above it."""
    return next(port for port in range(wanted, 65536) if port not in taken and is_free(port, host))


def some_free(taken: Container[int] = ()) -> int:
    """A free port for a service that only the portal itself talks to."""
    while True:
        port = random.choice(INNER)
        if port not in taken and is_free(port):
            return port

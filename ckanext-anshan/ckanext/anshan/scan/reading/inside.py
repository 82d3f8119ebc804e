"""A file inside a file: copied to a private temporary file under a name of ours, read, and removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from ..pieces import Notice, Place, Read, Reading
from . import read
from .unreadable import Unreadable

CHUNK = 1 << 20
RATIO_MATTERS_FROM = 1 << 20  # bytes unpacked


def member(stream: IO[bytes], name: str, packed: int, place: Place, reading: Reading) -> Read:
    """What a member of an archive, or an embedded object, holds.

    :param packed: its size inside the archive, 0 where nobody knows
    :param place: of the file around it
    """
    inner = place.within(printable(name))
    if len(inner.path) > reading.limits.depth + 1:
        yield Notice("unreadable", "unreadable.limit_depth", inner, facts={"limit": reading.limits.depth})
        return
    is_cut = False
    with NamedTemporaryFile(prefix="scan-") as file:  # readable for this account alone
        try:
            _copy(stream, file, packed, reading)
        except Unreadable as refusal:
            yield Notice("unreadable", f"unreadable.{refusal.why}", inner, facts=refusal.facts)
            is_cut = refusal.why == "limit_ratio"
            if not is_cut:
                return
        for item in read(Path(file.name), name, inner, reading):
            if not (is_cut and isinstance(item, Notice) and item.kind == "unreadable" and item.place == inner):
                yield item


def enter(place: Place, reading: Reading) -> Notice | None:
    """Counts one more member; the notice is there where it is beyond what an archive may hold."""
    if reading.unpacked > reading.limits.unpacked:
        return Notice("unreadable", "unreadable.limit_unpacked", place, facts={"limit": reading.limits.unpacked >> 20})
    reading.members += 1
    if reading.members <= reading.limits.members:
        return None
    return Notice("unreadable", "unreadable.limit_members", place, facts={"limit": reading.limits.members})


@contextmanager
def share(reading: Reading, start: float, end: float) -> Iterator[None]:
    """Within, the progress of an inner reader from 0 to 1 is one from ``start`` to ``end`` of the outer."""
    outer = reading.progress
    reading.progress = lambda done: outer(start + (end - start) * min(max(done, 0.0), 1.0))
    try:
        yield
    finally:
        reading.progress = outer


def printable(name: str) -> str:
    """A member's name without what would disturb a line of a report."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:300]


def _copy(stream: IO[bytes], file: IO[bytes], packed: int, reading: Reading) -> None:
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        reading.unpacked += len(chunk)
        if reading.unpacked > reading.limits.unpacked:
            raise Unreadable("limit_unpacked", limit=reading.limits.unpacked >> 20)
        if packed and size > RATIO_MATTERS_FROM and size > packed * reading.limits.ratio:
            file.flush()
            raise Unreadable("limit_ratio", limit=reading.limits.ratio)
        file.write(chunk)
    file.flush()

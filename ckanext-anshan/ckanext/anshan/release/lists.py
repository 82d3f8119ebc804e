"""A list of what is released together: what of each line is signed, and how an import is held against it (art. 28)."""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .rules import Approval, Basis, File, Refusal, digest, public_metadata, sharing_terms

Line = Mapping[str, Any]
FORM = 2  # of the document
PARTS = ("opening_class", "metadata", "sharing", "files", "release_date")
"""What an import compares; the class has a place in the metadata too, and is told by its own name."""


@dataclass(frozen=True)
class Allowed:
    """By what an import releases, and which lines of a manifest it may release.

    ``lines``: as they were signed; None for the demo alone, which nobody signs · ``is_over``: each was released already
    ``stands``: why nothing may be released by it just now, asked with each batch in its transaction
    ``close``: done once with the last line, in the transaction that releases it
    """

    approval: Approval
    lines: Sequence[Line] | None = None
    is_over: bool = False
    stands: Callable[[], Refusal | None] = lambda: None
    close: Callable[[], Any] = lambda: None

    def __post_init__(self) -> None:
        if (self.lines is None) is not (self.approval.basis is Basis.DEMO):
            raise ValueError("what is released is the demo, or lines that were signed")


def demo(number: str) -> Allowed:
    """What nobody's data is released by; the import takes it while nothing else was ever released."""
    return Allowed(Approval(Basis.DEMO, number))


def line(entry: Mapping[str, Any], files: Iterable[File], release_date: datetime.date | None) -> dict[str, Any]:
    """What is signed of an entry with its files: every byte, all that becomes public and all that is shared of it.

    :param entry: as ``entries.find`` gives it
    """
    return {
        "entry": entry["id"],
        "code": entry["extras"].get("code", ""),
        "title": entry["title"] or entry["name"],
        "opening_class": entry["extras"]["opening_class"],
        "metadata": digest(public_metadata(entry)),
        "sharing": digest(sharing_terms(entry)),
        "files": [
            {"name": one.name, "sha256": one.sha256, "size": one.size, "format": one.format, "mimetype": one.mimetype}
            for one in files
        ],
        "release_date": release_date.isoformat() if release_date else "",
    }


def differences(signed: Line, now: Line) -> tuple[str, ...]:
    """What of a line is another one than was signed: names of ``PARTS``, of files their names."""
    found = [name for name in PARTS if name != "files" and signed.get(name) != now[name]]
    return (*found, *_files(signed["files"], now["files"]))


def _files(signed: Sequence[Line], now: Sequence[Line]) -> list[str]:
    """A mimetype follows from the bytes, as a size does; which files there are, and their order, is signed."""
    before, after = ([(one["name"], one["sha256"], one["format"]) for one in listed] for listed in (signed, now))
    if before == after:
        return []
    return sorted({name for name, *_ in set(before) ^ set(after)}) or ["files"]


class Held:
    """A manifest held against the lines that were signed. Those of one entry come in the order that was signed."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.total = len(lines)
        self.done: set[int] = set()
        self._left: dict[str, deque[tuple[int, Line]]] = {}
        for at, one in enumerate(lines):
            self._left.setdefault(one["entry"], deque()).append((at, one))

    def find(self, now: Line) -> int | Refusal:
        """Which signed line this is; lines of the same entry that were left out before it are passed over."""
        left = self._left.get(now["entry"])
        if not left:
            return Refusal("not_in_list", {"entry": now["code"] or now["entry"]})
        same = next((at for at, (_, one) in enumerate(left) if not differences(one, now)), None)
        if same is None:
            changed = differences(left[0][1], now)
            return Refusal("changed_since_signed", {"entry": now["code"] or now["entry"], "what": changed})
        for _ in range(same):
            left.popleft()
        return left.popleft()[0]

    def completes(self, more: Collection[int]) -> bool:
        """Whether every line is done with these."""
        return len(self.done | set(more)) == self.total and not self.done >= set(range(self.total))

    @property
    def left(self) -> int:
        return self.total - len(self.done)

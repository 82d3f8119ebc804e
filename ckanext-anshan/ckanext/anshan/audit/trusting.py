"""What anybody may know of the log: how far it is sealed, who else has its checkpoints, its tiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from . import options, proving, reading, stored
from .tree import HEIGHT, WIDTH

SHOWN = 10  # checkpoints
HASHES = re.compile(r"(\d|[1-5]\d|6[0-3])/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")


def state() -> dict[str, Any]:
    """Six statements."""
    found = reading.checkpoints(SHOWN)
    since = reading.waiting(found[0].snapshot if found else None)
    age = (datetime.now(timezone.utc) - since).total_seconds() if since else 0
    return {
        "events": found[0].size if found else 0,
        "checkpoints": [
            {"size": one.size, "root": bytes(one.root).hex(), "at": one.at.isoformat(), "note": one.note}
            for one in found
        ],
        "waiting_since": since.isoformat() if since else None,
        "is_late": age > options.late_seconds(),
        "witnesses": [
            {
                "name": one.name,
                "size": one.size,
                "answered": one.answered.isoformat() if one.answered else None,
                "asked": one.asked.isoformat(),
                "failing": one.failing,
            }
            for one in reading.witnesses()
        ],
        "former": [_former(one) for one in reading.begun_anew()],
        "retention": _retention(),
        "trimmed": [{"month": month, "at": at.isoformat()} for month, at in reading.trimmed().items()],
    }


def _former(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: facts[name] for name in ("at", "size", "reason")}
    return {"key": facts["former"], **told, "lost": max(0, facts["known"] - facts["size"])}


def _retention() -> dict[str, Any] | None:
    """What failed isn't told: it names folders."""
    found = reading.retention()
    if found is None:
        return None
    told = {"months": found.months, "trim": found.trim, "at": found.at.isoformat()}
    return told | {"failing": bool(found.failing)}


def newest_note() -> str | None:
    found = stored.last(proving.ask)
    return found.note if found else None


def address(index: int) -> str:
    """The number of a tile in groups of three digits.

    >>> address(67), address(1234067)
    ('067', 'x001/x234/067')
    """
    digits = f"{index:03}"
    groups = f"{index:0{-(-len(digits) // 3) * 3}}"
    parts = [groups[at : at + 3] for at in range(0, len(groups), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


def tile(path: str) -> bytes | None:
    """The hashes of a tile by its address, ``0/x001/067`` or ``0/000.p/12`` (C2SP tlog-tiles); None where it isn't.

    What the newest checkpoint doesn't cover isn't there yet.
    """
    asked = HASHES.fullmatch(path)
    if asked is None:
        return None
    level, width = int(asked[1]), int(asked[3] or WIDTH)
    index = int(asked[2].replace("/", "").replace("x", ""))
    if asked[2] != address(index):
        return None
    sealed = stored.last(proving.ask)
    there = ((sealed.size if sealed else 0) >> HEIGHT * level) - index * WIDTH
    if width > min(there, WIDTH) or (asked[3] and width == WIDTH):
        return None
    nodes = stored.reader(proving.ask)(level, index * WIDTH, width)
    return b"".join(nodes) if len(nodes) == width else None

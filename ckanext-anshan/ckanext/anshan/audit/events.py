"""What an event is, and how it is written down: in one spelling, whose hash is a leaf of the tree. Plain Python."""

from __future__ import annotations

import hmac
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

from .offline import leaf_hash

ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
LONGEST_NAME = 200  # characters kept of what somebody typed
FORM = 1  # of the body; a verifier refuses one that it doesn't know


class Outcome(Enum):
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class Object:
    """What an event is about.

    ``version`` counts its recorded changes; ``state`` is the SHA-256 (hex) of what it was then made of, empty once it
    is gone, and ``was`` that of the change before. An event that changes nothing has no version.
    """

    type: str
    id: str
    version: int = 0
    state: str = ""
    was: str = ""

    def body(self) -> dict[str, Any]:
        named = {"type": self.type, "id": self.id}
        return named | ({"version": self.version, "state": self.state, "was": self.was} if self.version else {})


def about(type: str, id: object) -> Object | None:
    """What somebody named, which may be anything; nothing where they named nothing."""
    return Object(type, str(id)[:LONGEST_NAME]) if type and id else None


@dataclass(frozen=True)
class Who:
    """Who did it. What says who that is stands in ``private``: the leaf holds a commitment to it, see ``persons``."""

    person: str = ""  # id without a meaning of its own; empty where the portal itself acts
    via: str = "portal"  # web, api, console, job
    role: str = ""
    organization: str = ""  # id of the agency that they acted for
    private: Mapping[str, str] = field(default_factory=dict)  # account, address, agent, reason


@dataclass(frozen=True)
class Event:
    kind: str  # sentences.py has the words for it
    outcome: Outcome = Outcome.DONE
    object: Object | None = None
    action: str = ""  # the CKAN action, page or job
    code: str = ""  # of the decision: why granted or refused
    reason: str = ""  # in somebody's own words; private, since it may speak of people
    facts: Mapping[str, Any] = field(default_factory=dict)  # hashes, numbers, names of things; nothing about people


@dataclass(frozen=True)
class Written:
    """An event as it is stored."""

    id: UUID
    at: datetime
    body: str
    leaf: bytes
    mark: bytes


def new_id(at: datetime) -> UUID:
    """A UUID of version 7 (RFC 9562, method 3 of section 6.2): ids follow time, to the microsecond."""
    milliseconds, microseconds = divmod((at - EPOCH) // timedelta(microseconds=1), 1000)
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | (microseconds << 12) // 1000 << 64 | 0b10 << 62 | random)


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), timezone.utc)


def write(id: UUID, at: datetime, event: Event, who: Who, commitment: str, key: bytes) -> Written:
    """The event as one line of canonical JSON, its leaf, and the mark that only the portal's processes can make.

    :param commitment: to ``who.private``, hex; empty where there is nothing private
    """
    given: dict[str, Any] = {
        "v": FORM,
        "id": str(id),
        "at": at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z",
        "kind": event.kind,
        "outcome": event.outcome.value,
        "by": _by(who, commitment),
        "object": event.object.body() if event.object else None,
        "action": event.action,
        "code": event.code,
        "facts": dict(event.facts),
    }
    body = canonical({name: value for name, value in given.items() if value not in ("", None, {})})
    leaf = leaf_hash(body.encode())
    return Written(id, at, body, leaf, mark(key, leaf))


def _by(who: Who, commitment: str) -> dict[str, str]:
    told = {"person": who.person, "via": who.via, "role": who.role, "organization": who.organization}
    return {name: value for name, value in (told | {"private": commitment}).items() if value}


def canonical(value: Any) -> str:
    """JSON with one spelling for each value: keys sorted, no spaces, nothing escaped that needn't be."""
    return ENCODER.encode(value)


def written_at(body: Mapping[str, Any]) -> datetime:
    """When an event was made, as its body says. :raises KeyError, TypeError, AttributeError, ValueError: it doesn't"""
    return datetime.fromisoformat(body["at"].replace("Z", "+00:00"))


def is_own(key: bytes, body: str, leaf: bytes, given: bytes) -> bool:
    """Whether a process of the portal wrote this: it has the key of the marks, and the database hasn't.

    :param leaf: as it is stored beside the event, like the mark that was ``given``
    """
    made = leaf_hash(body.encode())
    return made == leaf and hmac.compare_digest(mark(key, made), given)


def mark(key: bytes, leaf: bytes) -> bytes:
    """Shows the sealer that a process of the portal wrote this leaf, and not somebody with the database alone."""
    return hmac.digest(key, leaf, sha256)

"""Who sees what of the log. Plain Python: the caller gathers the facts, ``scope`` judges, and its last line refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from ..people import rules

INSPECTS = frozenset(role.value for role in rules.INSPECTS)
PUBLIC = frozenset({"dataset", "release"})
VERBS = ("created", "changed", "removed")


class Scope(Enum):
    ALL = "all"  # every event
    OWN = "own"  # every event of one's own account, and what it did
    CHANGES = "changes"  # what was changed, and neither who asked for it nor who was refused


@dataclass(frozen=True)
class Reader:
    """Who reads. A visitor has no roles; being sysadmin gives none."""

    account: str = ""  # id
    person: UUID | None = None  # under which the log knows the account
    roles: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()  # ids of those in which the reader is a publisher or the head
    heads: frozenset[str] = frozenset()  # ids of those whose head the reader is

    @property
    def inspects(self) -> bool:
        """Whether they supervise for the city: the data bureau and the cyberspace office (articles 6, 8 and 46)."""
        return bool(self.roles & INSPECTS)


VISITOR = Reader()

RULES: Mapping[str, Callable[[Reader, str, str], Scope | None]] = {
    "dataset": lambda reader, id, owner: Scope.CHANGES,
    "release": lambda reader, id, owner: Scope.CHANGES,
    "entry": lambda reader, id, owner: Scope.ALL if owner in reader.agencies else None,
    "account": lambda reader, id, owner: Scope.OWN if id and id == reader.account else None,
    "organization": lambda reader, id, owner: Scope.ALL if id in reader.heads else None,
}
"""Who sees the events of an object beside the inspectors, by its type: reader, its id and the id of its agency."""


def scope(reader: Reader, type: str, id: str, owner: str = "") -> Scope | None:
    """How much of an object's history this reader sees; None where it isn't theirs to see.

    >>> scope(VISITOR, "dataset", "d"), scope(VISITOR, "entry", "e", "agency"), scope(VISITOR, "setting", "s")
    (<Scope.CHANGES: 'changes'>, None, None)
    """
    if reader.inspects:
        return Scope.OWN if type == "account" else Scope.ALL
    rule = RULES.get(type)
    return rule(reader, id, owner) if rule else None


def kinds(type: str) -> tuple[str, ...]:
    """Of the changes of an object of this type."""
    return tuple(f"{type}.{verb}" for verb in VERBS)


def sees_names(reader: Reader, person: UUID | None, organization: str | None) -> bool:
    """Whether this reader sees whose account it was and why they did it."""
    return reader.inspects or (person is not None and person == reader.person) or organization in reader.agencies


def sees_address(reader: Reader, person: UUID | None) -> bool:
    """Whether this reader sees from where it was done."""
    return reader.inspects or (person is not None and person == reader.person)

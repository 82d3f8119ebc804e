"""The decision about bytes: who may have which file. Every route and action asks ``decide``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNCONDITIONAL, CONDITIONAL = "unconditional", "conditional"
PUBLIC_STATES = frozenset({"published", "superseded"})
GONE = ("retired", "lapsed")

OWN_FILES = frozenset({"publisher", "agency_head"})  # roles that read the working files of their own agency
ALL_FILES = frozenset({"cyberspace", "bureau"})  # roles that read everyone's: they review them (art. 28, 30)


@dataclass(frozen=True)
class Actor:
    """Who asks. A visitor has no roles; being sysadmin gives none."""

    roles: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()  # ids of the organizations in which the actor has a role
    reviews: bool = False  # what is asked for lies before them for their key, by an office or in its place


@dataclass(frozen=True)
class Release:
    """The version that the file is asked from, beside the one that its dataset stands for now."""

    state: str
    own_class: str  # opening class of this version
    current_state: str
    current_class: str  # of what is published of this dataset now
    keeps_versions: bool = False  # the reviewers of that one left earlier open versions open
    is_suspended: bool = False  # the file, the version or the dataset

    @classmethod
    def of(cls, found: Any) -> Release:
        """From what the releases know of a file."""
        return cls(**{name: getattr(found, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class File:
    sha256: str
    size: int
    agency: str = ""  # id of the organization that owns a working file


@dataclass(frozen=True)
class Granted:
    reason: str


@dataclass(frozen=True)
class Refusal:
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


VISITOR = Actor()


def decide(actor: Actor, release: Release | None, file: File | None) -> Granted | Refusal:
    """Whether this actor may have this file.

    :param release: the version that was asked; nothing for a working file of an entry
    :param file: nothing when there is no such file
    """
    return _working(actor, file) if release is None else _released(release, file)


def everybody_may(release: Release, file: File | None) -> bool:
    """Whether a file may be shown to whoever comes."""
    return isinstance(decide(VISITOR, release, file), Granted)


def _released(release: Release, file: File | None) -> Granted | Refusal:
    if release.is_suspended:
        return Refusal("suspended")
    for state in GONE:
        if state in (release.state, release.current_state):
            return Refusal(state)
    if file is not None and _is_open(release):
        return Granted("unconditional")
    if release.current_class == CONDITIONAL:
        return Refusal("conditional")  # whichever file was asked for: the names of unreleased files are no answer
    return Refusal("no_such_file")


def _is_open(release: Release) -> bool:
    """Opened without conditions itself; an earlier version, only as long as the one after it leaves it so."""
    if release.own_class != UNCONDITIONAL or release.state not in PUBLIC_STATES:
        return False
    return release.current_class == UNCONDITIONAL or (release.keeps_versions and release.state == "superseded")


def _working(actor: Actor, file: File | None) -> Granted | Refusal:
    if file is not None and (actor.roles & ALL_FILES or actor.reviews):
        return Granted("reviews")
    if file is not None and actor.roles & OWN_FILES and file.agency in actor.agencies:
        return Granted("own_agency")
    return Refusal("no_such_file")

"""The decision about bytes: who may have which file, and what of conditional data a grant lets somebody use.

Every route and action asks ``decide`` (what is open) or ``decide_use`` (what is granted). Plain Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
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
    if not _is_told(release):
        return Refusal("no_such_file")
    if _is_off(release):
        return Refusal("suspended")
    for state in GONE:
        if state in (release.state, release.current_state):
            return Refusal(state)
    if file is not None and _is_open(release):
        return Granted("unconditional")
    if release.current_class == CONDITIONAL:
        return Refusal("conditional")  # whichever file was asked for: the names of unreleased files are no answer
    return Refusal("no_such_file")


def _is_told(release: Release) -> bool:
    """Of what is closed nobody is told that it is there, nor what became of it; but for what it left open."""
    return release.current_class in (UNCONDITIONAL, CONDITIONAL) or release.keeps_versions


def _is_off(release: Release) -> bool:
    """Suspended; a single file only where its name was ever public."""
    is_public = release.own_class == UNCONDITIONAL
    return release.state == "suspended" or (release.is_suspended and is_public)


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


# what is granted (art. 21, 22, 27)


class Method(Enum):
    DOWNLOAD = "download"
    API = "api"


class GrantState(Enum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"  # its time is over, its user gave it back, or another took its place


FINAL_GRANTS = frozenset({GrantState.REVOKED, GrantState.ENDED})


class Kind(Enum):
    OPENING = "opening"  # to natural persons, legal persons and organizations (art. 27)
    SHARING = "sharing"  # to agencies (art. 20 to 22)


@dataclass(frozen=True)
class Filter:
    """Only rows in which this column has one of these values."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """What of a dataset may be used. What isn't named isn't in it: nothing stands for everything.

    ``files``: names of tables, ``whole``: names of files that are no tables and are handed out as they are
    """

    files: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()  # headers
    rows: tuple[Filter, ...] = ()  # all of them hold; none: every row
    whole: frozenset[str] = frozenset()
    methods: frozenset[Method] = frozenset()
    aggregates: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.methods or not (self.whole or (self.files and self.columns))

    def beyond(self, asked: Scope) -> tuple[str, ...]:
        """In what this goes further than what was asked for; nothing where it is the same or less."""
        further = {
            "files": self.files - asked.files,
            "columns": self.columns - asked.columns,
            "whole": self.whole - asked.whole,
            "methods": self.methods - asked.methods,
            "rows": not all(any(_is_narrower(own, one) for own in self.rows) for one in asked.rows),
            "aggregates": self.aggregates and not asked.aggregates,
        }
        return tuple(name for name, is_further in further.items() if is_further)


def _is_narrower(own: Filter, asked: Filter) -> bool:
    return own.column == asked.column and set(own.values) <= set(asked.values)


@dataclass(frozen=True)
class Grant:
    """The right that came of one application: its agreement, its holders, its scope, its time."""

    number: str  # of the application
    kind: Kind
    state: GrantState
    scope: Scope
    starts: date
    ends: date  # the last day
    agreement: str = ""  # hash of the agreement; empty where sharing is unconditional
    is_accepted: bool = False  # by every holder, for this hash
    is_countersigned: bool = False  # by the provider, for this hash
    needs_agreement: bool = True
    daily_quota: int = 0  # requests of the API


@dataclass(frozen=True)
class Use:
    """What somebody wants of it."""

    method: Method
    file: str
    columns: frozenset[str] = frozenset()  # none: all that are granted
    aggregates: bool = False


@dataclass(frozen=True)
class Circumstances:
    """What else decides, as it is at this moment."""

    today: date
    holds: bool = False  # the caller is a holder, or acts for one
    why_not: str = ""  # code why they don't act for it any more: not_a_member, barred …
    by_token: bool = False  # the caller has a token of this grant alone
    dataset_state: str = "published"  # of the version that its dataset stands for
    opening_class: str = CONDITIONAL
    sharing_class: str = ""
    is_suspended: bool = False  # dataset, version or file
    offered: frozenset[str] = frozenset()  # columns that the published version offers
    tables: frozenset[str] = frozenset()  # its files that are tables
    others: frozenset[str] = frozenset()  # its files that aren't
    used_today: int = 0  # requests of the API


@dataclass(frozen=True)
class Allowed:
    """What may be handed out: these columns and rows of this file, or the file as it is."""

    columns: frozenset[str]
    rows: tuple[Filter, ...]
    is_whole: bool
    reason: str = "granted"


CLOSED = "closed"


def decide_use(grant: Grant | None, use: Use, now: Circumstances) -> Allowed | Refusal:
    """Whether somebody may use this now, and why not.

    Granted, agreement in force, member now, within its dates, resource, columns, rows and method in scope, not
    suspended, quota left: asked at every read. A stranger learns nothing, not even that there is a grant.
    """
    if grant is None or not (now.holds or now.why_not):
        return Refusal("no_grant")
    for against in (_against_holder, _against_grant, _against_time, _against_data, _against_scope, _against_quota):
        refusal = against(grant, use, now)
        if refusal:
            return refusal
    return _allowed(grant, use, now)


def _against_holder(grant: Grant, use: Use, now: Circumstances) -> Refusal | None:
    return None if now.holds else Refusal(now.why_not, {"number": grant.number})


def _against_grant(grant: Grant, use: Use, now: Circumstances) -> Refusal | None:
    if grant.state is not GrantState.ACTIVE:
        return Refusal(f"grant_{grant.state.value}", {"number": grant.number})
    is_signed = bool(grant.agreement) and grant.is_accepted and grant.is_countersigned
    if grant.needs_agreement and not is_signed:
        return Refusal("no_agreement", {"number": grant.number})
    return None


def _against_time(grant: Grant, use: Use, now: Circumstances) -> Refusal | None:
    if now.today < grant.starts:
        return Refusal("not_begun", {"number": grant.number, "day": grant.starts})
    if now.today > grant.ends:
        return Refusal("over", {"number": grant.number, "day": grant.ends})
    return None


def _against_data(grant: Grant, use: Use, now: Circumstances) -> Refusal | None:
    """Suspended, taken back, or of another class than the one under which it was granted."""
    if now.is_suspended:
        return Refusal("suspended")
    if now.dataset_state in GONE:
        return Refusal(now.dataset_state)
    own = now.sharing_class if grant.kind is Kind.SHARING else now.opening_class
    if now.dataset_state != "published" or own not in (UNCONDITIONAL, CONDITIONAL):
        return Refusal("class_changed", {"number": grant.number})
    return None


def _against_scope(grant: Grant, use: Use, now: Circumstances) -> Refusal | None:
    scope = grant.scope
    if use.method not in scope.methods:
        return Refusal("method_out_of_scope", {"method": use.method.value})
    if use.file in now.others:
        is_in = use.file in scope.whole and use.method is Method.DOWNLOAD and not use.columns
        return None if is_in else Refusal("file_out_of_scope", {"file": use.file})
    columns = scope.columns & now.offered
    if use.file not in now.tables or use.file not in scope.files or not columns:
        return Refusal("file_out_of_scope", {"file": use.file})
    if not all(one.column in now.offered for one in scope.rows):
        return Refusal("rows_not_offered", {"file": use.file})
    if use.columns - columns:
        return Refusal("columns_out_of_scope", {"columns": tuple(sorted(use.columns - columns))})
    if use.aggregates and not scope.aggregates:
        return Refusal("no_aggregates")
    return None


def _against_quota(grant: Grant, use: Use, now: Circumstances) -> Refusal | None:
    if use.method is Method.API and now.used_today >= grant.daily_quota:
        return Refusal("quota_used", {"quota": grant.daily_quota})
    return None


def _allowed(grant: Grant, use: Use, now: Circumstances) -> Allowed:
    if use.file in now.others:
        return Allowed(frozenset(), (), is_whole=True)
    columns = use.columns or grant.scope.columns & now.offered
    return Allowed(columns, grant.scope.rows, is_whole=False)


def narrowed(scope: Scope, offered: frozenset[str]) -> Scope:
    """The scope without what a version doesn't offer any more."""
    return replace(scope, columns=scope.columns & offered)


# usage that is unlike what was declared


@dataclass(frozen=True)
class Usage:
    """What was used under a grant on a day, beside what is usual."""

    requests: int
    rows: int
    addresses: int = 1  # networks that it was used from
    usual_requests: float = 0.0  # median of the days before on which it was used
    usual_rows: float = 0.0
    days_before: int = 0
    declared_requests: int = 0  # a day, as the applicant said; 0: said nothing


MANY_TIMES = 5  # as often as usual
FEW = 100  # requests of a day that are never unusual
MANY_ROWS = 50_000
MANY_ADDRESSES = 20
ENOUGH_DAYS = 5  # before anything is usual


def unusual(usage: Usage) -> tuple[str, ...]:
    """In what the usage of a day is far from the declared purpose or from the usual pattern; mostly nothing."""
    is_known = usage.days_before >= ENOUGH_DAYS
    found = {
        "more_than_declared": usage.declared_requests and usage.requests > max(2 * usage.declared_requests, FEW),
        "more_requests": is_known and usage.requests > max(MANY_TIMES * usage.usual_requests, FEW),
        "more_rows": is_known and usage.rows > max(MANY_TIMES * usage.usual_rows, MANY_ROWS),
        "many_addresses": usage.addresses > MANY_ADDRESSES,
    }
    return tuple(name for name, is_so in found.items() if is_so)

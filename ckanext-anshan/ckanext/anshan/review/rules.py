"""The review of what an agency wants opened: states, commands, keys, what makes it open (art. 12, 28, 30).

Plain Python. The pages, the API, the table in the docs and the tests all read ``TABLE``. Being sysadmin gives nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from ..people.rules import CAPACITIES
from ..people.rules import Role as Duty
from ..release.rules import digest
from ..scan.findings import Severity


class Kind(Enum):
    """What is asked for."""

    OPENING = "opening"  # a first version, a new version, another class
    RETIREMENT = "retirement"  # the dataset is taken back for good
    LIST = "list"  # many entries at once, for ``anshan release import``


class Way(Enum):
    """How it is decided."""

    FULL = "full"  # three keys
    ROUTINE = "routine"  # the agency's key, under a policy that three keys signed before
    EMERGENCY = "emergency"  # the bureau's key at once, the others afterwards (art. 20)


class State(Enum):
    DRAFT = "draft"  # nothing is submitted: the entry itself
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    RELEASED = "released"  # every key is there; publishing follows
    PROVISIONAL = "provisional"  # open in an emergency, not yet confirmed
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"  # an emergency that wasn't confirmed in time


class Command(Enum):
    SUBMIT = "submit"
    PROPOSE = "propose"  # a list
    OPEN_AT_ONCE = "open_at_once"
    SIGN = "sign"
    CLEAR = "clear"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"
    COMMENT = "comment"
    PUBLISH = "publish"
    LAPSE = "lapse"
    CHECK = "check"


class Role(Enum):
    """What somebody is to one submission."""

    EDITOR = "editor"  # publisher of its agency
    HEAD = "head"  # first responsible person of its agency (art. 9)
    CYBERSPACE = "cyberspace"  # art. 8
    BUREAU = "bureau"  # art. 6
    PUBLISHING = "publishing"  # the publishing job
    CLOCK = "clock"  # what happens when time is over


class Key(Enum):
    """In this order everywhere."""

    AGENCY = "agency"
    CYBERSPACE = "cyberspace"
    BUREAU = "bureau"


class Clock(Enum):
    RUNS = "runs"
    STOPS = "stops"
    ENDS = "ends"
    STAYS = "stays"


@dataclass(frozen=True)
class Step:
    """A row of the table: who may, where it leads, what must be given, what it does to the clock, what it queues.

    ``complete``: where it leads instead once every key is there.
    """

    who: frozenset[Role]
    to: State
    needs: tuple[str, ...] = ()
    clock: Clock = Clock.STAYS
    queues: tuple[str, ...] = ()
    complete: State | None = None


@dataclass(frozen=True)
class Refusal:
    """A decision against: the code that words are found for, and the facts that go into them."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


R, S, C = Role, State, Command

AGENCY = frozenset({R.EDITOR, R.HEAD})
HEAD = frozenset({R.HEAD})
OFFICES = frozenset({R.CYBERSPACE, R.BUREAU})
REVIEWERS = HEAD | OFFICES
EVERYBODY = AGENCY | OFFICES
PUBLISHING = frozenset({R.PUBLISHING})
CLOCK = frozenset({R.CLOCK})

PUBLISH_JOB = "anshan_review_publish"

TABLE: Mapping[tuple[State, Command], Step] = {
    (S.DRAFT, C.SUBMIT): Step(AGENCY, S.SUBMITTED, clock=Clock.RUNS),
    (S.DRAFT, C.PROPOSE): Step(frozenset({R.BUREAU}), S.IN_REVIEW, ("manifest",), Clock.RUNS),
    (S.DRAFT, C.OPEN_AT_ONCE): Step(
        frozenset({R.BUREAU}), S.PROVISIONAL, ("reason", "days"), Clock.RUNS, (PUBLISH_JOB,)
    ),
    # the agency's own look: secrecy (art. 30)
    (S.SUBMITTED, C.SIGN): Step(HEAD, S.IN_REVIEW, ("answers",), Clock.RUNS, (PUBLISH_JOB,), S.RELEASED),
    (S.SUBMITTED, C.CLEAR): Step(frozenset({R.CYBERSPACE}), S.SUBMITTED, ("reason",)),
    (S.SUBMITTED, C.RETURN): Step(HEAD, S.RETURNED, ("remarks",), Clock.STOPS),
    (S.SUBMITTED, C.REJECT): Step(HEAD, S.REJECTED, ("reason", "article"), Clock.ENDS),
    (S.SUBMITTED, C.WITHDRAW): Step(AGENCY, S.WITHDRAWN, clock=Clock.ENDS),
    (S.SUBMITTED, C.SUPERSEDE): Step(AGENCY | {R.BUREAU}, S.SUPERSEDED, clock=Clock.ENDS),
    (S.SUBMITTED, C.COMMENT): Step(EVERYBODY, S.SUBMITTED, ("text",)),
    # both offices, in any order: security (art. 28) and the last look (art. 12)
    (S.IN_REVIEW, C.SIGN): Step(OFFICES, S.IN_REVIEW, ("answers",), Clock.RUNS, (PUBLISH_JOB,), S.RELEASED),
    (S.IN_REVIEW, C.CLEAR): Step(frozenset({R.CYBERSPACE}), S.IN_REVIEW, ("reason",)),
    (S.IN_REVIEW, C.RETURN): Step(OFFICES, S.RETURNED, ("remarks",), Clock.STOPS),
    (S.IN_REVIEW, C.REJECT): Step(OFFICES, S.REJECTED, ("reason", "article"), Clock.ENDS),
    (S.IN_REVIEW, C.WITHDRAW): Step(AGENCY | {R.BUREAU}, S.WITHDRAWN, clock=Clock.ENDS),
    (S.IN_REVIEW, C.SUPERSEDE): Step(AGENCY | {R.BUREAU}, S.SUPERSEDED, clock=Clock.ENDS),
    (S.IN_REVIEW, C.COMMENT): Step(EVERYBODY, S.IN_REVIEW, ("text",)),
    # with the agency again
    (S.RETURNED, C.SUPERSEDE): Step(AGENCY | {R.BUREAU}, S.SUPERSEDED, clock=Clock.ENDS),
    (S.RETURNED, C.WITHDRAW): Step(AGENCY, S.WITHDRAWN, clock=Clock.ENDS),
    (S.RETURNED, C.COMMENT): Step(EVERYBODY, S.RETURNED, ("text",)),
    # every key is there
    (S.RELEASED, C.PUBLISH): Step(PUBLISHING, S.PUBLISHED, clock=Clock.ENDS),
    (S.RELEASED, C.REJECT): Step(frozenset({R.CYBERSPACE}), S.REJECTED, ("reason", "article"), Clock.ENDS),
    # open in an emergency (art. 20)
    (S.PROVISIONAL, C.SIGN): Step(
        HEAD | {R.CYBERSPACE}, S.PROVISIONAL, ("answers",), Clock.RUNS, (PUBLISH_JOB,), S.PUBLISHED
    ),
    (S.PROVISIONAL, C.REJECT): Step(
        HEAD | {R.CYBERSPACE}, S.REJECTED, ("reason", "article"), Clock.ENDS, (PUBLISH_JOB,)
    ),
    (S.PROVISIONAL, C.WITHDRAW): Step(frozenset({R.BUREAU}), S.WITHDRAWN, ("reason",), Clock.ENDS, (PUBLISH_JOB,)),
    (S.PROVISIONAL, C.LAPSE): Step(CLOCK, S.LAPSED, clock=Clock.ENDS, queues=(PUBLISH_JOB,)),
    (S.PROVISIONAL, C.COMMENT): Step(EVERYBODY, S.PROVISIONAL, ("text",)),
    # a routine update that was drawn for a later look
    (S.PUBLISHED, C.CHECK): Step(OFFICES, S.PUBLISHED, ("answers",)),
    (S.PUBLISHED, C.COMMENT): Step(EVERYBODY, S.PUBLISHED, ("text",)),
}
FINAL = frozenset({S.REJECTED, S.WITHDRAWN, S.SUPERSEDED, S.LAPSED})
OPEN = frozenset({S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.RELEASED, S.PROVISIONAL})
"""Of these an entry has one at most."""

KEY_OF: Mapping[Role, Key] = {R.HEAD: Key.AGENCY, R.CYBERSPACE: Key.CYBERSPACE, R.BUREAU: Key.BUREAU}
KEYS: Mapping[Kind, tuple[Key, ...]] = {
    Kind.OPENING: tuple(Key),
    Kind.RETIREMENT: tuple(Key),
    Kind.LIST: (Key.CYBERSPACE, Key.BUREAU),
}


@dataclass(frozen=True)
class Signature:
    """Whose key, and what exactly it was turned for."""

    key: Key
    person: str
    organization: str
    hash: str
    scan_hash: str
    opening_class: str


@dataclass(frozen=True)
class Case:
    """What a decision about a submission rests on; gathered by the caller from the locked rows."""

    state: State
    kind: Kind = Kind.OPENING
    way: Way = Way.FULL
    hash: str = ""
    scan_hash: str = ""  # empty while a scan of one of its files isn't done
    opening_class: str = ""
    severity: Severity | None = None  # of the worst finding
    is_cleared: bool = False  # the cyberspace office signed over what blocks, for this scan
    is_suspended: bool = False  # the dataset is taken off
    is_sampled: bool = False
    has_policy: bool = False  # three keys signed a policy that lets this update pass
    submitter: str = ""
    signatures: tuple[Signature, ...] = ()

    @property
    def keys(self) -> tuple[Key, ...]:
        return KEYS[self.kind]


@dataclass(frozen=True)
class Person:
    """Who asks: their roles towards the submission, and the organization of each role."""

    id: str
    roles: frozenset[Role]
    organizations: Mapping[Role, str] = field(default_factory=dict)


NOBODY = Person("", frozenset())


def roles_in(memberships: Iterable[tuple[str, str, str]], agency: str, offices: Offices) -> dict[Role, str]:
    """What somebody is to a submission, each role with the organization that gives it.

    An office never reviews its own data: its deputy does.

    :param memberships: id and name of each organization, and the capacity there
    :param agency: id of the submission's; empty for a list
    """
    found: dict[Role, str] = {}
    members = list(memberships)
    own_name = next((name for id, name, _ in members if id == agency), "") or offices.agency_name
    for id, name, capacity in members:
        duty = AGENCY_ROLES.get(CAPACITIES.get(capacity)) if agency and id == agency else None
        for role in (duty, *(offices.roles_of(name, own_name) if id != agency else ())):
            if role:
                found.setdefault(role, id)
    return found


def without_keys(given: Mapping[Role, str]) -> dict[Role, str]:
    """The roles of a sysadmin, whoever made them a member of what: they run the machine and turn no key."""
    organization = given.get(R.HEAD) or given.get(R.EDITOR)
    return {R.EDITOR: organization} if organization else {}


AGENCY_ROLES: Mapping[Duty | None, Role] = {Duty.PUBLISHER: R.EDITOR, Duty.AGENCY_HEAD: R.HEAD}


@dataclass(frozen=True)
class Offices:
    """Names of the organizations that review, and of the agency that the submission is of."""

    cyberspace: str
    bureau: str
    deputy: str = ""
    agency_name: str = ""

    def roles_of(self, name: str, agency_name: str) -> set[Role]:
        """What the members of an organization are, where the submission is of this agency."""
        named = {R.CYBERSPACE: self.cyberspace, R.BUREAU: self.bureau}
        return {
            role
            for role, office in named.items()
            if name and name == (self.deputy if agency_name and office == agency_name else office)
        }


ROLES_OF: Mapping[Command, frozenset[Role]] = {
    command: frozenset().union(*(row.who for (_, asked), row in TABLE.items() if asked is command))
    for command in Command
}


def decide(case: Case, command: Command, person: Person, given: Mapping[str, Any] | None = None) -> Step | Refusal:
    """Who may, then when, then what stands against it, then what is missing.

    :param given: None asks as if nothing were missing: whether the command may be offered
    """
    if not person.roles:
        return Refusal("unknown")  # a stranger isn't told that there is a case
    if not person.roles & ROLES_OF[command]:
        return Refusal("not_yours")
    step = TABLE.get((case.state, command))
    if step is None or not person.roles & step.who:
        return Refusal("not_now", {"state": case.state.value})
    against = CHECKS.get(command, _nothing)(case, person, step, given)
    if against:
        return against
    missing = tuple(name for name in step.needs if given is not None and not given.get(name))
    return Refusal("missing", {"names": missing}) if missing else step


def _nothing(case: Case, person: Person, step: Step, given: Mapping[str, Any] | None) -> Refusal | None:
    return None


def key_for(case: Case, person: Person, step: Step) -> Key | None:
    """The key that this person would turn: theirs, among those that the kind wants and this step lets sign."""
    found = (KEY_OF[role] for role in person.roles & step.who if role in KEY_OF)
    return next((key for key in sorted(found, key=list(Key).index) if key in case.keys), None)


def role_for(key: Key) -> Role:
    return next(role for role, own in KEY_OF.items() if own is key)


def _against_signing(case: Case, person: Person, step: Step, given: Mapping[str, Any] | None) -> Refusal | None:
    """Three keys: three persons of three organizations; nobody signs twice, nor what they submitted."""
    key = key_for(case, person, step)
    if key is None:
        return Refusal("no_key")
    organization = person.organizations.get(role_for(key), "")
    if any(one.key is key for one in case.signatures):
        return Refusal("signed_already")
    if person.id == case.submitter:
        return Refusal("own_submission")
    if any(one.person == person.id for one in case.signatures):
        return Refusal("signs_twice")
    if any(one.organization == organization for one in case.signatures):
        return Refusal("same_organization")
    return _against_content(case, key, given)


def _against_content(case: Case, key: Key, given: Mapping[str, Any] | None) -> Refusal | None:
    if case.is_suspended:
        return Refusal("suspended")
    if not case.scan_hash:
        return Refusal("scan_running")
    if case.severity is Severity.BLOCK and not case.is_cleared:
        return Refusal("blocked")
    if given is None:
        return None
    seen = given.get("hash")
    if seen != case.hash:
        return Refusal("another_hash")
    if case.severity in (Severity.BLOCK, Severity.REASON) and not str(given.get("reason") or "").strip():
        return Refusal("reason_wanted")
    unanswered = given.get("unanswered")
    return Refusal("unanswered", {"items": tuple(unanswered)}) if unanswered else None


def _against_clearing(case: Case, person: Person, step: Step, given: Mapping[str, Any] | None) -> Refusal | None:
    if not case.scan_hash:
        return Refusal("scan_running")
    if case.severity is not Severity.BLOCK:
        return Refusal("nothing_blocks")
    return Refusal("cleared_already") if case.is_cleared else None


def _against_opening_at_once(case: Case, person: Person, step: Step, given: Mapping[str, Any] | None) -> Refusal | None:
    return _against_content(case, Key.BUREAU, None)


def _against_checking(case: Case, person: Person, step: Step, given: Mapping[str, Any] | None) -> Refusal | None:
    if not case.is_sampled:
        return Refusal("not_sampled")
    return _against_signing(case, person, step, given)


def _against_returning(case: Case, person: Person, step: Step, given: Mapping[str, Any] | None) -> Refusal | None:
    """A list goes back to nobody: whoever finds something wrong with it rejects it."""
    return Refusal("list_is_rejected") if case.kind is Kind.LIST else None


def _against_withdrawing(case: Case, person: Person, step: Step, given: Mapping[str, Any] | None) -> Refusal | None:
    """The bureau takes back what it began itself: a list, or what it opened in an emergency."""
    began = case.kind is Kind.LIST or case.way is Way.EMERGENCY
    return None if began or person.roles & AGENCY & step.who else Refusal("not_yours")


def _against_publishing(case: Case, person: Person, step: Step, given: Mapping[str, Any] | None) -> Refusal | None:
    return opens(case)


CHECKS = {
    C.SIGN: _against_signing,
    C.CLEAR: _against_clearing,
    C.OPEN_AT_ONCE: _against_opening_at_once,
    C.CHECK: _against_checking,
    C.RETURN: _against_returning,
    C.WITHDRAW: _against_withdrawing,
    C.PUBLISH: _against_publishing,
}


def may_be_signed_together(case: Case) -> Refusal | None:
    """Why this has to be signed by itself; nothing where many may be signed at once: only what is clean."""
    is_clean = bool(case.scan_hash) and case.severity is None and case.way is not Way.EMERGENCY
    return None if is_clean else Refusal("not_clean")


def is_complete(case: Case) -> bool:
    """Whether nobody's key is wanted any more."""
    wanted = {Key.AGENCY} if case.way is Way.ROUTINE else set(case.keys)
    return wanted <= {one.key for one in case.signatures}


def signature_of(case: Case, command: Command, person: Person, step: Step) -> Signature | None:
    """What is signed by a command that was decided: nothing unless it turns a key."""
    if command not in SIGNING:
        return None
    key = Key.BUREAU if command is C.OPEN_AT_ONCE else key_for(case, person, step)
    assert key is not None
    organization = person.organizations[role_for(key)]
    return Signature(key, person.id, organization, case.hash, case.scan_hash, case.opening_class)


def evolve(case: Case, command: Command, person: Person, step: Step) -> Case:
    """The case after a command that was decided."""
    signed = signature_of(case, command, person, step)
    after = replace(case, state=step.to, signatures=(*case.signatures, *((signed,) if signed else ())))
    if command is C.CLEAR:
        return replace(after, is_cleared=True)
    return replace(after, state=step.complete) if step.complete and is_complete(after) else after


SIGNING = frozenset({C.SIGN, C.CHECK, C.OPEN_AT_ONCE})


def opens(case: Case, now: datetime | None = None, until: datetime | None = None) -> Refusal | None:
    """Why this must not be public; nothing when its signatures open it (art. 12, 20, 28, 30).

    Every signature has to be of this hash, this scan and this class, by persons and organizations of their own, none
    of them the submitter. In an emergency the bureau's alone does until the given time.
    """
    if case.is_suspended:
        return Refusal("suspended")
    bound = [one for one in case.signatures if _binds(one, case)]
    keys = {one.key for one in bound}
    if len({one.person for one in bound}) != len(bound) or len({one.organization for one in bound}) != len(bound):
        return Refusal("same_person")
    if case.way is not Way.EMERGENCY and any(one.person == case.submitter for one in bound):
        return Refusal("own_submission")
    if case.way is Way.ROUTINE:
        is_let = case.has_policy and Key.AGENCY in keys
        return None if is_let else Refusal("keys_missing", {"keys": (Key.AGENCY.value,)})
    missing = tuple(key.value for key in case.keys if key not in keys)
    in_time = until is not None and now is not None and now < until
    if case.way is Way.EMERGENCY and missing and Key.BUREAU in keys and in_time:
        return None
    return Refusal("keys_missing", {"keys": missing}) if missing else None


def _binds(signature: Signature, case: Case) -> bool:
    signed = (signature.hash, signature.scan_hash, signature.opening_class)
    return signed == (case.hash, case.scan_hash, case.opening_class)


# what a full review lets pass later without one


@dataclass(frozen=True)
class Approved:
    """The last version that three keys opened: what a routine update is held against."""

    opening_class: str
    level: str
    items: str  # digest of the information items
    conditions: str  # digest of who may have it and how, the public and agencies
    findings: frozenset[tuple[str, str, str]]  # severity, kind and column
    allows_routine: bool


def may_be_routine(new: Approved, base: Approved | None) -> Refusal | None:
    """Why an update needs the full review; nothing where the policy of the last one lets it through.

    Class, level, items and conditions as they were, and nothing found that wasn't there.
    """
    if base is None:
        return Refusal("never_reviewed")
    if not base.allows_routine or not new.allows_routine:
        return Refusal("no_policy")
    for name in ("opening_class", "level", "items", "conditions"):
        if getattr(new, name) != getattr(base, name):
            return Refusal(f"other_{name}")
    return Refusal("scan_is_worse") if new.findings - base.findings else None


def is_sampled(hash: str, percent: int) -> bool:
    """Whether a routine update is drawn for a later look: by its hash, so that nobody chooses."""
    return int(hash[:8], 16) % 100 < percent


# what is signed


def submission_hash(frozen: Mapping[str, Any]) -> str:
    """SHA-256 over all that was submitted, hex."""
    return digest(frozen)


def scans_hash(reports: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over the reports beside it: each file's hash, the scanner, and what it found."""
    listed = [[one["sha256"], one["scanner"], digest(one["report"])] for one in reports]
    return digest({"scans": sorted(listed)})


def findings_of(reports: Iterable[Mapping[str, Any]]) -> frozenset[tuple[str, str, str]]:
    """What was found: severity, kind and place; the same place of the same file name is the same finding."""
    return frozenset(
        (str(one.get("severity")), str(one.get("kind")), f"{one.get('part', '')}/{one.get('column', '')}")
        for each in reports
        for one in each["report"].get("findings", ())
    )


def severity_named(name: str) -> Severity | None:
    return Severity(name) if name else None


PLACES = frozenset({"", "field", "file", "column", "row"})
"""What a remark may hang on; empty: the whole."""

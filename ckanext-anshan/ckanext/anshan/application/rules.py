"""Applications for data: states, commands, who may, what must be given, and when a grant may be (art. 20 to 22, 27).

Plain Python. The pages, the API, the table in the docs and the tests all read ``TABLE``. Being sysadmin gives nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from ..access.rules import Kind
from ..release.rules import digest

__all__ = ["Kind"]


class State(Enum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENT = "supplement"  # the applicant owes an answer; the clock stands still
    APPROVED = "approved"  # whole or in part; the agreement lies ready
    SIGNED = "signed"  # by every applicant; the provider signs next
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    CLOSED = "closed"  # ended early, replaced, or never signed


class Command(Enum):
    EDIT = "edit"
    DISCARD = "discard"
    JOIN = "join"
    SUBMIT = "submit"
    TAKE = "take"
    ASSIGN = "assign"
    RECUSE = "recuse"
    ASK = "ask"
    ANSWER = "answer"
    EXTEND = "extend"
    OPINE = "opine"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    COUNTERSIGN = "countersign"
    MESSAGE = "message"
    REPORT = "report"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    END = "end"
    DESTROY = "destroy"
    EXPIRE = "expire"
    LAPSE = "lapse"
    CLOSE = "close"


class Role(Enum):
    """What somebody is to one application."""

    APPLICANT = "applicant"  # acts for the party that applies
    PARTNER = "partner"  # acts for a party that applies beside it
    HANDLER = "handler"  # publisher of the provider (数据提供部门)
    HEAD = "head"  # first responsible person of the provider (art. 9), or whom they named in their place
    CYBERSPACE = "cyberspace"
    BUREAU = "bureau"
    CLOCK = "clock"  # what happens when time is over, or when what the grant rests on is gone


class Clock(Enum):
    RUNS = "runs"  # a new term begins
    STOPS = "stops"
    RESUMES = "resumes"
    LONGER = "longer"
    ENDS = "ends"
    STAYS = "stays"


@dataclass(frozen=True)
class Step:
    """A row of the table: who may, where it leads, what must be given, what it does to the clock, what it queues.

    ``complete``: where it leads instead when nothing more is wanted: see ``evolve``
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

USER = frozenset({R.APPLICANT})
USERS = frozenset({R.APPLICANT, R.PARTNER})
PROVIDER = frozenset({R.HANDLER, R.HEAD})
HEAD = frozenset({R.HEAD})
OFFICES = frozenset({R.CYBERSPACE, R.BUREAU})
CLOCK = frozenset({R.CLOCK})
EVERYBODY = USERS | PROVIDER | OFFICES

REASONS = ("ground", "article", "explanation", "redress")
COPIES_JOB = "anshan_application_copies"

TABLE: Mapping[tuple[State, Command], Step] = {
    (S.DRAFT, C.EDIT): Step(USER, S.DRAFT),
    (S.DRAFT, C.DISCARD): Step(USER, S.WITHDRAWN),
    (S.DRAFT, C.JOIN): Step(frozenset({R.PARTNER}), S.DRAFT),
    (S.DRAFT, C.SUBMIT): Step(USER, S.SUBMITTED, (), Clock.RUNS, (COPIES_JOB,), S.ACTIVE),
    # with the provider
    (S.SUBMITTED, C.TAKE): Step(PROVIDER, S.SUBMITTED),
    (S.SUBMITTED, C.ASSIGN): Step(HEAD, S.SUBMITTED, ("handler",)),
    (S.SUBMITTED, C.RECUSE): Step(PROVIDER, S.SUBMITTED, ("reason",)),
    (S.SUBMITTED, C.ASK): Step(PROVIDER, S.SUPPLEMENT, ("question",), Clock.STOPS),
    (S.SUBMITTED, C.EXTEND): Step(PROVIDER, S.SUBMITTED, ("reason",), Clock.LONGER),
    (S.SUBMITTED, C.OPINE): Step(frozenset({R.CYBERSPACE}), S.SUBMITTED, ("opinion", "reason")),
    (S.SUBMITTED, C.APPROVE): Step(PROVIDER, S.APPROVED, (), Clock.RUNS),
    (S.SUBMITTED, C.REFUSE): Step(PROVIDER, S.REFUSED, REASONS, Clock.ENDS),
    (S.SUBMITTED, C.WITHDRAW): Step(USER, S.WITHDRAWN, (), Clock.ENDS),
    (S.SUBMITTED, C.CLOSE): Step(CLOCK, S.CLOSED, ("reason",), Clock.ENDS),
    (S.SUBMITTED, C.MESSAGE): Step(EVERYBODY, S.SUBMITTED, ("text",)),
    # with the applicant
    (S.SUPPLEMENT, C.EDIT): Step(USER, S.SUPPLEMENT),
    (S.SUPPLEMENT, C.ANSWER): Step(USER, S.SUBMITTED, ("answer",), Clock.RESUMES),
    (S.SUPPLEMENT, C.ASSIGN): Step(HEAD, S.SUPPLEMENT, ("handler",)),
    (S.SUPPLEMENT, C.RECUSE): Step(PROVIDER, S.SUPPLEMENT, ("reason",)),
    (S.SUPPLEMENT, C.WITHDRAW): Step(USER, S.WITHDRAWN, (), Clock.ENDS),
    (S.SUPPLEMENT, C.LAPSE): Step(CLOCK, S.CLOSED, (), Clock.ENDS),
    (S.SUPPLEMENT, C.CLOSE): Step(CLOCK, S.CLOSED, ("reason",), Clock.ENDS),
    (S.SUPPLEMENT, C.MESSAGE): Step(EVERYBODY, S.SUPPLEMENT, ("text",)),
    # the agreement
    (S.APPROVED, C.ACCEPT): Step(USERS, S.APPROVED, ("hash",), Clock.RUNS, (), S.SIGNED),
    (S.APPROVED, C.WITHDRAW): Step(USER, S.WITHDRAWN, (), Clock.ENDS),
    (S.APPROVED, C.REFUSE): Step(HEAD, S.REFUSED, REASONS, Clock.ENDS),
    (S.APPROVED, C.LAPSE): Step(CLOCK, S.CLOSED, (), Clock.ENDS),
    (S.APPROVED, C.CLOSE): Step(CLOCK, S.CLOSED, ("reason",), Clock.ENDS),
    (S.APPROVED, C.MESSAGE): Step(EVERYBODY, S.APPROVED, ("text",)),
    (S.SIGNED, C.COUNTERSIGN): Step(HEAD, S.ACTIVE, ("hash",), Clock.ENDS, (COPIES_JOB,)),
    (S.SIGNED, C.REFUSE): Step(HEAD, S.REFUSED, REASONS, Clock.ENDS),
    (S.SIGNED, C.WITHDRAW): Step(USER, S.WITHDRAWN, (), Clock.ENDS),
    (S.SIGNED, C.CLOSE): Step(CLOCK, S.CLOSED, ("reason",), Clock.ENDS),
    (S.SIGNED, C.MESSAGE): Step(EVERYBODY, S.SIGNED, ("text",)),
    # in use
    (S.ACTIVE, C.REPORT): Step(USERS, S.ACTIVE, ("text",)),
    (S.ACTIVE, C.SUSPEND): Step(PROVIDER | OFFICES | CLOCK, S.SUSPENDED, ("reason", "article")),
    (S.ACTIVE, C.END): Step(USER, S.CLOSED, ("declaration",)),
    (S.ACTIVE, C.EXPIRE): Step(CLOCK, S.EXPIRED),
    (S.ACTIVE, C.CLOSE): Step(CLOCK, S.CLOSED, ("reason",)),
    (S.ACTIVE, C.MESSAGE): Step(EVERYBODY, S.ACTIVE, ("text",)),
    (S.SUSPENDED, C.RESUME): Step(HEAD, S.ACTIVE, ("reason",)),
    (S.SUSPENDED, C.REVOKE): Step(HEAD, S.REVOKED, ("reason", "article", "redress")),
    (S.SUSPENDED, C.REPORT): Step(USERS, S.SUSPENDED, ("text",)),
    (S.SUSPENDED, C.END): Step(USER, S.CLOSED, ("declaration",)),
    (S.SUSPENDED, C.EXPIRE): Step(CLOCK, S.EXPIRED),
    (S.SUSPENDED, C.CLOSE): Step(CLOCK, S.CLOSED, ("reason",)),
    (S.SUSPENDED, C.MESSAGE): Step(EVERYBODY, S.SUSPENDED, ("text",)),
    # over: what was handed out is destroyed, and said to be (art. 43)
    (S.EXPIRED, C.DESTROY): Step(USERS, S.EXPIRED, ("declaration",)),
    (S.EXPIRED, C.REPORT): Step(USERS, S.EXPIRED, ("text",)),
    (S.EXPIRED, C.MESSAGE): Step(EVERYBODY, S.EXPIRED, ("text",)),
    (S.REVOKED, C.DESTROY): Step(USERS, S.REVOKED, ("declaration",)),
    (S.REVOKED, C.MESSAGE): Step(EVERYBODY, S.REVOKED, ("text",)),
    (S.CLOSED, C.DESTROY): Step(USERS, S.CLOSED, ("declaration",)),
    (S.CLOSED, C.MESSAGE): Step(EVERYBODY, S.CLOSED, ("text",)),
    (S.REFUSED, C.MESSAGE): Step(EVERYBODY, S.REFUSED, ("text",)),
}
FINAL = frozenset({S.EXPIRED, S.REFUSED, S.WITHDRAWN, S.REVOKED, S.CLOSED})
"""No command leads out of these."""
OPEN = frozenset({S.SUBMITTED, S.SUPPLEMENT, S.APPROVED, S.SIGNED})
IN_USE = frozenset({S.ACTIVE, S.SUSPENDED})
ANSWERED = frozenset(State) - {S.DRAFT, S.SUBMITTED, S.SUPPLEMENT, S.WITHDRAWN}


class Result(Enum):
    WHOLE = "whole"
    PART = "part"


class Relation(Enum):
    """What an application is to the one that it follows."""

    NEW = "new"
    RENEWAL = "renewal"  # the same, for longer
    AMENDMENT = "amendment"  # another scope, purpose or method; it takes the place of the one before


class Ground(Enum):
    """Why an application may be refused: each is something that the entry or the law says, the same for everybody."""

    NOT_ELIGIBLE = "not_eligible"
    USE_NOT_ALLOWED = "use_not_allowed"
    MORE_THAN_NEEDED = "more_than_needed"
    SAFEGUARDS = "safeguards"
    NO_BASIS = "no_basis"  # the basis or contract wasn't shown
    NOT_SUPPLEMENTED = "not_supplemented"
    SECURITY = "security"  # the cyberspace office objects (art. 30, 46)
    LAW = "law"  # a law forbids it
    BREACHED_BEFORE = "breached_before"


@dataclass(frozen=True)
class Opinion:
    """What the cyberspace office said, and of which text of the application."""

    person: str
    agrees: bool
    hash: str


@dataclass(frozen=True)
class Signature:
    """Whose, under which agreement. ``party`` is ``kind:id``, or ``provider``."""

    party: str
    person: str
    hash: str


PROVIDER_PARTY = "provider"


@dataclass(frozen=True)
class Remark:
    """What is pointed out to whoever answers: a ground that the entry doesn't state, an earlier answer unlike this."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """What a decision about an application rests on; gathered by the caller from the locked rows."""

    state: State
    kind: Kind = Kind.OPENING
    parties: tuple[str, ...] = ()  # kind:id of the applicant, then of those who apply beside it
    joined: frozenset[str] = frozenset()  # of these, who agreed to apply
    hash: str = ""  # of what is applied for, as it is now
    problems: tuple[str, ...] = ()  # what is missing or wrong in it
    ineligible: tuple[str, ...] = ()  # parties that the entry doesn't open to
    is_offered: bool = True  # each dataset can be applied for just now
    is_unconditional: bool = False  # shared with every agency at once (art. 21)
    needs_opinion: bool = False
    opinions: tuple[Opinion, ...] = ()
    handler: str = ""  # who took it
    recused: frozenset[str] = frozenset()
    is_extended: bool = False
    agreement: str = ""  # its hash
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True)
class Person:
    """Who asks: their roles towards the application, and for which of its parties they act."""

    id: str
    roles: frozenset[Role]
    parties: frozenset[str] = frozenset()
    organization: str = ""  # that gives the role of the provider or an office
    heads: frozenset[str] = frozenset()  # agencies among its parties whose first responsible person they are (art. 9)

    @property
    def signs_for(self) -> frozenset[str]:
        """The parties in whose name they accept an agreement: an agency's alone where they are its head."""
        return frozenset(one for one in self.parties if not one.startswith("agency:") or one in self.heads)


NOBODY = Person("", frozenset())
Given = Mapping[str, Any]

ROLES_OF: Mapping[Command, frozenset[Role]] = {
    command: frozenset().union(*(row.who for (_, asked), row in TABLE.items() if asked is command))
    for command in Command
}


def decide(case: Case, command: Command, person: Person, given: Given | None = None) -> Step | Refusal:
    """Who may, then when, then what stands against it, then what is missing.

    :param given: None asks as if nothing were missing: whether the command may be offered
    """
    if not person.roles:
        return Refusal("unknown")  # a stranger isn't told that there is an application
    if not person.roles & ROLES_OF[command]:
        return Refusal("not_yours")
    step = TABLE.get((case.state, command))
    if step is None or not person.roles & step.who:
        return Refusal("not_now", {"state": case.state.value})
    against = _against_person(case, person, step) or CHECKS.get(command, _nothing)(case, person, given)
    if against:
        return against
    missing = tuple(name for name in step.needs if given is not None and not given.get(name))
    return Refusal("missing", {"names": missing}) if missing else step


def _nothing(case: Case, person: Person, given: Given | None) -> Refusal | None:
    return None


def _against_person(case: Case, person: Person, step: Step) -> Refusal | None:
    """Nobody judges what they apply for themselves, nor what they stepped back from."""
    acts_as_judge = not person.roles & step.who & USERS and step.who & (PROVIDER | OFFICES)
    if not acts_as_judge:
        return None
    if person.roles & USERS:
        return Refusal("own_application")
    return Refusal("recused") if person.id in case.recused and person.roles & PROVIDER & step.who else None


def _against_submitting(case: Case, person: Person, given: Given | None) -> Refusal | None:
    if not case.is_offered:
        return Refusal("not_offered")
    if case.ineligible:
        return Refusal("not_eligible", {"parties": case.ineligible})
    waiting = tuple(party for party in case.parties[1:] if party not in case.joined)
    if waiting:
        return Refusal("not_joined", {"parties": waiting})
    if given is not None and case.problems:
        return Refusal("incomplete", {"problems": case.problems})
    return None


def _against_answering(case: Case, person: Person, given: Given | None) -> Refusal | None:
    return Refusal("incomplete", {"problems": case.problems}) if given is not None and case.problems else None


def _against_joining(case: Case, person: Person, given: Given | None) -> Refusal | None:
    own = [party for party in case.parties[1:] if party in person.parties and party not in case.joined]
    return None if own else Refusal("joined_already")


def _against_taking(case: Case, person: Person, given: Given | None) -> Refusal | None:
    return Refusal("taken", {"handler": case.handler}) if case.handler else None


def _against_assigning(case: Case, person: Person, given: Given | None) -> Refusal | None:
    chosen = str((given or {}).get("handler") or "")
    return Refusal("handler_recused") if chosen and chosen in case.recused else None


def _against_extending(case: Case, person: Person, given: Given | None) -> Refusal | None:
    return Refusal("extended_already") if case.is_extended else None


def _against_opining(case: Case, person: Person, given: Given | None) -> Refusal | None:
    if not case.needs_opinion:
        return Refusal("no_opinion_wanted")
    if opinion_of(case):
        return Refusal("opined_already")
    if given is not None and given.get("opinion") not in (None, "", "agree", "object"):
        return Refusal("missing", {"names": ("opinion",)})
    return None


def opinion_of(case: Case) -> Opinion | None:
    """The cyberspace office's, of the application as it is now: one of an earlier text counts no more."""
    return next((one for one in reversed(case.opinions) if one.hash == case.hash), None)


def _against_approving(case: Case, person: Person, given: Given | None) -> Refusal | None:
    """:param given: ``beyond``: in what the granted goes further than what was asked · ``is_empty``: of all"""
    if not case.is_offered:
        return Refusal("not_offered")
    if case.ineligible:
        return Refusal("not_eligible", {"parties": case.ineligible})
    opinion = opinion_of(case)
    if case.needs_opinion and opinion is None:
        return Refusal("opinion_missing")
    if case.needs_opinion and opinion and not opinion.agrees:
        return Refusal("opinion_against")
    if given is None:
        return None
    if given.get("hash") != case.hash:
        return Refusal("another_text")
    if given.get("beyond"):
        return Refusal("beyond_asked", {"names": tuple(given["beyond"])})
    if given.get("is_empty"):
        return Refusal("nothing_granted")
    return _unseen(given)


def _against_refusing(case: Case, person: Person, given: Given | None) -> Refusal | None:
    if given is None:
        return None
    if given.get("ground") and given["ground"] not in {ground.value for ground in Ground}:
        return Refusal("bad_ground", {"ground": given["ground"]})
    is_complete = all(given.get(name) for name in REASONS)
    return _unseen(given) if is_complete else None  # what is missing is asked for first


def _unseen(given: Given) -> Refusal | None:
    """What was pointed out must be answered: it is kept with the decision (art. 27: equally).

    :param given: ``remarks``: codes of what is pointed out · ``seen``: those that the judge gave a reason for
    """
    seen = given.get("seen") or {}
    unseen = tuple(code for code in given.get("remarks") or () if not str(seen.get(code) or "").strip())
    return Refusal("unlike_others", {"remarks": unseen}) if unseen else None


def _against_accepting(case: Case, person: Person, given: Given | None) -> Refusal | None:
    if not case.agreement:
        return Refusal("no_agreement")
    signed = {one.party for one in case.signatures if one.hash == case.agreement}
    waiting = (person.parties & set(case.parties)) - signed
    if not waiting:
        return Refusal("accepted_already")
    if not waiting & person.signs_for:
        return Refusal("head_accepts")
    return _against_hash(case, given)


def _against_countersigning(case: Case, person: Person, given: Given | None) -> Refusal | None:
    if not case.is_offered:
        return Refusal("not_offered")
    if any(one.person == person.id for one in case.signatures):
        return Refusal("signs_twice")
    if not accepted_by_all(case):
        return Refusal("not_accepted")
    return _against_hash(case, given)


def _against_hash(case: Case, given: Given | None) -> Refusal | None:
    if given is None:
        return None
    if given.get("hash") and given["hash"] != case.agreement:
        return Refusal("another_agreement")
    return None if given.get("confirmed") else Refusal("not_confirmed")


CHECKS = {
    C.SUBMIT: _against_submitting,
    C.ANSWER: _against_answering,
    C.JOIN: _against_joining,
    C.TAKE: _against_taking,
    C.ASSIGN: _against_assigning,
    C.EXTEND: _against_extending,
    C.OPINE: _against_opining,
    C.APPROVE: _against_approving,
    C.REFUSE: _against_refusing,
    C.ACCEPT: _against_accepting,
    C.COUNTERSIGN: _against_countersigning,
}


def accepted_by_all(case: Case) -> bool:
    """Whether every party signed this agreement."""
    signed = {one.party for one in case.signatures if one.hash == case.agreement}
    return bool(case.agreement) and bool(case.parties) and set(case.parties) <= signed


def in_force(case: Case) -> bool:
    """Whether both sides signed the same agreement, or none is wanted: without it there is no grant."""
    if case.is_unconditional and case.kind is Kind.SHARING:
        return True
    signed = {one.party: one.person for one in case.signatures if one.hash == case.agreement}
    judge = signed.get(PROVIDER_PARTY)
    return accepted_by_all(case) and judge is not None and judge not in {signed[party] for party in case.parties}


def signatures_of(case: Case, command: Command, person: Person) -> tuple[Signature, ...]:
    """What is signed by a command that was decided."""
    if command is C.COUNTERSIGN:
        return (Signature(PROVIDER_PARTY, person.id, case.agreement),)
    if command is not C.ACCEPT:
        return ()
    signed = {one.party for one in case.signatures if one.hash == case.agreement}
    mine = [party for party in case.parties if party in person.signs_for and party not in signed]
    return tuple(Signature(party, person.id, case.agreement) for party in mine)


def evolve(case: Case, command: Command, person: Person, step: Step, given: Given) -> Case:
    """The case after a command that was decided."""
    after = replace(case, state=step.to, signatures=(*case.signatures, *signatures_of(case, command, person)))
    if command is C.SUBMIT and step.complete and case.kind is Kind.SHARING and case.is_unconditional:
        return replace(after, state=step.complete)
    if command is C.ACCEPT and step.complete and accepted_by_all(after):
        return replace(after, state=step.complete)
    change = CHANGES.get(command)
    return change(after, person, given) if change else after


def _joined(case: Case, person: Person, given: Given) -> Case:
    return replace(case, joined=case.joined | (person.parties & set(case.parties[1:])))


def _taken(case: Case, person: Person, given: Given) -> Case:
    return replace(case, handler=person.id)


def _assigned(case: Case, person: Person, given: Given) -> Case:
    return replace(case, handler=str(given["handler"]))


def _stepped_back(case: Case, person: Person, given: Given) -> Case:
    handler = "" if case.handler == person.id else case.handler
    return replace(case, recused=case.recused | {person.id}, handler=handler)


def _extended(case: Case, person: Person, given: Given) -> Case:
    return replace(case, is_extended=True)


def _opined(case: Case, person: Person, given: Given) -> Case:
    return replace(case, opinions=(*case.opinions, Opinion(person.id, given["opinion"] == "agree", case.hash)))


def _approved(case: Case, person: Person, given: Given) -> Case:
    return replace(case, agreement=str(given.get("agreement") or ""), signatures=(), handler=case.handler or person.id)


CHANGES = {
    C.JOIN: _joined,
    C.TAKE: _taken,
    C.ASSIGN: _assigned,
    C.RECUSE: _stepped_back,
    C.EXTEND: _extended,
    C.OPINE: _opined,
    C.APPROVE: _approved,
}


# equally (art. 27)

NEEDS_STATEMENT: Mapping[Ground, str] = {
    Ground.NOT_ELIGIBLE: "eligible",
    Ground.USE_NOT_ALLOWED: "allowed_uses",
    Ground.SAFEGUARDS: "safeguards",
    Ground.BREACHED_BEFORE: "breach",
    Ground.NOT_SUPPLEMENTED: "supplement",
    Ground.SECURITY: "objection",
}
"""A ground is open only where what it rests on is there: a condition of the entry, an event, an opinion."""


@dataclass(frozen=True)
class Answer:
    """An earlier answer to somebody else about the same dataset, or the one that is being given."""

    number: str
    applicant_kind: str
    purpose_kind: str
    columns: frozenset[str]
    is_refused: bool
    ground: str = ""


def remarks(answer: Answer, stated: Collection[str], earlier: Iterable[Answer]) -> list[Remark]:
    """What is to be pointed out to the judge before they give this answer: nothing where it is like the others.

    :param stated: of ``NEEDS_STATEMENT``: what the entry, the case or the cyberspace office states
    """
    found = []
    grounds = {one.value: wanted for one, wanted in NEEDS_STATEMENT.items()}
    wanted = grounds.get(answer.ground) if answer.is_refused else None
    if wanted and wanted not in stated:
        found.append(Remark("ground_not_stated", {"ground": answer.ground}))
    like = [one for one in earlier if _is_like(one, answer)]
    unlike = [one.number for one in like if one.is_refused is not answer.is_refused]
    if unlike:
        found.append(Remark("unlike_earlier", {"numbers": tuple(unlike[:5])}))
    return found


def _is_like(one: Answer, other: Answer) -> bool:
    """The same kind of applicant, for the same kind of purpose; what was refused is no more than what was granted."""
    same = (one.applicant_kind, one.purpose_kind) == (other.applicant_kind, other.purpose_kind)
    refused, granted = (one, other) if one.is_refused else (other, one)
    return same and refused.columns <= granted.columns


def identify(case: Case, person: Person) -> Refusal | None:
    """Why somebody isn't told in full who applies; nothing where they judge it or look after it."""
    if not person.roles:
        return Refusal("unknown")
    if not person.roles & (PROVIDER | OFFICES):
        return Refusal("not_yours")
    if person.roles & USERS:
        return Refusal("own_application")
    return Refusal("recused") if person.id in case.recused and not person.roles & OFFICES else None


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over all that is applied for, hex."""
    return digest(content)

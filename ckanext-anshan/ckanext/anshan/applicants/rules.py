"""Who applies: persons and organizations; what makes an organization verified, who acts for it. Plain Python.

Being sysadmin gives nothing. The pages, the API and the tests all read ``TABLE``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..catalogue import uscc

PERSON, ORGANIZATION = "person", "organization"
INDIVIDUAL = "individual"  # the kind of a person among the kinds of applicants
ATTORNEY_TYPES = ("pdf", "jpg", "jpeg", "png")
LARGEST_ATTORNEY = 10 << 20  # bytes


def is_guarded(address: str) -> bool:
    """Whether nobody on the way reads or changes what goes to this address: https, or this machine itself."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Party(NamedTuple):
    """Who applies or is granted something: a person by the id of their account, or an organization by its id."""

    kind: str
    id: str


class State(Enum):
    """Of an organization."""

    UNVERIFIED = "unverified"
    PENDING = "pending"  # the bureau looks at it
    VERIFIED = "verified"
    REFUSED = "refused"
    BARRED = "barred"


class PersonState(Enum):
    DECLARED = "declared"  # by themselves
    IDENTIFIED = "identified"  # by an identity service, at log-in


class Command(Enum):
    FOUND = "found"
    UPDATE = "update"
    SUBMIT = "submit"
    VERIFY = "verify"
    REFUSE = "refuse"
    BAR = "bar"
    UNBAR = "unbar"
    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"
    REMOVE = "remove"
    LEAVE = "leave"
    HAND_OVER = "hand_over"


class Role(Enum):
    """What somebody is to one organization."""

    REPRESENTATIVE = "representative"
    MEMBER = "member"
    INVITED = "invited"
    BUREAU = "bureau"


@dataclass(frozen=True)
class Step:
    """Who may, where it leads, what must be given; ``anew``: where it leads if what was verified is changed."""

    who: frozenset[Role]
    to: State
    needs: tuple[str, ...] = ()
    anew: State | None = None


@dataclass(frozen=True)
class Refusal:
    """A decision against: the code that words are found for, and the facts that go into them."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


S, C, R = State, Command, Role
REPRESENTATIVE, BUREAU = frozenset({R.REPRESENTATIVE}), frozenset({R.BUREAU})
APPOINTS = REPRESENTATIVE | BUREAU
REVIEWED = ("kind", "name", "uscc", "attorney")
"""What the bureau looked at: changed, it looks again."""


def _members(state: State, *commands: Command) -> dict[tuple[State, Command], Step]:
    """What happens among its people leaves the organization as it is."""
    of = {
        C.INVITE: Step(REPRESENTATIVE, state, ("user",)),
        C.ACCEPT: Step(frozenset({R.INVITED}), state),
        C.DECLINE: Step(frozenset({R.INVITED}), state),
        C.REMOVE: Step(REPRESENTATIVE, state, ("user",)),
        C.LEAVE: Step(frozenset({R.MEMBER}), state),
        C.HAND_OVER: Step(APPOINTS, state, ("user",)),
    }
    return {(state, command): of[command] for command in commands}


LEAVING = (C.DECLINE, C.REMOVE, C.LEAVE, C.HAND_OVER)
JOINING = (C.INVITE, C.ACCEPT)

TABLE: Mapping[tuple[State, Command], Step] = {
    (S.UNVERIFIED, C.UPDATE): Step(REPRESENTATIVE, S.UNVERIFIED),
    (S.UNVERIFIED, C.SUBMIT): Step(REPRESENTATIVE, S.PENDING, ("contact", "phone", "attorney")),
    **_members(S.UNVERIFIED, *JOINING, *LEAVING),
    (S.PENDING, C.UPDATE): Step(REPRESENTATIVE, S.PENDING),
    (S.PENDING, C.VERIFY): Step(BUREAU, S.VERIFIED, ("version",)),
    (S.PENDING, C.REFUSE): Step(BUREAU, S.REFUSED, ("version", "reason")),
    **_members(S.PENDING, *JOINING, *LEAVING),
    (S.VERIFIED, C.UPDATE): Step(REPRESENTATIVE, S.VERIFIED, anew=S.PENDING),
    (S.VERIFIED, C.BAR): Step(BUREAU, S.BARRED, ("reason", "article")),
    **_members(S.VERIFIED, *JOINING, *LEAVING),
    (S.REFUSED, C.UPDATE): Step(REPRESENTATIVE, S.REFUSED),
    (S.REFUSED, C.SUBMIT): Step(REPRESENTATIVE, S.PENDING, ("contact", "phone", "attorney")),
    **_members(S.REFUSED, *JOINING, *LEAVING),
    (S.BARRED, C.UNBAR): Step(BUREAU, S.VERIFIED, ("reason",)),
    **_members(S.BARRED, *LEAVING),
}

HOLDS_CODE = frozenset({S.PENDING, S.VERIFIED, S.BARRED})
"""Of one unified social credit code one organization at most is in these: a claim alone keeps nobody out."""

ROLES_OF: Mapping[Command, frozenset[Role]] = {
    command: frozenset().union(*(step.who for (_, one), step in TABLE.items() if one is command))
    for command in Command
    if command is not C.FOUND
}


@dataclass(frozen=True)
class Member:
    user_id: str
    role: Role


@dataclass(frozen=True)
class Case:
    """What a decision about an organization rests on; gathered by the caller from the locked rows."""

    state: State
    version: int = 1
    members: tuple[Member, ...] = ()  # and those who are invited

    def role_of(self, user_id: str) -> Role | None:
        return next((one.role for one in self.members if one.user_id == user_id), None)


@dataclass(frozen=True)
class Person:
    """Who asks."""

    id: str
    is_bureau: bool = False  # and no sysadmin


def roles_of(case: Case, person: Person) -> set[Role]:
    found = {case.role_of(person.id)} if person.id else set()
    return {role for role in found if role} | ({R.BUREAU} if person.is_bureau else set())


def decide(case: Case, command: Command, person: Person, given: Mapping[str, Any]) -> Step | Refusal:
    """Who, then when, then what is missing: a stranger learns nothing of an organization from a refusal."""
    roles = roles_of(case, person)
    if not roles:
        return Refusal("unknown")
    if not roles & ROLES_OF[command]:
        return Refusal("not_yours")
    step = TABLE.get((case.state, command))
    if step is None or not roles & step.who:
        return Refusal("not_now", {"state": case.state.value})
    missing = tuple(name for name in step.needs if not given.get(name))
    if missing:
        return Refusal("missing", {"names": missing})
    return _against(case, command, person, given) or step


def allowed(case: Case, person: Person) -> list[Command]:
    """What somebody may do with an organization now, as if nothing were missing."""
    roles = roles_of(case, person)
    found = [command for (state, command), step in TABLE.items() if state is case.state and roles & step.who]
    return [one for one in found if one not in (C.VERIFY, C.REFUSE) or not case.role_of(person.id)]


def _against(case: Case, command: Command, person: Person, given: Mapping[str, Any]) -> Refusal | None:
    """What stands against it beside who and when."""
    if command in (C.VERIFY, C.REFUSE):
        return _judging(case, person, given)
    if command is C.INVITE and case.role_of(given["user"]):
        return Refusal("is_member_already")
    if command is C.REMOVE:
        return _removing(case, given["user"])
    if command is C.HAND_OVER and case.role_of(given["user"]) is not R.MEMBER:
        return Refusal("not_a_member")
    return None


def _judging(case: Case, person: Person, given: Mapping[str, Any]) -> Refusal | None:
    if case.role_of(person.id):
        return Refusal("own_organization")
    return Refusal("another_version") if str(given["version"]) != str(case.version) else None


def _removing(case: Case, user: str) -> Refusal | None:
    role = case.role_of(user)
    if role is None:
        return Refusal("not_a_member")
    return Refusal("needs_representative") if role is R.REPRESENTATIVE else None


def after(step: Step, changed: Collection[str]) -> State:
    """Where an update leads, by the names of what it changes."""
    return step.anew if step.anew and set(changed) & set(REVIEWED) else step.to


# who acts for whom


@dataclass(frozen=True)
class Standing:
    """What is known about a user and a party; gathered by the caller."""

    has_account: bool = False  # an active one
    has_profile: bool = False  # of a person: this user's own
    is_member: bool = False  # of an organization, now
    state: State | None = None
    until: date | None = None  # day to which it is barred


def acts_for(found: Standing, today: date) -> Refusal | None:
    """Why a user may not act for a party; nothing where they may."""
    if not found.has_account:
        return Refusal("no_account")
    if found.state is None:
        return None if found.has_profile else Refusal("no_profile")
    if not found.is_member:
        return Refusal("not_a_member")
    state = state_on(found.state, found.until, today)
    if state is S.BARRED:
        return Refusal("barred", {"until": found.until.isoformat() if found.until else ""})
    return None if state is S.VERIFIED else Refusal("not_verified")


def state_on(state: State, until: date | None, today: date) -> State:
    """A bar ends with its last day, whether or not anybody writes that down; without one it is lifted."""
    return S.VERIFIED if state is S.BARRED and until is not None and until < today else state


# the numbers of persons and organizations

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK = "10X98765432"
ID_SHAPE = re.compile(r"[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dX]", re.ASCII)
PHONE = re.compile(r"(\+?86)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?", re.ASCII)
MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
OLDEST = 1880


def plain(number: str) -> str:
    """As it is kept: without spaces, in capitals, in narrow letters."""
    narrow = "".join(chr(ord(one) - 0xFEE0) if "！" <= one <= "～" else one for one in number)
    return re.sub(r"\s+", "", narrow).upper()


def id_check_character(first17: str) -> str:
    return ID_CHECK[sum(int(digit) * weight for digit, weight in zip(first17, ID_WEIGHTS, strict=True)) % 11]


def wrong_id(number: str, today: date) -> Refusal | None:
    """What is wrong with a resident ID number (GB 11643), which its owner types. The county isn't looked at."""
    found = ID_SHAPE.fullmatch(number)
    if found is None:
        return Refusal("id_shape")
    try:
        born = date(*(int(part) for part in found.groups()))
    except ValueError:
        return Refusal("id_date")
    if born.year < OLDEST or born > today:
        return Refusal("id_date")
    return None if id_check_character(number[:17]) == number[17] else Refusal("id_check")


def wrong_code(code: str) -> Refusal | None:
    """What is wrong with a unified social credit code; its check digit is a warning alone."""
    if not uscc.shaped(code) or set(code) - set(uscc.ALPHABET):
        return Refusal("code_shape")
    return None


def doubtful_code(code: str) -> bool:
    """Whether its check digit is wrong, as that of some organizations really is: the bureau judges."""
    return not uscc.valid(code)


def wrong_phone(phone: str) -> Refusal | None:
    return None if PHONE.fullmatch(phone) else Refusal("phone")


def wrong_mail(mail: str) -> Refusal | None:
    return None if MAIL.fullmatch(mail) and len(mail) <= 254 else Refusal("mail")


def wrong_attorney(name: str, size: int) -> Refusal | None:
    if name.rpartition(".")[2].lower() not in ATTORNEY_TYPES or "." not in name:
        return Refusal("attorney_type")
    if not size:
        return Refusal("attorney_empty")
    return Refusal("attorney_size", {"size": LARGEST_ATTORNEY >> 20}) if size > LARGEST_ATTORNEY else None


MAGIC: Mapping[str, bytes] = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n"}


def is_what_it_says(name: str, head: bytes) -> bool:
    """Whether the first bytes are those of the type that the name's ending says."""
    return head.startswith(MAGIC[name.rpartition(".")[2].lower()])


# masks


def masked_name(name: str) -> str:
    """张三 → 张*, 欧阳明月 → 欧***, Anna Berg → A*** B***."""
    if name.isascii():
        return " ".join(f"{word[0]}***" for word in name.split())
    return name[:1] + "*" * max(len(name) - 1, 1)


def masked_number(number: str) -> str:
    """Region and last four: 2103**********123X."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) > 12 else "*" * len(number)


def masked_phone(phone: str) -> str:
    """138****5678."""
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}" if len(phone) > 8 else "*" * len(phone)


def masked_mail(mail: str) -> str:
    """l***@example.com."""
    name, at, host = mail.partition("@")
    return f"{name[:1]}***{at}{host}" if at else "***" if mail else ""


MASKS = {
    "name": masked_name,
    "contact": masked_name,
    "number": masked_number,
    "phone": masked_phone,
    "email": masked_mail,
}


def masked(identity: Mapping[str, str]) -> dict[str, str]:
    """Each part of an identity as it may be shown."""
    return {name: MASKS[name](value) if value else "" for name, value in identity.items()}

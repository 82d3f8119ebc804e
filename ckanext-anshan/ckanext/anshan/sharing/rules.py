"""Errors that users of data report and their verification (art. 23); data to be returned to lower levels (art. 24).

Plain Python. Data itself is shared by the rules of applications and grants. Being sysadmin gives nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any


class FeedbackState(Enum):
    OPEN = "open"  # the provider verifies it
    CONFIRMED = "confirmed"  # an error; a day is named by which it is corrected
    UNFOUNDED = "unfounded"  # no error
    CORRECTED = "corrected"  # in a version that is named
    WITHDRAWN = "withdrawn"


class FeedbackCommand(Enum):
    CONFIRM = "confirm"
    REJECT = "reject"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class ReturnState(Enum):
    STATED = "stated"  # the data bureau looks whether it belongs on the list
    CONFIRMED = "confirmed"  # on the list; the provider answers
    MERGED = "merged"  # the same as another
    DECLINED = "declined"  # not on the list
    PROMISED = "promised"  # it is said how and by when
    IMPOSSIBLE = "impossible"
    RETURNED = "returned"  # it is shared under an application that is named
    WITHDRAWN = "withdrawn"


class ReturnCommand(Enum):
    CONFIRM = "confirm"
    MERGE = "merge"
    DECLINE = "decline"
    PROMISE = "promise"
    REFUSE = "refuse"
    RETURN = "return"
    WITHDRAW = "withdraw"


State = FeedbackState | ReturnState
Command = FeedbackCommand | ReturnCommand


class Role(Enum):
    """What somebody is to a feedback or to a need for data."""

    USER = "user"  # acts for whoever uses the data, or needs it back
    PROVIDER = "provider"  # publisher or head of the agency that has it (数据提供部门)
    BUREAU = "bureau"


@dataclass(frozen=True)
class Step:
    """A row of the table: who may, where it leads, what must be given, whose turn it is then."""

    who: Role
    to: State
    needs: tuple[str, ...] = ()
    turn: Role | None = None


@dataclass(frozen=True)
class Refusal:
    """A decision against: the code that words are found for, and the facts that go into them."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


R, F, FC, B, BC = Role, FeedbackState, FeedbackCommand, ReturnState, ReturnCommand

TABLE: Mapping[tuple[State, Command], Step] = {
    (F.OPEN, FC.CONFIRM): Step(R.PROVIDER, F.CONFIRMED, ("reply", "correct_by"), R.PROVIDER),
    (F.OPEN, FC.REJECT): Step(R.PROVIDER, F.UNFOUNDED, ("reply",)),
    (F.OPEN, FC.WITHDRAW): Step(R.USER, F.WITHDRAWN),
    (F.CONFIRMED, FC.CORRECT): Step(R.PROVIDER, F.CORRECTED, ("version",)),
    # data to be returned
    (B.STATED, BC.CONFIRM): Step(R.BUREAU, B.CONFIRMED, ("provider",), R.PROVIDER),
    (B.STATED, BC.MERGE): Step(R.BUREAU, B.MERGED, ("into",)),
    (B.STATED, BC.DECLINE): Step(R.BUREAU, B.DECLINED, ("reason",)),
    (B.STATED, BC.WITHDRAW): Step(R.USER, B.WITHDRAWN),
    (B.CONFIRMED, BC.PROMISE): Step(R.PROVIDER, B.PROMISED, ("how", "until"), R.PROVIDER),
    (B.CONFIRMED, BC.REFUSE): Step(R.PROVIDER, B.IMPOSSIBLE, ("reason", "article")),
    (B.CONFIRMED, BC.WITHDRAW): Step(R.USER, B.WITHDRAWN),
    (B.PROMISED, BC.RETURN): Step(R.PROVIDER, B.RETURNED, ("application",)),
    (B.PROMISED, BC.REFUSE): Step(R.PROVIDER, B.IMPOSSIBLE, ("reason", "article")),
    (B.PROMISED, BC.WITHDRAW): Step(R.USER, B.WITHDRAWN),
}
FINAL = frozenset({F.UNFOUNDED, F.CORRECTED, F.WITHDRAWN, B.MERGED, B.DECLINED, B.IMPOSSIBLE, B.RETURNED, B.WITHDRAWN})
"""No command leads out of these."""
OPEN_RETURNS = frozenset({B.STATED, B.CONFIRMED, B.PROMISED})
FIRST_TURN: Mapping[State, Role] = {F.OPEN: R.PROVIDER, B.STATED: R.BUREAU}
"""Whose turn it is once something is there."""
IN_USE = frozenset({"active", "suspended"})
"""States of the applications under which data is used, or was until a moment ago."""
LATEST = timedelta(days=366)
"""What is promised is promised for a day that can be waited for."""


@dataclass(frozen=True)
class Case:
    """What a decision rests on; gathered by the caller from the locked row."""

    state: State
    today: date
    version: int = 0  # in which the error is
    published: int = 0  # version that the dataset stands for now


@dataclass(frozen=True)
class Person:
    id: str
    roles: frozenset[Role]
    organization: str = ""  # that gives the role of the provider or the bureau


Given = Mapping[str, Any]
ROLES_OF: Mapping[Command, frozenset[Role]] = {
    command: frozenset(row.who for (_, asked), row in TABLE.items() if asked is command)
    for command in (*FeedbackCommand, *ReturnCommand)
}


def decide(case: Case, command: Command, person: Person, given: Given | None = None) -> Step | Refusal:
    """Who may, then when, then what is missing, then what stands against it.

    :param given: None asks as if nothing were missing: whether the command may be offered
    """
    if not person.roles:
        return Refusal("unknown")  # a stranger isn't told that there is anything
    if not person.roles & ROLES_OF[command]:
        return Refusal("not_yours")
    if R.USER in person.roles and R.USER not in ROLES_OF[command]:
        return Refusal("own_matter")
    step = TABLE.get((case.state, command))
    if step is None or step.who not in person.roles:
        return Refusal("not_now", {"state": case.state})
    if given is None:
        return step
    missing = tuple(name for name in step.needs if not given.get(name))
    if missing:
        return Refusal("missing", {"names": missing})
    return CHECKS[command](case, given) or step if command in CHECKS else step


def _against_day(name: str) -> Any:
    def against(case: Case, given: Given) -> Refusal | None:
        is_fit = case.today <= given[name] <= case.today + LATEST
        return None if is_fit else Refusal("bad_day", {"name": name, "last": case.today + LATEST})

    return against


def _against_correcting(case: Case, given: Given) -> Refusal | None:
    """A correction is a later version than the one with the error, and it is published."""
    is_fit = case.version < given["version"] <= case.published
    return None if is_fit else Refusal("no_later_version", {"version": case.version, "published": case.published})


def _against_provider(case: Case, given: Given) -> Refusal | None:
    """:param given: ``agency``: who needs it · ``known``: whether the portal has such an agency"""
    if not given.get("known"):
        return Refusal("unknown_provider")
    return Refusal("own_data") if given["provider"] == given["agency"] else None


def _against_merging(case: Case, given: Given) -> Refusal | None:
    """:param given: ``other``: the state of the one that it is the same as, where there is one beside itself"""
    return None if given.get("other") in OPEN_RETURNS else Refusal("no_other")


def _against_returning(case: Case, given: Given) -> Refusal | None:
    """:param given: ``shared``: whether the application is in use, of this agency, for data of this provider"""
    return None if given.get("shared") else Refusal("not_shared")


CHECKS = {
    FC.CONFIRM: _against_day("correct_by"),
    FC.CORRECT: _against_correcting,
    BC.CONFIRM: _against_provider,
    BC.MERGE: _against_merging,
    BC.PROMISE: _against_day("until"),
    BC.RETURN: _against_returning,
}


# what is reported


@dataclass(frozen=True)
class Used:
    """An application as its user sees it: what a report of an error has to fit."""

    state: str
    is_user: bool
    datasets: Mapping[str, tuple[frozenset[str], frozenset[str]]]  # id or name to the files and columns in use


def against_report(used: Used | None, dataset: str, file: str, column: str) -> Refusal | None:
    """Why an error can't be reported: only by who uses the data, about what they use."""
    if used is None or not used.is_user:
        return Refusal("unknown")
    if used.state not in IN_USE:
        return Refusal("not_in_use")
    if dataset not in used.datasets:
        return Refusal("no_such_dataset")
    files, columns = used.datasets[dataset]
    if file and file not in files:
        return Refusal("no_such_file", {"file": file})
    return Refusal("no_such_column", {"column": column}) if column and column not in columns else None

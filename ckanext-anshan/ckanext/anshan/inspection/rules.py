"""Who may have a file scanned, see what was found, mend it, set words and sign over findings; what a scan's end means.

Plain Python. Being sysadmin gives nothing here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..people.rules import CAPACITIES, Role
from ..scan.findings import Severity

R = Role


class State(Enum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Command(Enum):
    SCAN = "scan"
    SEE = "see"
    CANCEL = "cancel"
    REMEDY = "remedy"
    SEE_WORDS = "see_words"
    SET_WORDS = "set_words"


OPEN = (State.QUEUED, State.RUNNING)
AGENCY = frozenset({R.PUBLISHER, R.AGENCY_HEAD})
OFFICES = frozenset({R.CYBERSPACE, R.BUREAU})
REVIEWERS = frozenset({R.AGENCY_HEAD, R.CYBERSPACE, R.BUREAU})
ATTEMPTS = 3  # times that a scan is begun


@dataclass(frozen=True)
class Step:
    """Who may, in which states of a report, and what must be given."""

    who: frozenset[Role]
    when: frozenset[State] | None = None  # None: it isn't about a report, or its state doesn't matter
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A decision against: the code that words are found for, and the facts that go into them."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


TABLE: Mapping[Command, Step] = {
    Command.SCAN: Step(AGENCY),
    Command.SEE: Step(AGENCY | OFFICES),
    Command.CANCEL: Step(AGENCY, frozenset(OPEN)),
    Command.REMEDY: Step(AGENCY, frozenset({State.DONE}), ("asked",)),
    Command.SEE_WORDS: Step(AGENCY),
    Command.SET_WORDS: Step(frozenset({R.AGENCY_HEAD})),
}


def parts(capacity: str | None, roles: Collection[Role]) -> set[Role]:
    """What somebody is to an agency: their part in it, and the office that they belong to.

    :param capacity: in that agency · :param roles: everywhere
    """
    own = CAPACITIES.get(capacity or "")
    return {*(OFFICES & set(roles)), *({own} if own else ())}


def decide(
    command: Command, roles: Collection[Role], state: State | None = None, given: Mapping[str, Any] | None = None
) -> Step | Refusal:
    """Who may, then when, then what is missing. Whoever may not even see is told that there is nothing.

    :param roles: as ``parts`` gives them · :param state: of the report that it is about
    :param given: None asks as if nothing were missing
    """
    step, known = TABLE[command], set(roles)
    if not known & step.who:
        return Refusal("not_yours" if known & TABLE[Command.SEE].who else "unknown")
    if step.when is not None and state not in step.when:
        return Refusal("not_now", {"state": state.value if state else ""})
    missing = tuple(name for name in step.needs if given is not None and not given.get(name))
    return Refusal("missing", {"names": missing}) if missing else step


@dataclass(frozen=True)
class Signature:
    """Who may sign although something was found, and whether they say why."""

    who: frozenset[Role]
    with_reason: bool


OVER: Mapping[Severity, Signature] = {
    Severity.BLOCK: Signature(frozenset({R.CYBERSPACE}), with_reason=True),
    Severity.REASON: Signature(REVIEWERS, with_reason=True),
    Severity.INFORM: Signature(REVIEWERS, with_reason=False),
}


def may_sign_over(severity: Severity | None, roles: Collection[Role], reason: str = "") -> Signature | Refusal:
    """Whether a reviewer may sign what holds a finding of this severity; None where nothing was found."""
    signature = OVER[severity or Severity.INFORM]
    if not REVIEWERS & set(roles):
        return Refusal("no_reviewer")
    if not signature.who & set(roles):
        return Refusal("cyberspace_only")
    return Refusal("reason_wanted") if signature.with_reason and not reason.strip() else signature


# how a scan ends


@dataclass(frozen=True)
class Ended:
    """What becomes of a report whose process is gone; ``code`` says why it failed."""

    state: State
    code: str = ""


def ended(attempts: int, *, told: str = "", exit_code: int | None = None, is_late: bool = False) -> Ended:
    """What becomes of a scan that left no report.

    :param attempts: times that it was begun · :param told: the scanner's own code for why
    :param exit_code: of the process; minus the signal that ended it; None where nobody saw it end
    :param is_late: it was ended for taking too long
    """
    if is_late or exit_code == -CPU_TIME:
        return Ended(State.FAILED, "too_long")
    if told:
        return Ended(State.FAILED, told if told in TOLD else "crashed")
    if exit_code is not None and exit_code not in (-KILLED, -TERMINATED):
        return Ended(State.FAILED, "crashed")
    if attempts < ATTEMPTS:
        return Ended(State.QUEUED)
    return Ended(State.FAILED, "interrupted" if exit_code is None else "crashed")


KILLED, TERMINATED, CPU_TIME = 9, 15, 24  # signals
TOLD = frozenset({"too_big", "too_long"})
"""Codes of the scanner that have words of their own; others are a crash."""


# what is asked to be mended


def chosen(findings: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | Refusal:
    """What is asked, with kind and header row of the finding; refused where no finding offers it.

    A column has one remedy at a time: of several, the first one that removes most.
    """
    offered = {
        (one["part"], place, name): one for one in findings for name in one["remedies"] for place in places(one, name)
    }
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in asked:
        finding = offered.get((one["part"], one["column"], one["remedy"]))
        if finding is None:
            return Refusal("no_such_remedy", {"remedy": one["remedy"], "where": one["column"] or one["part"]})
        more = {"kind": finding["kind"], "header_row": (finding.get("facts") or {}).get("header_row") or 0}
        place = (one["part"], one["column"])
        if place not in found or _strength(one["remedy"]) < _strength(found[place]["remedy"]):
            found[place] = {"part": one["part"], "column": one["column"], "remedy": one["remedy"], **more}
    return list(found.values())


JOINED = " + "
"""Between the columns of a finding that several make together."""


def places(finding: Mapping[str, Any], remedy: str) -> tuple[str, ...]:
    """Where a remedy of a finding can be done: of columns that only tell somebody together, dropping one is enough."""
    is_choice = remedy == "drop" and finding["kind"] != "l_diversity"
    return tuple(finding["column"].split(JOINED)) if is_choice else (finding["column"],)


STRENGTH = ("drop", "mask", "street", "month", "round", "suppress", "plain")


def _strength(remedy: str) -> int:
    return STRENGTH.index(remedy) if remedy in STRENGTH else len(STRENGTH)

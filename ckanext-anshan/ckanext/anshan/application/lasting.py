"""How long an application lasts: what it rests on, what comes before its end, what may follow it. Plain Python."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .rules import IN_USE, Refusal, Relation, State

BEFORE_END = (30, 7, 1)
"""Days before its end on which both sides are told, each once."""
AHEAD = 7  # days before a use report is due
AHEAD_OF_DESTRUCTION = 3
RENEWABLE = timedelta(days=90)
"""For so long after its end an application can still be renewed."""
TO_COME = frozenset({State.DRAFT, State.SUBMITTED, State.SUPPLEMENT, State.APPROVED, State.SIGNED})
REPLACED = "replaced"


@dataclass(frozen=True)
class Footing:
    """What an application rests on, each as the code why it is gone; empty where it is there."""

    state: State
    datasets: Sequence[str] = ()  # of each of which something is, or may be, granted
    parties: Sequence[str] = ()
    ends: date | None = None
    replaced_by: str = ""  # number of the application that took its place and has begun


def gone(found: Footing, today: date) -> str:
    """Code why an application can't go on; empty where it can.

    What is in use goes on as long as one of its datasets can be used and one of its holders is there; what isn't agreed
    yet can't be signed any more once one of them is gone.
    """
    is_in_use = found.state in IN_USE
    if is_in_use and found.replaced_by:
        return f"{REPLACED}:{found.replaced_by}"
    missing = all if is_in_use else any
    for codes in (found.parties, found.datasets):
        if codes and missing(codes):
            return next(filter(None, codes))
    is_agreed = found.state in (State.APPROVED, State.SIGNED)
    return "term_over" if is_agreed and found.ends and found.ends < today else ""


def bar_lasts(until: date | None, ends: date | None) -> bool:
    """Whether a bar outlasts a term: until then what was granted is only suspended."""
    return until is None or (ends is not None and until >= ends)


def to_be_told(starts: date, ends: date, today: date) -> int | None:
    """Which of ``BEFORE_END`` it is now; None where none of them, or the whole term is no longer than that.

    >>> [to_be_told(date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, day)) for day in (1, 20, 25, 30, 31)]
    [30, 30, 7, 1, 1]
    """
    left = (ends - today).days
    reached = [days for days in BEFORE_END if 0 <= left <= days and (ends - starts).days > days]
    return min(reached, default=None)


def destruction_due(ended: date, days: int) -> date:
    """Last day on which the destruction is declared in time."""
    return ended + timedelta(days=days)


def against_following(
    relation: Relation, state: State, ends: date | None, open_ones: Collection[str], today: date
) -> Refusal | None:
    """Why an application can't be renewed or amended; nothing where it can.

    :param state: of the one that is followed, ``ends``: its last day · :param open_ones: numbers of those that renew or
        amend it already and aren't over
    """
    if open_ones:
        return Refusal("followed_already", {"numbers": tuple(open_ones)})
    if state in IN_USE:
        return None
    is_late = state is not State.EXPIRED or ends is None or today - ends > RENEWABLE
    if relation is Relation.RENEWAL:
        return Refusal("cant_renew", {"days": RENEWABLE.days}) if is_late else None
    return Refusal("cant_amend")


def renewed(starts: date, ends: date, longest: date, today: date) -> tuple[date, date]:
    """First and last day that a renewal is filled in with: after the old term, as long as it, no longer than allowed.

    :param longest: the last day that the conditions allow from that first day
    """
    first = max(ends + timedelta(days=1), today)
    return first, min(first + (ends - starts), longest)

"""Looks applications up: lists for each side, the earlier answers to the same case, figures of a dataset."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from . import rules
from .applications import run
from .model import application, item
from .offering import Matter
from .rules import Answer, State

EARLIER = 200  # answers about the same datasets that are compared
LISTED = [column for column in application.c if column.name not in ("content", "recused")]


def earlier_answers(row: Any, matter: Matter) -> list[Answer]:
    """The newest answers to others about the same datasets (art. 27: equally)."""
    datasets = [one.dataset_id for one in matter.items]
    about = sa.exists().where(item.c.application_id == application.c.id, item.c.dataset_id.in_(datasets))
    same = (application.c.id != row.id, application.c.kind == row.kind, application.c.answered.is_not(None), about)
    query = sa.select(application).where(*same).order_by(application.c.answered.desc()).limit(EARLIER)
    rows = list(run(query))
    items: dict[str, list[Any]] = {}
    for one in run(sa.select(item).where(item.c.application_id.in_([each.id for each in rows]))) if rows else ():
        items.setdefault(one.application_id, []).append(one)
    return [_answer(one, items.get(one.id, ())) for one in rows]


def _answer(row: Any, items: Sequence[Any]) -> Answer:
    is_refused = bool(row.ground)
    scopes = [(one.dataset_id, one.asked if is_refused else one.decided or {}) for one in items]
    columns = frozenset(f"{id}/{column}" for id, scope in scopes for column in scope.get("columns", ()))
    purpose = str(row.content.get("purpose_kind") or "")
    return Answer(row.number, row.applicant_kind, purpose, columns, is_refused, row.ground)


def breached_before(row: Any) -> bool:
    """Whether a grant of the same party was revoked."""
    same = (application.c.party_kind == row.party_kind, application.c.party_id == row.party_id)
    query = sa.select(sa.exists().where(*same, application.c.state == State.REVOKED.value))
    return bool(run(query).scalar())


# lists


@dataclass(frozen=True)
class Side:
    """Whose list it is: what parties applied for, or what lies with agencies; nothing named is nothing found."""

    parties: Collection[str] = ()  # kind:id
    agencies: Collection[str] = ()  # ids of organizations
    is_bureau: bool = False  # everything that was submitted
    is_cyberspace: bool = False  # what wants its opinion, and what is in use


TURNS: Mapping[str, tuple[State, ...]] = {
    "applicant": (State.DRAFT, State.SUPPLEMENT, State.APPROVED),
    "provider": (State.SUBMITTED, State.SIGNED),
}
GROUPS: Mapping[str, tuple[State, ...]] = {
    "under_way": (State.SUBMITTED, State.SUPPLEMENT, State.APPROVED, State.SIGNED),
    "in_use": (State.ACTIVE, State.SUSPENDED),
    "over": tuple(state for state in State if state in rules.FINAL),
}


def find(side: Side, chosen: Collection[State], words: str, limit: int, offset: int) -> tuple[list[Any], int]:
    """Rows and how many there are in all; two statements.

    What is owed comes first, soonest due; then the newest.
    """
    conditions = [_of(side)]
    conditions += [application.c.state.in_([state.value for state in chosen])] if chosen else []
    if words.strip():
        like = f"%{words.strip().translate(LITERAL)}%"
        conditions.append(sa.or_(application.c.titles.ilike(like), application.c.number.ilike(like)))
    count = run(sa.select(sa.func.count()).select_from(application).where(*conditions)).scalar_one()
    order = (application.c.due.asc().nulls_last(), application.c.changed.desc(), application.c.id)
    rows = run(sa.select(*LISTED).where(*conditions).order_by(*order).limit(limit).offset(offset))
    return list(rows), count


LITERAL = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


def counts(side: Side) -> dict[str, int]:
    """How many there are in each state; one statement."""
    query = sa.select(application.c.state, sa.func.count()).where(_of(side)).group_by(application.c.state)
    return {row[0]: row[1] for row in run(query)}


def _of(side: Side) -> Any:
    sent = application.c.state != State.DRAFT.value
    found = [sa.and_(sent, application.c.agency.in_(list(side.agencies)))] if side.agencies else []
    pairs = [tuple(one.split(":", 1)) for one in side.parties]
    if pairs:
        found.append(sa.tuple_(application.c.party_kind, application.c.party_id).in_(pairs))
    found += [sent] if side.is_bureau else []
    in_use = application.c.state.in_([state.value for state in rules.IN_USE])
    found += [sa.and_(sent, sa.or_(application.c.needs_opinion, in_use))] if side.is_cyberspace else []
    return sa.or_(*found) if found else sa.false()


# figures


@dataclass(frozen=True)
class Figures:
    """Of the applications for one dataset, or for all."""

    applied: int = 0
    answered: int = 0
    whole: int = 0
    part: int = 0
    refused: int = 0
    late: int = 0
    days: float = 0.0  # working days of an answer, on average


FIGURES = """
SELECT count(*) AS applied, count(*) FILTER (WHERE answered IS NOT NULL) AS answered,
    count(*) FILTER (WHERE result = 'whole') AS whole, count(*) FILTER (WHERE result = 'part') AS part,
    count(*) FILTER (WHERE ground <> '') AS refused, count(*) FILTER (WHERE is_late) AS late,
    coalesce(round(avg(days), 1), 0)::float AS days
FROM anshan_application_application AS application
WHERE submitted IS NOT NULL AND kind = 'opening' {which}
"""
OF_DATASET = sa.text(
    FIGURES.format(
        which="AND EXISTS (SELECT FROM anshan_application_item AS item"
        " WHERE item.application_id = application.id AND item.dataset_id = :dataset)"
    )
)
OF_ALL = sa.text(FIGURES.format(which=""))


def figures(dataset_id: str = "") -> Figures:
    row = run(OF_DATASET, {"dataset": dataset_id}).one() if dataset_id else run(OF_ALL).one()
    return Figures(**row._asdict())

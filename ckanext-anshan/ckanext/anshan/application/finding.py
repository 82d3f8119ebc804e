"""Looks applications up: lists for each side, the earlier answers to the same case, figures of a dataset."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from . import rules
from .applications import run
from .model import application, item, opinion, party
from .offering import Matter
from .rules import Answer, State

EARLIER = 200  # answers about the same datasets that are compared
LISTED = [column for column in application.c if column.name not in ("content", "recused")]


def earlier_answers(row: Any, matter: Matter) -> list[Answer]:
    """The newest answers to others about the same datasets (art. 27: equally)."""
    rows, items = earlier(row, matter, EARLIER)
    return [_answer(one, items.get(one.id, ())) for one in rows]


def earlier(row: Any, matter: Matter, most: int) -> tuple[list[Any], dict[str, list[Any]]]:
    """Applications of others about the same datasets that were answered, the newest first, and their items."""
    datasets = [one.dataset_id for one in matter.items]
    about = sa.exists().where(item.c.application_id == application.c.id, item.c.dataset_id.in_(datasets))
    same = (application.c.id != row.id, application.c.kind == row.kind, application.c.answered.is_not(None), about)
    query = sa.select(application).where(*same).order_by(application.c.answered.desc()).limit(most)
    rows = list(run(query))
    items: dict[str, list[Any]] = {}
    for one in run(sa.select(item).where(item.c.application_id.in_([each.id for each in rows]))) if rows else ():
        items.setdefault(one.application_id, []).append(one)
    return rows, items


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


@dataclass(frozen=True)
class Wanted:
    """What of a side is asked for; what isn't named narrows nothing."""

    states: Collection[State] = ()
    words: str = ""  # part of a title or number
    kind: str = ""  # rules.Kind
    dataset: str = ""  # id or name
    handler: str | None = None  # id of a user; empty: nobody has taken it
    due: str = ""  # of DUE
    is_unopined: bool = False  # wants the cyberspace office's opinion and hasn't got it
    numbers: Collection[str] = ()  # of these alone

    @property
    def is_narrowed(self) -> bool:
        """By more than states."""
        return self != Wanted(states=self.states)


DUE = ("late", "today", "week")
TURNS: Mapping[str, tuple[State, ...]] = {
    "applicant": (State.DRAFT, State.SUPPLEMENT, State.APPROVED),
    "provider": (State.SUBMITTED, State.SIGNED),
    "offices": (State.SUBMITTED, State.SIGNED),
}
"""Where a side owes the next step; the offices look after what agencies owe."""
GROUPS: Mapping[str, tuple[State, ...]] = {
    "waiting": (State.SUPPLEMENT, State.APPROVED),
    "under_way": (State.SUBMITTED, State.SUPPLEMENT, State.APPROVED, State.SIGNED),
    "in_use": (State.ACTIVE, State.SUSPENDED),
    "over": tuple(state for state in State if state in rules.FINAL),
}

HANDLER = sa.literal_column(
    "(SELECT coalesce(nullif(fullname, ''), name) FROM \"user\" WHERE id = anshan_application_application.handler)"
)

COLUMNS = sa.literal_column(
    "(SELECT coalesce(sum(jsonb_array_length(coalesce(item.decided, item.asked) -> 'columns')), 0)::integer"
    " FROM anshan_application_item AS item WHERE item.application_id = anshan_application_application.id)"
)
METHODS = sa.literal_column(
    "(SELECT coalesce(array_agg(DISTINCT method), '{}') FROM anshan_application_item AS item,"
    " jsonb_array_elements_text(coalesce(item.decided, item.asked) -> 'methods') AS method"
    " WHERE item.application_id = anshan_application_application.id)"
)
"""Of all datasets of an application: how many columns, and by which methods."""


def find(side: Side, wanted: Wanted, today: date, limit: int, offset: int) -> tuple[list[Any], int]:
    """Rows and how many there are in all, in one statement.

    What is owed comes first, soonest due; then the newest.
    """
    conditions = [_of(side), *_narrowing(wanted, today)]
    if not limit:
        return [], _count(conditions)
    count = sa.select(sa.func.count()).select_from(application).where(*conditions).scalar_subquery()
    order = (application.c.due.asc().nulls_last(), application.c.changed.desc(), application.c.id)
    chosen = sa.select(application.c.id).where(*conditions).order_by(*order).limit(limit).offset(offset)
    more = (HANDLER.label("handler_name"), _is_unopined().label("is_unopined"), count.label("found"))
    more += (COLUMNS.label("columns"), METHODS.label("methods"))
    query = sa.select(*LISTED, *more).where(application.c.id.in_(chosen)).order_by(*order)
    rows = list(run(query))
    return rows, rows[0].found if rows else _count(conditions) if offset else 0


def _count(conditions: Sequence[Any]) -> int:
    return run(sa.select(sa.func.count()).select_from(application).where(*conditions)).scalar_one()


def _narrowing(wanted: Wanted, today: date) -> list[Any]:
    found: list[Any] = [application.c.state.in_([one.value for one in wanted.states])] if wanted.states else []
    if wanted.words.strip():
        like = f"%{wanted.words.strip().translate(LITERAL)}%"
        found.append(sa.or_(application.c.titles.ilike(like), application.c.number.ilike(like)))
    found += [application.c.kind == wanted.kind] if wanted.kind else []
    found += [application.c.handler == wanted.handler] if wanted.handler is not None else []
    found += [application.c.number.in_(list(wanted.numbers))] if wanted.numbers else []
    found += [_is_about(wanted.dataset)] if wanted.dataset else []
    found += [_is_due(wanted.due, today)] if wanted.due else []
    return found + ([_is_unopined()] if wanted.is_unopined else [])


def _is_about(dataset: str) -> Any:
    named = sa.or_(item.c.dataset_id == dataset, item.c.dataset_name == dataset)
    return sa.exists().where(item.c.application_id == application.c.id, named)


def _is_due(due: str, today: date) -> Any:
    last = today + timedelta(6 - today.weekday())  # the Sunday of this week
    if due == "late":
        return application.c.due < today
    return application.c.due == today if due == "today" else application.c.due.between(today, last)


def _is_unopined() -> Any:
    given = sa.exists().where(opinion.c.application_id == application.c.id, opinion.c.hash == application.c.hash)
    return sa.and_(application.c.needs_opinion, application.c.state == State.SUBMITTED.value, ~given)


LITERAL = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


def counts(side: Side, today: date) -> list[Any]:
    """By ``state``: how ``many``, and how many of them are ``late``, due ``today`` or this ``week``; ``unopined``, of
    all, is the same in each row. One statement."""
    due = [sa.func.count().filter(_is_due(name, today)).label(name) for name in DUE]
    unopined = sa.select(sa.func.count()).select_from(application).where(_is_unopined()).scalar_subquery()
    more = [unopined.label("unopined")] if side.is_cyberspace else [sa.literal(0).label("unopined")]
    query = sa.select(application.c.state, sa.func.count().label("many"), *due, *more).where(_of(side))
    return list(run(query.group_by(application.c.state)))


def _of(side: Side) -> Any:
    sent = application.c.state != State.DRAFT.value
    found = [sa.and_(sent, application.c.agency.in_(list(side.agencies)))] if side.agencies else []
    pairs = [tuple(one.split(":", 1)) for one in side.parties]
    if pairs:
        own = sa.select(party.c.application_id).where(sa.tuple_(party.c.kind, party.c.party_id).in_(pairs))
        found.append(application.c.id.in_(own))  # theirs, and those that they apply for beside somebody
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

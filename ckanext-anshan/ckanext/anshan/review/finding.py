"""Finds submissions: what waits for somebody, filters, order; a few statements however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ..people import options as people_options
from ..people import roles
from . import options
from .model import signature, submission
from .rules import OPEN, Key, Kind, State, Way

Condition = sa.ColumnElement[bool]
SHORT = [column for column in submission.c if column is not submission.c.frozen]
OPEN_STATES = [state.value for state in OPEN]


@dataclass(frozen=True)
class Desk:
    """Whose work it is: the agencies that they head, those that they write for, and the offices that they belong to."""

    user: str
    heads: tuple[str, ...]  # ids
    writes: tuple[str, ...]
    cyberspace: bool
    bureau: bool
    deputy: bool  # reviews the offices' own data in their place
    offices: Mapping[Key, str]  # ids of their organizations
    own: tuple[str, ...]  # ids of all their organizations

    @property
    def is_office(self) -> bool:
        return self.cyberspace or self.bureau

    @property
    def role(self) -> str:
        """The duty that their queue is named after; empty for whoever has none."""
        duties = {
            "cyberspace": self.cyberspace,
            "bureau": self.bureau,
            "deputy": self.deputy,
            "head": bool(self.heads),
            "editor": bool(self.writes),
        }
        return next((name for name, is_theirs in duties.items() if is_theirs), "")


def desk(user: Any) -> Desk:
    members = roles.memberships(user)
    found = model.User.get(user) if isinstance(user, str) else user
    is_sysadmin = bool(found and getattr(found, "sysadmin", False))  # turns no key, see rules.without_keys
    names = set() if is_sysadmin else {one.org_name for one in members}
    cyberspace, bureau = people_options.cyberspace_org(), people_options.bureau_org()
    return Desk(
        user=found.id if found and not getattr(found, "is_anonymous", False) else "",
        heads=tuple(one.org_id for one in members if one.capacity == "admin" and not is_sysadmin),
        writes=tuple(one.org_id for one in members if one.capacity in roles.CAPACITIES),
        cyberspace=cyberspace in names,
        bureau=bureau in names,
        deputy=bool(options.deputy_org()) and options.deputy_org() in names,
        offices={
            key: org.id
            for key, name in ((Key.CYBERSPACE, cyberspace), (Key.BUREAU, bureau))
            if (org := model.Group.get(name)) is not None
        },
        own=tuple(one.org_id for one in members),
    )


def seen(who: Desk) -> Condition:
    """What somebody sees at all: their agencies', or everybody's."""
    if who.is_office:
        return sa.true()
    mine = submission.c.agency.in_(who.writes)
    return sa.or_(mine, submission.c.agency.in_(list(who.offices.values()))) if who.deputy else mine


def waiting(who: Desk) -> Condition:
    """What waits for this person now: their key, or their agency's correction."""
    state = submission.c.state
    returned = sa.and_(state == State.RETURNED.value, submission.c.agency.in_(who.writes))
    first = state.in_([State.SUBMITTED.value, State.PROVISIONAL.value])
    is_head = sa.and_(first, submission.c.agency.in_(who.heads))
    mine = [sa.and_(is_head, submission.c.kind != Kind.LIST.value, ~_has(Key.AGENCY))]
    for key in (Key.CYBERSPACE, Key.BUREAU):
        states = [State.IN_REVIEW.value, *([State.PROVISIONAL.value] if key is Key.CYBERSPACE else [])]
        mine.append(sa.and_(_theirs(who, key), state.in_(states), ~_has(key)))
    return sa.or_(returned, sa.and_(sa.or_(*mine), _may_sign(who)))


def _theirs(who: Desk, key: Key) -> Condition:
    """An office reviews everybody's but its own; that one its deputy does."""
    belongs = who.cyberspace if key is Key.CYBERSPACE else who.bureau
    own = submission.c.agency == who.offices.get(key, "")
    return sa.or_(sa.and_(sa.literal(belongs), ~own), sa.and_(sa.literal(who.deputy), own))


def _may_sign(who: Desk) -> Condition:
    """Three keys are three persons, none of them the submitter."""
    return sa.and_(submission.c.submitter != who.user, ~_signed_by(who.user))


def sampled(who: Desk) -> Condition:
    """Routine updates that were drawn and that this office hasn't looked at."""
    published = sa.and_(submission.c.state == State.PUBLISHED.value, submission.c.is_sampled)
    mine = [sa.and_(_theirs(who, key), ~_has(key)) for key in (Key.CYBERSPACE, Key.BUREAU)]
    return sa.and_(published, sa.or_(*mine), _may_sign(who))


def _has(key: Key) -> Condition:
    return sa.exists().where(signature.c.submission_id == submission.c.id, signature.c.key == key.value)


def _signed_by(user: str) -> Condition:
    return sa.exists().where(signature.c.submission_id == submission.c.id, signature.c.user_id == user)


def which(who: Desk, name: str) -> Condition:
    """What each of the tiles above the queue counts."""
    state = submission.c.state
    return {
        "waiting": waiting(who),
        "returned": state == State.RETURNED.value,
        "open": state.in_(OPEN_STATES),
        "sampled": sampled(who),
        "done": state.not_in(OPEN_STATES),
        "all": sa.true(),
    }[name]


def filters(asked: Mapping[str, Any], today: date) -> list[Condition]:
    found = [submission.c[name] == asked[name] for name in ("opening_class", "kind", "way", "state") if asked[name]]
    found += [submission.c.entry_id == asked["entry"]] if asked["entry"] else []
    found += [_named(asked["ids"])] if asked.get("ids") else []
    found += [submission.c.agency.in_(_agency(asked["agency"]))] if asked["agency"] else []
    found += [_words(asked["q"])] if asked["q"].strip() else []
    found += [_scan(asked["scan"])] if asked["scan"] else []
    return found + ([_due(asked["due"], today)] if asked["due"] else [])


def _named(ids: Sequence[str]) -> Condition:
    return sa.or_(submission.c.id.in_(ids), submission.c.number.in_(ids))


def _agency(name: str) -> sa.Select[Any]:
    group = model.group_table
    return sa.select(group.c["id"]).where(sa.or_(group.c["id"] == name, group.c["name"] == name))


def _words(text: str) -> Condition:
    """Every word is in the title, the number, the code or the agency's title."""
    group = model.group_table
    title = sa.select(group.c["title"]).where(group.c["id"] == submission.c.agency).scalar_subquery()
    code = submission.c.frozen["entry"]["extras"]["code"].astext
    return sa.and_(
        *(
            sa.or_(
                *(
                    column.ilike(_like(word), escape="\\")
                    for column in (submission.c.title, submission.c.number, code, title)
                )
            )
            for word in text.split()[:10]
        )
    )


def _like(word: str) -> str:
    plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def _scan(name: str) -> Condition:
    if name == "running":
        return submission.c.scan_hash == ""
    return sa.and_(submission.c.scan_hash != "", submission.c.severity == ("" if name == "clean" else name))


def _due(name: str, today: date) -> Condition:
    due = submission.c.due
    week = today + timedelta(days=6 - today.weekday())
    return {"late": due < today, "today": due == today, "week": sa.and_(due >= today, due <= week)}[name]


def find(who: Desk, asked: Mapping[str, Any], today: date) -> list[Any]:
    """Emergencies first, then what is due soonest; what is done, newest first."""
    query = sa.select(*SHORT).where(seen(who), which(who, asked["mine"]), *filters(asked, today))
    first = sa.case((sa.and_(submission.c.way == Way.EMERGENCY.value, submission.c.state.in_(OPEN_STATES)), 0), else_=1)
    is_open = sa.case((submission.c.state.in_(OPEN_STATES), 0), else_=1)
    order = (first, is_open, submission.c.due.asc().nulls_last(), submission.c.created.desc())
    return list(model.Session.execute(query.order_by(*order).limit(asked["limit"]).offset(asked["offset"])))


def count(who: Desk, asked: Mapping[str, Any], today: date) -> int:
    query = sa.select(sa.func.count()).select_from(submission)
    return model.Session.execute(query.where(seen(who), which(who, asked["mine"]), *filters(asked, today))).scalar_one()


def tiles(who: Desk, today: date) -> dict[str, int]:
    """How many wait, are late, due today and this week, lie with the agencies, are under way; one statement."""
    mine = waiting(who)
    counted = {
        "waiting": mine,
        **{name: sa.and_(mine, _due(name, today)) for name in ("late", "today", "week")},
        "returned": which(who, "returned"),
        "open": which(who, "open"),
        "sampled": sampled(who),
    }
    columns = [sa.func.count().filter(condition).label(name) for name, condition in counted.items()]
    among = sa.or_(submission.c.state.in_(OPEN_STATES), submission.c.is_sampled)
    row = model.Session.execute(sa.select(*columns).select_from(submission).where(seen(who), among)).one()
    return {name: getattr(row, name) for name in counted}


def next_due(who: Desk, today: date) -> Any:
    """What is due next: of what waits for somebody, or else of all that they see under way."""
    mine = waiting(who)
    is_due = sa.or_(submission.c.due >= today, sa.and_(mine, submission.c.due.is_not(None)))
    query = sa.select(*SHORT, mine.label("mine")).where(seen(who), submission.c.state.in_(OPEN_STATES), is_due)
    order = (sa.literal_column("mine").desc(), submission.c.due, submission.c.created)
    return model.Session.execute(query.order_by(*order).limit(1)).first()


def agencies(who: Desk) -> list[dict[str, str]]:
    """The agencies of what somebody sees, for a filter: name and title."""
    group = model.group_table
    held = sa.select(submission.c.agency).where(seen(who)).distinct()
    query = sa.select(group.c["name"], group.c["title"]).where(group.c["id"].in_(held)).order_by(group.c["title"])
    return [{"name": row[0], "title": row[1] or row[0]} for row in model.Session.execute(query)]


def neighbours(who: Desk, id: str, today: date) -> tuple[str, str]:
    """Numbers of the submissions before and after one in somebody's queue; empty where there is none."""
    query = {"mine": "waiting", "q": "", "agency": "", "entry": "", "opening_class": "", "kind": "", "way": ""}
    rows = find(who, {**query, "state": "", "scan": "", "due": "", "limit": 500, "offset": 0}, today)
    ids = [row.id for row in rows]
    if id not in ids:
        return "", rows[0].number if rows else ""
    at = ids.index(id)
    return rows[at - 1].number if at else "", rows[at + 1].number if at + 1 < len(rows) else ""

"""What the portal tells its users: a row for each of them, shown in their list at once and mailed once a day.

A row holds facts, not words: the sentence is made by a function of a room's ``notifying.py`` when somebody reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from .. import rooms
from ..workflow import clock
from .model import notice

KEPT = "365 days"  # for how long a notice that was read stays in the list
UNREAD = notice.c.read.is_(None)
SAME = ["about", "user_id", "kind", "day"]
HOW_MANY = sa.text(  # as text: asked on every page of whoever has an account
    "SELECT count(*) FROM anshan_people_notice WHERE user_id = :user AND read IS NULL"
)
MEMBERS = sa.text(
    'SELECT DISTINCT "user".id FROM "user" JOIN member ON member.table_id = "user".id'
    ' JOIN "group" ON "group".id = member.group_id'
    " WHERE member.table_name = 'user' AND member.state = 'active' AND \"user\".state = 'active'"
    ' AND "group".is_organization AND "group".state = \'active\' AND :organization IN ("group".id, "group".name)'
    " AND (CAST(:capacities AS text[]) IS NULL OR member.capacity = ANY(:capacities)) ORDER BY 1"
)


def tell(
    kind: str, users: Iterable[str], facts: Mapping[str, Any], link: str, about: str = "", daily: bool = False
) -> None:
    """Tell users something, in the caller's transaction and with one statement.

    While somebody hasn't read it, they aren't told the same kind about the same thing again that day.

    :param kind: a function of a room's ``notifying.py`` · :param users: their ids
    :param facts: what that function makes the sentence of · :param link: path in the portal, without a language
    :param about: the thing, such as ``submission:<id>``; empty: each time is another
    :param daily: not again that day though it was read; it takes the place of what was told of that kind before
    """
    if kind not in rooms.notices():
        raise ValueError(f"no room has a notice called {kind}")
    today = clock.today()
    told = _supersede(kind, about, today) if daily else set()
    said = {"kind": kind, "facts": _plain(facts), "link": link, "about": about, "day": today}
    rows = [{"user_id": user, **said} for user in sorted(set(users) - told - {""})]
    if rows:
        once = {"index_elements": SAME, "index_where": sa.text("read IS NULL AND about <> ''")}
        model.Session.execute(insert(notice).values(rows).on_conflict_do_nothing(**once))


def _supersede(kind: str, about: str, today: date) -> set[str]:
    """Whom the same was told today; that of earlier days needn't be read any more."""
    same = [notice.c.about == about, notice.c.kind == kind]
    old = sa.update(notice).where(*same, UNREAD, notice.c.day < today)
    model.Session.execute(old.values(read=sa.func.now()))
    return set(model.Session.execute(sa.select(notice.c.user_id).where(*same, notice.c.day == today)).scalars())


def known(abouts: Collection[str]) -> set[str]:
    """Of these things those that somebody was told of, however long ago: what is told once is told once."""
    query = sa.select(notice.c.about).distinct().where(notice.c.about.in_(list(abouts)))
    return set(model.Session.execute(query).scalars()) if abouts else set()


def settle(about: str, kinds: Collection[str] | None = None, users: Collection[str] | None = None) -> None:
    """The thing is done: whoever hasn't read of it needn't any more. In the caller's transaction.

    Call it before ``tell``, which it would take back otherwise.

    :param kinds: only what was told of these kinds · :param users: only what these were told
    """
    chosen = [notice.c.about == about, UNREAD]
    chosen += [notice.c.kind.in_(kinds)] if kinds is not None else []
    chosen += [notice.c.user_id.in_(users)] if users is not None else []
    if about:
        model.Session.execute(sa.update(notice).where(*chosen).values(read=sa.func.now()))


def unread(user_id: str) -> int:
    return model.Session.execute(HOW_MANY, {"user": user_id}).scalar_one()


def of(user_id: str, limit: int, offset: int = 0, only_unread: bool = False) -> list[Any]:
    """Rows of what somebody was told, newest first."""
    query = sa.select(notice).where(notice.c.user_id == user_id, *([UNREAD] if only_unread else []))
    return list(model.Session.execute(query.order_by(notice.c.id.desc()).limit(limit).offset(offset)))


def counts(user_id: str) -> tuple[int, int]:
    """How many notices a user has, and how many of them are unread."""
    query = sa.select(sa.func.count(), sa.func.count().filter(UNREAD)).where(notice.c.user_id == user_id)
    return tuple(model.Session.execute(query).one())


def mark_read(user_id: str, ids: Collection[int] | None) -> None:
    """A user's own ones alone; all of them where none are named. The caller commits."""
    chosen = [notice.c.user_id == user_id, UNREAD, *([notice.c.id.in_(ids)] if ids is not None else [])]
    model.Session.execute(sa.update(notice).where(*chosen).values(read=sa.func.now()))


def unread_of(user_id: str, ids: Collection[int]) -> list[Any]:
    """Rows of those that are still unread, newest first."""
    query = sa.select(notice).where(notice.c.user_id == user_id, notice.c.id.in_(ids), UNREAD)
    return list(model.Session.execute(query.order_by(notice.c.id.desc())))


def unmail(ids: Collection[int]) -> None:
    """They were in no mail after all. The caller commits."""
    model.Session.execute(sa.update(notice).where(notice.c.id.in_(ids)).values(mailed=None))


def forget_old() -> int:
    """Delete what was read long ago; returns how much."""
    old = notice.c.read < sa.func.now() - sa.cast(KEPT, sa.Interval)
    found = model.Session.execute(sa.delete(notice).where(old).returning(notice.c.id)).all()
    model.Session.commit()
    return len(found)


def sentence(row: Any) -> str:
    """In the reader's language."""
    known = rooms.notices().get(row.kind)
    return known(row.facts) if known else tk._("Something changed; the page says what.")


def members(organization: str, capacities: Collection[str] | None = None) -> list[str]:
    """Ids of the active users of an organization (id or name); of these capacities only, where some are named."""
    wanted = None if capacities is None else list(capacities)
    rows = model.Session.execute(MEMBERS, {"organization": organization, "capacities": wanted})
    return list(rows.scalars())


def _plain(value: Any) -> Any:
    """As JSON keeps it: days and moments are written out."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value

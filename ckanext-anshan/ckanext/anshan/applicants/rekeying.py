"""Locks every identity anew with the first key of the file, in one transaction; the old keys may go afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from ..audit import recording
from ..audit.events import Event
from . import identities, keeping, locking, sealing
from .locking import Sealed
from .model import organization, person
from .rules import ORGANIZATION, PERSON, Party


def rekey() -> int:
    """How many were locked anew. :raises Locked: one can't be opened, and nothing has changed"""
    try:
        done = _persons() + _organizations()
        recording.note(Event("applicant.rekeyed", action="rekey", facts={"key": locking.current(), "count": done}))
        model.Session.commit()
    except BaseException:
        model.Session.rollback()
        raise
    return done


def _persons() -> int:
    rows = list(keeping.run(sa.select(person).where(person.c.key != locking.current()).with_for_update()))
    for row in rows:
        place = identities.place(Party(PERSON, row.user_id))
        identity = locking.unlock(place, Sealed(row.key, bytes(row.identity)))
        sealed = locking.lock(place, identity)
        found = {"digest": locking.digest("number", identity["number"])}
        values = {"identity": sealed.locked, "key": sealed.key, **found}
        keeping.run(person.update().where(person.c.user_id == row.user_id).values(values))
    return len(rows)


def _organizations() -> int:
    own, letter = organization.c.key, organization.c.attorney["key"].astext
    others = sa.or_(own != locking.current(), letter != locking.current())
    rows = list(keeping.run(sa.select(organization).where(others).with_for_update()))
    for row in rows:
        place = identities.place(Party(ORGANIZATION, row.id))
        sealed = locking.lock(place, locking.unlock(place, Sealed(row.key, bytes(row.identity))))
        values = {"identity": sealed.locked, "key": sealed.key}
        values |= {"attorney": sealing.locked_anew(row.id, row.attorney)} if row.attorney else {}
        keeping.run(organization.update().where(organization.c.id == row.id).values(values))
    return len(rows)

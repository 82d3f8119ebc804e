"""The beginning of the log, at the first start of a portal that may have stood before."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from . import calls, recording, states
from .events import Event, Object

__all__ = ["log_begun"]

IS_RESTORED = "SELECT FROM anshan_audit_event WHERE object_type = 'backup' AND object_id = :moment"

IS_BEGUN = "SELECT FROM anshan_audit_head WHERE type = 'log' AND id = 'begun'"
BEGIN = "INSERT INTO anshan_audit_head (type, id, version, state) VALUES ('log', 'begun', 0, '')"


def log_begun() -> int:
    """Take down every object that is there, once: from then on each change has an event. How many were found."""
    connection = model.Session.connection()
    if connection.execute(sa.text(IS_BEGUN)).first() is not None:
        return 0
    with calls.working("log_begun"):
        found = 0
        for type, id in connection.execute(sa.text(f"SELECT type, id FROM ({states.of()}) AS found")):
            recording.touch(type, [id], {"found": True})
            found += 1
        recording.note(Event("log.begun", object=Object("log", "anshan"), facts={"objects": found}))
        connection.execute(sa.text(BEGIN))
        model.Session.commit()
    return found


def portal_restored(moment: str) -> None:
    """Record, once, that the portal was put back as a backup of this moment had kept it.

    :param moment: as backups are named: ``20261125T020000Z``
    """
    if model.Session.connection().execute(sa.text(IS_RESTORED), {"moment": moment}).first() is None:
        recording.happened(Event("portal.restored", object=Object("backup", moment), facts={"backup": moment}))

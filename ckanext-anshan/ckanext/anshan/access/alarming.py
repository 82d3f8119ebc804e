"""Tells the agency when what is used under a grant is far from what was declared or is usual (art. 43, 46)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ..audit import recording
from ..audit.events import Event, Object
from ..people import notices
from ..people import options as people_options
from ..people.rules import CAPACITIES
from ..workflow import clock
from . import grants, using
from .rules import Usage, unusual

BEFORE = 60  # days that tell what is usual
FOUND = sa.text("""
WITH looked_at AS (
    SELECT DISTINCT grant_id, day FROM anshan_access_usage WHERE day BETWEEN :first AND :today AND NOT alarmed
), daily AS (
    SELECT used.grant_id, used.day, sum(requests) AS requests, sum(rows) AS rows, bool_or(alarmed) AS alarmed
    FROM anshan_access_usage AS used
    WHERE used.grant_id IN (SELECT grant_id FROM looked_at) AND used.day BETWEEN :since AND :today
    GROUP BY used.grant_id, used.day
)
SELECT now.grant_id, now.day, now.requests::bigint AS requests, now.rows::bigint AS rows,
    (SELECT count(DISTINCT network) FROM anshan_access_usage AS used,
        jsonb_array_elements_text(used.addresses) AS network
        WHERE used.grant_id = now.grant_id AND used.day = now.day) AS addresses,
    count(past.day) AS days_before,
    coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY past.requests), 0)::float AS usual_requests,
    coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY past.rows), 0)::float AS usual_rows
FROM daily AS now LEFT JOIN daily AS past ON past.grant_id = now.grant_id AND past.day < now.day
    AND past.requests > 0
WHERE now.day BETWEEN :first AND :today AND NOT now.alarmed
GROUP BY now.grant_id, now.day, now.requests, now.rows ORDER BY now.grant_id, now.day
""")
TOLD = sa.text(
    "UPDATE anshan_access_usage SET alarmed = true WHERE grant_id = :grant AND day = :day AND NOT alarmed RETURNING day"
)
FORGET = sa.text("UPDATE anshan_access_usage SET addresses = '[]' WHERE day < :first AND addresses <> '[]'")


def alarm() -> int:
    """Look at the usage of today and yesterday; how many days of grants were told about, each once."""
    today = clock.today()
    days = {"first": today - timedelta(1), "today": today, "since": today - timedelta(BEFORE)}
    used = model.Session.execute(FOUND, days).all()
    rows = {row.id: row for row in grants.by_ids({one.grant_id for one in used})}
    found = [(rows[one.grant_id], one, _unusual(one, rows[one.grant_id].declared_requests)) for one in used]
    told = sum(_tell(*each) for each in found if each[2])
    model.Session.execute(FORGET, days)
    model.Session.commit()
    return told


def _unusual(row: Any, declared: int) -> tuple[str, ...]:
    return unusual(
        Usage(
            requests=row.requests,
            rows=row.rows,
            addresses=row.addresses,
            usual_requests=row.usual_requests,
            usual_rows=row.usual_rows,
            days_before=row.days_before,
            declared_requests=declared,
        )
    )


def _tell(row: Any, used: Any, what: Sequence[str]) -> bool:
    """In the caller's transaction; not again what somebody else has just told."""
    if not model.Session.execute(TOLD, {"grant": row.id, "day": used.day}).all():
        return False
    facts = _facts(row, used, what)
    notices.tell("grant_unusual", _users(row), facts, f"/grant/{row.number}", f"grant:{row.id}:{used.day.isoformat()}")
    about = Object("application", row.application_id)
    recording.note(Event("grant.unusual", object=about, action="access_alarm", facts=_recorded(row, used, what)))
    return True


def _users(row: Any) -> set[str]:
    """The head and the publishers of the agency that provides it, among them whoever judged it, and the bureau."""
    return {*notices.members(row.provider, list(CAPACITIES)), *notices.members(people_options.bureau_org())}


def _facts(row: Any, used: Any, what: Sequence[str]) -> dict[str, Any]:
    offer = using.offered([row.dataset_id]).get(row.dataset_id)
    title = offer.title if offer else ""
    counted = {"requests": used.requests, "rows": used.rows}
    return {"number": row.number, "title": title, "day": used.day, "what": list(what), **counted}


def _recorded(row: Any, used: Any, what: Sequence[str]) -> dict[str, Any]:
    about = {"application": row.number, "dataset": row.dataset_id, "day": used.day.isoformat()}
    return {**about, "what": list(what), "requests": used.requests, "rows": used.rows, "networks": used.addresses}

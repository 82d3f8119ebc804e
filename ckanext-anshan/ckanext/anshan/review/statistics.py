"""What the review did in a period: how much, how long each step took, in time or not, why things went back.

Four statements however many submissions there are. Days are working days; the database is given the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ..workflow import clock, workdays
from . import finding
from .rules import OPEN, Refusal

Told = dict[str, Any]
Agencies = tuple[str, ...] | None
"""Ids of the agencies that are looked at; none: all, and the lists."""

OUTCOMES = ("submitted", "published", "returned", "rejected", "withdrawn")
STEPS = ("agency", "cyberspace", "bureau", "correction", "whole")
OWN_STEPS = ("agency", "correction")
"""Those that an agency answers for."""

THEIRS = "(CAST(:everybody AS boolean) OR s.agency = ANY(CAST(:agencies AS text[])))"
IN_TIME = "created >= :since AND {0}.created < :until"

COUNTS = f"""
SELECT agency, outcome, count(*) FROM (
    SELECT s.agency, 'submitted' AS outcome FROM anshan_review_submission s
    WHERE {THEIRS} AND s.{IN_TIME.format("s")}
    UNION ALL
    SELECT s.agency, e.after FROM anshan_review_event e JOIN anshan_review_submission s ON s.id = e.submission_id
    WHERE {THEIRS} AND e.{IN_TIME.format("e")} AND e.before <> e.after AND e.after = ANY(CAST(:outcomes AS text[]))
) AS happened GROUP BY agency, outcome
"""

# A step ends with the event of whoever answers for it, and began with the one that led into its state. What was
# withdrawn or replaced meanwhile nobody finished. The whole way is that of a full review.
DURATIONS = f"""
WITH calendar AS (
    SELECT * FROM unnest(CAST(:days AS date[]), CAST(:numbers AS int[])) AS calendar(day, number)
), ends AS (
    SELECT e.submission_id, e.id, e.before, e.created, s.agency, CASE
        WHEN e.before = 'returned' AND e.command = 'supersede' THEN 'correction'
        WHEN e.command NOT IN ('sign', 'return', 'reject') THEN NULL
        WHEN e.before = 'submitted' AND e.role = 'head' THEN 'agency'
        WHEN e.before = 'in_review' AND e.role IN ('cyberspace', 'bureau') THEN e.role END AS step
    FROM anshan_review_event e JOIN anshan_review_submission s ON s.id = e.submission_id
    WHERE {THEIRS} AND e.{IN_TIME.format("e")}
), steps AS (
    SELECT ends.step, ends.agency, began.created AS began, ends.created AS ended, began.due FROM ends
    CROSS JOIN LATERAL (
        SELECT b.created, b.due FROM anshan_review_event b
        WHERE b.submission_id = ends.submission_id AND b.id < ends.id AND b.after = ends.before AND b.before <> b.after
        ORDER BY b.id DESC LIMIT 1
    ) AS began WHERE ends.step IS NOT NULL
    UNION ALL
    SELECT 'whole', s.agency, s.created, e.created, NULL
    FROM anshan_review_event e JOIN anshan_review_submission s ON s.id = e.submission_id
    WHERE {THEIRS} AND e.{IN_TIME.format("e")} AND e.after = 'published' AND e.before = 'released' AND s.way = 'full'
), dated AS (
    SELECT step, agency, due, (began AT TIME ZONE :zone)::date AS first, (ended AT TIME ZONE :zone)::date AS last
    FROM steps
), counted AS (
    SELECT step, agency, dated.due, dated.last, until.number - since.number AS days FROM dated
    JOIN calendar since ON since.day = dated.first JOIN calendar until ON until.day = dated.last
)
SELECT step, agency, count(*) AS count,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY days) AS median,
    percentile_disc(0.9) WITHIN GROUP (ORDER BY days) AS ninth,
    count(due) AS limited, count(*) FILTER (WHERE last <= due) AS in_time
FROM counted GROUP BY GROUPING SETS ((step), (step, agency))
"""

RETURNS = f"""
SELECT r.place, e.role, count(*) AS remarks, count(DISTINCT e.id) AS returns
FROM anshan_review_remark r JOIN anshan_review_event e ON e.id = r.event_id
JOIN anshan_review_submission s ON s.id = e.submission_id
WHERE {THEIRS} AND e.command = 'return' AND e.{IN_TIME.format("e")}
GROUP BY r.place, e.role ORDER BY remarks DESC, r.place, e.role
"""

NOW = f"""
SELECT s.agency, g.name, g.title, min(s.created) AS first,
    count(*) FILTER (WHERE s.state = ANY(CAST(:open AS text[]))) AS open,
    count(*) FILTER (WHERE s.state = ANY(CAST(:open AS text[])) AND s.due < :today) AS late
FROM anshan_review_submission s LEFT JOIN "group" g ON g.id = s.agency
WHERE {THEIRS} GROUP BY s.agency, g.name, g.title ORDER BY g.title, g.name
"""


def scope(user: Any, agency: str) -> Agencies | Refusal:
    """Whose figures somebody sees: the offices everybody's, an agency's people their own.

    :param agency: id or name of the only one that is asked for; empty: all of them
    """
    who = finding.desk(user)
    own = None if who.is_office else who.writes
    if own == ():
        return Refusal("no_figures")
    if not agency:
        return own
    found = model.Group.get(agency)
    if found is None or not found.is_organization or (own is not None and found.id not in own):
        return Refusal("unknown")
    return (found.id,)


def period(since: str, until: str, today: date) -> tuple[date, date]:
    """The days that were asked for; a year until today where none were.

    :raises ValidationError: the last one is before the first
    """
    last = date.fromisoformat(until) if until else today
    first = date.fromisoformat(since) if since else last - timedelta(days=364)
    if first > last:
        raise tk.ValidationError({"until": [tk._("The last day is before the first. Choose a later one.")]})
    return first, last


def figures(since: date, until: date, agencies: Agencies) -> Told:
    """All of it, for the days from ``since`` to ``until``, both included."""
    given = _given(since, until, agencies)
    now = list(_run(NOW, given))
    counts = {(row.agency, row.outcome): row.count for row in _run(COUNTS, given)}
    first = min((row.first.astimezone(clock.zone()).date() for row in now), default=since)
    durations = list(_run(DURATIONS, given | _calendar(min(first, since), until)))
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "counts": {name: sum(n for (_, outcome), n in counts.items() if outcome == name) for name in OUTCOMES},
        "steps": _steps([row for row in durations if row.agency is None]),
        "returns": [row._asdict() for row in _run(RETURNS, given)],
        "under_way": {"open": sum(row.open for row in now), "late": sum(row.late for row in now)},
        "agencies": [_agency(row, counts, durations) for row in now],
    }


def _run(statement: str, given: Mapping[str, Any]) -> Iterator[Any]:
    return iter(model.Session.connection().execute(sa.text(statement), given))


def _given(since: date, until: date, agencies: Agencies) -> Told:
    zone = clock.zone()
    return {
        "since": datetime.combine(since, time(), zone),
        "until": datetime.combine(until + timedelta(days=1), time(), zone),
        "zone": str(zone),
        "today": clock.today(),
        "everybody": agencies is None,
        "agencies": list(agencies or ()),
        "outcomes": [name for name in OUTCOMES if name != "submitted"],  # that is the submission itself
        "open": [state.value for state in OPEN],
    }


def _calendar(first: date, last: date) -> Told:
    """Each day, and how many working days there are until it: two such numbers are as far apart as their days."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    numbers, number = [], 0
    for day in days:
        number += workdays.is_working_day(day)
        numbers.append(number)
    return {"days": days, "numbers": numbers}


def _steps(rows: Sequence[Any]) -> list[Told]:
    found = {row.step: row for row in rows}
    return [_step(name, found[name]) for name in STEPS if name in found]


def _step(name: str, row: Any) -> Told:
    return {
        "step": name,
        "count": row.count,
        "median": row.median,
        "ninth": row.ninth,
        "limited": row.limited,
        "in_time": row.in_time,
    }


def _agency(row: Any, counts: Mapping[tuple[str, str], int], durations: Sequence[Any]) -> Told:
    own = {each.step: each for each in durations if each.agency == row.agency}
    whole = own.get("whole")
    return {
        "id": row.agency,
        "name": row.name or "",
        "title": row.title or row.name or "",
        **{name: counts.get((row.agency, name), 0) for name in OUTCOMES},
        "median": whole.median if whole else None,
        "limited": sum(own[name].limited for name in OWN_STEPS if name in own),
        "in_time": sum(own[name].in_time for name in OWN_STEPS if name in own),
        "open": row.open,
        "late": row.late,
    }

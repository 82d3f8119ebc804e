"""The public register of applications for opening and their results (申请结果公示): nobody in it can be told apart.

Who applied isn't in it, nor a word that anybody wrote; a kind of applicant or of purpose that few have is left out.
What agencies share among themselves isn't in it. A dataset is named only while it is public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ..applicants import parties
from ..release import offers
from ..workflow import clock
from . import messages
from .applications import run
from .rules import Ground, Result

Told = dict[str, Any]
FEW = 5  # different applicants of a kind; with fewer the kind would say who it was
RESULTS = (*(result.value for result in Result), "refused", "open", "withdrawn")

RESULT = """CASE WHEN ground <> '' THEN 'refused' WHEN result <> '' THEN result
    WHEN state IN ('submitted', 'supplement') THEN 'open' ELSE 'withdrawn' END"""
PUBLIC = "kind = 'opening' AND submitted IS NOT NULL"
WHICH = f"""
    (:agency = '' OR agency = :agency)
    AND (:year = '' OR submitted >= make_date(CAST(:year0 AS int), 1, 1)::timestamp AT TIME ZONE :zone
        AND submitted < make_date(CAST(:year0 AS int) + 1, 1, 1)::timestamp AT TIME ZONE :zone)
    AND (:result = '' OR {RESULT} = :result)
    AND (:dataset = '' OR EXISTS (SELECT FROM anshan_application_item AS item
        WHERE item.application_id = application.id AND :dataset IN (item.dataset_id, item.dataset_name)))
"""
ROWS = sa.text(f"""
SELECT agency, applicant_kind, content ->> 'purpose_kind' AS purpose_kind,
    to_char(submitted AT TIME ZONE :zone, 'YYYY-MM') AS month,
    {RESULT} AS result, ground, days, is_late OR (state = 'submitted' AND due < :today) AS is_late,
    (SELECT array_agg(dataset_id ORDER BY position) FROM anshan_application_item WHERE application_id = application.id)
        AS datasets
FROM anshan_application_application AS application WHERE {PUBLIC} AND {WHICH}
ORDER BY date_trunc('month', submitted AT TIME ZONE :zone) DESC, md5(id) LIMIT :limit OFFSET :offset
""")
"""Within a month in no order: the order of arrival is nobody's business."""
FIGURES = sa.text(f"""
SELECT GROUPING(agency, ground, year) AS level, agency, ground, year, count(*) AS applied,
    count(*) FILTER (WHERE answered IS NOT NULL) AS answered, count(*) FILTER (WHERE result = 'whole') AS whole,
    count(*) FILTER (WHERE result = 'part') AS part, count(*) FILTER (WHERE result = 'refused') AS refused,
    count(*) FILTER (WHERE result = 'open') AS open, count(*) FILTER (WHERE result = 'withdrawn') AS withdrawn,
    count(*) FILTER (WHERE is_late AND answered IS NOT NULL) AS late,
    count(*) FILTER (WHERE result = 'open' AND state = 'submitted' AND due < :today) AS overdue,
    coalesce(round(avg(days), 1), 0)::float AS days
FROM (SELECT agency, ground, extract(year FROM submitted AT TIME ZONE :zone)::int AS year, answered, is_late, state,
        due, days, {RESULT} AS result
    FROM anshan_application_application AS application WHERE {PUBLIC} AND {WHICH}) AS chosen
GROUP BY GROUPING SETS ((), (agency), (ground), (year))
""")
TELLABLE = sa.text(f"""
WITH newest AS MATERIALIZED (
    SELECT applicant_kind, content ->> 'purpose_kind' AS purpose_kind, party_id FROM anshan_application_application
    WHERE id IN (SELECT id FROM anshan_application_application WHERE {PUBLIC} ORDER BY submitted DESC LIMIT 2000)
)
SELECT 'applicant' AS what, applicant_kind AS kind FROM newest GROUP BY 2 HAVING count(DISTINCT party_id) >= {FEW}
UNION ALL
SELECT 'purpose', purpose_kind FROM newest GROUP BY 2 HAVING count(DISTINCT party_id) >= {FEW}
""")
"""Kinds that several have: among the newest alone, so that it costs the same however many there were."""
ALL, AGENCY, GROUND, YEAR = 0b111, 0b011, 0b101, 0b110


def of(asked: Mapping[str, Any]) -> Told:
    """As ``anshan_application_register`` answers; eight statements, however many there are."""
    values = _values(asked)
    rows = list(run(ROWS, {**values, "limit": asked["limit"], "offset": asked["offset"]}))
    if not asked["figures"]:
        return {"applications": _listed(rows, _titles({row.agency for row in rows}))}
    return _with_figures(asked, values, rows)


def _with_figures(asked: Mapping[str, Any], values: Mapping[str, Any], rows: Sequence[Any]) -> Told:
    levels: dict[int, list[Any]] = {}
    for row in run(FIGURES, values):
        levels.setdefault(row.level, []).append(row)
    agencies = [row.agency for row in levels.get(AGENCY, ())]
    titles = _titles({row.agency for row in rows} | set(agencies))
    total = _figures(levels[ALL][0])
    return {
        "count": total["applied"],
        "applications": _listed(rows, titles),
        "figures": total,
        "grounds": _grounds(levels.get(GROUND, ())),
        "agencies": _agencies(levels.get(AGENCY, ()), titles),
        "years": sorted((row.year for row in levels.get(YEAR, ())), reverse=True),
        "dataset": _named(asked["dataset"]),
    }


def _values(asked: Mapping[str, Any]) -> Told:
    named = {name: asked[name] for name in ("agency", "result", "dataset", "year")}
    return {**named, "year0": int(asked["year"] or 2000), "today": clock.today(), "zone": str(clock.zone())}


def _listed(rows: Sequence[Any], titles: Mapping[str, str]) -> list[Told]:
    public = _public(sorted({id for row in rows for id in row.datasets or ()}))
    tellable = {(row.what, row.kind) for row in run(TELLABLE)} if rows else set()
    return [_row(row, public, tellable, titles) for row in rows]


def _row(row: Any, public: Mapping[str, Told], tellable: set[tuple[str, str]], titles: Mapping[str, str]) -> Told:
    is_common = ("applicant", row.applicant_kind) in tellable
    return {
        "datasets": [public[id] for id in row.datasets or () if id in public],
        "hidden": sum(id not in public for id in row.datasets or ()),
        "agency": row.agency,
        "agency_title": titles.get(row.agency, ""),
        "applicant_kind": row.applicant_kind if is_common else "",
        "purpose_kind": row.purpose_kind if ("purpose", row.purpose_kind) in tellable else "",
        "month": row.month,
        "result": row.result,
        "ground": row.ground,
        "ground_words": messages.GROUNDS[Ground(row.ground)]() if row.ground else "",
        "days": row.days,
        "is_late": row.is_late,
    }


def _public(ids: Sequence[str]) -> dict[str, Told]:
    """Of these datasets those that anybody can see now."""
    found = offers.offers(ids) if ids else {}
    return {
        id: {"id": id, "name": one.name, "title": one.title}
        for id, one in found.items()
        if one.state == "published" and not one.is_suspended and one.opening_class != "closed"
    }


def _named(dataset: str) -> Told | None:
    return next(iter(_public([dataset]).values()), None) if dataset else None


def _figures(row: Any) -> Told:
    named = ("applied", "answered", "whole", "part", "refused", "open", "withdrawn", "late", "overdue", "days")
    told = {name: getattr(row, name) for name in named}
    measured = told["answered"] + told["overdue"]
    in_time = told["answered"] - told["late"]
    return {**told, "timely": round(100 * in_time / measured, 1) if measured else None}


def _grounds(rows: Sequence[Any]) -> list[Told]:
    told = [
        {"ground": row.ground, "words": messages.GROUNDS[Ground(row.ground)](), "count": row.applied}
        for row in rows
        if row.ground
    ]
    return sorted(told, key=lambda one: (-one["count"], one["ground"]))


def _agencies(rows: Sequence[Any], titles: Mapping[str, str]) -> list[Told]:
    told = [{"id": row.agency, "title": titles.get(row.agency, ""), **_figures(row)} for row in rows]
    return sorted(told, key=lambda one: (-one["applied"], one["title"]))


def _titles(ids: set[str]) -> dict[str, str]:
    shown = parties.shown({(parties.AGENCY, id) for id in ids})
    return {id: told["name"] for (_, id), told in shown.items()}

"""What is published, for the open list and its figures: a few statements, however much there is."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from .model import WITHHELD, file, release, run, suspension
from .rules import HAS_DATASET, HAS_FILES, OpeningClass, State, opening_basis

Row = dict[str, Any]

PUBLISHED = release.c.state == State.PUBLISHED.value
OWNER = release.c.metadata["owner_org"].astext
FIELDS = release.c.metadata["fields"]
DUE = FIELDS["next_update_due"].astext
IN_ORDER = sa.case({one.value: at for at, one in enumerate(OpeningClass)}, value=release.c.opening_class)
OPEN = release.c.opening_class.in_([one.value for one in HAS_DATASET])


def mark() -> tuple[Any, ...]:
    """Another value whenever something was published, suspended or taken back; cheap enough to ask each time."""
    which = sa.func.sum(sa.func.hashtext(release.c.id).cast(sa.BigInteger))
    off = sa.select(sa.func.count() + sa.func.count(suspension.c.lifted)).scalar_subquery()  # files, one by one
    query = sa.select(sa.func.count(), sa.func.max(release.c.published), which, off).where(PUBLISHED)
    return tuple(run(query).one())


def by_facts(today: datetime.date) -> list[sa.Row[Any]]:
    """How many there are of each ``agency_id``, ``opening_class``, ``district``, ``cycle``, ``late``, ``is_new``.

    ``late``: the next update was due before today; none where no date is set. ``is_new``: of today.
    """
    due = sa.case((DUE.op("~")(r"^\d{4}-\d{2}-\d{2}$"), today.isoformat() > DUE), else_=None)
    facts = (
        OWNER.label("agency_id"),
        release.c.opening_class,
        FIELDS["district"].astext.label("district"),
        FIELDS["update_cycle"].astext.label("cycle"),
        due.label("late"),
        (release.c.release_date == today).label("is_new"),
    )
    return list(run(sa.select(*facts, sa.func.count().label("number")).where(PUBLISHED).group_by(*facts)))


def open_files() -> list[sa.Row[Any]]:
    """The files that are open to everybody: ``sha256``, ``name``, ``size``, ``dataset_id``, ``entry_id``, ``title``."""
    about = (release.c.dataset_id, release.c.entry_id, release.c.metadata["title"].astext.label("title"))
    query = sa.select(file.c.sha256, file.c.name, file.c.size, *about).join(release, release.c.id == file.c.release_id)
    is_open = release.c.opening_class.in_([one.value for one in HAS_FILES])
    return list(run(query.where(PUBLISHED, is_open, ~WITHHELD).order_by(release.c.published, file.c.sha256)))


def by_theme() -> dict[str, int]:
    """How many open datasets are in each theme."""
    held = sa.func.jsonb_array_elements_text(release.c.metadata["groups"]).table_valued("value")
    group = model.group_table
    query = (
        sa.select(group.c["name"], sa.func.count())
        .select_from(release.join(held, sa.true()).join(group, group.c["id"] == held.c.value))
        .where(PUBLISHED, OPEN)
        .group_by(group.c["name"])
    )
    return {row[0]: row[1] for row in run(query)}


def by_format() -> dict[str, int]:
    """In how many open datasets there is a file of each format."""
    query = (
        sa.select(file.c.format, sa.func.count(sa.distinct(file.c.release_id)))
        .join(release, release.c.id == file.c.release_id)
        .where(PUBLISHED, release.c.opening_class.in_([one.value for one in HAS_FILES]), ~WITHHELD)
        .group_by(file.c.format)
    )
    return {row[0]: row[1] for row in run(query)}


def by_month() -> list[sa.Row[Any]]:
    """How many ``new`` datasets and ``more`` versions of known ones have their date in each ``month`` (2026-11).

    Of what is public now: what was closed or taken down since isn't told.
    """
    month = sa.func.to_char(release.c.release_date, "YYYY-MM").label("month")
    is_first = release.c.version == 1
    public = release.alias("public")
    shown = public.c.opening_class.in_([one.value for one in HAS_DATASET])
    still = sa.exists().where(
        public.c.dataset_id == release.c.dataset_id, public.c.state == State.PUBLISHED.value, shown
    )
    new, more = (sa.func.count().filter(is_first).label("new"), sa.func.count().filter(~is_first).label("more"))
    query = sa.select(month, new, more).where(release.c.published.is_not(None), OPEN, still)
    return list(run(query.group_by(month).order_by(month)))


def titles(dataset_ids: Sequence[str]) -> dict[str, Row]:
    """``name`` and ``title`` of those of these datasets that are open."""
    query = sa.select(release.c.dataset_id, release.c.dataset_name, release.c.metadata["title"].astext.label("title"))
    rows = run(query.where(PUBLISHED, OPEN, release.c.dataset_id.in_(dataset_ids)))
    return {row.dataset_id: {"name": row.dataset_name, "title": row.title} for row in rows}


def agencies(ids: Sequence[str]) -> dict[str, Row]:
    """``name`` and ``title`` of agencies, by id."""
    group = model.group_table
    query = sa.select(group.c["id"], group.c["name"], group.c["title"]).where(group.c["id"].in_(ids))
    return {row.id: {"name": row.name, "title": row.title or row.name} for row in run(query)}


def count(chosen: Mapping[str, str], classes: Sequence[str]) -> int:
    """How many items ``items`` gives in all."""
    return int(run(_chosen(sa.select(sa.func.count()), chosen, classes)).scalar() or 0)


def items(chosen: Mapping[str, str], classes: Sequence[str], start: int, limit: int) -> list[Row]:
    """The published of these classes, by agency, class and code; as ``rules.listed`` says what of each is told.

    :param chosen: ``agency`` and ``theme`` (names), ``opening_class``; empty ones choose nothing
    """
    group = model.group_table
    own = file.c.release_id == release.c.id
    formats = sa.select(sa.func.array_agg(sa.distinct(file.c.format))).where(own, ~WITHHELD)
    columns = (
        release.c.opening_class,
        release.c.dataset_name.label("name"),
        release.c.metadata["title"].astext.label("title"),
        group.c["name"].label("agency"),
        group.c["title"].label("agency_title"),
        FIELDS.label("fields"),
        release.c.version,
        release.c.release_date,
        formats.scalar_subquery().label("formats"),
    )
    query = _chosen(sa.select(*columns), chosen, classes)
    order = (group.c["title"], group.c["name"], IN_ORDER, release.c.code, release.c.id)
    return [_item(row) for row in run(query.order_by(*order).offset(start).limit(limit))]


def _chosen(query: sa.Select[Any], chosen: Mapping[str, str], classes: Sequence[str]) -> sa.Select[Any]:
    group = model.group_table
    query = query.select_from(release.outerjoin(group, group.c["id"] == OWNER))
    query = query.where(PUBLISHED, release.c.opening_class.in_(classes))
    if chosen.get("agency"):
        query = query.where(group.c["name"] == chosen["agency"], group.c["is_organization"])
    if chosen.get("opening_class"):
        query = query.where(release.c.opening_class == chosen["opening_class"])
    if chosen.get("theme"):
        named = group.alias("named")
        theme = sa.select(named.c["id"]).where(named.c["name"] == chosen["theme"], ~named.c["is_organization"])
        query = query.where(release.c.metadata["groups"].has_key(theme.scalar_subquery()))
    return query


def _item(row: Any) -> Row:
    found = {name: getattr(row, name) for name in ("opening_class", "name", "title", "agency", "version")}
    return found | {
        "agency_title": row.agency_title or row.agency or "",
        "basis": opening_basis(row.fields),
        "update_cycle": row.fields.get("update_cycle", ""),
        "formats": _formats(row),
        "release_date": row.release_date.isoformat(),
    }


def _formats(row: Any) -> list[str]:
    """Those of the files; of files that nobody gets without asking, those that the agency names."""
    if OpeningClass(row.opening_class) in HAS_FILES:
        return sorted(row.formats or ())
    named = json.loads(row.fields.get("data_formats") or "[]")
    return [str(one) for one in named] if isinstance(named, list) else []

"""Entries as they stand, many at a time with a few SQL statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .model import files_of, release, run

Entry = dict[str, Any]

COLUMNS = "id, name, title, notes, license_id, owner_org, extras"
FIND = sa.text(
    f"SELECT {COLUMNS} FROM package WHERE type = 'entry' AND state = 'active'"
    " AND (id = ANY(:keys) OR name = ANY(:keys) OR extras->>'code' = ANY(:keys))"
)
TAGS = sa.text(
    "SELECT package_id, array_agg(tag.name) FROM package_tag JOIN tag ON tag.id = tag_id"
    " WHERE package_id = ANY(:ids) AND package_tag.state = 'active' GROUP BY package_id"
)
GROUPS = sa.text(
    'SELECT table_id, array_agg(member.group_id) FROM member JOIN "group" ON "group".id = group_id'
    " WHERE table_name = 'package' AND table_id = ANY(:ids) AND member.state = 'active'"
    ' AND NOT "group".is_organization AND "group".state = \'active\' GROUP BY table_id'
)


def find(keys: Sequence[str]) -> dict[str, Entry]:
    """The active entries with these codes, names or ids, by what they were asked for."""
    rows = [row._asdict() | {"extras": row.extras or {}} for row in run(FIND, {"keys": list(keys)})]
    ids = {"ids": [row["id"] for row in rows]}
    tags = {id: names for id, names in run(TAGS, ids)}  # noqa: C416
    groups = {id: names for id, names in run(GROUPS, ids)}  # noqa: C416
    asked, found = set(keys), {}
    for row in rows:
        entry = row | {"tags": tags.get(row["id"], []), "groups": groups.get(row["id"], [])}
        names = (row["id"], row["name"], row["extras"].get("code"))
        found.update({name: entry for name in names if name in asked})
    return found


LATEST = sa.text(
    "SELECT DISTINCT ON (entry_id) entry_id, dataset_name, version, state, release_date, opening_class"
    " FROM anshan_release_release WHERE entry_id = ANY(:ids) ORDER BY entry_id, version DESC"
)


def latest(ids: Sequence[str]) -> dict[str, Entry]:
    """The newest version of each of these entries: ``dataset_name``, ``version``, ``state``, ``release_date``."""
    return {row.entry_id: row._asdict() for row in run(LATEST, {"ids": list(ids)})} if ids else {}


def last_version(entry_id: str, version: int | None = None, before: str = "") -> Entry | None:
    """The newest version that was published of an entry, whoever may see it now; or the one with a number.

    What was open in an emergency and never confirmed is the newest only where there is nothing else.

    :param before: id of a submission: only versions before the one that it became, if it has become one
    :returns: ``id``, ``version``, ``state``, ``opening_class``, ``release_date``, ``metadata``, ``submission`` and
        ``files``: ``name``, ``sha256``, ``size``, ``format``, ``mimetype`` of each
    """
    own, newest = release.c.entry_id == entry_id, (release.c.state == "lapsed", release.c.version.desc())
    query = sa.select(release).where(own, release.c.published.is_not(None)).order_by(*newest).limit(1)
    if version is not None:
        query = query.where(release.c.version == version)
    if before:
        became = sa.select(sa.func.min(release.c.version)).where(own, release.c.submission == before).scalar_subquery()
        query = query.where(release.c.version < sa.func.coalesce(became, release.c.version + 1))
    row = run(query).first()
    if row is None:
        return None
    facts = {name: getattr(row, name) for name in ("id", "version", "state", "opening_class", "metadata", "submission")}
    named = ("name", "sha256", "size", "format", "mimetype")
    listed = [{name: getattr(one, name) for name in named} for one in files_of([row.id])[row.id]]
    return facts | {"release_date": row.release_date.isoformat(), "files": listed}


STANDINGS = sa.text("""
SELECT DISTINCT ON (release.entry_id) release.entry_id, release.dataset_id, dataset_name, version, state,
    opening_class, basis, submission, release.id AS release_id, until,
    EXISTS (
        SELECT FROM anshan_release_suspension AS suspension
        WHERE suspension.dataset_id = release.dataset_id AND lifted IS NULL AND scope = 'dataset'
    ) AS is_taken_off
FROM anshan_release_release AS release
WHERE entry_id = ANY(:ids) AND published IS NOT NULL
ORDER BY release.entry_id, state = 'published' DESC, state <> 'lapsed' DESC, version DESC
""")


@dataclass(frozen=True)
class Standing:
    """What is public of an entry: the published version, or what became of the newest one."""

    dataset_id: str
    dataset_name: str
    version: int
    state: str  # rules.State
    opening_class: str
    basis: str  # rules.Basis
    submission: str  # id of the one that opened it
    release_id: str
    until: datetime | None  # open in an emergency until then, not confirmed
    is_taken_off: bool  # the whole dataset is suspended: nothing may be published of it

    @property
    def is_suspended(self) -> bool:
        """The dataset, or the version that it stands for."""
        return self.is_taken_off or self.state == "suspended"


def standings(entry_ids: Sequence[str]) -> dict[str, Standing]:
    """Of each of these entries of which something was ever published, with one statement."""
    found = {row.entry_id: row._asdict() for row in run(STANDINGS, {"ids": list(entry_ids)})} if entry_ids else {}
    return {id: Standing(**{name: row[name] for name in Standing.__dataclass_fields__}) for id, row in found.items()}


def standing(entry_id: str) -> Standing | None:
    return standings([entry_id]).get(entry_id)


def of_submission(id: str) -> str | None:
    """Id of the release that a submission became, if it did."""
    return run(sa.select(release.c.id).where(release.c.submission == id)).scalars().first()

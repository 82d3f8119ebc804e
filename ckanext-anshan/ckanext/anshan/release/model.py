"""Releases and their files. What was signed can't be changed, not even by hand: triggers refuse it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

DEMO = "鞍数发〔2026〕演示1号"  # number under which the demo is released

release = sa.Table(
    "anshan_release_release",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False),  # id of the public package, the same for every version
    sa.Column("dataset_name", sa.Text, nullable=False),  # its name in addresses, the same for every version
    sa.Column("entry_id", sa.Text, nullable=False),  # id of the private package; never shown in public
    sa.Column("code", sa.Text, nullable=False),  # code of the entry
    sa.Column("version", sa.Integer, nullable=False),  # 1, 2, 3 … within the dataset
    sa.Column("state", sa.Text, nullable=False),  # rules.State
    sa.Column("opening_class", sa.Text, nullable=False),  # rules.OpeningClass
    sa.Column("metadata", JSONB, nullable=False),  # the public fields as published
    sa.Column("sharing", JSONB, nullable=False, server_default="{}"),  # rules.sharing_terms as approved; never public
    sa.Column("metadata_hash", sa.Text, nullable=False),  # SHA-256 of the canonical JSON of metadata, hex
    sa.Column("content_hash", sa.Text, nullable=False),  # SHA-256 over metadata and files, hex
    sa.Column("approval", sa.Text, nullable=False),  # number of the document that approved it
    sa.Column("release_date", sa.Date, nullable=False),  # the day from which the data is open
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("published", sa.DateTime(timezone=True)),
    sa.Column("basis", sa.Text, nullable=False, server_default="earlier"),  # rules.Basis
    sa.Column("submission", sa.Text, nullable=False, server_default=""),  # id of the submission that was signed
    sa.Column("trail", JSONB, nullable=False, server_default="{}"),  # number, hash, scan_hash, signatures
    sa.Column("keeps_versions", sa.Boolean, nullable=False, server_default="false"),  # its reviewers said so
    sa.Column("until", sa.DateTime(timezone=True)),  # an emergency closes then, unless it is confirmed
    sa.UniqueConstraint("dataset_id", "version", name="anshan_release_release_version"),
    sa.Index(
        "anshan_release_release_current", "dataset_id", unique=True, postgresql_where=sa.text("state = 'published'")
    ),
    sa.Index("anshan_release_release_entry", "entry_id"),
    sa.Index("anshan_release_release_name", "dataset_name"),
    sa.Index("anshan_release_release_submission", "submission", postgresql_where=sa.text("submission <> ''")),
)

file = sa.Table(
    "anshan_release_file",
    metadata,
    sa.Column("release_id", sa.Text, sa.ForeignKey("anshan_release_release.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),  # as in the address and in the download
    sa.Column("resource_id", sa.Text, nullable=False),  # the same for the same name in every version
    sa.Column("sha256", sa.Text, nullable=False),  # hex; the file's place in the vault
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes
    sa.Column("format", sa.Text, nullable=False),  # CSV, XLSX …
    sa.Column("mimetype", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),  # from 0
    sa.Index("anshan_release_file_resource", "resource_id"),
)

suspension = sa.Table(
    "anshan_release_suspension",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False),
    sa.Column("dataset_name", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),  # rules.Scope
    sa.Column("version", sa.Integer),  # of a version; else none
    sa.Column("file_name", sa.Text, nullable=False, server_default=""),
    sa.Column("sha256", sa.Text, nullable=False, server_default=""),  # of a file: these bytes, in every version
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("lifted", sa.DateTime(timezone=True)),
    sa.Index("anshan_release_suspension_name", "dataset_name", "created"),
)
sa.Index(
    "anshan_release_suspension_open",
    suspension.c.dataset_id,
    suspension.c.scope,
    sa.func.coalesce(suspension.c.version, 0),
    suspension.c.sha256,
    unique=True,
    postgresql_where=sa.text("lifted IS NULL"),
)

lift = sa.Table(
    "anshan_release_lift",
    metadata,
    sa.Column("suspension_id", sa.Text, sa.ForeignKey(suspension.c.id), primary_key=True),
    sa.Column("office", sa.Text, primary_key=True),  # rules.Role: cyberspace or bureau
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.UniqueConstraint("suspension_id", "user_id", name="anshan_release_lift_person"),
    sa.UniqueConstraint("suspension_id", "organization_id", name="anshan_release_lift_organization"),
)

retirement = sa.Table(
    "anshan_release_retirement",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False),
    sa.Column("dataset_name", sa.Text, nullable=False),
    sa.Column("release_id", sa.Text, sa.ForeignKey(release.c.id), nullable=False, unique=True),  # the last version
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("article", sa.Text, nullable=False),
    sa.Column("submission", sa.Text, nullable=False),  # id of the one that was signed
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index("anshan_release_retirement_dataset", "dataset_id"),
)

damage = sa.Table(
    "anshan_release_damage",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),  # of a released file that isn't whole in the vault just now
    sa.Column("problem", sa.Text, nullable=False),  # missing or damaged
    sa.Column("found", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)


def run(statement: Any, values: Any = None) -> sa.CursorResult[Any]:
    """Execute in CKAN's session, in the caller's transaction."""
    return model.Session.connection().execute(statement, values)


def history(entry_ids: Sequence[str]) -> dict[str, list[sa.Row[Any]]]:
    """The releases of each entry, oldest first, without their metadata."""
    columns = [column for column in release.c if column is not release.c.metadata]
    query = sa.select(*columns).where(release.c.entry_id.in_(entry_ids)).order_by(release.c.version)
    found: dict[str, list[sa.Row[Any]]] = {id: [] for id in entry_ids}
    for row in run(query):
        found[row.entry_id].append(row)
    return found


def versions(dataset_id: str) -> list[sa.Row[Any]]:
    """The releases of one dataset, newest first."""
    return list(run(sa.select(release).where(release.c.dataset_id == dataset_id).order_by(release.c.version.desc())))


def files_of(release_ids: Sequence[str]) -> dict[str, list[sa.Row[Any]]]:
    """The files of each release, in their order."""
    found: dict[str, list[sa.Row[Any]]] = {id: [] for id in release_ids}
    for row in run(sa.select(file).where(file.c.release_id.in_(release_ids)).order_by(file.c.position)):
        found[row.release_id].append(row)
    return found


def current(dataset_ids: Sequence[str]) -> dict[str, sa.Row[Any]]:
    """What is published of each dataset."""
    query = sa.select(release).where(release.c.dataset_id.in_(dataset_ids), release.c.state == "published")
    return {row.dataset_id: row for row in run(query)}


OPEN_SUSPENSION = suspension.c.lifted.is_(None)
WITHHELD = sa.exists().where(  # this file of this release is suspended as such, whatever its version is
    OPEN_SUSPENSION,
    suspension.c.scope == "file",
    suspension.c.dataset_id == release.c.dataset_id,
    suspension.c.sha256 == file.c.sha256,
)


def current_file(resource_id: str) -> sa.Row[Any] | None:
    """The file that a resource stands for now, with the class and metadata of its release; none that is suspended."""
    query = (
        sa.select(
            file,
            release.c.dataset_id,
            release.c.dataset_name,
            release.c.version,
            release.c.state,
            release.c.opening_class,
            release.c.metadata,
        )
        .join(release, release.c.id == file.c.release_id)
        .where(file.c.resource_id == resource_id, release.c.state == "published", ~WITHHELD)
    )
    return run(query).first()


LAST_OPEN_FILE = sa.text(
    "SELECT dataset_name, version, name FROM anshan_release_release AS release"
    " JOIN anshan_release_file AS file ON release_id = release.id"
    " WHERE resource_id = :id AND opening_class = 'unconditional' AND published IS NOT NULL"
    " ORDER BY version DESC LIMIT 1"
)


def last_open_file(resource_id: str) -> sa.Row[Any] | None:
    """The newest version of a file that everybody could have, whatever became of it since."""
    return run(LAST_OPEN_FILE, {"id": resource_id}).first()


HEAD = """
SELECT * FROM anshan_release_release AS head
WHERE {which} AND head.published IS NOT NULL
ORDER BY head.state = 'published' DESC, head.state <> 'lapsed' DESC, head.version DESC LIMIT 1
"""
FIND_FILE = f"""
SELECT file.*, release.dataset_id, release.dataset_name, release.version, release.state, release.opening_class,
    now.opening_class AS current_class, now.state AS current_state, now.keeps_versions,
    EXISTS (
        SELECT FROM anshan_release_suspension AS suspension
        WHERE suspension.dataset_id = release.dataset_id AND lifted IS NULL AND (
            scope = 'dataset' OR scope = 'version' AND suspension.version = release.version
            OR scope = 'file' AND suspension.sha256 = file.sha256)
    ) AS is_suspended,
    EXISTS (SELECT FROM anshan_release_damage AS damage WHERE damage.sha256 = file.sha256) AS is_damaged
FROM anshan_release_release AS release
JOIN LATERAL ({HEAD.format(which="head.dataset_id = release.dataset_id")}) AS now ON true
JOIN anshan_release_file AS file ON file.release_id = release.id
WHERE (release.dataset_name = :dataset OR release.dataset_id = :dataset) AND file.name = :name AND
"""
FIND_PUBLISHED = sa.text(f"{FIND_FILE} release.id = now.id")
FIND_VERSION = sa.text(f"{FIND_FILE} release.version = :version AND release.published IS NOT NULL")
# As text: asked with each download, and otherwise put together anew each time, which takes longer than to answer it.


def find_file(dataset: str, version: int | None, name: str) -> sa.Row[Any] | None:
    """One file of one version (the newest one without a number), with what decides about it.

    :param dataset: name or id of the dataset
    """
    chosen, given = (FIND_PUBLISHED, {}) if version is None else (FIND_VERSION, {"version": version})
    return run(chosen, {"dataset": dataset, "name": name, **given}).first()


HEAD_OF = sa.text(HEAD.format(which="(head.dataset_name = :dataset OR head.dataset_id = :dataset)"))
HEADS = sa.text(
    "SELECT DISTINCT ON (entry_id) * FROM anshan_release_release"
    " WHERE entry_id = ANY(:ids) AND published IS NOT NULL"
    " ORDER BY entry_id, state = 'published' DESC, state <> 'lapsed' DESC, version DESC"
)


def head_of(dataset: str) -> sa.Row[Any] | None:
    """The version that a dataset (by name or id) stands for: the published one, or what became of the newest."""
    return run(HEAD_OF, {"dataset": dataset}).first()


def heads(entry_ids: Sequence[str]) -> dict[str, sa.Row[Any]]:
    """The same of many entries, by their ids."""
    return {row.entry_id: row for row in run(HEADS, {"ids": list(entry_ids)})} if entry_ids else {}


def release_of(id: str) -> sa.Row[Any] | None:
    return run(sa.select(release).where(release.c.id == id)).first()


def suspensions(dataset_ids: Sequence[str]) -> list[sa.Row[Any]]:
    """What is suspended of these datasets just now."""
    query = sa.select(suspension).where(suspension.c.dataset_id.in_(dataset_ids), OPEN_SUSPENSION)
    return list(run(query.order_by(suspension.c.created, suspension.c.id))) if dataset_ids else []


def lifts_of(suspension_ids: Sequence[str]) -> dict[str, list[sa.Row[Any]]]:
    """The offices that agreed to lift each of these, the first first."""
    found: dict[str, list[sa.Row[Any]]] = {id: [] for id in suspension_ids}
    query = sa.select(lift).where(lift.c.suspension_id.in_(suspension_ids)).order_by(lift.c.created)
    for row in run(query) if suspension_ids else ():
        found[row.suspension_id].append(row)
    return found


def retirement_of(dataset_id: str) -> sa.Row[Any] | None:
    """The last one of this dataset."""
    query = sa.select(retirement).where(retirement.c.dataset_id == dataset_id)
    return run(query.order_by(retirement.c.created.desc()).limit(1)).first()


OTHERS = sa.text(
    "SELECT EXISTS (SELECT FROM anshan_release_release WHERE basis NOT IN ('demo', 'earlier')"
    " OR (basis = 'earlier' AND approval <> :demo))"
)


def is_demo_alone() -> bool:
    """Whether nothing but the demo was ever released here; before the basis was kept, its number told."""
    return not run(OTHERS, {"demo": DEMO}).scalar()


def taken_names(names: Sequence[str]) -> set[str]:
    """Which of these names a package has or a dataset had."""
    packages = run(sa.text("SELECT name FROM package WHERE name = ANY(:names)"), {"names": list(names)}).scalars()
    datasets = run(sa.select(release.c.dataset_name).where(release.c.dataset_name.in_(names))).scalars()
    return {*packages, *datasets}

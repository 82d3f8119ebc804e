"""Releases and their files. What was signed can't be changed, not even by hand: triggers refuse it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

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
    sa.Column("metadata_hash", sa.Text, nullable=False),  # SHA-256 of the canonical JSON of metadata, hex
    sa.Column("content_hash", sa.Text, nullable=False),  # SHA-256 over metadata and files, hex
    sa.Column("approval", sa.Text, nullable=False),  # number of the document that approved it
    sa.Column("release_date", sa.Date, nullable=False),  # the day from which the data is open
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("published", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("dataset_id", "version", name="anshan_release_release_version"),
    sa.Index(
        "anshan_release_release_current", "dataset_id", unique=True, postgresql_where=sa.text("state = 'published'")
    ),
    sa.Index("anshan_release_release_entry", "entry_id"),
    sa.Index("anshan_release_release_name", "dataset_name"),
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


def current_file(resource_id: str) -> sa.Row[Any] | None:
    """The file that a resource stands for now, with the class and metadata of its release."""
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
        .where(file.c.resource_id == resource_id, release.c.state == "published")
    )
    return run(query).first()


FIND_FILE = """
SELECT file.*, release.dataset_id, release.dataset_name, release.version, release.state, now.opening_class
FROM anshan_release_release AS release
JOIN anshan_release_release AS now ON now.dataset_id = release.dataset_id AND now.state = 'published'
JOIN anshan_release_file AS file ON file.release_id = release.id
WHERE (release.dataset_name = :dataset OR release.dataset_id = :dataset) AND file.name = :name AND
"""
FIND_PUBLISHED = sa.text(f"{FIND_FILE} release.state = 'published'")
FIND_VERSION = sa.text(f"{FIND_FILE} release.version = :version")
# As text: asked with each download, and otherwise put together anew each time, which takes longer than to answer it.


def find_file(dataset: str, version: int | None, name: str) -> sa.Row[Any] | None:
    """One file of one version (the published one without a number), with what decides about it.

    :param dataset: name or id of the dataset
    """
    chosen, given = (FIND_PUBLISHED, {}) if version is None else (FIND_VERSION, {"version": version})
    return run(chosen, {"dataset": dataset, "name": name, **given}).first()


def published_of(dataset: str) -> sa.Row[Any] | None:
    """What is published of a dataset, by its name or id."""
    named = sa.or_(release.c.dataset_name == dataset, release.c.dataset_id == dataset)
    return run(sa.select(release).where(named, release.c.state == "published")).first()


def taken_names(names: Sequence[str]) -> set[str]:
    """Which of these names a package has or a dataset had."""
    packages = run(sa.text("SELECT name FROM package WHERE name = ANY(:names)"), {"names": list(names)}).scalars()
    datasets = run(sa.select(release.c.dataset_name).where(release.c.dataset_name.in_(names))).scalars()
    return {*packages, *datasets}

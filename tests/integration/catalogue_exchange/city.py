"""A city of the tests' own: its catalogue as files, what the portal holds of it, and a way to forget it."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk

from ckanext.anshan.catalogue.exchange import exporting
from ckanext.anshan.catalogue.exchange.forms import FORMS
from ckanext.anshan.catalogue.exchange.forms.own import ENTRY, ITEM
from ckanext.anshan.catalogue.exchange.templates import EXAMPLE

from ..starting import ckan

OWNERS = "SELECT id FROM \"group\" WHERE is_organization AND title LIKE :mark || '%'"
ENTRIES = f"SELECT id FROM package WHERE owner_org IN ({OWNERS})"
FORGET = (
    f"DELETE FROM anshan_catalogue_import_entry WHERE entry_id IN ({ENTRIES})",
    f"DELETE FROM anshan_catalogue_code WHERE entry_id IN ({ENTRIES})",
    f"DELETE FROM anshan_catalogue_serial WHERE uscc IN (SELECT extras->>'uscc' FROM \"group\" WHERE id IN ({OWNERS}))",
    f"DELETE FROM package_tag WHERE package_id IN ({ENTRIES})",
    f"DELETE FROM member WHERE table_id IN ({ENTRIES})",
    f"DELETE FROM package WHERE owner_org IN ({OWNERS})",
    f'DELETE FROM "group" WHERE id IN ({OWNERS})',
)


@dataclass(frozen=True)
class City:
    """Agencies whose names begin with a mark of their own, so that other tests' entries don't count."""

    folder: Path
    mark: str = field(default_factory=lambda: f"市{uuid.uuid4().hex[:8]}")
    uscc: str = field(default_factory=lambda: f"112103{random.randrange(10**12):012d}")

    def entry(self, number: int, **more: Any) -> dict[str, Any]:
        given = {"title": f"公交站点{number}", "provider": f"{self.mark}交通局", "uscc": self.uscc}
        return {**EXAMPLE, **given, "tags": [], **more}

    def file(self, entries: Iterable[dict[str, Any]], form: str = "own", name: str = "catalogue.csv") -> Path:
        """A CSV file of one of the three forms, as a person fills it in: nobody says that something is to come."""
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = exporting.rows_of(FORMS[form], entries)
            csv.writer(file).writerows(row[: len(ENTRY) + len(ITEM)] if form == "own" else row for row in rows)
        return path

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        model.Session.rollback()
        found = model.Session.execute(sa.text(statement), {"mark": self.mark, **values})
        return [tuple(row) for row in found]

    def stored(self) -> list[tuple[Any, ...]]:
        """Title, code and revision of each entry, by title's number."""
        sql = "SELECT title, extras->>'code', metadata_modified FROM package"
        return self.rows(f"{sql} WHERE id IN ({ENTRIES}) ORDER BY length(title), title")

    def codes(self) -> list[str]:
        return [row[1] for row in self.stored()]

    def indexed(self) -> set[str]:
        """The titles that a search finds."""
        owners = [row[0] for row in self.rows(OWNERS.replace("SELECT id", "SELECT name"))]
        solr = make_connection()
        found: set[str] = set()
        for owner in owners:
            hits = solr.search("*:*", fq=f'organization:"{owner}"', rows=10_000, fl="title")
            found |= {hit["title"] for hit in hits}
        return found

    def export(self, form: str, ending: str = "csv") -> Path:
        """This city's part of the catalogue, agency by agency."""
        path = self.folder / f"{uuid.uuid4().hex}.{ending}"
        for (owner,) in self.rows(OWNERS):
            exporting.write(path, form, owner)
        return path

    def forget(self) -> None:
        """As in a portal that has never heard of this city."""
        for statement in FORGET:
            model.Session.execute(sa.text(statement), {"mark": self.mark})
        model.Session.commit()


def command(*words: str) -> list[str]:
    return [str(Path(sys.executable).with_name("ckan")), "-c", tk.config["__file__"], "anshan", "catalogue", *words]


def catalogue(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """``ckan anshan catalogue ...`` as a person runs it."""
    return ckan("anshan", "catalogue", *words, **env)


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What a command with ``--json`` said; an empty answer shows its errors."""
    assert done.stdout.strip(), done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def snapshot() -> dict[str, Any]:
    """Every table, row by row, and every sequence: two that are equal mean that nothing was written."""
    model.Session.rollback()
    names = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1"
    )
    tables = [row[0] for row in model.Session.execute(sa.text(names))]
    seen: dict[str, Any] = {name: _sum(name) for name in tables}
    sequences = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
    return seen | dict(model.Session.execute(sa.text(sequences)).tuples().all())


def _sum(table: str) -> tuple[int, str]:
    each = "md5(string_agg(md5(t::text), '' ORDER BY md5(t::text)))"
    return tuple(model.Session.execute(sa.text(f'SELECT count(*), {each} FROM "{table}" AS t')).one())


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def files_below(folders: Sequence[Path]) -> set[tuple[str, int]]:
    return {(str(path), path.stat().st_size) for folder in folders for path in folder.rglob("*") if path.is_file()}


def index_version() -> Any:
    """Changes with every commit that changed anything; what Solr would have written to disk by and by, it does now."""
    solr = make_connection(decode_dates=False)
    solr.commit()
    answer = json.loads(solr._send_request("get", "admin/luke?numTerms=0&wt=json"))
    return answer["index"]["version"], answer["index"]["numDocs"]

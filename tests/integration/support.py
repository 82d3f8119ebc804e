"""Entries and releases for the tests of several rooms, made in the ways that people make them."""

from __future__ import annotations

import datetime
import io
import json
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import Engine, event
from werkzeug.datastructures import FileStorage

from ckanext.anshan.release import importing
from ckanext.anshan.workflow import outbox

from ..listed import signed

APPROVAL = "鞍数发〔2026〕1号"
CSV = "name,n\n鞍山站,12\n千山站,5\n"

ITEMS = [{"name": "站名", "column": "name", "type": "text"}, {"name": "人数", "column": "n", "type": "integer"}]
OF_CLASS: Mapping[str, Mapping[str, str]] = {
    "unconditional": {},
    "conditional": {
        "opening_basis_title": "某某条例",
        "opening_basis_number": "第1号",
        "opening_basis_article": "第一条",
        "opening_method": "接口",
        "opening_requirements": "只用于研究",
        "opening_safeguards": "签订协议",
        "opening_conditions": "实名申请",
    },
    "closed": {"opening_basis_title": "某某条例", "opening_basis_number": "第1号", "opening_basis_article": "第一条"},
}


def day_there(hours_ahead: int) -> datetime.date:
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours_ahead)).date()


@dataclass(eq=False)
class Cost:
    """What a block asked: ``(cost.sql, cost.solr) == (7, 1)``; the lists say what it was when a number is wrong."""

    statements: list[str] = field(default_factory=list)  # of the main database and of the DataStore
    requests: list[str] = field(default_factory=list)  # to Solr

    @property
    def sql(self) -> int:
        return len(self.statements)

    @property
    def solr(self) -> int:
        return len(self.requests)


_counting: list[Cost] = []


@event.listens_for(Engine, "before_cursor_execute")
def _note_sql(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
    for cost in _counting:
        cost.statements.append(statement)


@contextmanager
def costs() -> Iterator[Cost]:
    """Count the SQL statements and the Solr requests of a block, of whatever thread.

    A first look at a page also fills what a process keeps (translations, templates): look once, then count.
    """
    cost, send = Cost(), requests.Session.send

    def note_solr(session: requests.Session, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        if str(request.url).startswith(tk.config["solr_url"]):
            cost.requests.append(f"{request.method} {request.url} {request.body or ''}")
        return send(session, request, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", note_solr)
        _counting.append(cost)
        try:
            yield cost
        finally:
            _counting.remove(cost)


def agency() -> dict[str, Any]:
    """An organization with a publisher: ``org``, ``publisher``."""
    publisher = factories.User()
    users = [{"name": publisher["name"], "capacity": "editor"}]
    return {"org": factories.Organization(users=users), "publisher": publisher}


def entry(opening_class: str, owner: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An entry, created by its publisher through CKAN's action."""
    code = "11210300MB0000000X" + f"{random.randrange(10**15):015d}"
    items = [
        {**item, "sensitive": "no", "sharing_class": "unconditional", "opening_class": opening_class} for item in ITEMS
    ]
    given = {
        "type": "entry",
        "name": code.lower(),
        "code": code,
        "title": "公交站点",
        "notes": "全市公交站点",
        "owner_org": owner["org"]["id"],
        "classification": "department",
        "data_form": "spreadsheet",
        "update_cycle": "yearly",
        "collecting_agency": "交通局",
        "approving_agency": "交通局",
        "sharing_class": "unconditional",
        "security_level": "general_1",
        "license_id": "other-open",
        "opening_class": opening_class,
        "information_items": items,
    }
    return as_user(owner["publisher"], "package_create", **{**given, **OF_CLASS[opening_class], **more})


def as_user(user: Mapping[str, Any], action: str, **data: Any) -> Any:
    return call_action(action, {"user": user["name"], "ignore_auth": False}, **data)


def reclassify(found: Mapping[str, Any], owner: Mapping[str, Any], opening_class: str) -> None:
    items = [{**item, "opening_class": opening_class} for item in found["information_items"]]
    changed = {"opening_class": opening_class, "information_items": items, **OF_CLASS[opening_class]}
    as_user(owner["publisher"], "package_patch", id=found["id"], **changed)


def upload(owner: Mapping[str, Any], found: Mapping[str, Any], name: str, content: bytes, **more: Any) -> Any:
    """Upload a file to an entry."""
    file = FileStorage(io.BytesIO(content), name)
    given = {"package_id": found["id"], "name": name, "url": name, "upload": file, **more}
    return as_user(owner["publisher"], "resource_create", **given)


def release(folder: Path, found: Mapping[str, Any], files: Mapping[str, str | bytes], **more: Any) -> importing.Report:
    """Release an entry with these files, as ``ckan anshan release import`` does; ``approval``: title of its list."""
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    line = {"code": found["code"], "files": [{"path": name} for name in files]}
    return import_lines(folder, line, **more)


def import_lines(folder: Path, *lines: Any, **more: Any) -> importing.Report:
    manifest = folder / "manifest.jsonl"
    written = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    manifest.write_text("\n".join(written), "utf-8")
    return importing.run(manifest, signed(manifest, more.pop("approval", APPROVAL)), **more)


def work() -> None:
    """Do what the worker would do, and let Solr see it."""
    outbox.drain(1000)
    make_connection().commit()


def dataset(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the public sees of an entry: its dataset as an anonymous visitor gets it."""
    query = model.Session.query(model.Package).filter_by(type="dataset")
    row = query.filter(model.Package.extras["code"].astext == found["code"]).first()
    return as_user({"name": ""}, "package_show", id=row.id) if row else None


def published(found: Mapping[str, Any]) -> dict[str, Any]:
    """The dataset of an entry that is known to be public."""
    public = dataset(found)
    assert public is not None, found["code"]
    return public

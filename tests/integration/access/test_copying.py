"""Copies are made once for each file of a version that isn't open to everybody, and never half."""

from __future__ import annotations

import hashlib
import io
import json
import uuid

import pytest
import sqlalchemy as sa
import xlsxwriter
from ckan import model

from ckanext.anshan.access import copying
from ckanext.anshan.access.rules import Refusal
from ckanext.anshan.release import vault
from ckanext.anshan.workflow import outbox

from ..conftest import load_plugins
from ..support import agency, entry, release, work
from . import tabular

pytestmark = pytest.mark.usefixtures("with_plugins")

FILES = {"a.csv": b"name,n\nx,1\ny,2\n", "b.json": json.dumps([{"n": 1}]).encode(), "c.pdf": b"%PDF-1.4"}


@pytest.fixture(scope="module")
def owner():
    load_plugins()
    return agency()


def unread() -> str:
    """A table of one row in the vault, of which nothing was made yet."""
    return vault.put(io.BytesIO(f"a\n{uuid.uuid4()}\n".encode())).sha256


def queued() -> list[str]:
    """Names of the files of which copies wait to be made."""
    waiting = sa.text("SELECT payload FROM anshan_workflow_outbox WHERE kind = :kind AND done IS NULL")
    payloads = model.Session.execute(waiting, {"kind": copying.JOB}).scalars()
    return sorted(file["name"] for payload in payloads for file in payload["files"])


@pytest.mark.parametrize(
    ("opening_class", "copied"),
    [("conditional", ["a.csv", "b.json"]), ("closed", ["a.csv", "b.json"]), ("unconditional", [])],
)
def test_publishing_queues_what_grants_may_read(owner, tmp_path, opening_class, copied):
    work()
    name = f"{opening_class},{uuid.uuid4()}\n".encode()
    files = {
        "a.csv": FILES["a.csv"] + name,
        "b.json": json.dumps([{"n": f"{uuid.uuid4()}"}]).encode(),
        "c.pdf": FILES["c.pdf"],
    }
    release(tmp_path, entry(opening_class, owner), files)
    assert queued() == copied
    work()
    found = copying.copies_of(hashlib.sha256(files["a.csv"]).hexdigest())
    assert [[column.name for column in one.columns] for one in found] == ([["name", "n"]] if copied else [])


def test_a_copy_lies_in_the_vault_under_its_own_hash():
    (found,) = copying.copies_of(tabular.table())
    vault.verify(found.copy)
    assert vault.holds(found.copy, found.size)
    assert (found.rows, [one.name for one in found.columns]) == (3000, list(tabular.HEADER))
    types = ["text", "text", "text", "number", "date", "integer", "text"]
    assert [(one.type, one.at) for one in found.columns] == [(type, at) for at, type in enumerate(types)]


def test_made_again_it_is_the_same():
    tabular.forget(tabular.table())
    copying.make(tabular.table(), "表", "CSV")
    before = copying.copies_of(tabular.table())
    copying.make(tabular.table(), "表", "CSV")
    tabular.forget(tabular.table())
    assert copying.copy_of(tabular.table()) == Refusal("no_copy_yet")
    copying.make(tabular.table(), "表", "CSV")
    assert copying.copies_of(tabular.table()) == before


def test_a_killed_making_leaves_nothing_and_is_done_again(monkeypatch):
    sha256 = unread()

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(copying, "insert", die)
        with pytest.raises(Killed):
            copying.make(sha256, "a.csv", "CSV")
    model.Session.rollback()
    assert copying.copies_of(sha256) == []
    copying.make(sha256, "a.csv", "CSV")
    assert [one.rows for one in copying.copies_of(sha256)] == [1]


def test_what_cannot_be_read_is_kept_and_not_tried_again(monkeypatch):
    sha256 = tabular.stored(b"[1, 2]", "JSON")
    assert copying.copies_of(sha256) == []
    assert copying.copy_of(sha256) == Refusal("no_table", {"problem": "not_records"})
    monkeypatch.setattr(copying.columnar, "make", lambda *_: pytest.fail("it is known"))
    copying.make(sha256, "a.json", "JSON")


def test_a_damaged_file_has_no_copy():
    with pytest.raises(vault.Missing):
        copying.make("0" * 64, "a.csv", "CSV")
    assert copying.copy_of("0" * 64) == Refusal("no_copy_yet")


def test_a_missing_copy_is_queued_when_it_is_wanted():
    sha256 = unread()
    files = [
        {"sha256": sha256, "name": "a.csv", "format": "CSV"},
        {"sha256": tabular.table(), "name": "b.csv", "format": "CSV"},
    ]
    job = copying.want([*files, {"sha256": "1" * 64, "name": "c.pdf", "format": "PDF"}])
    model.Session.commit()
    assert job is not None
    outbox.finish([job])
    assert copying.copies_of(sha256)
    assert copying.want(files) is None


def test_a_sheet_is_asked_by_its_name(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    for name in ("企业", "个体"):
        book.add_worksheet(name).write_column(0, 0, ["名称", name])
    book.close()
    sha256 = tabular.stored((tmp_path / "a.xlsx").read_bytes(), "XLSX")
    assert [one.part for one in copying.copies_of(sha256)] == ["企业", "个体"]
    first, second, none = (copying.copy_of(sha256, part) for part in ("", "个体", "别的"))
    assert isinstance(first, copying.Copy) and isinstance(second, copying.Copy)
    assert (first.part, second.part) == ("企业", "个体")
    assert none == Refusal("no_such_sheet", {"sheet": "别的"})

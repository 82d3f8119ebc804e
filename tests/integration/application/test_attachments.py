"""Files beside an application: of which kind, how many, for whom; looked at by the scanner, handed out by the door."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from ckanext.anshan.application import applications, attaching, options
from ckanext.anshan.scan.findings import Severity

from . import town
from .town import code_of, do, show

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


@cache
def here() -> town.Town:
    return town.make()


@cache
def dataset() -> dict[str, Any]:
    return town.released(here())


def draft() -> dict[str, Any]:
    return town.draft(here(), dataset())


def file(content: bytes = PDF, name: str = "合同.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def attach(made: Any, upload: FileStorage, who: Any = None, field: str = "basis") -> dict[str, Any]:
    return do(who or here().person, made, "attach", field=field, upload=upload)


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


def test_a_contract_shows_the_basis():
    made = do(here().person, draft(), "update", content={"basis_kind": "contract"})
    assert [one["code"] for one in made["problems"]] == ["application.file_missing"]
    made = attach(made, file())
    assert made["problems"] == []
    assert [(one["field"], one["name"], one["is_scanned"]) for one in made["attachments"]] == [
        ("basis", "合同.pdf", False)
    ]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"MZ\x90\x00" + b"\0" * 60, "合同.exe", "file_kind"),
        (b"#!/bin/sh\necho", "合同.txt", "file_kind"),
        (b"GIF89a" + b"\0" * 20, "合同.pdf", "file_not_what_it_says"),
        (b"a,b\n", "合同.docx", "file_not_what_it_says"),
        (packed("word/document.xml", "word/vbaProject.bin"), "合同.docx", "file_macros"),
        (packed("xl/workbook.xml", "xl/embeddings/a.bin"), "附表.xlsx", "file_macros"),
        (b"", "合同.pdf", "no_file"),
        (PDF, "..", "bad_file_name"),
    ],
)
def test_what_isnt_a_plain_document_is_refused(content: bytes, name: str, code: str):
    assert code_of(attach, draft(), file(content, name)) == f"application.{code}"


def test_a_file_that_is_too_long_or_one_too_many_is_refused(monkeypatch: pytest.MonkeyPatch):
    made = draft()
    monkeypatch.setattr(options, "longest_attachment", lambda: len(PDF) - 1)
    assert code_of(attach, made, file()) == "application.file_too_long"
    monkeypatch.undo()
    monkeypatch.setattr(options, "attachments", lambda: 1)
    attach(made, file())
    assert code_of(attach, made, file(name="另一份.pdf")) == "application.too_many_files"


def test_a_file_hangs_only_where_one_is_asked_for():
    assert code_of(attach, draft(), file(), field="purpose") == "application.no_such_field"


def test_nobody_else_attaches_and_nothing_after_it_was_sent():
    made = draft()
    assert code_of(attach, made, file(), here().editor) == "application.unknown"
    made = attach(made, file())
    do(here().person, made, "submit")
    assert code_of(attach, made, file()) == "application.not_now"
    id = made["attachments"][0]["id"]
    assert code_of(do, here().person, made, "detach", attachment=id) == "application.not_now"


def test_a_file_of_another_application_cant_be_taken_away():
    one, other = attach(draft(), file()), draft()
    id = one["attachments"][0]["id"]
    assert code_of(do, here().person, other, "detach", attachment=id) == "application.no_such_attachment"
    assert do(here().person, one, "detach", attachment=id)["attachments"] == []


def test_what_the_scanner_found_is_put_beside_it(monkeypatch: pytest.MonkeyPatch):
    made = attach(draft(), file())
    attaching.collect()
    assert not show(here().person, made)["attachments"][0]["is_scanned"]
    scan = {"is_done": True, "severity": Severity.BLOCK}
    monkeypatch.setattr(attaching.results, "of", lambda ids: [type("Result", (), scan)])
    attaching.collect()
    found = show(here().person, made)["attachments"][0]
    assert (found["is_scanned"], found["severity"]) == (True, "block")
    assert made["id"] not in {row.application_id for row in applications.unscanned()}

"""What a reviewer is told of a submission beside the version that was released, with real files in the vault."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from flask import render_template_string

from ckanext.anshan.dataset import contents
from ckanext.anshan.inspection.model import report
from ckanext.anshan.release import files
from ckanext.anshan.review import scans
from ckanext.anshan.scan import scanning
from tests.integration import support
from tests.integration.support import OF_CLASS, as_user, work
from tests.unit.scan.made import Invented

from . import town as towns
from .town import Town, sign_all

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

HEAD = ["许可证号", "学校名称", "有效期"]
DATES = ["2027年1月1日", "2028年3月5日", "2029年12月31日"]
NAME = "名录.csv"


def schools(count: int = 12) -> list[list[str]]:
    return [[f"人社民{at:04d}", f"鞍山市第{at}职业培训学校", DATES[at % 3]] for at in range(1, count + 1)]


def phones(count: int) -> list[str]:
    person = Invented(7)
    return [person.mobile() for _ in range(count)]


def as_csv(*rows: Sequence[str], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(*rows: Sequence[str]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("名录")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return data.getvalue()


def really_scanned() -> None:
    """The scans that wait are done at once, by the scanner itself."""
    for row in model.Session.execute(report.select().where(report.c.state == "queued")).all():
        with files.on_disk(row.sha256) as path:
            found = scanning.report(path, row.file_name)
        told = {
            "version": "1",
            "readable": True,
            "type": found.type,
            "findings": [f.as_dict("") for f in found.findings],
        }
        done = {
            "state": "done",
            "report": told,
            "severity": found.severity.value if found.severity else "",
            "progress": 1,
        }
        model.Session.execute(report.update().where(report.c.id == row.id).values(done))
    model.Session.commit()
    scans.collect_all()


def submitted(town: Town, entry: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = as_user(town.editor, "anshan_submission_create", id=entry["id"], **more)
    really_scanned()
    return towns.show(town.editor, made["id"])


def replaced(town: Town, entry: dict[str, Any], content: bytes, name: str = NAME) -> None:
    for one in as_user(town.editor, "package_show", id=entry["id"])["resources"]:
        as_user(town.editor, "resource_delete", id=one["id"])
    support.upload({"publisher": town.editor}, entry, name, content)


def difference(town: Town, made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return as_user(town.cyberspace, "anshan_submission_difference", id=made["id"], **more)


def preview(town: Town, made: dict[str, Any], file: str = NAME, **more: Any) -> dict[str, Any]:
    return as_user(town.cyberspace, "anshan_submission_preview", id=made["id"], file=file, **more)


@pytest.fixture
def released(town: Town) -> dict[str, Any]:
    """An entry whose first version was reviewed and published."""
    entry = towns.entry(town, as_csv(HEAD, *schools()), NAME)
    made = submitted(town, entry)
    reason = {"reason": "名录本就公开"} if made["severity"] else {}
    sign_all(town, made, **reason)
    work()
    return entry


def test_a_first_version_says_so_and_counts_columns_and_rows(town):
    made = submitted(town, towns.entry(town, as_csv(HEAD, *schools()), NAME))
    told = difference(town, made)
    assert (told["is_first"], told["before"], told["fields"]) == (True, None, [])
    assert [(one["name"], one["code"]) for one in told["files"]] == [(NAME, "added")]
    assert told["files"][0]["table"] == {"columns_of_file": 3, "rows": 12}


def test_the_difference_names_columns_types_rows_and_fields(town, released):
    numbers = phones(14)
    rows = [
        [*row[:2], row[2].replace("年", "-").replace("月", "-").rstrip("日"), phone]
        for row, phone in zip(schools(14), numbers, strict=True)
    ]
    rows = rows[1:]  # the first school is gone, two are new
    rows[3][1] = "改名后的学校"
    replaced(town, released, as_csv([*HEAD, "联系电话"], *rows, encoding="gb18030"))
    as_user(town.editor, "package_patch", id=released["id"], update_cycle="monthly", sharing_basis="某某条例第三条")
    told = difference(town, submitted(town, released))
    assert (told["before"]["version"], told["with_internal"]) == (1, True)
    fields = {one["name"]: one for one in told["fields"]}
    assert set(fields) == {"update_cycle", "sharing_basis"}
    assert (fields["sharing_basis"]["internal"], fields["update_cycle"]["internal"]) == (True, False)
    assert fields["update_cycle"]["after_words"] not in ("", "monthly")
    table = told["files"][0]["table"]
    assert [(one["name"], one["type"], one["filled"]) for one in table["columns_added"]] == [
        ("联系电话", "integer", 13)
    ]
    assert table["columns_added"][0]["finding"] == "block"
    assert (table["key"], table["rows_before"], table["rows"]) == ("许可证号", 12, 13)
    assert (table["added"], table["removed"], table["changed"]) == (2, 1, 1)
    assert told["counts"]["rows"] == 4
    assert [number for number in numbers if number in json.dumps(told)] == []


def test_a_retyped_column_counts_the_earlier_values_that_do_not_fit(town):
    rows = schools()
    rows[0][2] = "长期"
    entry = towns.entry(town, as_csv(HEAD, *rows), NAME)
    sign_all(town, submitted(town, entry))
    work()
    rows[0][2] = "2099-01-01"
    replaced(town, entry, as_csv(HEAD, *rows))
    table = difference(town, submitted(town, entry))["files"][0]["table"]
    assert [(one["name"], one["before"], one["after"], one["unfit"]) for one in table["retyped"]] == [
        ("有效期", "text", "date", 1)
    ]
    assert (table["added"], table["removed"], table["changed"]) == (0, 0, 1)


def test_a_column_that_went_is_told_and_a_workbook_that_took_the_place_of_a_table_of_text_is_new(town, released):
    replaced(town, released, as_xlsx(HEAD[:2], *(row[:2] for row in schools())), "名录.xlsx")
    told = difference(town, submitted(town, released))
    assert {one["name"]: one["code"] for one in told["files"]} == {"名录.xlsx": "added", NAME: "removed"}
    replaced(town, released, as_csv(HEAD[:2], *(row[:2] for row in schools())), "名录（新）.csv")
    told = difference(town, submitted(town, released))["files"][0]
    assert (told["code"], told["name_before"]) == ("renamed", NAME)
    assert [one["name"] for one in told["table"]["columns_removed"]] == ["有效期"]


def test_what_nobody_but_reviewers_sees_is_compared_too(town, released):
    """A conditional release has files that the public isn't told of."""
    changed = {"opening_class": "conditional", **OF_CLASS["conditional"]}
    items = [{**item, "opening_class": "conditional"} for item in released["information_items"]]
    as_user(town.editor, "package_patch", id=released["id"], **changed, information_items=items)
    made = submitted(town, released)
    flagged = {one["name"] for one in difference(town, made)["fields"] if one["flagged"]}
    assert {"opening_class", "opening_basis_title"} <= flagged
    sign_all(town, made)
    work()
    replaced(town, released, as_csv(HEAD, *schools(15)))
    table = difference(town, submitted(town, released))["files"][0]["table"]
    assert (table["rows_before"], table["rows"], table["added"]) == (12, 15, 3)


def test_after_publishing_it_is_still_compared_with_the_version_before(town, released):
    replaced(town, released, as_csv(HEAD, *schools(15)))
    made = submitted(town, released)
    sign_all(town, made)
    work()
    told = difference(town, made)
    assert (told["before"]["version"], told["files"][0]["table"]["added"]) == (1, 3)
    with pytest.raises(tk.ObjectNotFound, match=r"review\.no_version"):
        difference(town, made, version=2)


def test_a_version_that_was_imported_is_compared_in_what_is_public(town, tmp_path):
    entry = towns.entry(town, as_csv(HEAD, *schools()), NAME)
    support.release(tmp_path, entry, {NAME: as_csv(HEAD, *schools(3))})
    work()
    told = difference(town, submitted(town, entry))
    assert (told["is_first"], told["with_internal"]) == (False, False)
    assert told["files"][0]["table"]["added"] == 9


def test_who_has_no_part_in_a_submission_sees_neither_difference_nor_preview(town, released):
    replaced(town, released, as_csv(HEAD, *schools(13)))
    made = submitted(town, released)
    for user in (factories.User(), factories.Sysadmin()):
        for action, more in (("anshan_submission_difference", {}), ("anshan_submission_preview", {"file": NAME})):
            with pytest.raises(tk.NotAuthorized, match=r"review\.unknown"):
                as_user(user, action, id=made["id"], **more)
    with pytest.raises(tk.ObjectNotFound, match=r"review\.no_such_file"):
        preview(town, made, "其他.csv")


def with_phones(count: int = 40) -> tuple[list[list[str]], list[str]]:
    numbers = phones(count)
    return [[*row, phone] for row, phone in zip(schools(count), numbers, strict=True)], numbers


@pytest.mark.parametrize("name", ["名录.csv", "名录.xlsx", "名录.json"])
def test_a_preview_shows_the_first_rows_and_no_raw_value_of_a_column_with_findings(town, name):
    rows, numbers = with_phones()
    head = [*HEAD, "联系电话"]
    records = [dict(zip(head, row, strict=True)) for row in rows]
    made_of = {"csv": lambda: as_csv(head, *rows, encoding="gb18030"), "xlsx": lambda: as_xlsx(head, *rows)}
    made_of["json"] = lambda: json.dumps(records, ensure_ascii=False).encode()
    made = submitted(town, towns.entry(town, made_of[name.rpartition(".")[2]](), name))
    told = preview(town, made, name)
    assert [(one["name"], one["finding"]) for one in told["columns"]] == [
        *((name, "") for name in HEAD),
        ("联系电话", "block"),
    ]
    assert (len(told["rows"]), told["total"], told["rows"][0][0]) == (20, 40, "人社民0001")
    assert [number for number in numbers if number in json.dumps(told)] == []


def test_until_its_scan_is_done_no_value_of_a_file_is_shown(town):
    rows, _ = with_phones()
    entry = towns.entry(town, as_csv([*HEAD, "联系电话"], *rows), NAME)
    made = as_user(town.editor, "anshan_submission_create", id=entry["id"])
    told = preview(town, made)
    assert (told["problem"], told["rows"], told["columns"]) == ("not_scanned", [], [])


def test_a_file_that_is_too_large_says_so_and_shows_its_first_rows(town, released, monkeypatch):
    monkeypatch.setattr(contents, "MOST_BYTES", 100)
    monkeypatch.setattr(contents, "BEGINNING", 400)
    replaced(town, released, as_csv(HEAD, *schools(40)))
    made = submitted(town, released)
    assert difference(town, made)["files"][0]["table"] == {"problem": "too_large"}
    told = preview(town, made)
    assert (told["problem"], told["total"], told["rows"][0][0]) == ("", None, "人社民0001")
    assert 0 < len(told["rows"]) < 20


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [("说明.txt", "这是一份说明。".encode(), "no_table"), ("坏.json", b"{", "unreadable")],
)
def test_a_file_that_is_no_table_has_no_rows_and_a_reason(town, name, content, problem):
    made = submitted(town, towns.entry(town, content, name))
    told = preview(town, made, name)
    assert (told["problem"], told["rows"], told["size"]) == (problem, [], len(content))


def test_what_is_kept_between_two_looks_holds_no_raw_value(town, released):
    rows, numbers = with_phones()
    replaced(town, released, as_csv([*HEAD, "联系电话"], *rows))
    made = submitted(town, released)
    sign_with_reason(town, made)
    changed = [[*row[:3], other] for row, other in zip(rows, reversed(numbers), strict=True)]
    replaced(town, released, as_csv([*HEAD, "联系电话"], *changed))
    again = submitted(town, released)
    first, second = difference(town, again), difference(town, again)
    assert first == second and first["files"][0]["table"]["changed"] > 30
    redis: Any = connect_to_redis()
    kept = [redis.get(key).decode() for key in redis.keys("anshan:review:*")]
    assert kept and [number for number in numbers if any(number in one for one in kept)] == []


def sign_with_reason(town: Town, made: dict[str, Any]) -> None:
    as_user(town.cyberspace, "anshan_submission_clear", id=made["id"], reason="学校的对外电话")
    sign_all(town, made, reason="学校的对外电话")
    work()


PAGE = """
{% import "review/parts/difference.html" as d with context %}{% import "review/parts/preview.html" as p with context %}
{{ d.difference(told) }}{{ p.preview(shown, found="?only_found=1") }}"""


def test_the_parts_of_the_page_can_be_read_without_colour_and_scroll_in_their_own_boxes(town, released):
    rows, numbers = with_phones()
    replaced(town, released, as_csv([*HEAD, "联系电话"], *rows))
    as_user(town.editor, "package_patch", id=released["id"], title="<b>新</b>", security_level="general_2")
    made = submitted(town, released)
    page = render_template_string(PAGE, told=difference(town, made), shown=preview(town, made))
    assert "<ins>&lt;b&gt;新&lt;/b&gt;</ins>" in page
    assert page.count('role="region"') == 2 == page.count('tabindex="0"')
    assert all(sign in page for sign in (">+</span>", ">~</span>", "<del>", 'class="rv-found block"', "#octagon-fill"))
    assert "?only_found=1" in page
    assert [number for number in numbers if number in page] == []


def test_the_part_of_a_first_version_counts_its_rows(town):
    made = submitted(town, towns.entry(town, as_csv(HEAD, *schools()), NAME))
    page = render_template_string(PAGE, told=difference(town, made), shown=preview(town, made, NAME))
    assert "12 rows" in page and "3 columns" in page

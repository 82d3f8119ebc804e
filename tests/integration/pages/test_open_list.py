"""The open list of article 25: what it tells, what it never tells, what it costs, and that its files say the same."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.anshan.pages import counts

from ..support import CSV, OF_CLASS, agency, costs, entry, import_lines, published, reclassify, release, work

pytestmark = pytest.mark.usefixtures("with_plugins")

LISTED = "ckanext.anshan.pages.closed_in_list"
VISITOR = {"user": "", "ignore_auth": False}
LONG = "鞍山市2026年城市更新、老旧小区改造及既有住宅加装电梯项目进展和资金拨付情况（按区县、街道和社区统计）"


@pytest.fixture
def owner():
    return agency()


def listed(owner, **chosen):
    return call_action("anshan_open_list", dict(VISITOR), agency=owner["org"]["name"], **chosen)


def page(app, owner, language="zh_Hans_CN", **chosen):
    query = {"agency": owner["org"]["name"], **chosen}
    return BeautifulSoup(app.get(f"/{language}/open-list", query_string=query).body, "html.parser")


def rows_of(soup):
    """Title and version date of each item on the page."""
    return [
        (row.th.get_text(strip=True), row.time.get_text(strip=True) if row.time else "")
        for row in soup.select(".stacks tbody tr")
    ]


def release_each(folder, owner, opening_class="unconditional"):
    found = entry(opening_class, owner, title=f"{LONG}{opening_class}", update_cycle="monthly", themes=["transport"])
    files = {} if opening_class == "closed" else {"a.csv": CSV}
    report = release(folder, found, files)
    assert report.released == 1, report.problems
    return found


def test_a_released_item_is_listed_with_class_agency_cycle_formats_and_version(owner, tmp_path):
    found = release_each(tmp_path, owner)
    work()
    (item,) = listed(owner)["items"]
    assert item["name"] == published(found)["name"]
    assert (item["title"], item["opening_class"], item["basis"]) == (f"{LONG}unconditional", "unconditional", "")
    assert (item["agency"], item["agency_title"]) == (owner["org"]["name"], owner["org"]["title"])
    assert (item["update_cycle"], item["formats"], item["version"]) == ("monthly", ["CSV"], 1)
    assert item["release_date"] == published(found)["release_date"]


def test_a_conditional_item_says_by_what_law_and_nothing_of_its_files(owner, tmp_path):
    release_each(tmp_path, owner, "conditional")
    (item,) = listed(owner)["items"]
    assert (item["basis"], item["formats"]) == ("某某条例（第1号） 第一条", [])
    assert "a.csv" not in json.dumps(item)


def test_a_draft_is_never_listed_nor_counted(owner, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, LISTED, True)
    for opening_class in OF_CLASS:
        entry(opening_class, owner)
    assert listed(owner)["items"] == []
    assert owner["org"]["name"] not in {one["name"] for one in call_action("anshan_open_counts")["agencies"]}


def test_a_closed_item_is_counted_but_not_listed_unless_configured(app, owner, tmp_path, ckan_config, monkeypatch):
    release_each(tmp_path, owner, "closed")
    monkeypatch.setitem(ckan_config, LISTED, False)
    assert (listed(owner)["count"], listed(owner, opening_class="closed")["items"]) == (0, [])
    assert f"{LONG}closed" not in page(app, owner).get_text()
    assert next(
        one for one in call_action("anshan_open_counts")["agencies"] if one["name"] == owner["org"]["name"]
    ) == {
        "name": owner["org"]["name"],
        "title": owner["org"]["title"],
        "unconditional": 0,
        "conditional": 0,
        "closed": 1,
        "total": 1,
    }


def test_of_a_configured_closed_item_only_title_class_basis_and_agency_are_told(
    app, owner, tmp_path, ckan_config, monkeypatch
):
    found = release_each(tmp_path, owner, "closed")
    monkeypatch.setitem(ckan_config, LISTED, True)
    (item,) = listed(owner)["items"]
    assert {name: value for name, value in item.items() if value} == {
        "title": f"{LONG}closed",
        "opening_class": "closed",
        "basis": "某某条例（第1号） 第一条",
        "agency": owner["org"]["name"],
        "agency_title": owner["org"]["title"],
    }
    told = json.dumps(item) + str(page(app, owner).select_one(".stacks"))
    assert not any(word in told for word in (found["id"], found["code"], "2026-", "a.csv"))


def test_what_was_open_and_is_closed_now_tells_nothing_of_before(owner, tmp_path, ckan_config, monkeypatch):
    found = release_each(tmp_path, owner)
    reclassify(found, owner, "closed")
    assert release(tmp_path, found, {}).released == 1
    monkeypatch.setitem(ckan_config, LISTED, False)
    assert listed(owner)["items"] == []


def test_a_new_version_takes_the_place_of_the_old_one(owner, tmp_path):
    found = release_each(tmp_path, owner)
    release(tmp_path, found, {"a.csv": CSV + "新站,7\n"})
    (item,) = listed(owner)["items"]
    assert item["version"] == 2


def test_the_list_is_filtered_by_class_and_theme(owner, tmp_path):
    release_each(tmp_path, owner)
    release_each(tmp_path, owner, "conditional")
    assert [one["opening_class"] for one in listed(owner)["items"]] == ["unconditional", "conditional"]
    assert [one["opening_class"] for one in listed(owner, opening_class="conditional")["items"]] == ["conditional"]
    assert listed(owner, theme="transport")["count"] == 2
    assert listed(owner, theme="weather")["count"] == listed(owner, opening_class="' OR 1=1")["count"] == 0


def test_counts_follow_at_once_what_is_published(owner, tmp_path):
    before = call_action("anshan_open_counts")
    release_each(tmp_path, owner)
    after = call_action("anshan_open_counts")
    assert after["classes"]["unconditional"] == before["classes"]["unconditional"] + 1
    assert after["updated_today"] == before["updated_today"] + 1
    themes = [{one["name"]: one["count"] for one in counted["themes"]} for counted in (before, after)]
    assert themes[1]["transport"] == themes[0]["transport"] + 1


def many(folder, owner, number):
    made = [entry("unconditional", owner, title=f"{LONG}{at}") for at in range(number)]
    (folder / "a.csv").write_text(CSV, "utf-8")
    report = import_lines(folder, *({"code": one["code"], "files": [{"path": "a.csv"}]} for one in made))
    assert report.released == number, report.problems


def test_one_item_costs_as_much_as_a_whole_page(app, tmp_path):
    few, lots = agency(), agency()
    many(tmp_path, few, 1)
    many(tmp_path, lots, 60)
    app.get("/open-list")
    spent = []
    for one in (few, lots):
        with costs() as cost:
            soup = page(app, one)
        spent.append((cost.sql, cost.solr))
        assert len(rows_of(soup)) == (1 if one is few else 50)
    assert spent == [(4, 0), (4, 0)]  # what CKAN asks at each request, the mark, the number and the items


def test_counts_cost_one_statement_and_four_when_something_was_published(owner, tmp_path):
    counts.forget()
    with costs() as first:
        counts.counts()
    with costs() as again:
        counts.counts()
    release_each(tmp_path, owner)
    with costs() as changed:
        counts.counts()
    assert [(one.sql, one.solr) for one in (first, again, changed)] == [(4, 0), (1, 0), (4, 0)]


def test_csv_and_workbook_say_what_the_page_says(app, owner, tmp_path, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, LISTED, True)
    for opening_class in OF_CLASS:
        release_each(tmp_path, owner, opening_class)
    shown = rows_of(page(app, owner))
    query = {"agency": owner["org"]["name"]}
    file = app.get("/zh_Hans_CN/open-list.csv", query_string=query)
    assert file.data.startswith(b"\xef\xbb\xbf"), "Excel reads Chinese by this mark"
    table = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert table[0][:3] == ["名称", "开放属性", "依据"]
    assert [(row[0], row[7]) for row in table[1:]] == shown
    book = openpyxl.load_workbook(io.BytesIO(app.get("/zh_Hans_CN/open-list.xlsx", query_string=query).data))
    cells = [[str(cell) if cell is not None else "" for cell in row] for row in book.worksheets[0].values]
    assert cells == table
    assert book.sheetnames == ["开放清单", "按部门"]


def test_a_title_that_begins_like_a_formula_stays_text(app, owner, tmp_path):
    found = entry("unconditional", owner, title="=HYPERLINK(1)")
    release(tmp_path, found, {"a.csv": CSV})
    query = {"agency": owner["org"]["name"]}
    row = list(csv.reader(io.StringIO(app.get("/open-list.csv", query_string=query).data.decode("utf-8-sig"))))[1]
    assert row[0] == "'=HYPERLINK(1)"
    book = openpyxl.load_workbook(io.BytesIO(app.get("/open-list.xlsx", query_string=query).data))
    cell = book.worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_page_that_there_is_not_says_so(app, owner, tmp_path):
    release_each(tmp_path, owner)
    soup = page(app, owner, page="7")
    assert "清单里没有符合所选条件的条目" in soup.get_text() or "清单没有这一页" in soup.get_text()
    for odd in ("0", "-1", "x", "9" * 30):
        assert app.get("/open-list", query_string={"page": odd}).status_code == 200


def test_the_page_holds_nothing_personal(app, owner, tmp_path):
    release_each(tmp_path, owner)
    text = page(app, owner).decode()
    assert "csrf" not in text and "http" not in text.replace("http://www.w3.org", "").replace(
        "http://test.ckan.net", ""
    )

"""The page of a dataset: what it answers, what it costs, and that it holds nothing of what isn't open."""

from __future__ import annotations

import datetime

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup, Tag
from ckan.tests import factories
from ckan.tests.helpers import changed_config

from ckanext.anshan.access import downloads
from ckanext.anshan.workflow import clock

from ..audit.support import last
from ..support import CSV, agency, as_user, costs, entry, published, reclassify, release, work

pytestmark = pytest.mark.usefixtures("with_plugins")

VISITOR = {"name": ""}
SQL, SOLR = 12, 2
"""What a visitor's page asks of the databases and the search, with the table of a file in it."""


@pytest.fixture
def owner():
    return agency()


def page(app, path: str) -> BeautifulSoup:
    return BeautifulSoup(app.get(path).body, "html.parser")


def text(soup: Tag, selector: str) -> str:
    """What the first such element says; nothing where there is none."""
    return next((" ".join(element.get_text(" ").split()) for element in soup.select(selector)), "")


def pairs(soup: BeautifulSoup) -> dict[str, str]:
    """Each name with its value, of all lists of facts on the page."""
    words = [" ".join(one.get_text(" ").split()) for one in soup.select(".pairs dt, .pairs dd")]
    return dict(zip(words[::2], words[1::2], strict=True))


def released(owner, tmp_path, opening_class="unconditional", **more):
    found = entry(opening_class, owner, **more)
    release(tmp_path, found, {"a.csv": CSV})
    work()
    return found, published(found)["name"]


def test_the_page_answers_in_the_order_in_which_people_ask(app, owner, tmp_path):
    _, name = released(
        owner, tmp_path, themes=["transport"], provider_office="科技信息科", provider_phone="0412-0000001"
    )
    soup = page(app, f"/zh_Hans_CN/dataset/{name}")
    assert [" ".join(one.get_text().split()) for one in soup.select("main h1, main h2")] == [
        *("公交站点", "文件与预览", "信息项", "接口", "版本"),
        *(["相关数据"] if soup.select("#related") else []),
        *("引用这份数据", "关于这份数据", "谁来答复"),
    ]
    assert (text(soup, ".top .badge-class"), text(soup, ".opening a")) == ("无条件开放", "《办法》第二十七条")
    assert text(soup, ".top .btn-ink").startswith("下载 CSV")
    assert len(soup.select(".btn-ink")) == 1, "one main button"
    assert pairs(soup)["电话"] == "0412-0000001"


def test_what_is_filled_is_told_and_nothing_empty(app, owner, tmp_path):
    found, name = released(owner, tmp_path, themes=["transport"], industry="G", district="210300")
    shown = pairs(page(app, f"/en/dataset/{name}"))
    assert all(shown.values())
    assert (shown["Themes"], shown["Update cycle"], shown["Code"]) == ("Transport", "Yearly", found["code"])
    assert "Office" not in shown and "Time" not in shown


@pytest.mark.parametrize(("days", "late"), [(-3, "逾期 3 天"), (3, "")])
def test_late_data_says_so_in_words(app, owner, tmp_path, days, late):
    due = (clock.today() + datetime.timedelta(days)).isoformat()
    _, name = released(owner, tmp_path, next_update_due=due)
    soup = page(app, f"/zh_Hans_CN/dataset/{name}")
    assert text(soup, ".facts .late")[: len(late) or None] == late
    assert due in text(soup, ".facts")


def test_a_page_costs_the_same_for_one_file_and_for_many_versions(app, owner, tmp_path):
    found, name = released(owner, tmp_path, themes=["transport"])
    for _ in range(2):
        app.get(f"/dataset/{name}?x=1")
    with costs() as one:
        app.get(f"/dataset/{name}?x=2")
    for at in range(3):
        release(tmp_path, found, {"a.csv": f"{CSV}新站{at},7\n", "b.csv": CSV, "c.csv": CSV}, approval=f"{at}号")
    work()
    app.get(f"/dataset/{name}?x=3")
    with costs() as many:
        app.get(f"/dataset/{name}?x=4")
    assert (one.sql, one.solr) == (many.sql, many.solr) == (SQL, SOLR), "\n".join(many.statements)


def test_a_file_is_looked_into_on_the_page_and_its_own_address_leads_there(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": CSV, "b.txt": "说明"})
    work()
    public = published(found)
    ids = {one["name"]: one["id"] for one in public["resources"]}
    assert [cell.get_text() for cell in page(app, f"/dataset/{public['name']}").select("table.rows td")][:2] == [
        "鞍山站",
        "12",
    ]
    assert text(page(app, f"/dataset/{public['name']}?resource={ids['b.txt']}"), "#preview pre") == "说明"
    leads = app.get(f"/dataset/{public['name']}/resource/{ids['b.txt']}", follow_redirects=False)
    assert leads.headers["Location"].endswith(f"/dataset/{public['name']}?resource={ids['b.txt']}#preview")
    assert app.get(f"/dataset/{public['name']}/resource/nothing", expect_errors=True).status_code == 404


def test_a_view_is_an_address_and_the_form_leads_to_it(app, owner, tmp_path):
    _, name = released(owner, tmp_path)
    soup = page(app, f"/zh_Hans_CN/dataset/{name}?where.n=>=10&sort=-n")
    assert [cell.get_text() for cell in soup.select("table.rows tbody td")] == ["鞍山站", "12"]
    assert text(soup, ".chip").startswith("n ≥ 10")
    told = app.get(f"/dataset/{name}?column=n&sign=from&value=10", follow_redirects=False)
    assert "where.n=%3E%3D10#preview" in told.headers["Location"]
    soup = page(app, f"/zh_Hans_CN/dataset/{name}?column=n&sign=from&value=许多")
    assert "请填数字" in text(soup, "#preview .notice")


def test_an_empty_table_and_one_that_was_cut_say_so(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"long.csv": "name,n\n" + "站,1\n" * 8, "none.csv": "name,n\n"})
    with changed_config("ckanext.anshan.release.longest_table", 3):
        work()
    ids = {one["name"]: one["id"] for one in published(found)["resources"]}
    path = f"/en/dataset/{published(found)['name']}?resource="
    assert "first 3 of 8 rows" in text(page(app, path + ids["long.csv"]), "#preview .notice")
    assert text(page(app, path + ids["none.csv"]), "table.rows tbody") == "This table has no rows."


def test_two_hundred_columns_are_shown_thirty_at_a_time(app, owner, tmp_path):
    found = entry("unconditional", owner)
    head = ",".join(f"指标{at}" for at in range(200))
    release(tmp_path, found, {"a.csv": f"{head}\n{','.join(['1'] * 200)}\n"})
    work()
    soup = page(app, f"/zh_Hans_CN/dataset/{published(found)['name']}")
    assert len(soup.select("table.rows thead th")) == 30
    assert "200 列中的 30 列" in text(soup, ".rows-foot")


def test_a_visitor_gets_nothing_personal_and_no_token(app, owner, tmp_path):
    _, name = released(owner, tmp_path)
    body = app.get(f"/dataset/{name}").body
    assert "csrf" not in body.lower() and owner["publisher"]["name"] not in body


def test_a_conditional_dataset_says_how_to_ask_and_links_to_no_file(app, owner, tmp_path):
    found, name = released(owner, tmp_path)
    reclassify(found, owner, "conditional")
    release(tmp_path, found, {"a.csv": CSV}, approval="2号")
    for when in ("before the worker came", "afterwards"):
        soup = page(app, f"/zh_Hans_CN/dataset/{name}")
        assert "鞍山站" not in str(soup), when
        assert not [a for a in soup.select("a[href]") if "/data/" in a["href"] or "resource=" in a["href"]], when
        told = [text(one, "dd") for one in soup.select(".conditions > div")]
        for said, shown in zip(("实名申请", "只用于研究", "接口", "签订协议"), told, strict=False):
            assert said in shown, when
        assert "某某条例（第1号） 第一条" in text(soup, ".opening")
        assert app.get(f"/dataset/{name}/v1", expect_errors=True).status_code == 404, when
        assert "鞍山站" not in app.get(f"/dataset/{name}/versions", expect_errors=True).body, when
        work()


def test_an_older_version_says_that_a_newer_one_exists(app, owner, tmp_path):
    found, name = released(owner, tmp_path)
    as_user(owner["publisher"], "package_patch", id=found["id"], title="公交站点和站台")
    release(tmp_path, found, {"a.csv": CSV + "新站,7\n"}, approval="2号")
    work()
    soup = page(app, f"/zh_Hans_CN/dataset/{name}/v1")
    assert (text(soup, "h1"), "已有更新的版本" in text(soup, ".top .notice")) == ("公交站点", True)
    assert [str(a["href"]).partition("/data/")[2] for a in soup.select(".file-list a.btn")] == [f"{name}/v1/a.csv"]
    assert text(page(app, f"/zh_Hans_CN/dataset/{name}"), "h1") == "公交站点和站台"
    assert app.get(f"/dataset/{name}/v3", expect_errors=True).status_code == 404


def test_versions_are_compared_row_by_row_in_the_background(app, owner, tmp_path):
    found, name = released(owner, tmp_path)
    release(tmp_path, found, {"a.csv": "name,n\n鞍山站,15\n新站,7\n"}, approval="2号")
    work()
    line = text(page(app, f"/zh_Hans_CN/dataset/{name}"), "table.versions tr td:nth-of-type(2)")
    assert line.replace(" ", "") == "新增1行、修改1行、删除1行"
    soup = page(app, f"/zh_Hans_CN/dataset/{name}/versions?a=2&b=1")
    assert text(soup, "h1") == "第 1 版到第 2 版的变化"
    assert (text(soup, "tr.changed del"), text(soup, "tr.changed ins")) == ("12", "15")
    assert text(soup, "tr.added ins") == "新站" and text(soup, "tr.removed del") == "千山站"


def test_the_dictionary_is_a_file(app, owner, tmp_path):
    _, name = released(owner, tmp_path)
    lines = app.get(f"/zh_Hans_CN/dataset/{name}/items.csv").data.decode("utf-8-sig").splitlines()
    assert [line.split(",")[:3] for line in lines] == [
        ["信息项", "列", "类型"],
        ["站名", "name", "字符型"],
        ["人数", "n", "整数型"],
    ]


def test_a_look_is_no_download(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.png": b"\x89PNG\r\n\x1a\n"})
    work()
    public = published(found)
    app.get(f"/data/{public['name']}/v1/a.png?preview")
    seen = last(kind="file.handed_out", object_id=public["id"])
    assert downloads.FACT not in seen["facts"]


@pytest.mark.parametrize("path", ["/dataset/groups/{}", "/dataset/followers/{}", "/dataset/activity/{}"])
def test_side_pages_lead_to_the_page(app, owner, tmp_path, path):
    _, name = released(owner, tmp_path)
    assert f"/dataset/{name}#versions" in app.get(path.format(name), follow_redirects=False).headers["Location"]


def test_what_is_no_dataset_is_left_to_ckan(app, owner):
    found = entry("unconditional", owner)
    assert app.get(f"/dataset/{found['name']}", expect_errors=True).status_code == 404
    token = factories.APIToken(user=owner["publisher"]["name"])["token"]
    assert found["title"] in app.get(f"/dataset/{found['name']}", headers={"Authorization": token}).body
    with pytest.raises(tk.ObjectNotFound):
        as_user(VISITOR, "anshan_dataset_show", id=found["name"])

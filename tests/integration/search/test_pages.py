"""The pages on which datasets are found: what they show, what they cost, and that nothing unreleased is on them."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.tests.helpers import changed_config

from ckanext.anshan.access import downloads
from ckanext.anshan.search.synonyms import fold
from ckanext.anshan.store import index
from ckanext.anshan.workflow import clock

from ..support import CSV, agency, costs, entry, published, release, work

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

NAME = "".join(
    random.sample([han for han in map(chr, range(0x5000, 0x9000)) if fold(han) == han], 3)
)  # of this run alone
WORD, SLIP = f"{NAME}桥", f"{NAME}乔"
SECRET = f"{NAME}塘养老机构名册"
CLOSED = f"{NAME[::-1]}名册"
ITEM = f"{NAME}桥桥墩编号"

_made: dict[str, Any] = {}


@pytest.fixture
def city(with_plugins: None, with_request_context: None, tmp_path_factory: Any) -> dict[str, Any]:
    """Two agencies with datasets of two classes, one of them late; entries that aren't released; made once."""
    if not _made:
        folder = tmp_path_factory.mktemp("city")
        one, other = agency(), agency()
        _made.update(one=one, other=other)
        _made["open"] = _released(
            folder, one, "unconditional", f"{WORD}公交站点信息", update_cycle="monthly", themes=["transport"]
        )
        items = [{"name": ITEM, "column": "qd", "type": "text"}]
        _made["item"] = _released(folder, one, "unconditional", "跨河设施名录", district="210381", items=items)
        _made["conditional"] = _released(
            folder, other, "conditional", f"{WORD}养护合同", update_cycle="yearly", district="210302"
        )
        _made["hidden"] = entry("unconditional", one, title=SECRET, district="210311", themes=["credit"])
        closed = entry("closed", one, title=f"{CLOSED}不予开放")
        release(folder, closed, {})
        work()
        _late(_made["conditional"])
    return _made


def _released(folder: Any, owner: dict[str, Any], opening_class: str, title: str, **more: Any) -> dict[str, Any]:
    items = more.pop("items", None)
    if items:
        kind = {"sensitive": "no", "sharing_class": "unconditional", "opening_class": opening_class}
        more["information_items"] = [{**each, **kind} for each in items]
    found = entry(opening_class, owner, title=title, **more)
    assert release(folder, found, {"站点.csv": CSV} if opening_class == "unconditional" else {}).problems == []
    return found


def _late(found: dict[str, Any]) -> None:
    """Its next update was due ten days ago."""
    public = published(found)
    row = model.Package.get(public["id"])
    assert row is not None
    row.extras["next_update_due"] = (clock.today() - timedelta(days=10)).isoformat()
    model.Session.commit()
    index.index([public["id"]])


def page(app: Any, path: str, **fields: Any) -> BeautifulSoup:
    answer = app.get(f"{path}?{urlencode(fields)}" if fields else path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.body, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [each.get_text(strip=True) for each in soup.select(".result h3")]


def said(soup: BeautifulSoup, selector: str) -> str:
    return " ".join(" ".join(each.get_text(" ", strip=True) for each in soup.select(selector)).split())


def choices(soup: BeautifulSoup, facet: str) -> dict[str, tuple[int, str]]:
    """The choices of a facet: its words, its count and where it leads."""
    found = {}
    for each in soup.select(f"[aria-labelledby=facet-{facet}] a.choice"):
        words = each.select("span:not(.box, .many, .vh, .as)")[0].get_text(strip=True)
        found[words] = (int(each.select(".many")[0].get_text()), str(each["href"]))
    return found


def test_a_result_says_class_agency_punctuality_day_use_and_formats(app, city):
    public = published(city["open"])
    downloads.record([(public["id"], clock.today(), 1)])
    soup = page(app, "/en/dataset/", q=WORD)
    row = next(each for each in soup.select(".result") if "公交站点" in each.select("h3")[0].get_text())
    words = " ".join(row.get_text(" ", strip=True).split())
    assert "Open unconditionally" in words and city["one"]["org"]["title"] in words
    assert "Monthly, on time" in words and f"Updated {public['release_date']}" in words
    assert "1 download" in words and words.endswith("CSV API")
    assert row.select("h3 mark")[0].get_text() == WORD


def test_what_is_late_says_how_long(app, city):
    soup = page(app, "/zh_Hans_CN/dataset/", q=WORD, opening_class="conditional")
    assert said(soup, ".result .facts li:first-child") == "每年， 已逾期 10 天"
    assert said(soup, ".result .late") == "已逾期 10 天"
    assert said(soup, ".result .formats") == "申请后提供"


def test_a_hit_in_an_information_item_is_named(app, city):
    soup = page(app, "/zh_Hans_CN/dataset/", q=ITEM)
    assert "跨河设施名录" in titles(soup)
    assert f"信息项命中： {ITEM}" in said(soup, ".result .hit")


def test_choices_of_one_facet_widen_and_those_of_several_narrow(app, city):
    soup = page(app, "/en/dataset/", q=WORD)
    found = choices(soup, "opening_class")
    assert {word: many for word, (many, _) in found.items()} == {"Open unconditionally": 2, "Open on conditions": 1}
    soup = page(app, found["Open on conditions"][1].partition("#")[0])
    assert titles(soup) == [f"{WORD}养护合同"]
    both = choices(soup, "opening_class")
    assert both["Open unconditionally"][0] == 2, "counted as if nothing of this facet were chosen"
    assert len(titles(page(app, both["Open unconditionally"][1].partition("#")[0]))) == 3
    soup = page(app, "/en/dataset/", q=WORD, opening_class="conditional", district="210381")
    assert (
        titles(soup) == [] and said(soup, ".chosen .chip") == "Open on conditions (take away) Haicheng City (take away)"
    )


def test_the_counts_of_choices_are_the_numbers_of_results(app, city):
    soup = page(app, "/en/dataset/", q=WORD)
    for facet in ("opening_class", "groups", "organization", "district", "update_cycle", "res_format"):
        for words, (many, url) in choices(soup, facet).items():
            shown = page(app, url.partition("#")[0])
            assert said(shown, "#count").startswith(f"{many} result"), (facet, words)


def test_a_slip_is_corrected_at_once_with_a_way_back(app, city):
    soup = page(app, "/en/dataset/", q=SLIP)
    assert f"{WORD}公交站点信息" in titles(soup)
    assert said(soup, ".notice").startswith(
        f'Results for " {WORD} " are shown.'.replace('" ', '"').replace(' "', '"')
    ) or (WORD in said(soup, ".notice b"))
    back = str(soup.select(".notice a")[0]["href"])
    assert "as_typed=1" in back
    assert not page(app, back).select(".notice")


def test_nothing_found_offers_other_ways_with_true_counts(app, city):
    soup = page(app, "/en/dataset/", q=WORD, district="210321")
    assert "Without filters there are 3 results" in said(soup, ".nothing")
    soup = page(app, "/en/dataset/", q=f"龘{WORD}龘靐齉", district="210321", as_typed="1")
    offered = {a.get_text(): str(a["href"]) for a in soup.select(".nothing .words span a")}
    counts = [int(text.strip(" ()")) for text in said(soup, ".nothing .words span").split() if text.startswith("(")]
    for (words, url), many in zip(offered.items(), counts, strict=True):
        assert said(page(app, url), "#count").startswith(f"{many} result"), words


def test_nothing_found_names_what_is_closed_where_the_open_list_does(app, city):
    for listed, count in ((True, 1), (False, 0)):
        with changed_config("ckanext.anshan.pages.closed_in_list", listed):
            soup = page(app, "/en/dataset/", q=f"{CLOSED}养老", as_typed="1")
        told = [each.get_text(" ", strip=True) for each in soup.select(".nothing li") if "closed" in each.get_text()]
        assert len(told) == count, told
        assert not told or (f"{CLOSED}不予开放" in told[0] and "某某条例" in told[0])


def test_the_page_orders_by_date_and_use_and_offers_the_feed_of_the_same_search(app, city):
    soup = page(app, "/en/dataset/", q=WORD, groups="transport", sort="use_count desc")
    assert said(soup, ".order a[aria-current]") == "Downloads"
    feed = soup.select("link[rel=alternate][type='application/atom+xml']")[0]["href"]
    assert str(feed).startswith("/en/feeds/custom.atom?") and "groups=transport" in str(feed)


def test_the_page_answers_any_text(app, city):
    hostile = (
        "a:b:c",
        f"title:({WORD}",
        ":",
        "🚌",
        "<script>alert(1)</script>",
        "'\"",
        "x" * 2000,
        "*",
        "{!bool must=x}",
        "_query_:x",
        "\\",
    )
    for q in hostile:
        for name in ("q", "organization", "tags", "page", "sort"):
            answer = app.get("/dataset/", query_string={name: q})
            assert answer.status_code == 200 and "SOLR" not in answer.body, (name, q)
            assert "<script>alert" not in answer.body


ONE_OF_EACH = ("/dataset/", "/organization/{org}", "/group/transport", "/district/210302")


@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_a_page_of_datasets_costs_the_same_for_one_result_and_for_many(app, city, path):
    address = path.format(org=city["one"]["org"]["name"])
    app.get(address)
    spent = []
    for query in ("", f"?q={WORD}", f"?q={WORD}&opening_class=unconditional&opening_class=conditional"):
        with costs() as cost:
            assert app.get(address + query).status_code == 200
        spent.append((cost.sql, cost.solr))
    assert set(spent) == {COST[path]}, spent


# Of each, one statement is CKAN's own: whether its settings have changed.
COST = {"/dataset/": (3, 2), "/organization/{org}": (4, 2), "/group/transport": (4, 2), "/district/210302": (3, 2)}


@pytest.mark.parametrize(("path", "cost"), [("/organization/", (3, 1)), ("/group/", (2, 1)), ("/district/", (1, 1))])
def test_a_list_of_places_costs_the_same_however_many_there_are(app, city, path, cost):
    app.get(path)
    with costs() as spent:
        app.get(path)
    assert (spent.sql, spent.solr) == cost, (spent.statements, spent.requests)


@pytest.mark.parametrize(("q", "solr"), [(SLIP, 3), ("垚犇骉羴鱻", 4), ("qqqqzzzz", 3)])
def test_a_slip_and_a_search_without_results_cost_little_more(app, city, q, solr):
    app.get("/dataset/", query_string={"q": q})
    with costs() as spent:
        app.get("/dataset/", query_string={"q": q})
    assert spent.solr <= solr and spent.sql <= 6, (spent.statements, spent.requests)


def test_an_agency_says_whom_to_call_how_much_is_open_and_how_much_is_late(app, city):
    soup = page(app, f"/en/organization/{city['other']['org']['name']}")
    assert said(soup, "h1") == city["other"]["org"]["title"]
    assert "1 dataset overdue" in said(soup, ".place .facts") and "Open on conditions 1" in said(soup, ".sums")
    late = page(app, str(soup.select(".place .facts a.late")[0]["href"]))
    assert titles(late) == [f"{WORD}养护合同"] and "Update overdue" in said(late, ".chosen")


def test_an_agency_counts_what_is_closed_and_names_none_of_it(app, city):
    soup = page(app, f"/en/organization/{city['one']['org']['name']}")
    assert said(soup, ".sums") == "Open unconditionally 2 Open on conditions 0 Not open 1"
    assert CLOSED not in soup.get_text() and SECRET not in soup.get_text()


def test_a_search_within_a_place_stays_there(app, city):
    soup = page(app, f"/en/organization/{city['one']['org']['name']}", q=WORD)
    assert f"{WORD}养护合同" not in titles(soup) and f"{WORD}公交站点信息" in titles(soup)
    assert not choices(soup, "organization")


def test_themes_and_districts_are_called_in_the_language_of_the_page(app, city):
    assert said(page(app, "/en/group/transport"), "h1") == "Transport"
    assert said(page(app, "/zh_Hans_CN/group/transport"), "h1") == "交通运输"
    assert said(page(app, "/zh_Hans_CN/district/210302"), "h1") == "铁东区"


@pytest.mark.parametrize("path", ["/organization/nowhere", "/group/nowhere", "/district/999999", "/district/x"])
def test_a_place_that_is_not_there_is_not_found(app, city, path):
    assert app.get(path, status=404).status_code == 404


def test_no_page_tells_of_what_is_not_released(app, city):
    org = city["one"]["org"]["name"]
    paths = [
        "/dataset/",
        f"/organization/{org}",
        "/organization/",
        "/group/",
        "/group/credit",
        "/district/",
        "/district/210311",
    ]
    for path in paths:
        for q in ("", SECRET, f"{NAME}塘"):
            text = BeautifulSoup(app.get(path, query_string={"q": q}).body, "html.parser")
            for box in text.select("form[role=search], title, .nothing > h3, .nothing .words, .notice"):
                box.decompose()
            assert f"{NAME}塘" not in text.get_text(), (path, q)
    assert published(city["open"])["name"] in app.get("/group/transport").body
    assert not page(app, "/en/district/210311").select(".result"), "only an entry is of that district"


def test_completion_tells_class_agency_and_items(app, city, monkeypatch):
    from ckanext.anshan.search import actions

    monkeypatch.setattr(actions, "_names", (0.0, (), {}))
    answer = json.loads(app.get("/en/search/complete", query_string={"q": WORD}).body)["completions"]
    dataset = next(each for each in answer if each["kind"] == "dataset" and "公交" in each["text"])
    assert dataset["badge"] == {"letter": "u", "icon": "circle-fill", "label": "Open unconditionally"}
    assert dataset["told"] == city["one"]["org"]["title"]
    item = next(each for each in answer if each["kind"] == "item")
    assert (item["text"], item["told"]) == (ITEM, "1 dataset") and "/en/dataset/?q=" in item["url"]


def test_completion_counts_what_an_agency_has_opened(app, city, monkeypatch):
    from ckanext.anshan.search import actions

    monkeypatch.setattr(actions, "_names", (0.0, (), {}))
    make_connection().commit()
    title = city["one"]["org"]["title"]
    answer = json.loads(app.get("/en/search/complete", query_string={"q": title}).body)["completions"]
    assert next(each["told"] for each in answer if each["kind"] == "organization") == "2 datasets"

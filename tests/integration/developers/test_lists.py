"""What programs fetch whole: the full list, the site map, the feeds. Public things only, at a known cost."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from ckanext.anshan.developers import datasets

from ..support import costs
from .conftest import LONG, SECRET

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://test.ckan.net"
OWN = 1
"""Statements of CKAN's own in each request: has its configuration changed?"""
FEEDS = {
    "/feeds/dataset.{}": "",
    "/feeds/custom.{}?q=" + quote("公交"): "公交",
    "/feeds/group/transport.{}": "交通运输",
    "/feeds/tag/" + quote("公交") + ".{}": "公交",
}


def entries(app, path: str):
    return ElementTree.fromstring(app.get(path).data).findall(f"{ATOM}entry")


def id_of(dataset: dict) -> str:
    return f"urn:uuid:{dataset['id']}"


def titles(app, path: str) -> list[str | None]:
    return [each.findtext(f"{ATOM}title") for each in entries(app, path)]


# the full list


def test_the_list_names_every_public_dataset_and_its_files(app, city):
    found = {each["identifier"]: each for each in json.loads(app.get("/data.json").data)["dataset"]}
    told = found[city.open["code"]]
    resource = city.open["resources"][0]
    assert (told["title"], told["accessLevel"], told["accrualPeriodicity"]) == (LONG, "public", "R/P1Y")
    (file,) = told["distribution"]
    assert (file["downloadURL"], file["byteSize"]) == (resource["url"], resource["size"])
    assert f"sha256:{file['sha256']}" == resource["hash"]
    told = found[city.conditional["code"]]
    assert (told["accessLevel"], told["distribution"]) == ("restricted public", [])
    assert "实名申请" in told["rights"]


def test_the_table_says_the_same(app, city):
    answer = app.get("/data.csv")
    assert "filename=data.csv" in answer.headers["Content-Disposition"]
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))}
    assert rows[city.open["code"]]["files"] == city.open["resources"][0]["url"]
    assert (rows[city.conditional["code"]]["files"], rows[city.open["code"]]["district"]) == ("", "海城市")


@pytest.mark.parametrize("path", ["/data.json", "/data.csv"])
def test_the_list_takes_one_statement_for_each_batch(app, city, path, monkeypatch):
    app.get(path)
    with costs() as whole:
        assert app.get(path).data
    monkeypatch.setattr(datasets, "BATCH", 1)
    with costs() as single:
        assert app.get(path).data
    with costs() as names:
        count = len(list(datasets.all_public()))
    assert (whole.sql, whole.solr) == (OWN + 1, 0), whole.statements
    assert single.sql - OWN == names.sql == count + 1


# the site map


def test_the_index_leads_to_every_page(app, city):
    root = ElementTree.fromstring(app.get("/sitemap.xml").data)
    urls = [each.text or "" for each in root.iter() if each.tag.endswith("loc")]
    assert urls == [f"{SITE}/sitemap-pages.xml", f"{SITE}/sitemap-1.xml"]
    for url in urls:
        assert b"<urlset" in app.get(url.removeprefix(SITE)).data


def test_a_dataset_is_there_in_both_languages(app, city):
    text = app.get("/sitemap-1.xml").body
    path = f"/dataset/{city.open['name']}"
    for url in (f"{SITE}{path}", f"{SITE}/zh_Hans_CN{path}"):  # the tests speak English without a prefix
        assert f"<loc>{url}</loc>" in text
        assert f'href="{url}"' in text
    assert city.entry["name"] not in text


def test_agencies_themes_and_pages_are_there(app, city):
    text = app.get("/sitemap-pages.xml").body
    for path in ("/developers", "/dataset/", "/group/transport", f"/organization/{city.owner['org']['name']}"):
        assert f"<loc>{SITE}{path}</loc>" in text


def test_a_page_beyond_the_last_is_not_there(app, city):
    app.get("/sitemap-2.xml", status=404)
    app.get("/sitemap-0.xml", status=404)


def test_the_site_map_costs_one_statement_a_page(app, city):
    for path in ("/sitemap.xml", "/sitemap-1.xml"):
        app.get(path)
        with costs() as cost:
            app.get(path)
        assert (cost.sql, cost.solr) == (OWN + 1, 0), path


def test_robots_are_led_to_the_site_map_and_kept_from_the_api(app):
    lines = app.get("/robots.txt").body.splitlines()
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert "Disallow: /api/" in lines


# feeds


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_has_titles_dates_and_agencies(app, city, path):
    found = {each.findtext(f"{ATOM}id"): each for each in entries(app, path.format("atom"))}
    told = found[id_of(city.open)]
    assert told.findtext(f"{ATOM}title") == LONG
    assert (told.findtext(f"{ATOM}published") or "")[:10] == city.open["release_date"]
    assert told.findtext(f"{ATOM}author/{ATOM}name") == city.owner["org"]["title"]
    links = {link.get("rel"): link.get("href") for link in told.iter(f"{ATOM}link")}
    assert links == {
        "alternate": f"{SITE}/dataset/{city.open['name']}",
        "enclosure": city.open["resources"][0]["url"],
    }


@pytest.mark.parametrize("path", FEEDS)
def test_rss_tells_the_same_as_atom(app, city, path):
    answer = app.get(path.format("rss"))
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    assert [each.text for each in root.findall("channel/item/title")] == titles(app, path.format("atom"))


def test_the_feed_of_an_agency_is_called_by_its_name(app, city):
    path = f"/feeds/organization/{city.owner['org']['name']}.atom"
    root = ElementTree.fromstring(app.get(path).data)
    assert (root.findtext(f"{ATOM}title") or "").startswith(city.owner["org"]["title"])
    assert set(titles(app, path)) == {LONG, city.conditional["title"]}


def test_a_feed_speaks_the_language_of_its_address(app, city):
    english = ElementTree.fromstring(app.get("/en/feeds/group/transport.atom").data)
    chinese = ElementTree.fromstring(app.get("/zh_Hans_CN/feeds/group/transport.atom").data)
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert ((english.findtext(f"{ATOM}title") or "")[:9], english.get(language)) == ("Transport", "en")
    assert ((chinese.findtext(f"{ATOM}title") or "")[:4], chinese.get(language)) == ("交通运输", "zh-Hans")


def test_a_search_can_be_followed_with_its_filters(app, city):
    path = "/feeds/custom.atom?opening_class=conditional&nonsense=1&organization=" + city.owner["org"]["name"]
    assert titles(app, path) == [city.conditional["title"]]


def test_several_values_of_one_filter_widen_the_feed_as_on_the_search_page(app, city):
    path = "/feeds/custom.atom?opening_class=conditional&opening_class=unconditional&organization="
    assert set(titles(app, path + city.owner["org"]["name"])) == {city.conditional["title"], LONG}


@pytest.mark.parametrize("typed", ['"', "\\", "a:b:c", "((", '" OR capacity:"private', "*" * 500])
def test_whatever_is_typed_a_feed_answers(app, city, typed):
    for name in ("q", "organization", "tags"):
        answer = app.get(f"/feeds/custom.atom?{name}={quote(typed)}")
        assert answer.status_code == 200
        assert SECRET not in answer.body.replace(typed, "")


@pytest.mark.parametrize("path", ["/feeds/group/nothing.atom", "/feeds/organization/nothing.rss"])
def test_a_feed_of_nothing_is_not_there(app, city, path):
    app.get(path, status=404)


def test_a_feed_goes_on_page_by_page(app, city):
    from ckan.tests.helpers import changed_config

    with changed_config("ckan.feeds.limit", 1):
        root = ElementTree.fromstring(app.get("/feeds/dataset.atom?page=1").data)
        links = {link.get("rel"): link.get("href") or "" for link in root.findall(f"{ATOM}link")}
        assert links["next"] == f"{SITE}/feeds/dataset.atom?page=2"
        first, second = titles(app, "/feeds/dataset.atom"), titles(app, "/feeds/dataset.atom?page=2")
        assert len(first) == len(second) == 1 and first != second
    assert len(titles(app, "/feeds/dataset.atom?page=nonsense")) >= 2


def test_the_cost_of_a_feed_is_one_search(app, city):
    for path in ("/feeds/dataset.atom", "/feeds/group/transport.rss", "/feeds/custom.atom?q=" + quote("公交")):
        app.get(path)
        with costs() as cost:
            app.get(path)
        assert (cost.sql, cost.solr) == (OWN, 1), (path, cost.statements)

"""Statistics, the regulation and the guides: what they show, and what they cost."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.anshan.access import downloads
from ckanext.anshan.pages import regulation, statistics
from ckanext.anshan.workflow import clock

from ..support import CSV, agency, costs, entry, published, release, work

pytestmark = pytest.mark.usefixtures("with_plugins")

GUIDES = ("/help", "/about", "/accessibility", "/regulation", "/statistics", "/open-list")


def soup_of(app, path):
    return BeautifulSoup(app.get(path).body, "html.parser")


def text(soup, selector):
    return " ".join(element.get_text() for element in soup.select(selector))


@pytest.fixture
def found(tmp_path):
    made = entry("unconditional", agency(), district="210302", themes=["transport"])
    release(tmp_path, made, {"a.csv": CSV})
    work()
    return published(made)


def test_a_download_is_counted_in_its_month_and_the_most_wanted_is_named(found):
    for _ in range(3):
        downloads.record([(found["id"], clock.today(), 1)])
    told = call_action("anshan_open_statistics")
    assert told["downloads_total"] >= told["downloads"][-1]["count"] >= 3
    assert told["downloads"][-1]["month"] == told["as_of"][:7]
    assert {"name": found["name"], "title": found["title"], "count": 3} in told["most_downloaded"] or len(
        told["most_downloaded"]
    ) == 10


def test_downloads_of_what_is_not_open_are_not_named():
    downloads.record([("gone", clock.today(), 1)])
    assert all(one["name"] for one in call_action("anshan_open_statistics")["most_downloaded"])


def test_a_late_update_is_counted_as_late(tmp_path):
    before = call_action("anshan_open_statistics")["punctuality"]
    made = entry("unconditional", agency(), next_update_due="2020-01-01")
    release(tmp_path, made, {"a.csv": CSV})
    assert call_action("anshan_open_statistics")["punctuality"] == before | {"late": before["late"] + 1}


def test_statistics_cost_the_same_however_much_there_is(app, found):
    app.get("/statistics")
    with costs() as cost:
        app.get("/statistics")
    assert (cost.sql, cost.solr) == (8, 0)


def test_each_picture_has_its_numbers_as_table_and_as_csv(app, found):
    soup = soup_of(app, "/en/statistics")
    with app.flask_app.test_request_context("/en"):
        tables = statistics.tables(call_action("anshan_open_statistics"))
    for name, table in tables.items():
        rows = soup.select(f'[aria-labelledby="figure-{name}"] tbody tr')
        told = list(csv.reader(io.StringIO(app.get(f"/en/statistics/{name}.csv").data.decode("utf-8-sig"))))
        assert [text(row, "th") for row in rows] == ([] if table.is_empty else [row[0] for row in told[1:]]), name


def test_a_figure_that_there_is_not_is_not_found(app):
    assert app.get("/statistics/nothing.csv", status=404)


def test_every_article_has_an_anchor_its_text_and_its_state(app):
    soup = soup_of(app, "/zh_Hans_CN/regulation")
    for article in regulation.articles():
        place = soup.select_one(f"#article-{article.number}")
        assert place and text(place, "h3") == article.name("zh")
        assert article.text[0] in place.get_text() and article.told("zh") in place.get_text()
        assert place.select_one(".law-here .state")


def test_the_links_of_every_article_lead_to_a_page(app):
    known = app.flask_app.view_functions
    assert {name for article in regulation.articles() for name in article.links if name not in known} == set()


def test_in_english_the_account_is_called_our_own_and_the_text_stays_chinese(app):
    soup = soup_of(app, "/en/regulation")
    assert "not an official translation" in text(soup, ".top")
    assert len(soup.select('article [lang="zh-Hans"]')) == 53


def test_an_article_is_pointed_to(with_request_context):
    assert tk.h.anshan_article_url(27).endswith("/regulation#article-27")


@pytest.mark.parametrize("path", GUIDES)
@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_headings_go_down_step_by_step_and_every_anchor_is_there(app, path, language):
    soup = soup_of(app, f"/{language}{path}")
    levels = [int(head.name[1]) for head in soup.select("main :is(h1, h2, h3, h4)")]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = {str(element["id"]) for element in soup.select("[id]")}
    assert {str(a["href"])[1:] for a in soup.select('main a[href^="#"]')} <= ids


@pytest.mark.parametrize("path", ["/help", "/about", "/accessibility", "/regulation"])
def test_a_guide_asks_nothing_but_what_ckan_asks_at_each_request(app, path):
    app.get(path)
    with costs() as cost:
        app.get(path)
    assert (cost.sql, cost.solr) == (1, 0)

"""People find what is public by ordinary words, and nothing else, on the real stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ckan.lib.search import SearchQueryError
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.anshan.catalogue import vocabularies
from ckanext.anshan.search import actions

from ..support import CSV, agency, as_user, entry, release, work

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")
VISITOR = {"name": ""}
TITLE = "玉皇阁公共汽车停靠站名录"
SECRET = "琉璃塔公共汽车停靠站名录"

_made: dict[str, Any] = {}


@pytest.fixture
def public(with_plugins: None, with_request_context: None, tmp_path: Path) -> dict[str, Any]:
    """A released entry and its private neighbour, made once for all tests here."""
    if not _made:
        owner = agency()
        found = entry("unconditional", owner, title=TITLE, notes="站点的位置", update_cycle="monthly")
        _made["hidden"] = entry("unconditional", owner, title=SECRET, notes="未发布")
        assert release(tmp_path, found, {"站点.csv": CSV}).problems == []
        work()
        _made.update(found, owner=owner)
    return _made


def found(q: str, **more: Any) -> list[str]:
    rows = as_user(VISITOR, "package_search", q=q, rows=20, **more)["results"]
    return [row["title"] for row in rows]


@pytest.mark.parametrize(
    "q",
    [
        "玉皇阁",
        "玉皇阁公交",
        "玉皇阁公共汽車",
        "玉皇阁 bus",
        "yuhuangge",
        "yhg",
        "玉黄阁公共汽车",
        "title:玉皇阁",
        "玉皇阁停靠站 ＆（",
    ],
)
def test_a_dataset_is_found_by_words_synonyms_pinyin_initials_and_slips(public, q):
    assert TITLE in found(q)[:3]


def test_a_dataset_is_found_by_its_code_alone(public):
    assert found(public["code"].lower()) == [TITLE]


def test_what_is_not_released_is_not_found_by_a_visitor(public):
    for q in ("琉璃塔", "liulita", "llt", public["hidden"]["code"], "title:琉璃塔", "zh_title_sound:琉璃塔"):
        assert SECRET not in found(q)


def test_the_publisher_finds_the_unreleased_entry(public):
    rows = as_user(public["owner"]["publisher"], "package_search", q="琉璃塔", include_private=True)["results"]
    assert [row["title"] for row in rows] == [SECRET]


@pytest.mark.parametrize("q", ["玉皇", "玉皇阁公共", "yuhuang", "yuhuangg", "yhg"])
def test_completion_offers_the_title_while_it_is_typed(public, q):
    assert TITLE in [each["text"] for each in as_user(VISITOR, "anshan_search_complete", q=q)]


@pytest.mark.parametrize("who", ["visitor", "publisher", "ignoring"])
@pytest.mark.parametrize("q", ["琉璃", "liulit", "llt"])
def test_completion_offers_nothing_private_to_anybody(public, q, who):
    user = public["owner"]["publisher"] if who == "publisher" else VISITOR
    offered = call_action("anshan_search_complete", {"user": user["name"], "ignore_auth": who == "ignoring"}, q=q)
    assert SECRET not in [each["text"] for each in offered]


def test_completion_knows_agencies(public, monkeypatch):
    monkeypatch.setattr(actions, "_names", (0.0, (), {}))
    name = public["owner"]["org"]["title"]
    offered = as_user(VISITOR, "anshan_search_complete", q=name[:-1])
    agency = {"kind": "organization", "text": name, "name": public["owner"]["org"]["name"], "datasets": 1}
    assert agency in offered


def test_completion_is_served_as_json_with_links(public, app):
    answer = app.get("/search/complete?q=玉皇")
    assert next(each["url"] for each in answer.json["completions"] if each["text"] == TITLE).startswith("/dataset/")


def test_a_slip_is_answered_with_what_was_meant_and_marks_it(public):
    answer = as_user(VISITOR, "package_search", q="玉黄阁")
    assert answer["did_you_mean"] == "玉皇阁"
    assert answer["results"][0]["highlights"]["title"].startswith("<mark>玉皇阁</mark>")


def test_nothing_private_is_suggested_to_a_visitor(public):
    assert tk.h.anshan_search_did_you_mean("琉离塔", [], "entry") is None
    assert "did_you_mean" not in as_user(VISITOR, "package_search", q="琉离塔")


def test_facets_carry_the_catalogues_own_words(public):
    facets = as_user(
        VISITOR, "package_search", q="玉皇阁", **{"facet.field": ["opening_class", "update_cycle", "res_format"]}
    )
    items = {name: [item["name"] for item in facet["items"]] for name, facet in facets["search_facets"].items()}
    assert items == {"opening_class": ["unconditional"], "update_cycle": ["monthly"], "res_format": ["CSV"]}
    shown = facets["search_facets"]["opening_class"]["items"][0]["display_name"]
    assert shown == vocabularies.label("opening_classes", "unconditional", str(tk.h.lang())) != "unconditional"


@pytest.mark.parametrize(
    "q",
    [
        "玉皇阁:",
        "地点:玉皇阁",
        "玉皇阁:b:c",
        "title:(玉皇",
        'title:"玉皇阁',
        "{!lucene}x:玉皇阁",
        "metadata_modified:玉皇阁",
    ],
)
def test_text_that_is_no_query_is_searched_for_by_its_words(public, q):
    assert TITLE in found(q)


def test_a_query_of_syntax_alone_finds_nothing_and_a_star_finds_everything(public):
    assert found(":") == [] and found("title:(") == []
    assert TITLE in found("*", fq=f'code:"{public["code"]}"')


@pytest.mark.parametrize("more", [{"fq": "title:("}, {"sort": "name sideways"}, {"q": "x:(", "sort": "(("}])
def test_a_filter_that_cannot_be_read_is_refused_without_solrs_words(public, more):
    with pytest.raises(SearchQueryError) as error:
        as_user(VISITOR, "package_search", **more)
    assert "order" in str(error.value) and "permission_labels" not in str(error.value)


def test_the_page_answers_any_text(public, app):
    for q in ("a:b:c", "title:(玉皇阁", ":", "🚌", "<script>alert(1)</script>", "'\"", "x" * 2000):
        page = app.get("/dataset/", query_string={"q": q})
        assert page.status_code == 200 and "search-error" not in page.body and "SOLR" not in page.body
        assert "<script>alert" not in page.body


@pytest.mark.parametrize(
    "q", ["{!bool must=x}", "\" OR ''", "+-&&||!(){}[]^~*?\\/", "：：", "a" * 3000, "AND OR NOT", "（）"]
)
def test_hostile_text_is_searched_for_and_never_an_error(public, q):
    assert isinstance(found(q), list)

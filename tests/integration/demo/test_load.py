"""A part of the demo, loaded through the portal's own imports: what visitors find, and what a second load leaves."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model

from ckanext.anshan.access import downloads
from ckanext.anshan.demo import usage
from ckanext.anshan.demo.city import Demo, entries
from ckanext.anshan.demo.load import APPROVAL as DEMO
from ckanext.anshan.demo.load import Loaded, load
from ckanext.anshan.release.importing import Refused

from ...listed import signed
from ..support import agency, as_user, entry, release, work

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")
VISITOR = {"name": ""}
TITLES = ("公交站点信息", "出租汽车经营企业名录", "公交IC卡刷卡客流统计", "出租汽车驾驶员从业资格信息", "水资源公报")


@pytest.fixture
def chosen() -> list[Demo]:
    return [demo for demo in entries() if demo.entry["title"] in TITLES]


@cache
def load_once() -> Loaded:
    done = load_by_list([demo for demo in entries() if demo.entry["title"] in TITLES])
    work()
    return done


def load_by_list(chosen: list[Demo]) -> Loaded:
    """Approved by a list: what other tests released is no demo."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ckanext.anshan.demo.load.check_alone", lambda: None)
        patch.setattr("ckanext.anshan.demo.load.allowed", lambda manifest: signed(manifest, DEMO))
        return load(chosen=chosen)


@pytest.fixture
def loaded(with_plugins: None, with_request_context: None) -> Loaded:
    """Loaded by the first test that asks, once the portal's plugins are there."""
    return load_once()


def public(title: str) -> dict[str, Any]:
    row = model.Session.query(model.Package).filter_by(type="dataset", title=title, state="active").one()
    return as_user(VISITOR, "package_show", id=row.id)


def titles(kind: str) -> set[str]:
    rows = model.Session.query(model.Package.title).filter_by(type=kind, state="active")
    return {str(title) for (title,) in rows} & set(TITLES)


@pytest.mark.usefixtures("loaded")
class TestLoaded:
    def test_everything_went_in(self, loaded: Loaded) -> None:
        assert (loaded.entries, loaded.entries_refused, loaded.releases_refused) == (5, 0, 0)
        assert titles("entry") == set(TITLES)

    def test_closed_entries_have_no_dataset(self) -> None:
        assert titles("dataset") == set(TITLES) - {"出租汽车驾驶员从业资格信息"}

    def test_conditional_entries_show_no_file(self) -> None:
        assert public("公交IC卡刷卡客流统计")["resources"] == []

    def test_the_last_of_two_versions_is_public(self) -> None:
        found = public("公交站点信息")
        assert found["release_version"] in (2, "2")
        csv = next(one for one in found["resources"] if one["format"] == "CSV")
        assert as_user(VISITOR, "datastore_search", resource_id=csv["id"], limit=0)["total"] == 260

    def test_gb18030_becomes_a_readable_table(self) -> None:
        csv = public("出租汽车经营企业名录")["resources"][0]
        row = as_user(VISITOR, "datastore_search", resource_id=csv["id"], limit=1)["records"][0]
        assert row["企业名称"].startswith("鞍山演示")

    def test_datasets_bear_their_theme_and_agency(self) -> None:
        found = public("公交站点信息")
        assert [group["name"] for group in found["groups"]] == ["transport"]
        assert found["organization"]["title"] == "鞍山市交通运输局"

    def test_tables_with_places_have_a_map_and_a_chart(self) -> None:
        csv = next(one for one in public("公交站点信息")["resources"] if one["format"] == "CSV")
        shown = as_user(VISITOR, "anshan_preview_show", id=csv["id"], query="view=map")
        assert (shown["kinds"], shown["map"]["rows"]) == (["table", "chart", "map"], 260)

    def test_a_pdf_has_a_preview(self) -> None:
        pdf = next(one for one in public("水资源公报")["resources"] if one["format"] == "PDF")
        assert as_user(VISITOR, "anshan_preview_show", id=pdf["id"])["kind"] == "document"

    def test_a_second_load_changes_nothing(self, chosen: list[Demo]) -> None:
        before = public("公交站点信息")
        again = load_by_list(chosen)
        assert (again.agencies_written, again.entries_written, again.releases_written) == (0, 0, 0)
        assert public("公交站点信息") == before


def test_pages_draw_charts_and_maps_even_without_the_libraries(app: Any, loaded: Loaded, ckan_config: Any) -> None:
    ckan_config["ckanext.anshan.theme.libraries"] = ""
    found = public("公交站点信息")
    for view, drawn in (("chart", "table.bars rect"), ("map", ".map-canvas circle")):
        page = BeautifulSoup(app.get(f"/dataset/{found['name']}?view={view}").body, "html.parser")
        assert page.select(drawn), view


def test_where_anything_else_was_released_no_demo_is(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    release(tmp_path, entry("unconditional", agency()), {"a.csv": "a\n1\n"})
    told: list[str] = []
    with pytest.raises(Refused) as refused:
        load(told.append, [demo for demo in entries() if demo.entry["title"] == "水资源公报"])
    assert (refused.value.refusal.code, told) == ("demo_not_alone", []), "nothing was begun"
    monkeypatch.setattr("ckanext.anshan.demo.load.check_alone", lambda: None)
    monkeypatch.setattr("ckanext.anshan.demo.load.APPROVAL", "another")
    done = load(chosen=[demo for demo in entries() if demo.entry["title"] == "水资源公报"])
    assert (done.releases_written, done.releases_refused) == (0, 1), "each line is refused by itself too"


@pytest.mark.usefixtures("loaded")
def test_downloads_are_invented_only_where_none_were_counted():
    counted = downloads.counted()
    assert counted and usage.load() == 0
    assert downloads.counted() == counted

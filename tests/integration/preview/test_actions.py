"""Views of published files: the same rules for table, chart, map and export, and nothing of what isn't open."""

from __future__ import annotations

import io
import json
import zipfile

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import changed_config
from ckanext.datastore.backend.postgres import get_write_engine, identifier

from ..support import agency, as_user, costs, entry, published, reclassify, release, work

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

VISITOR = {"name": ""}
STATIONS = "站名,区县,日均客流,启用日期,经度,纬度\n" + "".join(
    f"{name},{area},{n},{day},{lon},{lat}\n"
    for name, area, n, day, lon, lat in [
        ("鞍山站", "铁东区", 1200, "2024-03-01", 122.9946, 41.1075),
        ("千山站", "千山区", 530, "2025-11-20", 123.1378, 41.0301),
        ("海城西站", "海城市", 800, "2025-06-01", 122.68, 40.85),
        ("腾鳌100%站", "海城市", "", "", "", ""),
    ]
)


def files(tmp_path, content):
    """The files of a dataset that was released and whose tables are made, by their name."""
    found = entry("unconditional", agency())
    release(tmp_path, found, content)
    work()
    return found, {one["name"]: one["id"] for one in published(found)["resources"]}


@pytest.fixture
def stations(tmp_path):
    return files(tmp_path, {"站点.csv": STATIONS.encode("gb18030")})[1]["站点.csv"]


def show(id, query=""):
    return as_user(VISITOR, "anshan_preview_show", id=id, query=query)


def names(id, query):
    return [row[0] for row in show(id, query)["rows"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["鞍山站", "千山站", "海城西站", "腾鳌100%站"]),
        ("sort=日均客流", ["千山站", "海城西站", "鞍山站", "腾鳌100%站"]),
        ("sort=-日均客流", ["鞍山站", "海城西站", "千山站", "腾鳌100%站"]),
        ("where.区县=海城", ["海城西站", "腾鳌100%站"]),
        ("where.区县==海城", []),
        ("where.站名=100%", ["腾鳌100%站"]),
        ("where.站名=_", []),
        ("where.日均客流=>=800&sort=-日均客流", ["鞍山站", "海城西站"]),
        ("where.日均客流==", ["腾鳌100%站"]),
        ("where.启用日期=2025", ["千山站", "海城西站"]),
        ("where.启用日期=<=2025-06", ["鞍山站", "海城西站"]),
        ("where.区县=海城&where.日均客流=>=1", ["海城西站"]),
    ],
)
def test_rows_are_filtered_and_sorted_by_the_database(stations, query, found):
    assert names(stations, query) == found


@pytest.mark.parametrize("value", ["'; DROP TABLE x; --", '" OR 1=1', "%s", ":v0", "\\", "😀"])
def test_a_value_is_never_more_than_a_value(stations, value):
    assert (
        as_user(VISITOR, "anshan_preview_show", id=stations, query=f"where.站名={value.replace('%', '%25')}")["rows"]
        == []
    )


def test_what_is_asked_in_vain_is_told_with_its_code(stations):
    told = show(stations, "where.楼层=3&where.日均客流=许多")
    assert [problem["code"] for problem in told["problems"]] == ["preview.no_such_column", "preview.not_a_number"]
    assert len(told["rows"]) == 4


def test_a_chart_has_the_numbers_of_the_rows(stations):
    chart = show(stations, "view=chart&by=区县&of=日均客流")["chart"]
    told = [(bar["label"], bar["text"], bar["rows"]) for bar in chart["bars"]]
    assert told == [("铁东区", "1,200", 1), ("海城市", "800", 2), ("千山区", "530", 1)]
    average = show(stations, "view=chart&by=区县&of=日均客流&how=average&where.区县=海城")["chart"]
    assert [(bar["label"], bar["value"]) for bar in average["bars"]] == [("海城市", 800.0)]


def test_a_chart_over_time_is_in_its_order(stations):
    chart = show(stations, "view=chart&by=启用日期")["chart"]
    assert [bar["label"] for bar in chart["bars"]] == ["2024-03", "2025-06", "2025-11", ""]


def test_more_groups_than_bars_are_put_together(tmp_path):
    content = "街道,数量\n" + "".join(f"第{at}街道,{at}\n" for at in range(1, 31))
    id = files(tmp_path, {"a.csv": content})[1]["a.csv"]
    bars = show(id, "view=chart&by=街道&of=数量")["chart"]["bars"]
    assert len(bars) == 21
    assert (bars[0]["label"], bars[-1]["groups"], bars[-1]["value"]) == ("第30街道", 10, float(sum(range(1, 11))))


def test_a_map_draws_the_rows_that_have_a_place_over_the_districts(stations):
    told = show(stations, "view=map")["map"]
    assert (told["rows"], sum(circle["rows"] for circle in told["circles"])) == (3, 3)
    assert len(told["outline"]) == 7 and told["is_sketch"]
    assert all(0 <= circle["x"] <= told["width"] and 0 <= circle["y"] <= told["height"] for circle in told["circles"])
    places = as_user(VISITOR, "anshan_preview_places", id=stations, query="where.区县=海城")
    assert places["points"] == [[122.68, 40.85, 1, 3, ["海城西站", "海城市", "800", "2025-06-01"]]]


def test_a_geojson_file_is_a_map_and_a_text(tmp_path):
    area = {"type": "Polygon", "coordinates": [[[122.9, 41.0], [123.0, 41.0], [123.0, 41.1], [122.9, 41.0]]]}
    content = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"名称": "二一九公园"}, "geometry": area}],
    }
    id = files(tmp_path, {"a.geojson": json.dumps(content)})[1]["a.geojson"]
    assert show(id)["kinds"] == ["table", "chart", "map", "text"]
    assert show(id)["rows"] == [["二一九公园"]]
    assert [path["is_area"] for path in show(id, "view=map")["map"]["paths"]] == [True]
    assert as_user(VISITOR, "anshan_preview_places", id=id)["shapes"]["features"][0]["geometry"] == area
    assert '"FeatureCollection"' in show(id, "view=text")["text"]["text"]


def test_other_files_show_what_is_in_them(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("数据/站点.csv", "a,b\n1,2\n")
    ids = files(
        tmp_path,
        {"a.zip": packed.getvalue(), "a.pdf": b"%PDF-1.4\n", "a.png": b"\x89PNG\r\n", "a.txt": "说明", "a.bin": b"\0"},
    )[1]
    assert {name: show(id)["kind"] for name, id in ids.items()} == {
        "a.zip": "archive",
        "a.pdf": "document",
        "a.png": "image",
        "a.txt": "text",
        "a.bin": "none",
    }
    assert show(ids["a.zip"])["archive"] == {"files": [{"name": "数据/站点.csv", "size": 8}], "total": 1, "size": 8}


def test_a_view_is_exported_as_it_is_seen(app, stations):
    answer = app.get(f"/preview/{stations}/view.csv?where.区县=海城&show=站名&show=日均客流&sort=站名")
    assert answer.data.decode("utf-8-sig").splitlines() == ["站名,日均客流", "海城西站,800", "腾鳌100%站,"]
    named = answer.headers["Content-Disposition"]
    assert (named, named.isascii()) == ("attachment; filename*=UTF-8''%E7%AB%99%E7%82%B9-view.csv", True)


def test_a_million_rows_are_read_a_page_at_a_time(stations):
    """The table is made as long as that beneath the view; no page of it takes long, and none is loaded whole."""
    with get_write_engine().begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {identifier(stations)} DISABLE TRIGGER USER"))
        connection.execute(
            sa.text(
                f"INSERT INTO {identifier(stations)} (站名, 区县, 日均客流, 启用日期, 经度, 纬度) SELECT '站' || n,"
                " '第' || n % 40 || '区', n, date '2000-01-01' + n % 9000, 122 + n % 999 / 999.0, 40 + n % 7 / 7.0"
                " FROM generate_series(1, 1000000) AS n"
            )
        )
    told = show(stations, "page=50000")
    assert (told["total"], told["pages"]["total"], len(told["rows"])) == (1_000_004, 1_000_004, 20)
    told = show(stations, "where.站名=站&sort=-日均客流")
    assert (told["pages"]["is_exact"], told["rows"][0][0]) == (False, "站1000000")
    assert len(show(stations, "view=chart&by=区县&of=日均客流")["chart"]["bars"]) == 21
    places = as_user(VISITOR, "anshan_preview_places", id=stations)
    assert (places["rows"], places["is_estimate"], 100 < len(places["points"]) <= 5000) == (1_000_003, True, True)


def test_a_view_that_takes_too_long_says_so(stations):
    with changed_config("ckanext.anshan.preview.seconds", 1), get_write_engine().begin() as connection:
        connection.execute(sa.text(f"LOCK TABLE {identifier(stations)} IN ACCESS EXCLUSIVE MODE"))
        told = show(stations)
    assert (told["kind"], [problem["code"] for problem in told["problems"]]) == ("none", ["preview.too_slow"])


@pytest.mark.parametrize(
    ("query", "statements"),
    [("", 4), ("where.区县=海城", 5), ("view=chart&by=区县", 4), ("view=chart", 5), ("view=map", 5)],
)
def test_a_view_costs_a_few_statements(stations, query, statements):
    show(stations, query)
    with costs() as cost:
        show(stations, query)
    assert (cost.sql, cost.solr) == (statements, 0)


def test_nothing_is_shown_of_what_is_not_open_to_all(app, tmp_path):
    owner = agency()
    found = entry("unconditional", owner)
    release(tmp_path, found, {"站点.csv": STATIONS})
    work()
    id = published(found)["resources"][0]["id"]
    reclassify(found, owner, "conditional")
    release(tmp_path, found, {"站点.csv": STATIONS}, approval="2号")
    for when in ("before the table is dropped", "afterwards"):
        for action in ("anshan_preview_show", "anshan_preview_places"):
            with pytest.raises(tk.ObjectNotFound, match="open to all"):
                as_user(VISITOR, action, id=id)
        for path in ("view.csv", "places.json"):
            answer = app.get(f"/preview/{id}/{path}", expect_errors=True)
            assert answer.status_code == 404 and "鞍山站" not in answer.body, when
        work()


@pytest.mark.parametrize("id", ["_table_metadata", "nothing", "pg_catalog.pg_user", '"'])
def test_no_other_table_is_read(id):
    with pytest.raises(tk.ObjectNotFound):
        show(id)

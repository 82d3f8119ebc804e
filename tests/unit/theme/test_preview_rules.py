"""Which columns a chart and a map choose, and what a place is."""

from __future__ import annotations

import pytest

from ckanext.anshan.theme.previews import rules
from ckanext.anshan.theme.previews.rules import Chart, Field, Places

MONTHLY = [Field("月份", "text"), Field("客运量", "int8"), Field("准点率", "numeric")]
STATIONS = [Field("监测日期", "date"), Field("监测点位", "text"), Field("细颗粒物", "int8")]
PARKING = [Field("编号", "text"), Field("停车场名称", "text"), Field("经度", "numeric"), Field("纬度", "numeric"),
           Field("泊位总数", "int8")]  # fmt: skip


def chart(columns, records, **wanted) -> Chart:
    found = rules.chart(columns, records, wanted)
    assert found is not None
    return found


def test_a_time_series_is_a_line_along_the_time():
    found = chart(MONTHLY, [{"月份": "2026-01", "客运量": 1}, {"月份": "2026-02", "客运量": 2}])
    assert (found.label, found.value, found.group, found.kind) == ("月份", "客运量", "", "line")


def test_rows_that_share_a_day_become_a_line_each():
    records = [{"监测日期": day, "监测点位": place, "细颗粒物": 9} for day in ("1", "2") for place in ("甲", "乙")]
    assert chart(STATIONS, records).group == "监测点位"


def test_a_list_is_bars_by_name_and_coordinates_are_no_height():
    found = chart(PARKING, [{"停车场名称": "一"}, {"停车场名称": "二"}], label="编号", value="经度")
    assert (found.label, found.value, found.kind) == ("停车场名称", "泊位总数", "bar")


def test_a_year_is_no_height():
    assert chart([Field("年度", "int8"), Field("总量", "int8")], [{"年度": 2025, "总量": 1}]).values == ("总量",)


def test_what_the_view_names_is_taken():
    assert chart(MONTHLY, [{"月份": "2026-01"}], value="准点率").value == "准点率"


def test_without_numbers_there_is_no_chart():
    assert rules.chart([Field("标题", "text"), Field("成文日期", "date")], [{"标题": "一"}], {}) is None


def test_coordinates_are_found_by_their_usual_names():
    assert rules.places(PARKING, {}) == Places("纬度", "经度")
    assert rules.places([Field("lat", "numeric"), Field("lng", "numeric")], {}) == Places("lat", "lng")
    assert rules.places(MONTHLY, {}) is None


def test_a_column_of_geometry_serves_as_well():
    found = rules.places([Field("name", "text"), Field("geometry", "text")], {})
    assert found is not None
    assert found == Places(geometry="geometry")
    line = '{"type": "LineString", "coordinates": [[122.9, 41.1], [123.0, 41.2]]}'
    drawn = list(rules.features(found, [{"name": "一号线", "geometry": line}, {"name": "无", "geometry": "?"}], "name"))
    assert [(one["geometry"]["type"], one["properties"]) for one in drawn] == [
        ("LineString", {"at": 0, "name": "一号线"})
    ]


@pytest.mark.parametrize(
    "place", [{}, {"lat": None, "lng": None}, {"lat": "x", "lng": 1}, {"lat": 91, "lng": 1}, {"lat": 0, "lng": 0}]
)
def test_rows_without_a_place_are_left_out(place):
    assert list(rules.features(Places("lat", "lng"), [place], "name")) == []


def test_the_row_number_of_the_datastore_is_no_column():
    assert rules.fields([{"id": "_id", "type": "int"}, {"id": "名称", "type": "text"}]) == [Field("名称", "text")]

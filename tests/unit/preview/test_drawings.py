"""How a table is drawn: which columns a chart takes, how time is cut, where places are and how many are carried."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from ckanext.anshan.preview import charts, options, places
from ckanext.anshan.preview.places import Box, Paper, Where
from ckanext.anshan.preview.rules import Asked, Column

CODE, NAME, AREA = Column("机构编号", "text"), Column("机构名称", "text"), Column("区县", "text")
BEDS, PRICE, DAY = Column("床位数", "bigint"), Column("批发均价", "numeric"), Column("采价日期", "date")
UPDATED, LON, LAT = Column("更新日期", "date"), Column("经度", "numeric"), Column("纬度", "numeric")
PLACES = [CODE, NAME, AREA, LON, LAT, BEDS, UPDATED]


def chosen(columns, **asked):
    chart = charts.choose(columns, Asked(kind="chart", **asked))
    assert chart is not None
    return chart.by.name, chart.of.name if chart.of else "", chart.how


def test_a_table_of_places_is_drawn_by_district_and_its_numbers_are_summed():
    assert chosen(PLACES) == ("区县", "床位数", "sum")


def test_prices_over_time_are_averaged_in_the_order_of_time():
    assert chosen([DAY, NAME, PRICE]) == ("采价日期", "批发均价", "average")
    chart = charts.choose([DAY, NAME, PRICE], Asked())
    assert chart is not None and chart.is_time and chart.limit == charts.MOST_POINTS


def test_without_numbers_rows_are_counted():
    assert chosen([CODE, NAME, AREA]) == ("区县", "", "count")


def test_a_reader_chooses_columns_and_measure():
    assert chosen(PLACES, by="机构名称", of="床位数", how="average") == ("机构名称", "床位数", "average")
    assert chosen(PLACES, by="区县") == ("区县", "", "count")
    assert chosen(PLACES, how="count") == ("区县", "", "count")


def test_coordinates_are_no_numbers_to_add():
    chart = charts.choose(PLACES, Asked())
    assert chart is not None and [column.name for column in chart.values] == ["床位数"]


def test_a_table_of_numbers_alone_has_no_chart():
    assert charts.choose([BEDS, PRICE], Asked()) is None


@pytest.mark.parametrize(
    ("first", "last", "step"),
    [
        (date(2026, 1, 1), date(2026, 4, 1), "day"),
        (date(2024, 1, 1), date(2026, 4, 1), "month"),
        (date(1990, 1, 1), date(2026, 1, 1), "year"),
    ],
)
def test_time_is_cut_so_that_an_eye_follows(first, last, step):
    assert charts.step(first, last) == step


def test_a_bar_is_as_long_as_its_share_and_never_negative():
    assert charts.share(Decimal(5), Decimal(10)) == 0.5
    assert charts.share(Decimal(-5), Decimal(10)) == charts.share(None, Decimal(10)) == 0.0


def test_places_are_found_by_the_names_of_columns():
    assert places.find(PLACES) == Where("纬度", "经度")
    assert places.find([NAME, Column("geometry", "text")]) == Where(geometry="geometry")
    assert places.find([NAME, Column("经度", "text"), Column("纬度", "text")]) is None


def test_drawings_that_are_none_or_too_many_are_left_out():
    point = json.dumps({"type": "Point", "coordinates": [123, 41]})
    texts = [
        (1, point),
        (2, "{"),
        (3, '{"type": "Circle", "coordinates": [1, 2]}'),
        *((at, point) for at in range(9999)),
    ]
    assert len(list(places.shapes(texts))) == places.MOST_SHAPES - 2
    huge = json.dumps({"type": "LineString", "coordinates": [[123.0, 41.0]] * 200_000})
    assert list(places.shapes([(1, huge)])) == []


def test_a_drawing_is_as_broad_on_paper_as_on_the_ground():
    paper = Paper(Box(122, 40, 124, 42), 640)
    assert paper.at(122, 42) == (0.0, 0.0)
    assert paper.at(124, 40) == (640.0, pytest.approx(paper.height, abs=1))
    assert 820 < paper.height < 880


def test_the_sketch_has_every_district_and_holds_its_middle():
    outline = json.loads(options.OWN.read_text("utf-8"))
    assert {each["properties"]["id"] for each in outline["features"]} == {
        *("210302", "210303", "210304", "210311", "210321", "210323", "210381")
    }
    for each in outline["features"]:
        for ring in each["geometry"]["coordinates"]:
            assert ring[0] == ring[-1] and len(ring) > 4

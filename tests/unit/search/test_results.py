"""What is made of results: marks and suggestions; and of packages: documents."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.search import documents, highlight, suggest


@pytest.mark.parametrize(
    ("q", "title", "meant"),
    [
        ("停车厂", "公共停车场信息", "停车场"),
        ("空汽质量", "全市空气质量月报", "空气质量"),
        ("公积贷款", "住房公积金贷款政策文件", "公积金贷款"),
        ("kongqizhiliang", "全市空气质量月报", "空气质量"),
        ("低宝", "城市低保对象", "低保"),
    ],
)
def test_a_slip_is_mended_from_the_results(q: str, title: str, meant: str):
    assert suggest.did_you_mean(q, [title]) == meant


@pytest.mark.parametrize(
    ("q", "title"),
    [("停车场", "公共停车场"), ("高中入学", "初中入学名单"), ("医院", "定点医疗机构"), ("bus", "公交线路"), ("x", "")],
)
def test_nothing_is_suggested_for_what_is_right_or_only_different(q: str, title: str):
    assert suggest.did_you_mean(q, [title]) is None


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=4))
def test_suggesting_never_raises(q: str, texts: list[str]):
    suggest.did_you_mean(q, texts)


def test_hits_and_synonyms_are_marked():
    assert highlight.marked("城市公共汽车线路", highlight.marks("公交")) == "城市<mark>公共汽车</mark>线路"


def test_a_long_text_is_shown_around_its_first_hit():
    shown = highlight.marked("长" * 400 + "公交" + "长" * 400, highlight.marks("公交"))
    assert shown.startswith("…") and shown.endswith("…") and "<mark>公交</mark>" in shown and len(shown) < 250


@given(st.text(max_size=80), st.text(min_size=1, max_size=20))
def test_marks_are_the_only_html_that_is_left(text: str, q: str):
    shown = highlight.marked(f"<script>{text}", highlight.marks(q))
    assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")


def test_fields_of_a_result_are_marked_where_they_hold_something():
    package = {"title": "站点", "notes": None, "information_items": [{"name": "公交站"}, {"name": "经度"}]}
    assert highlight.of(package, highlight.marks("公交")) == {"information_items": "<mark>公交</mark>站"}


def _document(**more: Any) -> dict[str, Any]:
    package = {
        "code": "11210300MB1A000000000000000000001",
        "organization": {"name": "traffic", "title": "鞍山市交通运输局"},
        "information_items": [{"name": "站点名称", "column": "zdmc"}],
    }
    document = {"id": "x", "title": "公共汽车站点", "notes": "", "validated_data_dict": json.dumps(package)}
    return documents.extend({**document, **more})


def test_a_document_is_found_by_code_provider_agency_items_pinyin_and_synonym():
    made = _document()
    assert made["exact_code"] == ["11210300mb1a000000000000000000001", "11210300mb1a000000"]
    assert "交通局" in made["exact_agency"]
    assert made["zh_items"] == ["站点名称", "zdmc"]
    assert "gong'gong'qi'che'zhan'dian'" in made["typed_title"]
    assert "公交" in made["zh_synonyms"] and "gong'jiao'" in made["typed_more"]


def test_an_item_is_found_by_its_whole_name_with_and_without_its_unit():
    package = {"information_items": [{"name": "化学需氧量（mg/L）"}, {"name": "（）"}, {"name": "PM2.5"}]}
    made = documents.extend({"id": "x", "title": "水质", "validated_data_dict": json.dumps(package)})
    assert made["exact_item"] == ["化学需氧量mgl", "化学需氧量", "pm25"]


@pytest.mark.parametrize("value", ["码" * 40_000, "x" * 40_000])
def test_a_value_that_solr_would_refuse_is_cut(value: str):
    assert len(_document(own_field=value)["own_field"].encode()) <= documents.LARGEST
    assert _document(notes=value)["notes"] == value


@pytest.mark.parametrize("broken", ["", "[]", "{", None])
def test_a_document_without_a_readable_package_is_still_made(broken: Any):
    assert _document(validated_data_dict=broken)["zh_items"] == []


@pytest.mark.parametrize(("given", "indexed"), [(7, 7), ("99999", 0), (None, 0)])
def test_use_is_what_was_counted_and_no_text_of_a_publisher(given: Any, indexed: int):
    assert _document(use_count=given)["use_count"] == indexed

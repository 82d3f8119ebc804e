"""What a spreadsheet gives becomes information items, with a head line or without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.catalogue import pasting
from ckanext.anshan.catalogue.fields import ITEM, MOST_ITEMS

PARK = {"name": "停车场名称", "column": "park_name", "type": "text", "sensitive": "no", "length": "50"}


@pytest.mark.parametrize(
    "heads",
    ["名称\t字段名\t数据类型\t长度", "信息项名称（必填）\t英文名\t字段类型*\t数据长度", "Name\tColumn\tType\tLength"],
)
def test_a_head_line_is_recognised_in_the_words_that_agencies_use(heads: str):
    assert pasting.from_text(f"{heads}\n停车场名称\tpark_name\t字符型\t50\n") == [PARK]


def test_heads_may_stand_in_any_order():
    assert pasting.from_text("长度\t数据类型\t序号\t名称\t字段名\n50\tvarchar\t1\t停车场名称\tpark_name") == [PARK]


def test_without_a_head_line_the_cells_tell_what_they_are():
    assert pasting.from_text("停车场名称\tpark_name\t字符型\t50\r\n泊位数\tspaces\t整数\t4\r\n")[1] == {
        "name": "泊位数",
        "column": "spaces",
        "type": "integer",
        "sensitive": "no",
        "length": "4",
    }


def test_a_list_of_names_is_enough():
    assert [item["name"] for item in pasting.from_text("名称\n地址\n")] == ["地址"]
    assert [item["name"] for item in pasting.from_text("站名\n地址\n")] == ["站名", "地址"]


def test_a_type_may_carry_its_length():
    assert pasting.from_text("站名\tvarchar(50)")[0] == {
        "name": "站名",
        "type": "text",
        "sensitive": "no",
        "length": "50",
    }


def test_a_word_that_is_no_type_is_left_for_a_person_to_choose():
    item = pasting.from_text("名称\t数据类型\t是否敏感\n站名\t未知类型\t是")[0]
    assert (item["type"], item["sensitive"]) == ("", "yes")


def test_line_ends_and_tabs_inside_a_quoted_cell_stay():
    assert pasting.from_text('名称\t含义\n站名\t"第一行\n第二行"')[0]["meaning"] == "第一行\n第二行"


def test_a_file_gives_one_item_a_column_with_its_type():
    rows = [
        ["站名", "人数", "经度", "日期", ""],
        ["鞍山站", "12", "122.99", "2026-11-02", "x"],
        ["千山站", "", "123", "2026-11-03", ""],
    ]
    assert [(item["name"], item["type"]) for item in pasting.from_table(rows)] == [
        ("站名", "text"),
        ("人数", "integer"),
        ("经度", "number"),
        ("日期", "date"),
    ]


def test_a_code_with_a_leading_zero_is_text():
    assert pasting.from_table([["区号"], ["0412"]])[0]["type"] == "text"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_gives_items_of_known_fields(text: str):
    items = pasting.from_text(text)
    assert len(items) <= MOST_ITEMS
    assert all(item.keys() <= ITEM.keys() for item in items)

"""Names in running text: which words, titles and signs tell of one, and which words only look like names."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan.recognising import patterns, prose

from ..made import given


def told(text: str) -> list[str]:
    return [text[first:last] for first, last in patterns.spans("person_name", text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王建国，男，1970年5月出生", ["王建国"]),
        ("经查，王建国（男，45岁）无证驾驶", ["王建国"]),
        ("任命李明辉为市财政局副局长", ["李明辉"]),
        ("免去张丽的职务", ["张丽"]),
        ("出席：王建国（局长）、李明、张丽华", ["王建国", "李明", "张丽华"]),
        ("被告人赵强，住本市", ["赵强"]),
        ("签发：王建国 校对：李敏", ["王建国", "李敏"]),
        ("记者 王建国 通讯员 李芳", ["王建国", "李芳"]),
        ("局长王建国主持会议", ["王建国"]),
        ("先进个人：王建国、李明、孙丽", ["王建国", "李明", "孙丽"]),
        ("王建国 李明辉 孙丽华 赵强", ["王建国", "李明辉", "孙丽华", "赵强"]),
        ("填报单位：团市委    制表人：蒋蓉琳    日期：2024", ["蒋蓉琳"]),
        ("找吕云13856614952（周末勿扰）", ["吕云"]),
        ("牛勇轩遗失身份证", ["牛勇轩"]),
        ("实名核验失败 name=武东, code=3", ["武东"]),
        ("王建国 副局长", ["王建国"]),
    ],
)
def test_names_are_told(text, names):
    assert told(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "主任高度重视安全生产",
        "黄芪、白术、党参、当归",
        "清代书法家王尔烈所书",
        "采购人：衡阳市城市管理局",
        "未被列入失信被执行人名单。",
        "昌吉市长江小学",
        "本院院长负责",
        "铁东区、立山区、千山区、高新区",
        "经理和员工",
        "",
    ],
)
def test_no_name_is_told(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("语文王建国", ("语文", "王建国")),
        ("数学/李明", ("数学", "李明")),
        ("机械制图(何宁春)", ("机械制图", "何宁春")),
        ("市场监督管理局", None),
        ("食品安全", None),
        ("王建国", None),
    ],
)
def test_a_name_at_the_end_is_parted_from_what_stands_before(text, parts):
    assert prose.glued(text) == parts


@given(st.text("王建国李明张，、：()人员记者局长 \n", max_size=60), st.booleans(), tries=200)
def test_names_stand_in_order_and_apart(text, beside):
    end = 0
    for first, last in prose.names(text, beside):
        assert end <= first < last <= len(text)
        end = last

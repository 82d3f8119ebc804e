"""What the name of a column says about it."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan import headers
from ckanext.anshan.scan.recognising import known

from .made import given


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("身份证号", "resident_id"),
        ("公民身份号码", "resident_id"),
        ("SFZH", "resident_id"),
        ("id_card", "resident_id"),
        ("手机号码", "mobile"),
        ("sjhm", "mobile"),
        ("联系电话", "phone"),
        ("办公电话（区号）", "phone"),
        ("Tel", "phone"),
        ("银行卡号", "bank_card"),
        ("车牌号", "plate"),
        ("电子邮箱", "email"),
        ("E-mail", "email"),
        ("统一社会信用代码", "uscc"),
        ("姓名", "person_name"),
        ("法定代表人", "person_name"),
        ("xm", "person_name"),
        ("家庭住址", "home_address"),
        ("户籍地址", "home_address"),
        ("详细地址", "address"),
        ("注册地址", "business_address"),
        ("诊断", "medical"),
        ("宗教信仰", "religion"),
        ("监护人", "minor"),
        ("出生日期", "birth"),
        ("年龄", "age"),
        ("性别", "sex"),
        ("民族", "ethnicity"),
        ("经度", "longitude"),
        ("纬度", "latitude"),
        ("单位名称", "organization"),
        ("密码", "password"),
    ],
)
def test_a_header_has_its_role(header, role):
    assert headers.has(header, role)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("身份证类型", "resident_id"),
        ("企业名称", "person_name"),
        ("手机型号", "mobile"),
        ("人数", "person_name"),
        ("邮箱地址", "address"),
        ("网址", "address"),
        ("", "person_name"),
        ("备注", "resident_id"),
        ("发病率", "medical"),
        ("车牌颜色", "plate"),
    ],
)
def test_a_word_that_speaks_against_a_role_takes_it_away(header, role):
    assert not headers.has(header, role)


@pytest.mark.parametrize(
    "form", ["{}", " {} ", "{}：", "*{}", "{}（必填）", "【{}】", "{}\u200b", "个人信息/{}", "“{}”", "{}\n"]
)
@pytest.mark.parametrize(
    ("name", "role"), [("身份证号码", "resident_id"), ("手机号", "mobile"), ("姓名", "person_name")]
)
def test_padding_around_a_name_makes_no_difference(form, name, role):
    assert headers.has(form.format(name), role)


@pytest.mark.parametrize("header", ["ＳＦＺＨ", "sfzh", "S F Z H", "SfZh"])
def test_width_case_and_spaces_make_no_difference(header):
    assert headers.has(header, "resident_id")


@pytest.mark.parametrize("header", ["姓名及联系电话", "姓名/手机", "姓名和住址"])
def test_a_header_over_two_things_has_the_roles_of_both(header):
    assert headers.has(header, "person_name") and {"phone", "mobile", "home_address"} & headers.roles(header).keys()


def test_a_whole_name_is_surer_than_a_part():
    assert headers.roles("手机")["mobile"] > 100 > headers.roles("常用手机之一")["mobile"]


def test_the_surest_of_some_roles_is_the_one_with_the_longest_word():
    assert headers.surest("联系电话", "phone", "code") == "phone"
    assert headers.surest("备注", "phone", "code") == "" == headers.surest("", "phone")


@given(st.text(max_size=40), tries=80)
def test_any_text_can_be_a_header(text):
    assert all(length > 0 for length in headers.roles(text).values())


@pytest.mark.parametrize("role", sorted(known.table("headers.yaml")))
def test_every_word_of_the_dictionary_gives_its_role(role):
    row = known.table("headers.yaml")[role]
    assert [word for word in row.get("is", ()) if not headers.has(str(word), role)] == []
    barred = [str(word) for word in row.get("not", ())]
    assert [
        word
        for word in row.get("has", ())
        if not headers.has(str(word), role) and not any(one in str(word) for one in barred)
    ] == []

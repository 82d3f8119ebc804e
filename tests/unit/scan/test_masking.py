"""What masks show, what they hide, and that they are the same wherever a value stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ckanext.anshan.scan import masking, policy
from ckanext.anshan.scan.masking import example, looks_masked, masked

DIGITS = "0123456789"
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


VALUES = {
    "resident_id": digits(17).flatmap(lambda body: st.sampled_from("0123456789X").map(lambda last: body + last)),
    "mobile": digits(9).map(lambda tail: "1" + "3" + tail),
    "landline": digits(7).map(lambda tail: "0412-" + tail),
    "bank_card": digits(15).map(lambda tail: "6222" + tail),
    "passport": digits(8).map(lambda tail: "E" + tail),
    "plate": digits(5).map(lambda tail: "辽C" + tail),
    "email": st.text("abcz019", min_size=2, max_size=8).map(lambda name: f"z{name}@example.cn"),
}
VALUE = st.sampled_from(sorted(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind]))
KINDS = sorted({*policy.kinds(), "other"})


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("resident_id", "210302199001011234", "21****************"),
        ("resident_id", "编号210302900101123的人", "21*************"),
        ("mobile", "13800001234", "138********"),
        ("mobile", "+86 138-0000-1234", "+86 138-****-****"),
        ("landline", "0412-5500001", "0412-*******"),
        ("landline", "(010)55000012转301", "(010)********转***"),
        ("landline", "5500001", "*******"),
        ("bank_card", "6222000000000000001", "6222***************"),
        ("email", "zhang@example.cn", "z***@***"),
        ("email", "z@example.cn", "***@***"),
        ("person_name", "张三丰", "张**"),
        ("person_name", "张三、李四", "张*、李*"),
        ("person_name", "张", "*"),
        ("home_address", "辽宁省鞍山市铁东区解放路12号3单元", "辽宁省鞍山市铁东区***"),
        ("home_address", "锦绣小区3号楼", "***"),
        ("home_address", "海城市腾鳌镇某村5组", "海城市***"),
        ("home_address", "内蒙古自治区呼和浩特市新城区海拉尔街3号", "内蒙古自治区呼和浩特市新城区***"),
        ("home_address", "辽宁鞍山市岫岩满族自治县三家子镇5号", "辽宁鞍山市岫岩满族自治县***"),
        ("home_address", "赵钱孙因事故,铁东区某路3号", "***"),
        ("home_address", "赵钱孙住铁东区某路3号", "***"),
        ("home_address", "阳光城市花园3号", "***"),
        ("plate", "辽C12345", "辽C*****"),
        ("passport", "E12345678", "E********"),
        ("credential", "AKIAXXXX0000", "****"),
        ("coordinates", "122.99456,41.10861", "122.*****,41.*****"),
        ("medical", "高血压", "***"),
        ("link", "https://example.cn/secret", "https://***"),
        ("formula", "=A1+B2", "=*****"),
    ],
)
def test_examples_show_what_it_is_and_no_more(kind, value, shown):
    assert example(kind, value) == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("resident_id", "210302199001011234", "210302************"),
        ("resident_id", "210302********1234", "210302************"),
        ("resident_id", "210302199001", "************"),
        ("mobile", "138****1234", "138********"),
        ("mobile", "138 0000 1234", "138 **** ****"),
        ("mobile", "1380000123", "**********"),
        ("mobile", "电话13800001234（家）", "电话138********（家）"),
        ("plate", "辽C·12345", "辽C·*****"),
        ("minor", "13800001234", "138********"),
        ("minor", "张三", "张*"),
        ("minor", "三年二班张三的妹妹", "*********"),
        ("partial_mask", "138****1234", "138********"),
        ("partial_mask", "张三", "张*"),
        ("uscc", "91210300000000000X", "******************"),
        ("person_name", "", ""),
    ],
)
def test_the_remedy_masks_by_the_stated_rule(kind, value, shown):
    assert masked(kind, value) == shown


@given(VALUE)
def test_nothing_of_a_number_but_its_stated_beginning_survives(pair):
    kind, value = pair
    shown = masked(kind, value)
    kept = {"resident_id": 6, "mobile": 3, "landline": 5, "bank_card": 4, "passport": 1, "plate": 2, "email": 1}[kind]
    assert shown.startswith(value[:kept])
    assert not set(shown[kept:]) - set("*@")


@given(VALUE, CHINESE, CHINESE)
def test_a_value_has_the_same_mask_wherever_it_stands(pair, before, after):
    kind, value = pair
    assume(before[-1] not in masking.PROVINCES)
    assert masked(kind, before + value + after) == before + masked(kind, value) + after


@given(st.sampled_from(KINDS), st.one_of(VALUE.map(lambda pair: pair[1]), CHINESE, st.text(max_size=40)))
def test_masking_again_changes_nothing(kind, value):
    once = masked(kind, value)
    assert masked(kind, once) == once


@given(st.sampled_from(KINDS), st.text("0123456789*xX -@.辽CE张三区市", max_size=30))
def test_masking_odd_values_again_changes_nothing(kind, value):
    once = masked(kind, value)
    assert masked(kind, once) == once


@given(st.sampled_from(KINDS), st.one_of(VALUE.map(lambda pair: pair[1]), CHINESE, st.text(max_size=40)))
def test_no_example_is_the_value_or_more_than_four_digits_of_it(kind, value):
    shown = example(kind, value)
    assert not value.strip() or shown != value.strip() or looks_masked(value) or not set(value.strip()) - set("*")
    assert max(map(len, re.findall(r"\d+", shown)), default=0) <= 4


@given(CHINESE, st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=2))
def test_no_given_name_is_ever_shown(surname, given_name):
    shown = example("person_name", surname[0] + given_name)
    assert shown == surname[0] + "*" * len(given_name)


def test_running_text_keeps_all_but_the_values():
    text = "联系人张三，电话13800001234。"
    assert masking.masked_at("mobile", text, [(8, 19)]) == "联系人张三，电话138********。"


@pytest.mark.parametrize(
    "value", ["138****1234", "张**", "张*", "李某某", "王某", "张×三", "2103021990XXXX1234", "138xxxx1234", "●●●●1234"]
)
def test_masks_of_others_are_seen(value):
    assert looks_masked(value)


@pytest.mark.parametrize("value", ["13800001234", "张三", "21030219900101123X", "3×4", "0xffff", "★机密", "XXL", "某"])
def test_ordinary_values_are_no_masks(value):
    assert not looks_masked(value)


@pytest.mark.parametrize("kind", [name for name, kind in policy.kinds().items() if "mask" in kind.remedies])
def test_every_kind_that_can_be_masked_states_its_rule(kind):
    assert masking.rule(kind) == kind

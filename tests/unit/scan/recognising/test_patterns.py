"""Single texts: plates, passports, addresses, names; and what ``conceal`` leaves of them."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan.recognising import known, names, patterns

from ..made import (
    AROUND,
    LETTERS,
    TODAY,
    bank_cards,
    digits,
    emails,
    given,
    landlines,
    mobiles,
    old_ids,
    passports,
    plates,
    resident_ids,
    signals,
)

LATIN = st.sampled_from("ACXaz07")


def values(kind: str, text: str) -> list[str]:
    return [text[first:last] for first, last in patterns.spans(kind, text, TODAY)]


@given(AROUND, plates, AROUND.filter(lambda text: not text.startswith(("挂", "学", "警", "港", "澳"))))
def test_a_plate_is_found_wherever_it_stands(before, plate, after):
    assert plate in values("plate", before + plate + after)
    assert signals(before + plate + after).signals["plate"] == 1


@pytest.mark.parametrize("sign", ["·", "•", ".", "-", " "])
@given(plate=plates, tries=15)
def test_a_plate_with_a_sign_behind_the_city_is_found(sign, plate):
    assert values("plate", f"车{plate[:2]}{sign}{plate[2:]}。") == [f"{plate[:2]}{sign}{plate[2:]}"]


@given(plates.filter(lambda one: one[-1] not in "挂学警港澳" and len(one) == 8), LATIN)
def test_a_longer_code_is_no_plate(plate, more):
    assert not values("plate", plate + more)


@pytest.mark.parametrize(
    "text", ["辽I12345", "辽O12345", "辽C1234", "市C12345", "C12345", "辽C1234I", "辽c12345", "辽CDQ12A4"]
)
def test_what_no_plate_looks_like_is_none(text):
    assert not values("plate", text)


@given(AROUND, passports, AROUND)
def test_a_passport_is_found_wherever_it_stands(before, number, after):
    assert number in values("passport", before + number + after)


@given(AROUND, passports.filter(lambda one: one[0] in "EGDPS"), AROUND)
def test_a_passport_is_told_by_the_word_before_it(before, number, after):
    assert signals(f"{before}护照{number}{after}").signals["passport_in_text"] == 1


@given(passports, LATIN)
def test_a_longer_code_is_no_passport(number, more):
    assert not values("passport", more + number) and number not in values("passport", number + more)


@given(passports)
def test_a_passport_in_text_needs_the_word(number):
    assert not signals(f"编号{number}").signals["passport_in_text"]


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        ("resident_id", resident_ids),
        ("resident_id", old_ids),
        ("mobile", mobiles),
        ("bank_card", bank_cards),
        ("landline", landlines),
        ("email", emails),
    ],
)
def test_spans_stand_where_the_value_stands(kind, of):
    @given(AROUND, of, AROUND)
    def tried(before, value, after):
        assert value.lstrip("(") in [one.lstrip("(") for one in values(kind, before + value + after)]

    tried()


@given(st.text(max_size=60))
def test_spans_of_any_text_are_in_order_and_inside_of_it(text):
    for kind in patterns.FINDERS:
        ends = [edge for span in patterns.spans(kind, text, TODAY) if kind != "resident_id" for edge in span]
        assert ends == sorted(ends) and all(0 <= edge <= len(text) for edge in ends)


@given(st.text(), st.sampled_from(["no_such_kind", "medical", ""]))
def test_a_kind_that_no_text_alone_tells_stands_nowhere(text, kind):
    assert patterns.spans(kind, text) == []


@pytest.mark.parametrize("of", [resident_ids, mobiles, bank_cards, emails, plates, passports])
def test_concealed_text_holds_no_value_and_keeps_its_length(of):
    @given(AROUND, of, AROUND)
    def tried(before, value, after):
        text = before + value + after
        hidden = patterns.conceal(text)
        assert value not in hidden and len(hidden) == len(patterns.tidy(text))

    tried()


@given(st.text("列名字段甲乙丙", max_size=20))
def test_text_without_personal_data_is_left_as_it_is(text):
    assert patterns.conceal(text) == text


@given(digits(8))
def test_full_width_and_unseen_characters_are_made_ordinary(number):
    wide = number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert patterns.tidy("\u200b".join(wide) + "\ufeff") == number


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("联系人：王建国，电话", "王建国"),
        ("户主 李淑兰", "李淑兰"),
        ("由张志强代领", "张志强"),
        ("姓名:欧阳建国", "欧阳建国"),
        ("刘秀英女士来电", "刘秀英"),
        ("联系人：段莺电话见附件", "段莺"),
        ("负责人：高垚、李明", "高垚"),
    ],
)
def test_a_name_behind_or_before_a_cue_is_found(text, name):
    assert name in values("person_name", text)


@given(mobiles)
def test_a_name_beside_a_mobile_number_is_found(number):
    assert "王建国" in values("person_name", f"王建国 {number}")


@pytest.mark.parametrize(
    "text", ["负责人：待定", "联系人：办公室", "姓名", "联系人：", "先生", "各位老师", "关于申请人的规定"]
)
def test_a_cue_without_a_name_is_no_name(text):
    assert not values("person_name", text)


@pytest.mark.parametrize(
    "text",
    [
        "户主：常住户口登记",
        "监护人：代为申请",
        "责任人：单位主要负责人",
        "联系人：由受理窗口指定",
        "申请人：公民、法人和其他组织",
        "负责人：相关人员",
        "经办人：许可证办理",
        "申请人于一个月内领取",
        "居民温馨提示",
        "当事人都有权申请复议",
    ],
)
def test_what_goes_on_behind_a_cue_as_a_sentence_does_is_no_name(text):
    assert not values("person_name", text)


@pytest.mark.parametrize(
    ("text", "mobile", "landline"),
    [
        ("138 1234 5678 / 139 8765 4321", ["138 1234 5678", "139 8765 4321"], []),
        ("138 1234 5678 139 8765 4321", ["138 1234 5678", "139 8765 4321"], []),
        ("138-1234-5678 139-8765-4321", ["138-1234-5678", "139-8765-4321"], []),
        ("0412-555 1234、138-1234-5678", ["138-1234-5678"], ["0412-555 1234"]),
        ("0412 555 1234 138 1234 5678", ["138 1234 5678"], ["0412 555 1234"]),
        ("024-2345 6789", [], ["024-2345 6789"]),
    ],
)
def test_telephone_numbers_in_groups_beside_each_other_are_all_found(text, mobile, landline):
    assert (values("mobile", text), values("landline", text)) == (mobile, landline)


@pytest.mark.parametrize(
    "text",
    [
        "6222 1381 2345 6780 123",
        "138 1234 5678 12",
        "010-2023-0405",
        "2024-0412-555-1234",
        "1381 2345 6781 3912 3456 78",
    ],
)
def test_groups_of_a_longer_number_are_no_telephone_numbers(text):
    assert not values("mobile", text) and not values("landline", text)


@pytest.mark.parametrize("text", ["1302 13780506123", "1302-137-8050-6123", "210 1302 13780506"])
def test_the_number_of_a_room_and_a_mobile_number_are_no_old_resident_id(text):
    assert not values("resident_id", text)


@pytest.mark.parametrize("text", ["王伟", "李建国", "欧阳修远", "司马远", "诸葛明"])
def test_a_family_name_with_one_or_two_characters_is_a_name(text):
    assert names.is_name(text)


@pytest.mark.parametrize(
    "text", ["", "王", "王某", "王某某", "Wang", "王 伟", "王建国建国", "张家村", "王家屯", "石桥镇", "王1伟", "甲乙"]
)
def test_what_is_no_name_is_none(text):
    assert not names.is_name(text)


@given(st.sampled_from(sorted(known.words("not_names.txt"))))
def test_no_word_of_the_dictionary_of_other_words_is_a_name(word):
    assert not names.is_name(word)


@pytest.mark.parametrize(
    "text", ["鞍山市铁东区解放路12号", "胜利街道园林社区3号楼2单元501室", "建国大街108-1-2", "王家屯村3组12号"]
)
def test_an_address_with_a_number_is_one(text):
    assert values("home_address", text)


@pytest.mark.parametrize("text", ["鞍山市铁东区", "鞍政办发〔2022〕22号", "第3号", "", "解放路"])
def test_a_place_without_a_number_is_no_address(text):
    assert not values("home_address", text)


def test_plates_have_neither_i_nor_o():
    assert not set("IO") & set(LETTERS)

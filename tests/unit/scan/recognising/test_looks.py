"""What one cell looks like."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan.recognising import known, looks

from ..made import given, passports, resident_ids, usccs


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("王建国", "name"),
        ("王建国", "called"),
        ("欧阳建国", "name"),
        ("王 伟", "name"),
        ("买买提·吐尔逊", "name"),
        ("John Smith", "foreign_name"),
        ("ZHANG WEI", "foreign_name"),
        ("鞍山市铁东区解放路12号3单元501室", "address"),
        ("鞍山市铁东区解放路12号3单元501室", "detail"),
        ("现住鞍山市铁东区解放路12号", "home_told"),
        ("海城市牌楼镇石安村", "settlement"),
        ("122.99561", "longitude"),
        ("41.10834", "latitude"),
        ("122.99561,41.10834", "position"),
        ("POINT(122.99561 41.10834)", "position"),
        ("东122°59′44″", "longitude"),
        ("鞍山钢铁有限公司", "organization"),
        ("高血压", "medical"),
        ("确诊高血压", "medical_told"),
        ("佛教", "religion"),
        ("1985-03-07", "date"),
        ("1985年3月7日", "date"),
        ("19850307", "date"),
        ("1985-03-07 00:00:00", "date"),
        ("2.103E+17", "scientific"),
        ("13,912,345,678", "mobile_in_thousands"),
        ("鞍山市胜利路210号130213912345678", "mobile_behind_house"),
        ("鞍山市胜利路210号3单元1302-13912345678", "mobile_behind_house"),
        ("王*明", "masked_value"),
        ("欧阳**", "masked_value"),
        ("139****5678", "masked_value"),
        ("王**", "masked"),
        ("139****5678", "masked"),
        ("41", "small_number"),
        ("41", "number"),
        ("-3.5", "number"),
        ("8525550", "short_phone"),
        ("412-8525550", "short_phone"),
        ("小学三年级", "school_class"),
        ("无", "blank"),
        ("", "blank"),
        ("Passw0rd!", "password"),
    ],
)
def test_a_cell_looks_like(text, look):
    assert look in looks.look(text)


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("122.99", "longitude"),
        ("200.12345", "longitude"),
        ("1.23456", "latitude"),
        ("122.99,41.10", "position"),
        ("内科", "medical"),
        ("某某医院", "medical"),
        ("铁东区", "name"),
        ("张家村", "name"),
        ("王*明", "maybe_name"),
        ("详见附件**", "masked_value"),
        ("11,202,345,678", "mobile_in_thousands"),
        ("鞍山市胜利路210号1302139123456789", "mobile_behind_house"),
        ("王建国", "organization"),
        ("1885-13-07", "date"),
        ("2.1E+5", "scientific"),
        ("****", "password"),
        ("否", "password"),
        ("2022-01-01", "password"),
        ("12345", "small_number"),
        ("+41", "small_number"),
        ("鞍山钢铁有限公司", "name"),
        ("合计", "name"),
        ("办公室", "address"),
    ],
)
def test_a_cell_does_not_look_like(text, look):
    assert look not in looks.look(text)


@given(passports)
def test_a_passport_looks_like_one(number):
    assert "passport" in looks.look(number) and "passport" in looks.look(number.lower())


@given(usccs)
def test_a_credit_code_looks_like_one(code):
    assert "uscc" in looks.look(code)


@given(resident_ids)
def test_a_resident_id_never_looks_like_a_credit_code(number):
    assert "uscc" not in looks.look(number)


@given(resident_ids)
def test_the_year_of_birth_is_in_a_resident_id(number):
    assert looks.birth_year(number) == int(number[6:10])


@pytest.mark.parametrize(
    ("text", "year"), [("1985-03-07", 1985), ("2016年", 2016), ("85-03-07", 0), ("明年", 0), ("", 0)]
)
def test_the_year_of_birth_is_in_a_date(text, year):
    assert looks.birth_year(text) == year


@given(st.floats(73.1, 135.9), st.floats(3.1, 53.9), st.integers(0, 3), st.integers(4, 8))
def test_a_position_is_told_from_four_decimals_on(east, north, few, many):
    assert "longitude" in looks.look(f"{east:.{many}f}") and "latitude" in looks.look(f"{north:.{many}f}")
    assert not {"longitude", "latitude"} & looks.look(f"{east:.{few}f}") and "latitude" not in looks.look(
        f"{north:.{few}f}"
    )
    assert "position" in looks.look(f"{east:.{many}f}, {north:.{many}f}") & looks.look(
        f"{north:.{many}f} {east:.{many}f}"
    )


@given(st.text(max_size=40), tries=80)
def test_any_text_can_be_looked_at(text):
    assert isinstance(looks.look(text.strip()), frozenset)


@pytest.mark.parametrize("word", sorted(known.table("sensitive.yaml")["blank"], key=str))
def test_a_word_for_nothing_is_blank_and_nothing_else(word):
    assert looks.look(str(word)) == {"blank"}

"""Check digits, dates and beginnings: what is a number of a kind, and what only looks like one."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan.recognising import checks, known

from ..made import (
    LETTERS,
    TODAY,
    bank_cards,
    bodies,
    digits,
    given,
    luhn,
    mobiles,
    no_mobiles,
    old_ids,
    resident_ids,
    usccs,
    wrong_ids,
)


@given(resident_ids)
def test_a_resident_id_with_its_check_character_is_one(number):
    assert checks.is_resident_id(number, TODAY) and checks.is_resident_id(number.lower(), TODAY)


@given(wrong_ids)
def test_any_other_check_character_is_none_but_keeps_the_shape(number):
    assert checks.is_shaped_resident_id(number, TODAY) and not checks.is_resident_id(number, TODAY)


@given(resident_ids, st.integers(0, 16), st.integers(1, 9))
def test_one_digit_that_is_changed_is_noticed(number, place, by):
    other = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not checks.is_resident_id(other, TODAY)


@given(resident_ids, st.integers(0, 15))
def test_two_neighbours_that_change_places_are_noticed(number, place):
    other = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert other == number or not checks.is_resident_id(other, TODAY)


@given(bodies, st.sampled_from([str(two) for two in range(10, 100) if two not in known.provinces()]))
def test_a_province_that_does_not_exist_makes_no_resident_id(body, province):
    other = province + body[2:]
    assert not checks.is_resident_id(other + checks.id_check(other), TODAY)


@pytest.mark.parametrize(
    "day", ["19000229", "20230431", "20231301", "20230100", "18891231", "20261130", "99990101", "00000000"]
)
def test_a_day_on_which_nobody_was_born_makes_no_resident_id(day):
    body = f"210302{day}123"
    assert not checks.is_resident_id(body + checks.id_check(body), TODAY)


@pytest.mark.parametrize("day", ["20000229", "20240229", "18900101", "20261129"])
def test_days_at_the_edges_make_resident_ids(day):
    body = f"210302{day}123"
    assert checks.is_resident_id(body + checks.id_check(body), TODAY)


@given(old_ids)
def test_fifteen_digits_with_province_and_day_are_an_old_resident_id(number):
    assert checks.is_old_resident_id(number, TODAY)
    assert not checks.is_old_resident_id(number + "0", TODAY)


@pytest.mark.parametrize("middle", ["850230", "851301", "850100"])
def test_fifteen_digits_with_no_day_are_no_old_resident_id(middle):
    assert not checks.is_old_resident_id(f"210302{middle}123", TODAY)


@given(mobiles)
def test_eleven_digits_of_an_operator_are_a_mobile_number(number):
    assert checks.is_mobile(number) and not checks.is_mobile(number + "1") and not checks.is_mobile(number[:-1])


@given(no_mobiles)
def test_eleven_digits_of_no_operator_are_no_mobile_number(number):
    assert not checks.is_mobile(number)


def test_a_number_of_one_digit_only_is_a_placeholder():
    assert not checks.is_mobile("13888888888")


@given(bank_cards)
def test_a_card_with_its_check_digit_is_one(number):
    assert checks.is_bank_card(number)


@given(bank_cards, st.integers(1, 9))
def test_another_last_digit_makes_no_card(number, by):
    assert not checks.is_bank_card(number[:-1] + str((int(number[-1]) + by) % 10))


@pytest.mark.parametrize("body", ["622200" + "0" * 9, "622222" + "2" * 12])
def test_a_card_of_one_or_two_digits_only_is_a_placeholder(body):
    assert checks.is_luhn(luhn(body)) and not checks.is_bank_card(luhn(body))


@given(digits(17))
def test_a_number_that_begins_as_no_bank_does_is_no_card(body):
    assert not checks.is_bank_card("89" + body)


@given(usccs)
def test_a_credit_code_with_its_check_character_is_one(code):
    assert checks.is_uscc(code)


@given(usccs, st.integers(0, 17), st.sampled_from(checks.USCC_CHARACTERS))
def test_one_character_that_is_changed_makes_no_credit_code(code, place, other):
    changed = code[:place] + other + code[place + 1 :]
    assert changed == code or not checks.is_uscc(changed)


@pytest.mark.parametrize("sign", ["I", "O", "S", "V", "Z", "a", "五"])
def test_a_character_that_credit_codes_never_have_makes_none(sign):
    assert not checks.is_uscc("91" + sign * 16)


@given(st.dates(datetime.date(1800, 1, 1), datetime.date(2100, 1, 1)))
def test_a_resident_was_born_after_1890_and_not_in_the_future(day):
    body = f"210302{day:%Y%m%d}123"
    was_born = datetime.date(1890, 1, 1) <= day <= TODAY
    assert checks.is_resident_id(body + checks.id_check(body), TODAY) == was_born


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("0412", True),
        ("010", True),
        ("024", True),
        ("0999", True),
        ("0100", False),
        ("412", False),
        ("", False),
        ("0x", False),
    ],
)
def test_an_area_code_exists_or_not(code, is_one):
    assert checks.is_area(code) == is_one


def test_no_beginning_of_a_mobile_number_is_a_service_number():
    assert not known.mobiles() & {100, 110, 114, 119, 120, 122, 123}
    assert not set(LETTERS) & set("IO")

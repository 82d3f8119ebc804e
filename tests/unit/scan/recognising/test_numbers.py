"""Numbers are found wherever they stand in the bytes, and nothing else is; single texts and whole stretches agree."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from ckanext.anshan.scan.recognising import checks, known, numbers, patterns

from ..made import (
    AROUND,
    TODAY,
    bank_cards,
    bodies,
    digits,
    emails,
    given,
    landlines,
    mobiles,
    no_mobiles,
    old_ids,
    resident_ids,
    signals,
    usccs,
    wrong_ids,
)

LETTERS = st.sampled_from("abcxyzABCWYZ")
SEVEN = st.sampled_from(["a", "鞍", "，", "\n", "\x1f"])


def found(text: str) -> dict[str, list[str]]:
    """What stands where a signal says, by the signal."""
    data = text.encode()
    return {
        signal: [
            data[start:end].decode() for start, end in zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)
        ]
        for signal, spans in numbers.find(numbers.padded(data), TODAY)
        if len(spans.starts)
    }


@pytest.mark.parametrize(
    ("signal", "values"),
    [
        ("resident_id", resident_ids),
        ("resident_id?", wrong_ids),
        ("old_resident_id", old_ids),
        ("mobile", mobiles),
        ("bank_card", bank_cards),
        ("landline", landlines),
    ],
)
def test_a_number_is_found_wherever_it_stands(signal, values):
    @given(AROUND, values, AROUND, tries=40)
    def tried(before, value, after):
        assert value.lstrip("(") in [one.lstrip("(") for one in found(before + value + after).get(signal, ())]

    tried()


@given(AROUND, emails, AROUND)
def test_an_address_is_found_wherever_it_stands(before, value, after):
    host = "@" + value.partition("@")[2]
    assert found(before + value + after).get("email") == [host]


@pytest.mark.parametrize(
    ("signal", "values"), [("resident_id", resident_ids), ("mobile", mobiles), ("bank_card", bank_cards)]
)
@pytest.mark.parametrize("between", [",", "\x1f", "、", "\n", "；", "\t", "\r\n", '","', "鞍"])
def test_all_of_several_numbers_are_found(signal, values, between):
    @given(st.lists(values, min_size=1, max_size=5), tries=15)
    def tried(several):
        assert found(between.join(several)).get(signal) == several

    tried()


@given(wrong_ids)
def test_a_wrong_check_character_is_no_resident_id_but_one_of_its_shape(number):
    seen = found(f"号{number}号")
    assert "resident_id" not in seen and seen["resident_id?"] == [number]


@given(bodies, st.sampled_from([str(two) for two in range(10, 100) if two not in known.provinces()]))
def test_a_wrong_province_is_nothing_at_all(body, province):
    other = province + body[2:]
    assert not {"resident_id", "resident_id?"} & found(other + checks.id_check(other)).keys()


@pytest.mark.parametrize("day", ["19000229", "20230431", "20231301", "20230100", "18891231", "20261130"])
def test_a_wrong_day_is_nothing_at_all(day):
    body = f"210302{day}123"
    assert not {"resident_id", "resident_id?"} & found(body + checks.id_check(body)).keys()


@pytest.mark.parametrize("more", [1, 3, 4, 9])
def test_more_digits_at_either_end_make_another_number(more):
    @given(resident_ids.filter(str.isdigit), mobiles, digits(more), tries=25)
    def tried(number, mobile, others):
        for glued in (others + number, number + others):
            assert not {"resident_id", "resident_id?"} & found(glued).keys()
        assert mobile not in found(mobile + others).get("mobile", ())

    tried()


@given(resident_ids)
def test_a_disability_certificate_begins_with_a_resident_id(number):
    if number.isdigit():
        assert found(number + "43")["resident_id"] == [number]


@given(resident_ids, LETTERS)
def test_a_letter_behind_a_resident_id_makes_it_a_code(number, letter):
    assert "resident_id" not in found(number + letter)


@given(old_ids, LETTERS)
def test_a_letter_behind_an_old_resident_id_makes_it_a_code(number, letter):
    assert "old_resident_id" not in found(number + letter)


@pytest.mark.parametrize("day", ["20000229", "20240229", "18900101", "20261129"])
def test_days_at_the_edges_are_days_of_birth(day):
    body = f"210302{day}123"
    assert "resident_id" in found(body + checks.id_check(body))


@given(mobiles, LETTERS)
def test_a_letter_beside_a_mobile_number_makes_it_a_code(number, letter):
    assert "mobile" not in found(letter + number) and "mobile" not in found(number + letter)


@given(bank_cards, LETTERS)
def test_a_letter_beside_a_card_makes_it_a_code(number, letter):
    assert "bank_card" not in found(letter + number) and "bank_card" not in found(number + letter)


@given(no_mobiles)
def test_eleven_digits_of_no_operator_are_only_eleven_digits(number):
    seen = found(number)
    assert "mobile" not in seen and seen["digits11"] == [number]


@pytest.mark.parametrize("before", ["86", "+86", "0086", "0", "+86-", "电话86-"])
@given(number=mobiles, tries=20)
def test_a_country_code_before_a_mobile_number_is_left_off(before, number):
    assert found(before + number)["mobile"] == [number]


@pytest.mark.parametrize("form", ["ASHT-2026-{}", "中心A-{}", "no_{}", "0.{}", "3.{}", "{}.25", "{}.5元"])
@given(number=mobiles, tries=15)
def test_a_mobile_number_within_a_code_or_a_fraction_is_none(form, number):
    assert "mobile" not in found(form.format(number))


@given(mobiles)
def test_the_zero_that_a_spreadsheet_adds_does_not_hide_a_mobile_number(number):
    assert found(f"{number}.0")["mobile"] == [number]


@given(usccs)
def test_a_credit_code_is_no_card_and_no_mobile_number(code):
    assert code.isdigit() or not {"bank_card", "mobile", "resident_id"} & found(code).keys()


@pytest.mark.parametrize(
    "text", ["a@b", "@b.com", "a@.com", "a@b.c", "a@1.2", "a @b.com", "微博@某人", "a@", "@", "", "user@10.0.0.1"]
)
def test_an_at_sign_alone_is_no_address(text):
    assert "email" not in found(text)


def test_a_host_of_more_characters_than_most_is_found_to_its_end():
    assert found("a@sub.a-very-long-name-of-a-bureau.gov.cn,x")["email"] == ["@sub.a-very-long-name-of-a-bureau.gov.cn"]


@given(st.binary(max_size=200), tries=80)
def test_any_bytes_can_be_looked_at_and_nothing_ends_outside_of_them(data):
    for _, spans in numbers.find(numbers.padded(data), TODAY):
        assert (spans.starts >= 0).all() and (spans.starts < spans.ends).all() and (spans.ends <= len(data)).all()


@given(st.lists(st.one_of(digits(6), digits(7), digits(8), digits(18), digits(40), SEVEN), max_size=8))
def test_runs_are_all_digits_that_stand_together_from_seven_on(parts):
    text = "".join(parts)
    starts, lengths = numbers.runs(numbers.digits_of(numbers.padded(text.encode())))
    wanted = [(found.start(), len(found.group())) for found in re.finditer(rb"\d{7,}", text.encode())]
    assert list(zip(starts.tolist(), lengths.tolist(), strict=True)) == wanted


PARTS = st.lists(
    st.one_of(
        resident_ids,
        wrong_ids,
        old_ids,
        mobiles,
        no_mobiles,
        bank_cards,
        st.integers(5, 24).filter(lambda n: n != 20).flatmap(digits),
    ),
    min_size=1,
    max_size=6,
)
BETWEEN = st.text('住鞍山：，。（）、\n"|/*', min_size=1, max_size=3)
BOTH = {"resident_id": ("resident_id", "old_resident_id"), "mobile": ("mobile",), "bank_card": ("bank_card",)}


@pytest.mark.parametrize("kind", BOTH)
def test_a_single_text_and_a_stretch_of_bytes_say_the_same(kind):
    @given(PARTS, BETWEEN, tries=80)
    def tried(parts, between):
        assume(
            kind != "bank_card"
            or not any(checks.is_shaped_resident_id(part, TODAY) for part in parts if part.isdigit())
        )
        text = between.join(parts)
        single = sorted(text[first:last] for first, last in patterns.spans(kind, text, TODAY))
        whole = sorted(value for signal in BOTH[kind] for value in found(text).get(signal, ()))
        assert whole == single

    tried()


@given(st.lists(landlines, min_size=1, max_size=4), BETWEEN.filter(lambda text: not set("（/") & set(text)))
def test_a_single_text_and_a_stretch_of_bytes_find_the_same_landlines(several, between):
    text = between.join(several)
    single = [text[first:last] for first, last in patterns.spans("landline", text, TODAY)]
    assert [one.lstrip("(") for one in found(text)["landline"]] == [one.lstrip("(") for one in single]


@given(st.lists(emails, min_size=1, max_size=4), BETWEEN)
def test_a_single_text_and_a_stretch_of_bytes_find_the_same_addresses(several, between):
    text = between.join(several)
    single = [text[first:last] for first, last in patterns.spans("email", text, TODAY)]
    assert found(text)["email"] == ["@" + one.partition("@")[2] for one in single]


@pytest.mark.parametrize("cut", [1, 5, 9, 17])
@given(number=resident_ids, tries=20)
def test_a_number_that_two_cells_share_is_none(cut, number):
    assert not {"resident_id", "resident_id?"} & signals(number[:cut], number[cut:]).signals.keys()


FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.mark.parametrize(
    "form",
    [
        lambda one: one.translate(FULL),
        lambda one: "\u200b".join(one),
        lambda one: f"\ufeff{one[:6]}\u2060{one[6:]}",
        lambda one: f"{one[:6]} {one[6:14]} {one[14:]}",
        lambda one: f"{one[:6]}-{one[6:14]}-{one[14:]}",
    ],
    ids=["full width", "unseen between all", "unseen", "grouped by spaces", "grouped by hyphens"],
)
def test_an_unusual_spelling_of_a_resident_id_is_looked_at_a_second_time(form):
    @given(resident_ids, tries=25)
    def tried(number):
        assert signals(f"号码：{form(number)}。").signals["resident_id"] == 1

    tried()


@pytest.mark.parametrize("form", ["{0} {1} {2}", "{0}-{1}-{2}", "+86 {0} {1} {2}", "（{0}{1}{2}）", "{0} {1}{2}"])
def test_an_unusual_spelling_of_a_mobile_number_is_looked_at_a_second_time(form):
    @given(mobiles, tries=25)
    def tried(number):
        text = form.format(number[:3], number[3:7], number[7:])
        assert signals(text).signals["mobile"] == 1
        assert signals(text.translate(FULL)).signals["mobile"] == 1

    tried()


@given(bank_cards.filter(lambda one: len(one) == 19), tries=25)
def test_a_card_in_groups_of_four_is_looked_at_a_second_time(number):
    groups = [number[at : at + 4] for at in range(0, len(number), 4)]
    assert signals(" ".join(groups)).signals["bank_card"] == 1

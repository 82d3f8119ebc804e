"""Who may verify, bar and act for an organization; numbers and masks."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.applicants import rules
from ckanext.anshan.applicants.rules import Case, Command, Member, Person, Refusal, Role, Standing, State, Step

REVIEWED = Path(__file__).with_name("allowed.txt").read_text("utf-8").splitlines()
TODAY = date(2026, 11, 30)
REPRESENTATIVE, MEMBER, INVITED, BUREAU = Person("rep"), Person("member"), Person("invited"), Person("boss", True)
PEOPLE = {Role.REPRESENTATIVE: REPRESENTATIVE, Role.MEMBER: MEMBER, Role.INVITED: INVITED, Role.BUREAU: BUREAU}
MEMBERS = (Member("rep", Role.REPRESENTATIVE), Member("member", Role.MEMBER), Member("invited", Role.INVITED))
GIVEN = dict.fromkeys(("reason", "article", "contact", "phone", "attorney"), "x") | {"version": 1}
WHOM = {Command.INVITE: "stranger", Command.REMOVE: "member", Command.HAND_OVER: "member"}


def decide(state, command, person, **more):
    given = GIVEN | {"user": WHOM.get(command, "")} | more
    return rules.decide(Case(state, 1, MEMBERS), command, person, given)


def code(found):
    assert isinstance(found, Refusal)
    return found.code


COMMANDS = [one for one in Command if one is not Command.FOUND]


def test_allowed_is_exactly_the_reviewed_list():
    found = [
        f"{state.value} · {command.value} · {role.value} → {step.to.value}"
        for state, command, (role, person) in product(State, COMMANDS, PEOPLE.items())
        if isinstance(step := decide(state, command, person), Step)
    ]
    assert sorted(found) == REVIEWED


def test_every_command_is_used_and_every_state_has_a_way_out():
    assert {command for _, command in rules.TABLE} == set(COMMANDS)
    ways = {(state, step.anew or step.to) for (state, _), step in rules.TABLE.items()}
    assert {state for state, to in ways if to is not state} == set(State)


@pytest.mark.parametrize(("state", "command"), product(State, COMMANDS))
def test_a_stranger_learns_nothing_of_an_organization(state, command):
    assert code(decide(state, command, Person("stranger"))) == "unknown"
    assert code(decide(state, command, Person(""))) == "unknown"


def test_a_member_of_the_bureau_does_not_verify_the_organization_that_they_belong_to():
    for user in ("rep", "member"):
        assert code(decide(State.PENDING, Command.VERIFY, Person(user, True))) == "own_organization"


def test_the_bureau_judges_what_it_looked_at():
    assert code(decide(State.PENDING, Command.VERIFY, BUREAU, version=2)) == "another_version"
    assert code(decide(State.PENDING, Command.VERIFY, BUREAU, version="")) == "missing"


@pytest.mark.parametrize("command", [Command.REFUSE, Command.BAR, Command.UNBAR])
def test_nothing_is_refused_or_barred_without_a_reason(command):
    state = {Command.REFUSE: State.PENDING, Command.BAR: State.VERIFIED, Command.UNBAR: State.BARRED}[command]
    assert code(decide(state, command, BUREAU, reason="")) == "missing"


def test_an_organization_is_never_without_a_representative():
    for state in State:
        assert code(decide(state, Command.REMOVE, REPRESENTATIVE, user="rep")) == "needs_representative"
        assert code(decide(state, Command.LEAVE, REPRESENTATIVE)) == "not_yours"
        assert code(decide(state, Command.HAND_OVER, REPRESENTATIVE, user="invited")) == "not_a_member"


def test_a_change_of_what_was_looked_at_is_looked_at_again():
    step = rules.TABLE[State.VERIFIED, Command.UPDATE]
    for name in ("kind", "name", "uscc", "attorney"):
        assert rules.after(step, [name]) is State.PENDING
    assert rules.after(step, ["identity"]) is State.VERIFIED


def test_nobody_is_invited_twice():
    for user in ("rep", "member", "invited"):
        assert code(decide(State.VERIFIED, Command.INVITE, REPRESENTATIVE, user=user)) == "is_member_already"


# who acts for whom

ACTS = Standing(True, is_member=True, state=State.VERIFIED)


def test_a_member_of_a_verified_organization_acts_for_it():
    assert rules.acts_for(ACTS, TODAY) is None
    assert rules.acts_for(Standing(True, has_profile=True), TODAY) is None


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (replace(ACTS, has_account=False), "no_account"),
        (replace(ACTS, is_member=False), "not_a_member"),
        (replace(ACTS, state=State.PENDING), "not_verified"),
        (replace(ACTS, state=State.UNVERIFIED), "not_verified"),
        (replace(ACTS, state=State.REFUSED), "not_verified"),
        (replace(ACTS, state=State.BARRED), "barred"),
        (replace(ACTS, state=State.BARRED, until=TODAY), "barred"),
        (Standing(True), "no_profile"),
        (Standing(False, has_profile=True), "no_account"),
    ],
)
def test_who_does_not_act_and_why(found, why):
    assert code(rules.acts_for(found, TODAY)) == why


def test_a_bar_ends_with_its_last_day_though_nobody_swept():
    assert rules.acts_for(replace(ACTS, state=State.BARRED, until=TODAY - timedelta(days=1)), TODAY) is None


# numbers


def resident_id(first17: str) -> str:
    return first17 + rules.id_check_character(first17)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(100000, 999999))
def test_a_number_with_its_check_character_is_right_whatever_the_county(born, order, county):
    number = resident_id(f"{county}{born:%Y%m%d}{order:03}")
    assert rules.wrong_id(number, TODAY) is None
    wrong = random.choice([one for one in "0123456789X" if one != number[-1]])
    assert code(rules.wrong_id(number[:-1] + wrong, TODAY)) == "id_check"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("", "id_shape"),
        ("21030219900101123", "id_shape"),
        ("2103021990010112３X", "id_shape"),
        (resident_id("21030219900230123"), "id_date"),
        (resident_id("21030217000101123"), "id_date"),
        (resident_id("21030220261201123"), "id_date"),
    ],
)
def test_what_is_no_resident_id_number(number, why):
    assert code(rules.wrong_id(number, TODAY)) == why


def test_a_number_is_kept_in_one_spelling():
    assert rules.plain(" 2103０2 19900101 123x ") == "21030219900101123X"


def test_a_wrong_check_character_of_a_code_is_a_doubt_and_wrong_characters_are_refused():
    assert rules.wrong_code("91210300MA0UXK5T1A") is None and rules.doubtful_code("91210300MA0UXK5T1A")
    for wrong in ("91210300MA0OXK5T1A", "91210300MA0UXK5T1", "鞍山91210300MA0UXK5T", ""):
        assert code(rules.wrong_code(wrong)) == "code_shape"


@pytest.mark.parametrize("phone", ["13912345678", "+8613912345678", "0412-5551234", "04125551234"])
def test_phones(phone):
    assert rules.wrong_phone(phone) is None


@pytest.mark.parametrize("phone", ["", "123", "12912345678", "139 1234 5678", "１３９12345678"])
def test_what_is_no_phone(phone):
    assert code(rules.wrong_phone(phone)) == "phone"


@pytest.mark.parametrize(
    ("name", "size", "why"),
    [
        ("a.exe", 5, "attorney_type"),
        ("pdf", 5, "attorney_type"),
        ("a.pdf", 0, "attorney_empty"),
        ("a.PDF", rules.LARGEST_ATTORNEY + 1, "attorney_size"),
    ],
)
def test_what_is_no_power_of_attorney(name, size, why):
    assert code(rules.wrong_attorney(name, size)) == why
    assert rules.wrong_attorney("委托书.PDF", 5) is None


def test_an_ending_is_held_against_the_first_bytes():
    assert rules.is_what_it_says("a.pdf", b"%PDF-1.7") and not rules.is_what_it_says("a.pdf", b"MZ\x90")
    assert rules.is_what_it_says("a.JPG", b"\xff\xd8\xff\xe0") and rules.is_what_it_says("a.png", b"\x89PNG\r\n\x1a\n")


# masks


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("欧阳明月", "欧***"), ("张", "张*"), ("Anna Berg", "A*** B***")],
)
def test_names_are_masked(name, shown):
    assert rules.masked_name(name) == shown


def test_numbers_phones_and_addresses_are_masked():
    assert rules.masked_number("21030219900101123X") == "2103**********123X"
    assert rules.masked_phone("13912345678") == "139****5678"
    assert rules.masked_mail("liwei@example.com") == "l***@example.com"
    assert rules.masked({"name": "李伟", "number": "", "phone": "110"}) == {"name": "李*", "number": "", "phone": "***"}


@given(st.text(min_size=2, max_size=30))
def test_a_mask_never_tells_the_whole(text):
    for mask in (rules.masked_number, rules.masked_phone):
        assert mask(text) != text or set(text) == {"*"}


@pytest.mark.parametrize(
    ("address", "guarded"),
    [
        ("https://id.example.gov.cn/oidc", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080/", True),
        ("http://localhost", True),
        ("http://id.example.gov.cn", False),
        ("http://localhost.example.gov.cn", False),
        ("http://10.0.0.8", False),
        ("https://", False),
        ("ftp://127.0.0.1", False),
        ("http://[::1", False),
        ("id.example.gov.cn", False),
    ],
)
def test_an_identity_service_is_asked_where_nobody_listens(address, guarded):
    assert rules.is_guarded(address) is guarded

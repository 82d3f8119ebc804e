"""What a release is, without CKAN."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.catalogue.conditions import Conditions
from ckanext.anshan.release.rules import (
    FINAL,
    PUBLIC_COLUMNS,
    PUBLIC_FIELDS,
    SHARING_CLASSES,
    TABLE,
    Approval,
    Basis,
    Command,
    File,
    Lift,
    Refusal,
    Role,
    State,
    Step,
    canonical,
    content_hash,
    decide,
    decide_lift,
    digest,
    file_name,
    is_lifted,
    is_repeated,
    kind,
    may_suspend,
    narrower,
    public_items,
    public_metadata,
    relative_path,
    sharing_now,
    sharing_terms,
    sniff,
)

REVIEWED = Path(__file__).with_name("allowed.txt").read_text("utf-8").splitlines()
EVERYTHING: dict[str, str] = dict.fromkeys(("approval", "reason", "article", "cyberspace", "bureau"), "given")
SCHEMAS = Path(__file__).parents[3] / "config" / "schemas"


def test_allowed_is_exactly_the_reviewed_list():
    found = [
        f"{state.value} · {command.value} · {role.value} → {step.to.value}"
        for state, command, role in product(State, Command, Role)
        if isinstance(step := decide(state, command, {role}, EVERYTHING), Step)
    ]
    assert sorted(found) == REVIEWED


def test_every_open_state_has_a_way_out():
    assert {state for state, _ in TABLE} == set(State) - FINAL


def test_every_command_is_used():
    assert {command for _, command in TABLE} == set(Command)


def test_nobody_publishes_without_the_role_of_the_publishing_job():
    assert decide(State.RELEASED, Command.PUBLISH, (), {"approval": "1"}) == Refusal("not_yours")


def test_nothing_is_published_without_an_approval():
    refusal = decide(State.RELEASED, Command.PUBLISH, {Role.PUBLISHING}, {})
    assert refusal == Refusal("missing", {"names": ("approval",)})


@pytest.mark.parametrize(("state", "command"), [key for key, step in TABLE.items() if "reason" in step.needs])
def test_nothing_is_taken_off_without_a_reason(state, command):
    given = {name: value for name, value in EVERYTHING.items() if name != "reason"}
    assert decide(state, command, TABLE[state, command].who, given) == Refusal("missing", {"names": ("reason",)})


OFFICE = {Role.CYBERSPACE: "cyberspace-office", Role.BUREAU: "data-bureau"}
FIRST = Lift(Role.CYBERSPACE, "anna", "cyberspace-office", "checked")


@pytest.mark.parametrize(
    ("before", "person", "offices", "reason", "expected"),
    [
        ([], "anna", [Role.CYBERSPACE], " checked ", FIRST),
        ([FIRST], "ben", [Role.BUREAU], "agreed", Lift(Role.BUREAU, "ben", "data-bureau", "agreed")),
        ([FIRST], "cleo", [Role.CYBERSPACE], "agreed", "office_lifted_already"),
        ([FIRST], "anna", [Role.BUREAU], "agreed", "lifts_twice"),
        ([FIRST], "cleo", [Role.CYBERSPACE, Role.BUREAU], "agreed", Lift(Role.BUREAU, "cleo", "data-bureau", "agreed")),
        ([FIRST], "ben", [Role.BUREAU], " ", "reason_missing"),
        ([], "root", [], "agreed", "not_an_office"),
        ([], "job", [Role.PUBLISHING], "agreed", "not_an_office"),
    ],
)
def test_lifting_takes_two_persons_of_two_offices_with_a_reason_each(before, person, offices, reason, expected):
    found = decide_lift(before, person, {one: OFFICE.get(one, "x") for one in offices}, reason)
    assert (found.code if isinstance(found, Refusal) else found) == expected


def test_one_organization_that_is_both_offices_lifts_nothing():
    assert decide_lift([FIRST], "ben", {Role.BUREAU: "cyberspace-office"}, "agreed") == Refusal("lifts_twice")


lifts = st.lists(
    st.builds(Lift, st.sampled_from(Role), st.sampled_from("ab"), st.sampled_from("xy"), st.just("r")), max_size=3
)


@given(lifts)
def test_a_suspension_ends_by_two_persons_of_both_offices_alone(given):
    people, organizations = {one.person for one in given}, {one.organization for one in given}
    if is_lifted(given):
        assert {one.office for one in given} == {Role.CYBERSPACE, Role.BUREAU}
        assert len(people) == len(organizations) == 2


@pytest.mark.parametrize("role", Role)
def test_the_cyberspace_office_alone_suspends(role):
    assert may_suspend({role}) == (role is Role.CYBERSPACE)


def test_the_trail_of_an_approval_names_no_person():
    signed = ({"key": "bureau", "organization": "o", "time": "2026-01-01T00:00:00+00:00"},)
    trail = Approval(Basis.REVIEW, "SS-1", "id", "h", "s", signed).trail
    assert trail == {"number": "SS-1", "hash": "h", "scan_hash": "s", "signatures": [dict(signed[0])]}
    assert Approval(Basis.DEMO, "1").trail == {}


def entry(**extras: str) -> dict:
    return {"title": "t", "notes": "n", "owner_org": "o", "license_id": "l", "tags": ["b", "a"], "extras": extras}


def test_only_fields_that_the_public_schema_names_become_public():
    schema = yaml.safe_load((SCHEMAS / "dataset.yaml").read_text("utf-8"))
    public = {field["field_name"] for field in schema["dataset_fields"]}
    assert {*PUBLIC_FIELDS, *PUBLIC_COLUMNS} <= public


def test_sharing_and_security_stay_in_the_entry():
    internal = (
        "sharing_class",
        "sharing_conditions",
        "security_level",
        "collection_basis",
        "related_entries",
        "secret",
    )
    shown = json.dumps(public_metadata(entry(code="1", **dict.fromkeys(internal, "hidden"))))
    assert "hidden" not in shown and '"code"' in shown


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12)))
def test_no_field_gets_out_that_is_not_listed(extras):
    extras.pop("information_items", None)
    assert set(public_metadata(entry(**extras))["fields"]) <= set(PUBLIC_FIELDS)


def test_items_that_are_not_open_are_not_listed():
    items = [{"name": "a", "opening_class": "closed"}, {"name": "b", "sharing_class": "closed", "meaning": "m"}]
    assert public_items(json.dumps(items)) == [{"name": "b", "meaning": "m"}]


CLASSES = st.sampled_from(["unconditional", "conditional", "closed", "", "other"])
STATED = st.fixed_dictionaries(
    {
        "sharing_class": CLASSES,
        "information_items": st.dictionaries(st.sampled_from("abc"), CLASSES).map(
            lambda items: json.dumps([{"name": name, "sharing_class": own} for name, own in items.items()])
        ),
    }
)


def shared(terms: dict) -> frozenset[str]:
    return Conditions.of(terms, sharing=True).headers


@given(STATED, STATED | st.none())
def test_an_edit_of_the_entry_never_shares_more_than_was_approved(approved, stated):
    terms = sharing_terms(entry(**approved))
    now = sharing_now(terms, stated)
    assert shared(now) <= shared(terms)
    ranks = [SHARING_CLASSES.index(narrower(one, one)) for one in (now["sharing_class"], approved["sharing_class"])]
    assert ranks[0] <= ranks[1]
    if stated is None or stated["sharing_class"] in ("closed", "", "other"):
        assert not shared(now)
    else:
        closed = {one["name"] for one in json.loads(stated["information_items"]) if one["sharing_class"] == "closed"}
        assert shared(now) == (shared(terms) - closed)


def test_an_edit_closes_an_item_or_all_at_once_and_a_review_opens_it_again():
    items = json.dumps([{"name": "a"}, {"name": "b", "sharing_class": "closed"}])
    terms = sharing_terms(entry(sharing_class="unconditional", information_items=items))
    opened = {"sharing_class": "unconditional", "information_items": json.dumps([{"name": "a"}, {"name": "b"}])}
    assert shared(sharing_now(terms, opened)) == {"a"}
    assert shared(sharing_now(terms, {**opened, "sharing_class": "closed"})) == set()
    assert sharing_now(terms, {**opened, "sharing_class": "conditional"})["sharing_class"] == "conditional"
    assert shared(sharing_now(sharing_terms({"extras": opened}), opened)) == {"a", "b"}


def test_what_is_kept_of_sharing_is_what_is_said_of_it():
    fields = {"sharing_class": "conditional", "daily_quota": "5", "security_level": "core", "sample_rows": "x"}
    assert sharing_terms(entry(**fields)) == {
        "sharing_class": "conditional",
        "daily_quota": "5",
        "information_items": [],
    }


@given(st.dictionaries(st.text(), st.text()))
def test_the_order_of_keys_does_not_change_a_hash(value):
    assert digest(value) == digest(dict(reversed(value.items())))


def test_canonical_json_is_plain_utf8():
    assert canonical({"b": "鞍", "a": [1]}) == '{"a":[1],"b":"鞍"}'.encode()


@pytest.mark.parametrize(
    "changed", [("m2", "a", "1", ""), ("m", "b", "1", ""), ("m", "a", "2", ""), ("m", "a", "1", "2020-01-01")]
)
def test_metadata_file_approval_and_date_each_make_another_content(changed):
    def content(metadata: str, sha: str, approval: str, date: str) -> str:
        return content_hash(metadata, [File("f", sha, 1, "CSV", "text/csv")], approval, date)

    assert content(*changed) != content("m", "a", "1", "")


def test_the_last_line_of_an_entry_is_done_when_it_is_published_now():
    assert is_repeated("c", ["a", "c"], is_last=True)
    assert not is_repeated("a", ["a", "c"], is_last=True)


def test_an_earlier_line_of_an_entry_is_done_when_it_was_ever_published():
    assert is_repeated("a", ["a", "c"], is_last=False)


BAD_NAMES = ["", ".", "..", "a/b", "a\\b", "a\0b", "a\nb", 'a"b', "a<b", " ", "a:b", "\u202ea.csv"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_path_like_file_names_are_refused(name):
    refusal = file_name(name)
    assert isinstance(refusal, Refusal) and refusal.code == "bad_file_name"


def test_long_file_names_are_refused_with_the_limit():
    refusal = file_name("公" * 70 + ".csv")
    assert isinstance(refusal, Refusal) and (refusal.code, refusal.facts["bytes"]) == ("long_file_name", 200)


def test_file_names_are_composed():
    assert file_name("e\u0301.csv") == "é.csv"


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "a\\x", "C:/x", "a\0", "", ".", "C:x"])
def test_paths_out_of_the_folder_are_refused(path):
    refusal = relative_path(path)
    assert isinstance(refusal, Refusal) and refusal.code == "bad_path"


@given(st.text())
def test_a_name_that_is_taken_is_one_part_of_a_path(text):
    name = file_name(text)
    if isinstance(name, str):
        assert "/" not in name and "\0" not in name and name not in (".", "..") and len(name.encode()) <= 200


@pytest.mark.parametrize(
    ("name", "sniffed", "given", "expected"),
    [
        ("a.csv", "text/plain", "", ("CSV", "text/csv")),
        ("a.CSV", "text/html", "", ("CSV", "text/csv")),
        ("a.csv", "application/vnd.ms-excel", "", ("CSV", "application/vnd.ms-excel")),
        ("a.geojson", "application/json", "", ("GeoJSON", "application/geo+json")),
        ("a", "application/pdf", "", ("", "application/pdf")),
        ("a.dat", "", "csv", ("CSV", "application/octet-stream")),
    ],
)
def test_kinds(name, sniffed, given, expected):
    assert kind(name, sniffed, given) == expected


@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        ("a.csv", b"name,n", "text/csv"),
        ("a.csv", b"PK\3\4", "application/zip"),
        ("a.csv", b"\xd0\xcf\x11\xe0", "application/vnd.ms-excel"),
        ("a.pdf", b"PK", "application/pdf"),
        ("a.dat", b"%PDF", ""),
    ],
)
def test_first_bytes_tell_a_workbook_that_is_called_csv(name, start, expected):
    assert sniff(name, start) == expected

"""Who sees what of the log, by a list that somebody has read."""

from __future__ import annotations

from uuid import UUID

import pytest

from ckanext.anshan.audit import seeing, states
from ckanext.anshan.audit.seeing import VISITOR, Reader, Scope, scope, sees_address, sees_names

ME, OTHER = UUID(int=1), UUID(int=2)
READERS = {
    "visitor": VISITOR,
    "applicant": Reader("me", ME, frozenset({"applicant"})),
    "sysadmin": Reader("me", ME, frozenset({"applicant", "sysadmin"})),
    "publisher": Reader("me", ME, frozenset({"publisher"}), frozenset({"own"})),
    "head": Reader("me", ME, frozenset({"agency_head"}), frozenset({"own"}), frozenset({"own"})),
    "bureau": Reader("me", ME, frozenset({"bureau"})),
    "cyberspace": Reader("me", ME, frozenset({"cyberspace"})),
}
TYPES = (*states.TYPES, "log", "anything")
REVIEWED = {
    "visitor": {"dataset": "changes", "release": "changes"},
    "applicant": {"dataset": "changes", "release": "changes", "account own": "own"},
    "sysadmin": {"dataset": "changes", "release": "changes", "account own": "own"},
    "publisher": {"dataset": "changes", "release": "changes", "account own": "own", "entry own": "all"},
    "head": {
        "dataset": "changes", "release": "changes", "account own": "own", "entry own": "all", "organization own": "all",
    },
}  # fmt: skip


def seen(reader: Reader) -> dict[str, str]:
    """By type; with ``own`` where it is only one's own."""
    found = {}
    for type in TYPES:
        other = scope(reader, type, "other", "another")
        own = scope(reader, type, {"account": "me"}.get(type, "own"), "own")
        if other:
            found[type] = other.value
        elif own:
            found[f"{type} own"] = own.value
    return found


@pytest.mark.parametrize("who", REVIEWED)
def test_what_is_seen_is_exactly_the_reviewed_list(who):
    assert seen(READERS[who]) == REVIEWED[who]


@pytest.mark.parametrize("who", ["bureau", "cyberspace"])
def test_the_two_offices_see_everything(who):
    assert seen(READERS[who]) == {type: "own" if type == "account" else "all" for type in TYPES}


def test_an_account_without_an_id_is_nobodys():
    assert scope(VISITOR, "account", "") is None and scope(VISITOR, "entry", "", "") is None


def test_names_are_for_the_agency_that_acted_and_for_oneself():
    for who in ("visitor", "applicant", "sysadmin"):
        assert not sees_names(READERS[who], OTHER, "own") and not sees_names(READERS[who], None, None)
    for who in ("publisher", "head"):
        assert sees_names(READERS[who], OTHER, "own") and not sees_names(READERS[who], OTHER, "another")
        assert not sees_address(READERS[who], OTHER)
    for reader in list(READERS.values())[1:]:
        assert sees_names(reader, ME, "another") and sees_address(reader, ME)
    assert sees_names(READERS["bureau"], OTHER, None) and sees_address(READERS["cyberspace"], OTHER)


def test_changes_are_the_kinds_of_that_type():
    assert seeing.kinds("dataset") == ("dataset.created", "dataset.changed", "dataset.removed")
    assert {one.value for one in Scope} == {"all", "own", "changes"}

"""The roles, and who sees entries."""

from __future__ import annotations

from itertools import combinations

from ckanext.anshan.people import rules
from ckanext.anshan.people.rules import Role


def test_an_entry_is_never_labelled_public() -> None:
    assert rules.entry_labels("org") == ["member-org", "anshan-bureau", "anshan-cyberspace"]
    assert rules.entry_labels(None) == ["anshan-bureau", "anshan-cyberspace"]


def test_only_the_two_offices_have_labels_of_their_own() -> None:
    for number in range(len(Role) + 1):
        for roles in combinations(Role, number):
            assert bool(rules.labels_of(roles)) == bool(rules.SEES_ALL_ENTRIES & set(roles))


def test_being_sysadmin_gives_no_label_and_no_import() -> None:
    assert rules.labels_of({Role.SYSADMIN}) == [] and not rules.may_import({Role.SYSADMIN})


def test_editors_and_admins_of_the_agency_write() -> None:
    assert [c for c in ("admin", "editor", "member", None) if rules.may_write_entry(c)] == ["admin", "editor"]

"""Names of columns by the initials of their pinyin: the dictionary is made from that of the names."""

from __future__ import annotations

import pytest

from ckanext.anshan.scan import headers, policy, spelling


def test_the_dictionary_is_what_is_made_from_the_names_of_columns(capsys):
    spelling.main()
    assert (policy.FOLDER / "initials.txt").read_text("utf-8") == capsys.readouterr().out


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("JHRXM", "minor"),
        ("XSEXM", "person_name"),
        ("ZJXYMC", "religion"),
        ("jtzz", "home_address"),
        ("GMSFHM", "resident_id"),
        ("FPDM", "code"),
        ("qymc", "organization"),
    ],
)
def test_initials_have_the_roles_of_the_name(header, role):
    assert headers.has(header, role)


@pytest.mark.parametrize("header", ["zdmc", "xxmc", "topic", "level", "status", "abcd"])
def test_initials_of_many_names_say_nothing(header):
    assert not headers.roles(header).keys() & {"medical", "religion", "minor", "person_name"}

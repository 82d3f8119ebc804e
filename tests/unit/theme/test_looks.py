"""What a reader may choose to look with, and where the choice may send them back to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.theme import looks


@given(st.text(), st.text())
def test_only_known_looks_come_out_of_cookies(theme, look):
    found = looks.chosen(theme, look)
    assert found.theme in ("", *looks.THEMES)
    assert found.look in ("", *looks.LOOKS)


def test_large_text_has_colours_of_its_own():
    assert looks.chosen("dark", "elder") == looks.Look("", "elder")


@given(st.text())
def test_nobody_is_sent_to_another_portal(path):
    for start in ("//", "/\\", "https://", "javascript:", "/\t/"):
        assert not looks.is_local(start + path)


def test_an_address_of_this_portal_is_local():
    assert looks.is_local("/en/dataset/?q=公交&page=2")

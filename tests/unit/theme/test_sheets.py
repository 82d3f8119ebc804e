"""The one style sheet, the scripts and the icons."""

from __future__ import annotations

import re

import pytest

from ckanext.anshan.theme import icons, sheets


def test_the_style_sheet_uses_only_tokens_that_exist():
    found = sheets.sheet(sheets.LOOK)
    assert found
    text = found.body.decode()
    templates = "".join(path.read_text("utf-8") for path in icons.TEMPLATES.rglob("*.html"))
    known = set(re.findall(r"(--[\w-]+)\s*:", text + templates))
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) - known == set()


def test_nothing_of_the_look_is_fetched_from_elsewhere():
    for name in (sheets.LOOK, sheets.PAGE):
        found = sheets.sheet(name)
        assert found
        assert not re.search(rb"(?:url\(|@import|fetch\()\s*['\"]?(?:https?:)?//", found.body), name


def test_every_opening_class_and_theme_has_its_icon():
    assert set(icons.CLASSES.values()) | set(icons.THEMES.values()) <= set(icons.names())


@pytest.mark.parametrize("name", ["", "nothing.css", "../sheets.py", "page/10-page.js"])
def test_what_is_no_part_of_the_look_is_not_given(name):
    assert sheets.sheet(name) is None


def test_the_address_changes_with_what_the_file_holds():
    found = sheets.sheet(sheets.LOOK)
    assert found
    assert re.fullmatch(r"[0-9a-f]{12}", found.version)

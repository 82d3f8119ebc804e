"""What the forms send, as the actions want it."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from ckanext.anshan.inspection import asking

FINDINGS = [
    {"number": 0, "part": "表1", "offers": [{"value": f"{name}:0", "name": name, "column": "电话"} for name in "dm"]},
    {"number": 1, "part": "", "offers": []},
]


@pytest.mark.parametrize(
    ("form", "picks"),
    [
        ({}, {}),
        ({"remedy-0": ""}, {}),
        ({"remedy-0": "m:0"}, {0: "m:0"}),
        ({"remedy-0": "x:0"}, {}),
        ({"remedy-0": "", "all": "1"}, {0: "d:0"}),
        ({"remedy-0": "m:0", "all": "1"}, {0: "m:0"}),
        ({"remedy-7": "d:0"}, {}),
    ],
)
def test_a_choice_is_kept_and_all_fills_the_rest(form, picks):
    assert asking.picked(form, FINDINGS) == picks


def test_what_was_picked_names_its_place():
    assert asking.asked({0: "m:0"}, FINDINGS) == [{"part": "表1", "column": "电话", "remedy": "m"}]


def test_empty_rows_and_rows_that_go_are_no_words():
    rows = [("甲工程", "secrecy_mark", ""), ("", "secrecy_mark", ""), ("乙", "person_name", "旧")]
    form: MultiDict[str, str] = MultiDict(
        [(name, row[at]) for row in rows for at, name in enumerate(("word", "kind", "note"))]
    )
    form.add("gone", "乙")
    assert asking.words(form) == [{"word": "甲工程", "kind": "secrecy_mark", "note": ""}]

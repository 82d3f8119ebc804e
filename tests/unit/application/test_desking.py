"""What addresses and forms of those who answer applications mean."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from ckanext.anshan.application import desking

SIDES = ("provider", "offices")
ID = "d1"


def row(number: str, state: str = "submitted") -> dict[str, Any]:
    return {"number": number, "state": state}


def test_an_address_that_says_nothing_asks_for_what_waits():
    asked = desking.asked({}, ["provider"])
    assert (asked["side"], asked["group"], asked["due"]) == ("provider", "mine", "")
    assert desking.query(asked, side="") == ""
    assert desking.given(asked, 2) == {**asked, "limit": 50, "offset": 50}


def test_a_side_that_the_reader_isnt_on_is_not_asked_for():
    assert desking.asked({"side": "offices"}, ["provider"])["side"] == "provider"
    assert desking.asked({"side": "offices"}, SIDES)["side"] == "offices"
    assert desking.asked({"group": "nonsense"}, SIDES)["group"] == "mine"


def test_what_is_due_is_asked_of_every_group():
    assert desking.given(desking.asked({"due": "late"}, SIDES), 1)["group"] == ""
    assert desking.given(desking.asked({"group": "all"}, SIDES), 1)["group"] == ""
    assert desking.query({"group": "mine", "q": "a b"}, due="late", page=2) == "?q=a+b&due=late&page=2"


def test_pages_begin_at_one_and_end_where_the_list_does():
    assert [desking.page_number(text) for text in ("", "-1", "x", "3", "9" * 20)] == [1, 1, 1, 3, 1]
    assert desking.pages(1, 50, 120) == desking.Pages(1, 50, 120, None, 2)
    assert desking.pages(3, 20, 120) == desking.Pages(101, 120, 120, 2, None)
    assert desking.pages(9, 0, 120) == desking.Pages(0, 400, 120, 8, None)


def test_an_approval_is_what_is_ticked_of_each_dataset_that_is_granted():
    form = MultiDict(
        [
            ("hash", "ab"),
            ("dataset", ID),
            ("dataset", "d2"),
            (f"grant.{ID}", "yes"),
            (f"file.{ID}", "a.csv"),
            (f"column.{ID}", "甲"),
            (f"column.{ID}", "乙"),
            (f"method.{ID}", "download"),
            (f"row.{ID}", "区县"),
            (f"row.{ID}", "街道"),
            (f"value.{ID}.0", "铁东区"),
            (f"values.{ID}.1", "湖南街道，对炉街道、\n"),
            ("column.d2", "丙"),
            ("conditions", "一\n\n 二 \n"),
            ("seen.unlike_earlier", " 因为 "),
            ("seen.ground_not_stated", " "),
        ]
    )
    given = desking.decision("approve", form)
    assert list(given["scopes"]) == [ID]
    assert given["scopes"][ID] == {
        "files": ["a.csv"],
        "whole": [],
        "columns": ["甲", "乙"],
        "methods": ["download"],
        "aggregates": False,
        "rows": [{"column": "区县", "values": ["铁东区"]}, {"column": "街道", "values": ["湖南街道", "对炉街道"]}],
    }
    assert (given["hash"], given["conditions"], given["seen"]) == ("ab", ["一", "二"], {"unlike_earlier": "因为"})


def test_each_command_takes_its_own_fields():
    form = MultiDict({"reason": " r ", "question": "q", "ground": "law", "handler": "u", "seen.x": "y"})
    assert desking.decision("take", form) == {}
    assert desking.decision("ask", form) == {"question": "q"}
    assert desking.decision("suspend", form) == {"reason": "r", "article": ""}
    assert desking.decision("refuse", form)["seen"] == {"x": "y"}


def test_several_are_sent_only_when_each_has_its_reason():
    rows = [row("A"), row("B"), row("C", "active")]
    asked = desking.bulk({"command": "ask", "question.A": "合同？", "question.B": " "}, rows)
    assert ([one["number"] for one in asked.fit], asked.others) == (["A", "B"], [rows[2]])
    assert asked.missing == [("question", "B")]
    assert asked.given(rows[0]) == {"id": "A", "question": "合同？"}


def test_what_is_pointed_out_wants_a_reason_for_each_application():
    form = {"command": "approve", "hash.A": "h", "seen.unlike_earlier.A": "另有情形", "conditions.A": "一\n二"}
    remarks = {"A": [{"code": "unlike_earlier"}], "B": [{"code": "unlike_earlier"}]}
    asked = desking.bulk(form, [row("A"), row("B")])._replace(remarks=remarks)
    assert asked.missing == [("seen.unlike_earlier", "B")]
    assert asked.given(row("A")) == {
        "id": "A",
        "hash": "h",
        "conditions": ["一", "二"],
        "seen": {"unlike_earlier": "另有情形"},
    }


def test_what_was_refused_comes_first_with_what_was_typed():
    asked = desking.bulk({"command": "extend", "reason.A": "资料多", "reason.B": "会商"}, [row("A"), row("B")])
    told = {"done": ["A"], "refused": [{"id": "B", "code": "application.extended_already", "message": "…"}]}
    outcome = desking.came_of_it(asked, [row("A"), row("B")], told)
    assert [(one.row["number"], one.refused is None, one.text) for one in outcome] == [
        ("B", False, "会商"),
        ("A", True, "资料多"),
    ]

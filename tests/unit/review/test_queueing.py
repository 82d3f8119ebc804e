"""The address of the queue, its pages, and what the forms for several submissions send."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.anshan.review import queueing

ITEMS = [{"id": "secrets", "may_skip": False}, {"id": "join", "may_skip": True}]
MORE = [*ITEMS, {"id": "terms", "may_skip": False}]


def row(number: str, commands: tuple[str, ...] = ("sign", "return"), **more: Any) -> dict[str, Any]:
    return {"number": number, "commands": list(commands), "is_clean": True, "checklist": ITEMS, **more}


def test_an_address_asks_for_what_waits_unless_it_says_more():
    assert queueing.asked({})["mine"] == "waiting"
    assert not queueing.is_narrowed(queueing.asked({"mine": "open", "page": "3"}))
    assert queueing.is_narrowed(queueing.asked({"due": "late"}))


def test_the_address_of_a_list_says_no_more_than_it_must():
    asked = queueing.asked({"mine": "waiting", "q": " 停车场 ", "scan": "clean"})
    assert queueing.query(asked) == "?q=%E5%81%9C%E8%BD%A6%E5%9C%BA&scan=clean"
    assert queueing.query(asked, q="", scan="") == ""
    assert queueing.query(asked, q="", page=2) == "?scan=clean&page=2"


@pytest.mark.parametrize(
    ("text", "number"), [("", 1), ("0", 1), ("2", 2), ("-3", 1), ("x", 1), ("9" * 5000, 1), ("²", 1)]
)
def test_any_page_number_is_a_page(text: str, number: int):
    assert queueing.page_number(text) == number


@pytest.mark.parametrize(
    ("number", "shown", "count", "told"),
    [
        (1, 0, 0, (0, 0, 0, None, None)),
        (1, 50, 50, (1, 50, 50, None, None)),
        (1, 50, 51, (1, 50, 51, None, 2)),
        (2, 1, 51, (51, 51, 51, 1, None)),
        (9, 0, 51, (0, 400, 51, 8, None)),
    ],
)
def test_a_page_knows_where_it_stands(number: int, shown: int, count: int, told: tuple[Any, ...]):
    assert queueing.pages(number, shown, count) == told


def test_only_what_is_clean_and_waits_is_signed_together():
    rows = [row("1"), row("2", is_clean=False), row("3", ("return",)), row("4", ())]
    signs = queueing.bulk({"command": "sign"}, rows)
    assert ([one["number"] for one in signs.fit], len(signs.others)) == (["1"], 3)
    returns = queueing.bulk({"command": "return"}, rows)
    assert [one["number"] for one in returns.fit] == ["1", "2", "3"]


def test_the_shared_checklist_holds_each_question_once_and_says_for_how_many():
    found = queueing.bulk({}, [row("1"), row("2", checklist=MORE)])
    assert [(one.id, one.of) for one in found.items] == [("secrets", 2), ("join", 2), ("terms", 1)]


def test_nothing_is_sent_before_each_question_has_an_answer_that_counts():
    form = {"answer.secrets": "not_applicable", "answer.join": "not_applicable"}
    found = queueing.bulk(form, [row("1")])
    assert (found.missing, found.is_complete) == (["secrets"], False)
    assert queueing.bulk(form | {"answer.secrets": "yes"}, [row("1")]).is_complete


def test_each_is_signed_with_its_own_hash_and_its_own_answers():
    form = {"answer.secrets": "yes", "answer.join": "not_applicable", "answer.terms": "yes", "hash.1": "aa"}
    one, two = queueing.bulk(form | {"hash.2": "bb"}, [row("1"), row("2", checklist=MORE)]).given
    assert one == {"id": "1", "hash": "aa", "answers": {"secrets": "yes", "join": "not_applicable"}}
    assert (two["hash"], two["answers"]["terms"]) == ("bb", "yes")


def test_each_is_returned_with_its_own_reason():
    form = {"command": "return", "text.1": " 请打码 ", "text.2": "  ", "complex.1": "1"}
    found = queueing.bulk(form, [row("1"), row("2")])
    assert (found.missing, found.is_complete) == (["2"], False)
    one, two = queueing.bulk(form | {"text.2": "补说明"}, [row("1"), row("2")]).given
    assert one == {"id": "1", "remarks": [{"place": "", "at": "", "text": "请打码"}], "complex": True}
    assert (two["remarks"][0]["text"], two["complex"]) == ("补说明", False)


def test_what_cant_be_done_any_more_is_sent_too_so_that_its_refusal_is_told():
    found = queueing.bulk({"answer.secrets": "yes", "answer.join": "yes"}, [row("1"), row("2", (), checklist=[])])
    assert [one["id"] for one in found.given] == ["1", "2"]
    assert not queueing.bulk({}, []).is_complete


def test_what_was_refused_comes_first_with_what_was_typed():
    asked = queueing.bulk({"command": "return", "text.1": "甲", "text.2": "乙"}, [row("1"), row("2")])
    told = {"done": ["1"], "refused": [{"id": "2", "code": "review.not_now", "message": "…"}]}
    first, last = queueing.came_of_it(asked, [row("1", (), state="returned")], told)
    assert (first.row["number"], first.refused is not None, first.text) == ("2", True, "乙")
    assert (last.row["state"], last.refused) == ("returned", None)

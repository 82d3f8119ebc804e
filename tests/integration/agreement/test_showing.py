"""The agreement as a page: its whole text, safely; how it stands, for everybody to see; who signed and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from html import escape
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup, Tag

from ckanext.anshan.agreement import messages, rules, showing
from ckanext.anshan.agreement.rules import Refusal, Side, Standing, State
from tests.unit.agreement import made

BOTH = (Side.HOLDER, Side.AGENCY)


def html(
    app: Any, facts: Any = made.OPENING, sides: Any = BOTH, state: Any = None, language: str = "zh_Hans_CN"
) -> str:
    found = made.document(facts)
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": language, "CKAN_CURRENT_URL": "/"}):
        told = showing.page(found, made.signed(found, *sides), state)
        return tk.render("agreement/page.html", {"told": told, "pdf_url": "/pdf", "verify_url": "/verify"})


def read(app: Any, **given: Any) -> Tag:
    return only(BeautifulSoup(html(app, **given), "html.parser"), "article")


def only(page: Tag, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


@pytest.mark.parametrize("facts", [made.OPENING, made.SHARING, made.large()], ids=["opening", "sharing", "large"])
def test_the_whole_text_is_there_in_both_languages(app: Any, facts: Any) -> None:
    shown, found = read(app, facts=facts).get_text(), made.document(facts)
    rows = [one for clause in found["clauses"] for one in clause["paragraphs"]] + found["preamble"]
    rows += [row[part] for schedule in found["schedules"] for row in schedule["rows"] for part in ("label", "value")]
    assert [text for row in rows for text in row.values() if text not in shown] == []
    columns = [column for schedule in found["schedules"] for column in schedule["columns"]]
    assert [text for column in columns for text in column.values() if text not in shown] == []


def test_what_was_typed_is_only_text(app: Any) -> None:
    evil = '<script>alert("1")</script>{{ 7 * 7 }}'
    facts = replace(
        made.OPENING,
        purpose=evil,
        conditions=(evil,),
        holders=(replace(made.COMPANY, name=evil),),
        datasets=(replace(made.STOPS, title=evil, columns=(rules.Column(evil, evil),)),),
    )
    page = html(app, facts=facts)
    assert "<script>alert" not in page
    assert page.count(escape(evil, quote=False).replace('"', "&#34;")) >= 8


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ((), "本协议尚未生效：等待乙方接受。"),
        ((Side.HOLDER,), "本协议尚未生效：乙方已接受，等待甲方会签。"),
        (BOTH, "本协议已生效。时间：2026年11月30日 15:30:00。"),
    ],
)
def test_how_it_stands_is_the_first_thing_said(app: Any, sides: Any, said: str) -> None:
    page = read(app, sides=sides)
    assert only(page, ".notice p").get_text() == said
    assert page.select_one(".agreement-stamp") is None


@pytest.mark.parametrize("state", showing.STAMPED)
def test_what_is_over_is_stamped(app: Any, state: State) -> None:
    standing = Standing(state, datetime(2027, 1, 2, tzinfo=timezone.utc), "向他人转让数据", "本协议第十四条")
    page = read(app, state=standing)
    assert only(page, ".agreement-stamp").get_text() in ("已暂停", "已撤销", "已终止", "作废")
    assert "理由：向他人转让数据（依据：本协议第十四条）" in only(page, ".notice").get_text()


def test_who_signed_and_who_has_not(app: Any) -> None:
    rows = [row.get_text(" ", strip=True) for row in read(app, sides=(Side.HOLDER,)).select(".agreement-signatures li")]
    assert "尚未会签" in rows[0]
    assert made.COMPANY.name in rows[1]
    assert "已接受：李某（法定代表人），2026年11月30日 09:02:03，重新验证身份" in rows[1]


def test_code_and_hash_are_those_of_the_document(app: Any) -> None:
    found, page = made.document(), read(app)
    own = rules.hash_of(found)
    assert only(page, ".agreement-hash").get_text() == own
    assert only(page, ".agreement-code").get_text() == rules.code_of(own, found["number"])


@pytest.mark.parametrize(("language", "shown"), [("zh_Hans_CN", False), ("en", True)])
def test_the_translation_is_shown_where_it_is_wanted(app: Any, language: str, shown: bool) -> None:
    assert only(read(app, language=language), ".agreement-switch").has_attr("checked") is shown


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("name", messages.NAMES)
def test_what_is_missing_is_named(app: Any, language: str, name: str) -> None:
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": language}):
        said = messages.words(Refusal("agreement_incomplete", {"names": (name,)}))
    assert messages.NAMES[name]() in said or language != "en"
    assert "{" not in said


def test_each_refusal_has_words(app: Any) -> None:
    with app.flask_app.test_request_context("/"):
        refused = Refusal("agreement_of_another_kind", {"kind": "opening", "template": "sharing"})
        assert "opening" in messages.words(refused)

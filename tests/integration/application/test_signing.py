"""Agreements are read, accepted, countersigned and checked; nobody signs by guessing, or what they didn't read."""

from __future__ import annotations

import io
import time
from functools import cache
from typing import Any

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from flask import g

from ckanext.anshan.agreement import rules as agreements
from ckanext.anshan.applicants import proving
from tests.integration.applicants.town import token
from tests.integration.support import as_user

from . import town
from .town import code_of, do, show, sign

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]


@cache
def dataset():
    return town.released(town.make())


@cache
def approved():
    return town.approved(town.make(), dataset())


@cache
def active():
    return town.active(town.make(), dataset())


@cache
def headers(name):
    return token(getattr(town.make(), name))


@cache
def stranger():
    return token(town.applicant())


def get(app, path, who=None, status=200):
    """As whoever asks, whatever was asked before in this test."""
    g.pop("_login_user", None)
    answer = app.get(path, headers=who or {}, status=status, follow_redirects=False)
    g.pop("_login_user", None)
    return answer


def page(app, path, who=None, status=200):
    return BeautifulSoup(get(app, path, who, status).body, "html.parser")


def post(app, path, who, data, status):
    g.pop("_login_user", None)
    return app.post(path, headers=who, data=data, status=status, follow_redirects=False).body


def text_of(pdf):
    return "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(io.BytesIO(pdf)))


def test_both_sides_read_the_whole_agreement_and_only_whose_turn_it_is_signs(app):
    made = approved()
    mine = page(app, f"/en/application/{made['number']}/agreement", headers("person"))
    assert made["agreement"]["hash"] in mine.get_text()
    form, hash = mine.select_one("#sign form"), mine.select_one("#sign input[name=hash]")
    assert form and hash
    assert str(form["action"]).endswith("/accept")
    assert hash["value"] == made["agreement"]["hash"]
    theirs = page(app, f"/en/application/{made['number']}/agreement", headers("head"))
    assert theirs.select_one("#sign form") is None


def test_a_stranger_finds_no_agreement_and_no_pdf(app):
    for path in ("agreement", "agreement.pdf"):
        page(app, f"/application/{approved()['number']}/{path}", stranger(), 404)
        page(app, f"/application/SQ-2026-999999/{path}", stranger(), 404)


def test_what_was_not_read_is_not_signed(app):
    made, who = approved(), headers("person")
    path, form = f"/en/application/{made['number']}/agreement/accept", {"hash": made["agreement"]["hash"]}
    given = {**form, "password": town.PASSWORD}
    assert "nothing was signed" in post(app, path, who, given, 400)
    wrong = post(app, path, who, {**given, "read": "yes", "password": "falsch"}, 400)
    assert "Type the password of your account to sign" in wrong
    assert "another agreement" in post(app, path, who, {**given, "read": "yes", "hash": "0" * 64}, 400)
    assert show(town.make().person, made)["state"] == "approved"


def test_wrong_passwords_are_counted_as_at_the_log_in_and_then_the_right_one_waits(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.guard.failures", "2/15 minutes")
    monkeypatch.setitem(tk.config, "ckanext.anshan.guard.unlimited", [])
    made = approved()
    for _ in range(2):
        assert code_of(sign, town.make().person, made, "accept", password="falsch") == "application.not_confirmed"
    assert code_of(sign, town.make().person, made, "accept") == "application.too_many_tries"
    town.forget_limits()


def test_without_a_password_a_fresh_log_in_at_the_identity_service_signs_once():
    here = town.make()
    made = town.approved(here, dataset())
    user: Any = model.User.get(here.person["id"])
    kept, user._password = user._password, None
    model.Session.commit()
    try:
        assert code_of(sign, here.person, made, "accept", password="") == "application.not_proved"
        proving.mark(here.head["id"])
        assert code_of(sign, here.person, made, "accept", password="") == "application.not_proved"
        proving.mark(here.person["id"])
        assert sign(here.person, made, "accept", password="")["state"] == "signed"
        assert not proving.is_proved(here.person["id"])
    finally:
        user = model.User.get(here.person["id"])
        user._password = kept
        model.Session.commit()


def test_a_proof_is_over_after_five_minutes(monkeypatch):
    proving.mark("somebody")
    now = time.time()
    monkeypatch.setattr(proving.time, "time", lambda: now + proving.SECONDS + 1)
    assert not proving.is_proved("somebody")


def test_who_accepted_does_not_countersign_and_nobody_signs_twice():
    here = town.make()
    made = town.accepted(here, dataset())
    assert code_of(sign, here.person, made, "accept") == "application.not_now"
    assert code_of(sign, here.person, made, "countersign") == "application.not_yours"
    assert code_of(sign, here.editor, made, "countersign") == "application.not_yours"
    made = sign(here.head, made, "countersign")
    assert made["state"] == "active"
    assert code_of(sign, here.head, made, "countersign") == "application.not_now"


def test_a_wrong_agreement_is_signed_by_nobody():
    here = town.make()
    made = town.accepted(here, dataset())
    assert code_of(sign, here.head, made, "countersign", hash="0" * 64) == "application.another_agreement"
    assert show(here.head, made)["grants"] == []


def test_the_pdf_says_what_was_signed_and_is_for_its_own_sides(app):
    made = active()
    path = f"/application/{made['number']}/agreement.pdf"
    answer = get(app, path, headers("person"))
    assert answer.headers["Content-Type"] == "application/pdf"
    said = text_of(answer.data).replace("\r", "").replace("\n", "")
    assert made["number"] in said
    assert made["agreement"]["code"] in said
    assert town.CONTENT["purpose"] in said
    assert get(app, path, headers("head")).data == answer.data


def test_without_its_font_the_pdf_says_so(app, monkeypatch):
    from ckanext.anshan.agreement.fonts import NoFont
    from ckanext.anshan.application import agreeing

    def missing(*_):
        raise NoFont

    monkeypatch.setattr(agreeing, "_made", missing)
    said = page(app, f"/en/application/{active()['number']}/agreement.pdf", headers("person"), 503)
    assert "font" in said.get_text()


def test_everybody_can_check_an_agreement_and_learns_nothing_of_who_applied(app):
    made = active()
    typed = made["agreement"]["code"].lower().replace("-", " ")
    told = as_user({"name": ""}, "anshan_agreement_verify", code=typed, hash=made["agreement"]["hash"].upper())
    assert (told["is_found"], told["number"], told["is_same"], told["state"]) == (
        True,
        made["number"],
        True,
        "in_force",
    )
    said = page(app, f"/agreement/verify/{made['agreement']['code']}").get_text()
    assert "鞍山某某科技有限公司" not in said and dataset()["name"] not in said
    assert "鞍山某某科技有限公司" not in str(told)
    other = as_user({"name": ""}, "anshan_agreement_verify", code=typed, hash="0" * 64)
    assert other["is_same"] is False


def test_a_code_that_is_none_and_one_of_no_agreement_are_told_apart(app):
    code = active()["agreement"]["code"]
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert "no verification code" in page(app, f"/en/agreement/verify/{wrong}", status=404).get_text()
    nothing = agreements.code_of("0" * 64, "SQ-2026-000000")
    assert "no agreement with this code" in page(app, f"/en/agreement/verify/{nothing}", status=404).get_text()


def test_wrong_codes_are_limited_for_an_address(app, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.application.tries", "2/10 minutes")
    monkeypatch.setitem(tk.config, "ckanext.anshan.guard.unlimited", [])
    nothing = agreements.code_of("1" * 64, "SQ-2026-000000")
    for status in (404, 404, 429):
        page(app, f"/en/agreement/verify/{nothing}", status=status)
    page(app, f"/agreement/verify/{active()['agreement']['code']}", status=429)
    town.forget_limits()


def test_a_suspended_agreement_says_so_to_whoever_checks_it():
    here = town.make()
    made = town.active(here, dataset())
    do(here.editor, made, "suspend", reason="转让数据", article="第三十五条")
    told = as_user({"name": ""}, "anshan_agreement_verify", code=made["agreement"]["code"])
    assert (told["state"], told["is_in_force"]) == ("suspended", False)
    mine = as_user(here.person, "anshan_agreement_show", id=made["id"])["page"]
    assert "转让数据" in mine["standing"]["zh"]

"""A token of a grant opens that grant alone, while its maker may use it, and is nobody's log-in."""

from __future__ import annotations

import logging
import re

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from tests.integration.access import granted
from tests.integration.applicants import town as applicants
from tests.integration.application import town as towns
from tests.integration.support import as_user

QUERY = "/api/3/action/anshan_grant_query"


@pytest.fixture
def own(app):
    return granted.within(app, granted.make, "tokens")


def make(own, user=None, name="收运线路程序"):
    return as_user(user or own.holder, "anshan_grant_token_create", id=own.number, name=name)


def query(app, own, headers, status=200):
    return app.post(QUERY, json={"id": own.number, "limit": 1}, headers=headers, status=status).json


@pytest.mark.parametrize("how", ["X-Grant-Token", "Authorization", "bearer"])
def test_a_token_is_taken_in_either_header(own, app, how):
    shown = make(own)["token"]
    headers = {"Authorization": f"Bearer {shown}"} if how == "bearer" else {how: shown}
    assert query(app, own, headers)["result"]["total"] == 200
    answer = app.get(own.address(), headers=headers)
    assert len(granted.rows_of(answer.data)) == 201
    shown_of = app.post("/api/3/action/anshan_grant_show", json={"id": own.number}, headers=headers).json
    assert (shown_of["result"]["side"], shown_of["result"]["commands"]) == ("holder", ["token"])


def test_a_token_is_told_once_and_only_its_hash_is_kept(own):
    made = make(own)
    assert re.fullmatch(r"anshan_g_[\w-]{43}", made["token"])
    listed = as_user(own.holder, "anshan_grant_token_list", id=own.number)
    assert made["id"] in {one["id"] for one in listed} and made["token"] not in str(listed)
    rows = model.Session.execute(sa.text("SELECT * FROM anshan_access_token")).all()
    assert made["token"] not in str(rows)
    assert granted.events(own.number, "grant.token_made")[-1]["facts"]["token"] == made["id"]


def test_a_token_is_no_log_in_and_no_word_of_it_is_logged(own, app, caplog):
    shown = make(own)["token"]
    with caplog.at_level(logging.DEBUG):
        for headers in ({"Authorization": shown}, {"Authorization": f"Bearer {shown}"}, {"X-Grant-Token": shown}):
            answer = app.post("/api/3/action/dashboard_activity_list", json={}, headers=headers)
            assert answer.status_code == 403
            for action in ("anshan_grant_list", "anshan_grant_usage", "anshan_grant_token_list"):
                asked = {} if action != "anshan_grant_token_list" else {"id": own.number}
                assert app.post(f"/api/3/action/{action}", json=asked, headers=headers).status_code == 403
            made = {"id": own.number, "name": "again"}
            assert app.post("/api/3/action/anshan_grant_token_create", json=made, headers=headers).status_code == 403
    assert shown not in caplog.text and shown[9:20] not in caplog.text
    assert "Cannot decode" not in caplog.text


@pytest.mark.parametrize("shown", ["anshan_g_" + "x" * 43, "anshan_g_short", "anshan_g_" + "字" * 43, "nonsense"])
def test_a_token_that_isnt_good_is_answered_401(own, app, shown):
    headers = {"X-Grant-Token": shown.encode().decode("latin-1")}
    answer = app.post(QUERY, json={"id": own.number}, headers=headers)
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "access.bad_token")
    assert "WWW-Authenticate" in answer.headers
    assert app.get(own.address(), headers=headers).status_code == 401


def test_a_revoked_token_is_worth_nothing_at_once(own, app):
    made = make(own)
    query(app, own, {"X-Grant-Token": made["token"]})
    as_user(own.holder, "anshan_grant_token_revoke", id=own.number, token=made["id"])
    query(app, own, {"X-Grant-Token": made["token"]}, 401)
    with pytest.raises(tk.ObjectNotFound):
        as_user(own.holder, "anshan_grant_token_revoke", id=own.number, token=made["id"])


def test_a_token_ends_with_its_day(own, app):
    made = make(own)
    assert made["expires"] == own.row().ends.isoformat()
    change = sa.text("UPDATE anshan_access_token SET expires = current_date - 2 WHERE id = :id")
    model.Session.execute(change, {"id": made["id"]})
    model.Session.commit()
    query(app, own, {"X-Grant-Token": made["token"]}, 401)


def test_a_token_of_one_grant_opens_no_other(own, app):
    other = granted.within(app, granted.grant, own.town, own.dataset)
    shown = make(own)["token"]
    told = query(app, other, {"X-Grant-Token": shown}, 404)
    assert told["error"]["code"] == "access.no_grant"
    assert app.get(other.address(), headers={"X-Grant-Token": shown}).status_code == 404


def test_a_token_counts_more_than_the_account_that_is_sent_with_it(own, app):
    other = granted.within(app, granted.grant, own.town, own.dataset)
    headers = granted.by(own.holder, **{"X-Grant-Token": make(own)["token"]})
    query(app, other, headers, 404)


def test_a_token_works_while_its_maker_acts_for_the_holder(own, app):
    member = applicants.user()
    granted.within(app, applicants.join, own.town.company, own.town.person, member)
    shown = make(own, member)["token"]
    query(app, own, {"X-Grant-Token": shown})
    granted.within(app, applicants.act, own.town.person, own.town.company, "remove", "member", user=member["name"])
    told = query(app, own, {"X-Grant-Token": shown}, 403)
    assert told["error"]["code"] == "access.not_a_member"


def test_only_holders_make_see_and_revoke_tokens(own):
    made = make(own)
    for user in (granted.stranger(), granted.sysadmin(), own.town.editor, own.town.review.bureau):
        for action, more in (
            ("anshan_grant_token_create", {"name": "x"}),
            ("anshan_grant_token_list", {}),
            ("anshan_grant_token_revoke", {"token": made["id"]}),
        ):
            with pytest.raises(tk.ObjectNotFound):
                as_user(user, action, id=own.number, **more)


def test_no_page_that_a_token_opened_is_kept_for_others(own, app):
    url = f"{QUERY}?id={own.number}&limit=1"
    assert app.get(url, headers={"X-Grant-Token": make(own)["token"]}).status_code == 200
    assert app.get(url).status_code == 404


def test_the_page_makes_a_token_and_takes_it_back(own, app):
    headers = granted.by(own.holder)
    page = app.post(f"/grant/{own.number}/token", data={"name": "程序甲"}, headers=headers).body
    shown = re.findall(r"anshan_g_[\w-]{43}", page)[0]
    query(app, own, {"X-Grant-Token": shown})
    again = app.get(f"/grant/{own.number}", headers=headers).body
    assert "程序甲" in again and shown not in again
    id = next(
        one["id"] for one in as_user(own.holder, "anshan_grant_token_list", id=own.number) if one["name"] == "程序甲"
    )
    app.post(f"/grant/{own.number}/token/{id}/revoke", headers=headers)
    query(app, own, {"X-Grant-Token": shown}, 401)
    wrong = app.post(f"/grant/{own.number}/token", data={"name": " "}, headers=headers)
    assert wrong.status_code == 400 and "notice late" in wrong.body


def test_a_revoked_grant_says_so_to_its_token(app):
    own = granted.within(app, granted.make, "tokens-ended")
    shown = make(own)["token"]
    given = {"reason": "违反协议", "article": "第四十三条"}
    granted.within(app, towns.do, own.town.head, {"id": own.number}, "suspend", **given)
    granted.within(app, towns.do, own.town.head, {"id": own.number}, "revoke", redress="行政复议", **given)
    told = query(app, own, {"X-Grant-Token": shown}, 410)
    assert told["error"]["code"] == "access.grant_revoked"
    with pytest.raises(tk.ValidationError) as refused:
        make(own)
    assert refused.value.error_dict["code"] == ["access.grant_revoked"]

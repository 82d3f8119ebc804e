"""The account's pages: one's own, others', and who may see whose tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.integration.catalogue.test_views import as_user

pytestmark = pytest.mark.usefixtures("with_plugins")


def names(user: dict[str, Any]) -> list[str]:
    """Those that these tests make; each account comes with another."""
    return sorted(set(known(user)) & {"甲", "乙", "某程序"})


def known(user: dict[str, Any]) -> dict[str, str]:
    """Name → id of each token."""
    return {one["name"]: one["id"] for one in call_action("api_token_list", user_id=user["id"])}


def send(app: Any, user: dict[str, Any], path: str, **form: Any) -> Any:
    return app.post(path, data=form, **as_user(user))


def test_ones_own_page_is_the_desk_and_anothers_says_who_it_is(app):
    me, other = factories.UserWithToken(), factories.UserWithToken(fullname="某编目员", about="管交通数据")
    mine = app.get(f"/user/{me['name']}", **as_user(me))
    assert (mine.status_code, mine.headers["Location"].endswith("/desk")) == (302, True)
    shown = app.get(f"/user/{other['name']}", **as_user(me)).data.decode()
    assert ("某编目员" in shown, "管交通数据" in shown, other["email"] in shown) == (True, True, False)
    admin = factories.SysadminWithToken()
    assert "In use" in app.get(f"/user/{other['name']}", **as_user(admin)).data.decode()


def test_a_visitor_is_sent_to_the_login(app):
    user = factories.UserWithToken()
    for path in (f"/user/{user['name']}", f"/user/{user['name']}/api-tokens"):
        assert "/user/login" in app.get(path, follow_redirects=False).headers.get("Location", ""), path


@pytest.mark.parametrize("path", ["groups", "organizations"])
def test_lists_of_what_somebody_did_lead_to_the_account(app, path):
    user = factories.UserWithToken()
    answer = app.get(f"/user/{user['name']}/{path}", **as_user(user))
    assert answer.headers["Location"].endswith(f"/user/{user['name']}")


def test_a_token_needs_a_name_and_is_shown_once(app):
    user = factories.UserWithToken()
    address = f"/user/{user['name']}/api-tokens"
    assert "field-error" in send(app, user, address, name=" ").data.decode()
    made = send(app, user, address, name="某程序")
    assert (made.headers["Cache-Control"], names(user)) == ("private, no-store", ["某程序"])
    token = made.data.decode().partition('id="made-token">')[2].partition("<")[0]
    assert len(token) > 30 and token not in app.get(address, **as_user(user)).data.decode()


def test_nothing_is_revoked_before_somebody_said_yes(app):
    user = factories.UserWithToken()
    tokens = [call_action("api_token_create", {"user": user["name"]}, user=user["name"], name=name) for name in "甲乙"]
    assert all(tokens)
    one = known(user)["甲"]
    revoke = f"/user/{user['name']}/api-tokens/revoke"
    asked = send(app, user, revoke, token=one)
    assert ("甲" in asked.data.decode(), names(user)) == (True, ["乙", "甲"])
    assert send(app, user, revoke, token=one, sure="yes").status_code == 302
    assert names(user) == ["乙"]


def test_nobody_sees_makes_or_revokes_anothers_tokens(app):
    user, other = factories.UserWithToken(), factories.UserWithToken()
    call_action("api_token_create", {"user": user["name"]}, user=user["name"], name="甲")
    one = known(user)["甲"]
    address = f"/user/{user['name']}/api-tokens"
    assert app.get(address, **as_user(other)).status_code == 403
    assert send(app, other, address, name="乙").status_code == 403
    assert send(app, other, f"{address}/revoke", token=one, sure="yes").status_code == 403
    own = send(app, other, f"/user/{other['name']}/api-tokens/revoke", token=one, sure="yes")
    assert (own.status_code, names(user)) == (302, ["甲"])


@pytest.mark.parametrize(("lang", "said"), [("zh_Hans_CN", "2026年11月2日 14:32"), ("en", "2 Nov 2026 14:32")])
def test_ckans_pages_write_dates_as_ours(app, lang, said):
    prefix = "/en" if lang == "en" else ""
    with app.flask_app.test_request_context(f"{prefix}/"):
        tk.request.environ["CKAN_LANG"] = lang
        assert tk.h.render_datetime(datetime(2026, 11, 2, 6, 32), with_hours=True) == said
        assert tk.h.render_datetime("2026-11-02T06:32:00", date_format="%Y") == "2026"
        assert tk.h.render_datetime("no date") == ""

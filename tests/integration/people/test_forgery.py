"""Without the token of the form nothing is done in a reader's name, whoever looked at the page before."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("with_plugins")
HERE = "http://localhost"


@pytest.fixture
def protected(app: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The portal as it runs: tests have the protection off."""
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    return app


def names(user: dict[str, Any]) -> list[str]:
    return [one["name"] for one in call_action("api_token_list", user_id=user["id"])]


def test_a_page_that_others_have_seen_asks_for_the_token_still(protected: Any) -> None:
    user, other = factories.User(), factories.UserWithToken()
    address = f"/user/{user['name']}/api-tokens"
    protected.get(address, follow_redirects=False)
    protected.post(f"/user/{other['name']}/api-tokens", data={"name": "乙"}, headers={"Authorization": other["token"]})
    mine = protected.test_client(user=model.User.get(user["id"]))
    sent = mine.post(address, data={"name": "甲"}, base_url=HERE, follow_redirects=False)
    assert (sent.status_code, names(user), "乙" in names(other)) == (400, [], True)


def test_with_the_token_of_the_form_it_is_done(protected: Any) -> None:
    user = factories.User()
    address = f"/user/{user['name']}/api-tokens"
    mine = protected.test_client(user=model.User.get(user["id"]))
    token = (
        mine.get(address, base_url=HERE).data.decode().partition('name="_csrf_token" content="')[2].partition('"')[0]
    )
    mine.post(address, data={"name": "甲", "_csrf_token": token}, base_url=HERE, follow_redirects=False)
    assert names(user) == ["甲"]


def test_the_api_answers_a_session_only_with_the_token(protected: Any) -> None:
    user = factories.UserWithToken()
    url, asked = "/api/3/action/api_token_create", {"user": user["name"], "name": "甲"}
    by_token = protected.post(url, json=asked, headers={"Authorization": user["token"]})
    mine = protected.test_client(user=model.User.get(user["id"]))
    by_session = mine.post(url, json=asked, base_url=HERE)
    assert (by_token.status_code, by_session.status_code, names(user).count("甲")) == (200, 400, 1)

"""Pages of one's own account: tokens are shown once and revoked after a question, errors stand beside their fields."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import mailer
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.integration.catalogue.conftest import person
from tests.integration.catalogue.test_views import as_user, page

pytestmark = pytest.mark.usefixtures("with_plugins")

PASSWORD = "correct-horse-battery"


@pytest.fixture
def user() -> dict[str, Any]:
    return factories.UserWithToken(password=PASSWORD, fullname="鞍山市公共数据开放平台测试人员")


def told(soup: BeautifulSoup, field: str) -> str:
    """What stands below a field that is marked as wrong."""
    control = soup.select_one(f"main [name={field}][aria-invalid=true]")
    assert control, field
    why = soup.find(id=str(control["aria-describedby"]).split()[-1])
    return why.get_text(" ", strip=True) if why else ""


def summary(soup: BeautifulSoup) -> list[str]:
    """Each link of the summary leads to a field that is there."""
    links = [str(link["href"]).removeprefix("#") for link in soup.select(".error-summary a")]
    assert all(soup.find(id=link) for link in links)
    return links


# tokens


def tokens(user: dict[str, Any]) -> list[str]:
    return [one["name"] for one in call_action("api_token_list", {"user": user["name"]}, user_id=user["id"])]


def test_a_token_is_shown_once_to_whoever_made_it(app: Any, user: dict[str, Any]) -> None:
    address = f"/en/user/{user['name']}/api-tokens"
    answer = app.post(address, data={"name": " 每日统计 "}, **as_user(user))
    made = page(answer).select_one("#made-token")
    assert made and "no-store" in answer.headers["Cache-Control"]
    token = made.get_text()
    assert app.get("/en/desk", headers={"Authorization": token}).status_code == 200
    again = app.get(address, **as_user(user))
    assert token not in again.body
    assert page(again).select_one(".tokens tbody th").get_text() == "每日统计"


def test_a_token_without_a_name_is_not_made(app: Any, user: dict[str, Any]) -> None:
    before = tokens(user)
    soup = page(app.post(f"/en/user/{user['name']}/api-tokens", data={"name": " "}, **as_user(user)))
    assert told(soup, "name") == "Missing value"
    assert tokens(user) == before


def test_revoking_asks_first(app: Any, user: dict[str, Any]) -> None:
    made = call_action("api_token_create", {"user": user["name"]}, user=user["name"], name="旧程序")
    address, kept = f"/en/user/{user['name']}/api-tokens/revoke", tokens(user)
    asked = page(app.post(address, data={"token": made["id"]}, **as_user(user)))
    assert asked.h1.get_text() == "Revoke this token?"
    assert "旧程序" in asked.main.get_text()
    assert tokens(user) == kept
    form = {field["name"]: field["value"] for field in asked.select("main form :is(input, button)[value]")}
    answer = app.post(address, data=form, **as_user(user))
    assert answer.status_code == 302
    assert tokens(user) == [name for name in kept if name != "旧程序"]


def test_tokens_are_nobody_elses(app: Any, user: dict[str, Any]) -> None:
    stranger, address = as_user(person("applicants", "none")), f"/user/{user['name']}/api-tokens"
    mine = call_action("api_token_list", {"user": user["name"]}, user_id=user["id"])[0]["id"]
    sure = {"token": mine, "sure": "yes"}
    assert app.get(address, **stranger).status_code == 403
    assert app.post(address, data={"name": "x"}, **stranger).status_code == 403
    assert app.post(f"{address}/revoke", data=sure, **stranger).status_code == 403
    for answer in (app.get(address, follow_redirects=False), app.post(address, follow_redirects=False)):
        assert answer.status_code == 302 and "/user/login?came_from=" in answer.headers["Location"]
    assert len(tokens(user)) == 1
    assert app.get("/user/nobody-of-this-name/api-tokens", **stranger).status_code in (403, 404)


# the page of an account


def test_ones_own_page_is_the_desk(app: Any, user: dict[str, Any]) -> None:
    for id in (user["name"], user["id"]):
        answer = app.get(f"/user/{id}", **as_user(user))
        assert (answer.status_code, answer.headers["Location"]) == (302, "http://test.ckan.net/desk")


def test_another_account_shows_a_name_and_nothing_private(app: Any, user: dict[str, Any]) -> None:
    soup = page(app.get(f"/en/user/{user['name']}", **as_user(person("applicants", "none"))))
    text = soup.main.get_text()
    assert soup.h1.get_text() == user["fullname"]
    assert user["email"] not in text and "Roles" not in text
    assert not soup.main.find("img")
    sees = page(app.get(f"/en/user/{user['name']}", **as_user(factories.SysadminWithToken()))).main.get_text()
    assert user["email"] in sees and "Registered user" in sees and "In use" in sees


@pytest.mark.parametrize(
    "path", ["/user/{}/organizations", "/user/{}/groups", "/user/followers/{}", "/user/activity/{}"]
)
def test_lists_of_what_somebody_did_lead_back_to_the_account(app: Any, user: dict[str, Any], path: str) -> None:
    answer = app.get(path.format(user["name"]), **as_user(user))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"http://test.ckan.net/user/{user['name']}")


def test_a_visitor_asking_for_an_account_logs_in(app: Any, user: dict[str, Any]) -> None:
    answer = app.get(f"/user/{user['name']}", follow_redirects=False)
    assert "/user/login?came_from=" in answer.headers["Location"]


# forms


def test_logging_in_leads_to_the_desk_or_back(app: Any, user: dict[str, Any]) -> None:
    given = {"login": user["name"], "password": PASSWORD}
    for path, to in (("/user/login", "/desk"), ("/user/login?came_from=/en/dataset/", "/en/dataset/")):
        answer = app.flask_app.test_client().post(path, data=given)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"http://test.ckan.net{to}")


def test_a_wrong_password_leaves_the_name_and_says_so_beside_the_field(app: Any, user: dict[str, Any]) -> None:
    soup = page(app.post("/en/user/login", data={"login": user["name"], "password": "wrong"}))
    assert soup.select_one("[name=login]")["value"] == user["name"]
    assert soup.select_one("[name=password]")["value"] == ""
    assert "type it again" in told(soup, "password")
    assert summary(soup) == ["field-login"]
    assert soup.select(".flash") == []


def test_registering_says_what_is_wrong_beside_each_field(app: Any, user: dict[str, Any]) -> None:
    given = {"name": "坏", "fullname": "王某某", "email": user["email"], "password1": "x", "password2": "y", "save": ""}
    soup = page(app.post("/en/user/register", data=given))
    assert [told(soup, name) != "" for name in ("name", "email", "password1")] == [True] * 3
    assert summary(soup) == ["field-name", "field-email", "field-password1"]
    assert soup.select_one("[name=fullname]")["value"] == "王某某"
    assert not soup.select("main [type=file], main [name=image_url]")


def test_registering_leads_to_the_desk(app: Any) -> None:
    name = factories.User.stub().name
    given = {"name": name, "email": f"{name}@example.com", "password1": PASSWORD, "password2": PASSWORD, "save": ""}
    answer = app.post("/user/register", data=given, follow_redirects=True)
    assert answer.request.path == "/desk"


def test_settings_are_changed_and_lead_to_the_desk(app: Any, user: dict[str, Any]) -> None:
    given = {
        "name": user["name"],
        "fullname": "新名字",
        "email": user["email"],
        "about": "",
        "old_password": "",
        "save": "",
    }
    answer = app.post(f"/en/user/edit/{user['name']}", data=given, **as_user(user))
    assert answer.headers["Location"].endswith(f"/user/{user['name']}")
    model.Session.expire_all()
    assert model.User.get(user["id"]).fullname == "新名字"  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"email": "other@example.com", "old_password": "wrong"}, "old_password"),
        ({"password1": "short", "password2": "short", "old_password": PASSWORD}, "password1"),
        ({"email": "nothing", "old_password": PASSWORD}, "email"),
    ],
)
def test_settings_say_what_is_wrong_beside_the_field(
    app: Any, user: dict[str, Any], more: dict[str, str], field: str
) -> None:
    given = {
        "name": user["name"],
        "fullname": "甲",
        "email": user["email"],
        "about": "",
        "old_password": "",
        "save": "",
    }
    soup = page(app.post(f"/en/user/edit/{user['name']}", data={**given, **more}, **as_user(user)))
    assert told(soup, field)
    assert summary(soup) == [f"field-{field}"]
    assert not soup.select("main [type=file], main [name=image_url]")


def test_a_new_password_is_chosen_with_the_key_of_the_mail(app: Any, user: dict[str, Any]) -> None:
    found = model.User.get(user["id"])
    assert found
    mailer.create_reset_key(found)
    address = f"/en/user/reset/{user['name']}?key={found.reset_key}"
    soup = page(app.post(address, data={"password1": "short", "password2": "short"}))
    assert told(soup, "password1") and summary(soup) == ["field-password1"]
    answer = app.post(
        address, data={"password1": "another-long-one", "password2": "another-long-one"}, follow_redirects=False
    )
    assert answer.headers["Location"].endswith("/en/user/login")


@pytest.mark.parametrize("path", ["login", "register", "reset"])
def test_a_visitors_form_loads_neither_jquery_nor_ckans_sheet(app: Any, path: str) -> None:
    soup = page(app.get(f"/user/{path}"))
    assert len(soup.select("h1")) == 1
    assert [str(one["src"]).rpartition("/")[2] for one in soup.select("script[src]")] == ["page.js"]
    assert [str(one["href"]).rpartition("/")[2] for one in soup.select("link[rel=stylesheet]")] == ["look.css"]

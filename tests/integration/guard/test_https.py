"""Behind proxies, and by HTTPS: cookies, the caller's address, transport security."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import pytest
from ckan.common import config
from ckan.tests import factories
from ckan.tests.helpers import _get_test_app

from ckanext.anshan.guard import hooks

pytestmark = pytest.mark.usefixtures("with_plugins")
HTTPS = "https://data.example.gov.cn"
FORWARDED = {"X-Forwarded-For": "203.0.113.1, 203.0.113.2", "X-Forwarded-Proto": "https"}


@pytest.fixture
def by_https(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The portal as it is made where the world reaches it by HTTPS."""
    monkeypatch.setitem(config, "ckan.site_url", HTTPS)
    for name in ("SESSION_COOKIE_SECURE", "REMEMBER_COOKIE_SECURE", "REMEMBER_COOKIE_SAMESITE"):
        monkeypatch.setitem(config, name, config[name])
    hooks.secure_cookies(config)
    made = _get_test_app().app._wsgi_app
    monkeypatch.setitem(config, "ckan.site_url", HTTPS)  # making it reads the file again
    return made


def cookies(answer: Any) -> dict[str, Any]:
    found = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        found.load(line)
    return dict(found)


def test_every_cookie_is_for_https_alone_out_of_scripts_reach_and_stays_with_this_site(by_https):
    user = factories.User(password="a-good-Password1")
    client = by_https.test_client()
    form = {"login": user["name"], "password": "a-good-Password1", "remember": "63072000"}
    answers = [
        client.post("/user/login", data=form, base_url=HTTPS),
        client.get("/look?theme=dark&look=elder&to=/", base_url=HTTPS),
    ]
    found = cookies(answers[0]) | cookies(answers[1])
    assert {"ckan", "remember_token", "anshan_theme", "anshan_look"} <= found.keys()
    for name, cookie in found.items():
        assert (bool(cookie["secure"]), bool(cookie["httponly"]), cookie["samesite"]) == (True, True, "Lax"), name


def test_a_portal_without_https_has_cookies_that_work(app):
    user = factories.User(password="a-good-Password1")
    answer = app.post(
        "/user/login", data={"login": user["name"], "password": "a-good-Password1"}, follow_redirects=False
    )
    cookie = cookies(answer)["ckan"]
    assert (bool(cookie["secure"]), bool(cookie["httponly"]), cookie["samesite"]) == (False, True, "Lax")


def test_https_is_promised_for_a_year(by_https, app):
    name = "Strict-Transport-Security"
    assert by_https.test_client().get("/about").headers[name] == "max-age=31536000"


def test_without_https_nothing_is_promised(app):
    assert "Strict-Transport-Security" not in app.get("/about").headers


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, ("10.0.0.9", "http")), (1, ("203.0.113.2", "https")), (2, ("203.0.113.1", "https"))],
)
def test_as_many_proxies_are_believed_as_are_said_to_be_there(monkeypatch, proxies, seen):
    monkeypatch.setitem(config, "ckanext.anshan.guard.proxies", proxies)
    found: list[tuple[str, str]] = []
    application = hooks.behind_proxies(lambda environ, start: found.append((
        environ["REMOTE_ADDR"], environ["wsgi.url_scheme"])) or [])  # fmt: skip
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in FORWARDED.items()}
    application({**environ, "REMOTE_ADDR": "10.0.0.9", "wsgi.url_scheme": "http", "HTTP_HOST": "x"}, lambda *_: None)
    assert found == [seen]


def test_a_host_that_somebody_sends_along_is_not_believed(monkeypatch):
    monkeypatch.setitem(config, "ckanext.anshan.guard.proxies", 1)
    found: list[str] = []
    application = hooks.behind_proxies(lambda environ, start: found.append(environ["HTTP_HOST"]) or [])
    asked = {"HTTP_HOST": "data.example", "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PREFIX": "/evil"}
    application({**asked, "REMOTE_ADDR": "10.0.0.9", "wsgi.url_scheme": "http"}, lambda *_: None)
    assert found == ["data.example"]

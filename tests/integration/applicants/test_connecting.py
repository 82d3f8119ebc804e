"""Logging in with an identity service: who comes back from it, and who doesn't though they seem to."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from joserfc.jwk import RSAKey

from ckanext.anshan.applicants import keeping
from ckanext.anshan.applicants.model import login
from tests.integration.support import as_user

from .provider import running
from .town import fill_in, found, show, user

pytestmark = pytest.mark.usefixtures("with_plugins")

BASE = "http://test.ckan.net"


@pytest.fixture(scope="module")
def started():
    with running() as both:
        yield both


@pytest.fixture
def service(started, monkeypatch, app):
    """The identity service, known to the portal and as it is at first."""
    made, address = started
    made.bend, made.algorithm, made.key = (lambda claims: claims), "RS256", made.published
    options = {"issuer": address, "client_id": "anshan", "client_secret": "secret"}
    options |= {"number_claim": "id_number", "code_claim": "code"}
    for name, value in options.items():
        monkeypatch.setitem(tk.config, f"ckanext.anshan.oidc.{name}", value)
    yield made
    for row in model.Session.execute(sa.select(login.c.user_id)).scalars().all():
        model.Session.execute(sa.text("DELETE FROM anshan_applicants_person WHERE user_id = :id"), {"id": row})
    model.Session.execute(login.delete())
    model.Session.commit()


class Browser:
    """Goes to the identity service and comes back."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path):
        return self.client.get(path, base_url=BASE, follow_redirects=False)

    def begin(self, came_from=""):
        """The address of the identity service that the portal sends to."""
        answer = self.get(f"/user/oidc/login?came_from={came_from}")
        assert answer.status_code == 302, answer.data
        return answer.headers["Location"]

    def confirm(self, address, sub="zhao"):
        """What the identity service sends back to, once somebody has said who they are."""
        answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
        split = urlsplit(answer.headers["Location"])
        assert split.path == "/user/oidc/callback"
        return f"{split.path}?{split.query}"

    def log_in(self, sub="zhao", came_from=""):
        return self.get(self.confirm(self.begin(came_from), sub))

    @property
    def is_logged_in(self):
        return self.get("/desk").status_code == 200

    def said(self):
        return self.get("/user/login").get_data(as_text=True)


@pytest.fixture
def browser(app):
    return Browser(app)


def bound(sub="zhao") -> Any:
    return model.Session.execute(sa.select(login).where(login.c.subject == sub)).first()


def account(sub="zhao") -> Any:
    return model.User.get(bound(sub).user_id)


def test_the_first_log_in_makes_an_account_and_tells_who_it_is(service, browser):
    answer = browser.log_in()
    assert (answer.status_code, urlsplit(answer.headers["Location"]).path) == (302, "/desk")
    assert browser.is_logged_in
    found = account()
    assert (found.password, found.email, found.fullname) == (None, None, None)
    assert found.name.startswith("user-") and "zhao" not in found.name
    shown = as_user({"name": found.name}, "anshan_applicant_show")["person"]
    assert (shown["state"], shown["name"], shown["number"]) == (
        "identified",
        "赵**",
        f"2103{'*' * 10}{service.number[-4:]}",
    )


def test_what_the_service_told_is_not_changed_by_hand_but_a_phone_is_added(service, browser):
    browser.log_in()
    who = {"name": account().name}
    with pytest.raises(tk.ValidationError) as refused:
        fill_in(who)
    model.Session.rollback()
    assert refused.value.error_dict["code"] == ["applicants.identified"]
    shown = as_user(who, "anshan_applicant_update", phone="13912345678")["person"]
    assert (shown["state"], shown["phone"]) == ("identified", "139****5678")


def test_the_second_log_in_finds_the_same_account(service, app):
    Browser(app).log_in()
    first = bound()
    identity = keeping.person_of(first.user_id).identity
    again = Browser(app)
    again.log_in()
    model.Session.expire_all()
    assert again.is_logged_in and bound().user_id == first.user_id
    assert keeping.person_of(first.user_id).identity == identity


def test_an_account_is_never_taken_over_by_its_address_or_its_name(service, browser):
    victim = user()
    told = {"email": victim["email"], "email_verified": True, "preferred_username": victim["name"]}
    service.bend = lambda claims: {**claims, **told}
    browser.log_in("qian")
    assert browser.is_logged_in and bound("qian").user_id != victim["id"]


def test_a_profile_of_another_account_is_not_taken_over_by_its_number(service, browser):
    other = user()
    with tk_context():
        fill_in(other, number=service.number)
    browser.log_in()
    assert browser.is_logged_in
    assert keeping.person_of(bound().user_id) is None
    model.Session.execute(sa.text("DELETE FROM anshan_applicants_person WHERE user_id = :id"), {"id": other["id"]})
    model.Session.commit()


def tk_context():
    from tests.integration.conftest import made

    return made().test_request_context()


def test_the_bureau_is_told_that_the_service_vouches_for_a_code(service, browser):
    browser.log_in()
    who = {"name": account().name}
    with tk_context():
        vouched, not_vouched = found(who, uscc=service.code), found(who)
        assert show(who, vouched)["is_vouched"] and not show(who, not_vouched)["is_vouched"]


def test_somebody_comes_back_to_where_they_were_in_this_portal_alone(service, app):
    there = Browser(app).log_in(came_from="/applicant").headers["Location"]
    elsewhere = Browser(app).log_in(came_from="https://example.com/").headers["Location"]
    assert urlsplit(there).path == "/applicant" and urlsplit(elsewhere).netloc in ("", "test.ckan.net")


@pytest.mark.parametrize(
    "bend",
    [
        lambda claims: {**claims, "nonce": "another"},
        lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
        lambda claims: {**claims, "exp": int(time.time()) - 600, "iat": int(time.time()) - 1200},
        lambda claims: {**claims, "aud": "another-portal"},
        lambda claims: {**claims, "aud": "another-portal", "azp": "anshan"},
        lambda claims: {**claims, "iss": "https://example.com"},
        lambda claims: {**claims, "sub": ""},
    ],
    ids=["nonce", "no nonce", "expired", "audience", "audience with azp", "issuer", "nobody"],
)
def test_a_token_that_is_for_another_is_refused(service, browser, bend):
    service.bend = bend
    answer = browser.log_in()
    assert urlsplit(answer.headers["Location"]).path == "/user/login"
    assert "was not accepted" in browser.said()
    assert not browser.is_logged_in and bound() is None


def test_a_token_that_another_signed_is_refused(service, browser):
    service.key = RSAKey.generate_key(2048, {"kid": "a", "alg": "RS256", "use": "sig"})
    browser.log_in()
    assert not browser.is_logged_in and bound() is None


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_signature_of_the_service_is_refused(service, browser, algorithm):
    service.algorithm = algorithm
    browser.log_in()
    assert not browser.is_logged_in and bound() is None


def test_an_answer_to_another_log_in_is_refused(service, app):
    """Somebody else's answer, a state that was bent, one that was used before."""
    mine, theirs = Browser(app), Browser(app)
    mine.begin()
    stolen = theirs.confirm(theirs.begin())
    mine.get(stolen)
    assert not mine.is_logged_in
    back = mine.confirm(mine.begin())
    state = parse_qs(urlsplit(back).query)["state"][0]
    mine.get(back.replace(state, "bent"))
    assert not mine.is_logged_in
    theirs.get(stolen)
    assert theirs.is_logged_in
    theirs.get("/user/_logout")
    other = Browser(app)
    other.get(stolen)
    assert not other.is_logged_in


def test_who_says_no_is_not_logged_in(service, browser):
    address = browser.begin()
    answer = requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=5)
    split = urlsplit(answer.headers["Location"])
    state = parse_qs(urlsplit(address).query)["state"][0]
    browser.get(f"{split.path}?{split.query}&state={state}")
    assert "did not confirm you" in browser.said() and not browser.is_logged_in


def test_an_inactive_account_is_refused(service, app):
    Browser(app).log_in()
    account().state = "deleted"
    model.Session.commit()
    again = Browser(app)
    again.log_in()
    assert "is not active" in again.said() and not again.is_logged_in


def test_a_service_that_is_away_says_so(service, browser, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.oidc.issuer", "http://127.0.0.1:9")
    assert browser.get("/user/oidc/login").status_code == 302
    assert "can&#39;t be reached" in browser.said() or "can't be reached" in browser.said()


def test_a_service_that_anybody_on_the_way_could_read_is_not_asked(service, browser, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.oidc.issuer", "http://id.example.gov.cn")
    browser.get("/user/oidc/login")
    assert "anybody on the way could read" in browser.said()


def test_no_way_to_the_service_is_one_that_anybody_could_read(service, browser, monkeypatch):
    monkeypatch.setitem(service.tells, "token_endpoint", "http://id.example.gov.cn/token")
    browser.get("/user/oidc/login")
    assert "anybody on the way could read" in browser.said()


def test_a_service_that_calls_itself_otherwise_is_refused(service, browser, monkeypatch):
    monkeypatch.setitem(service.tells, "issuer", "https://example.com")
    browser.get("/user/oidc/login")
    assert "was not accepted" in browser.said()


def test_without_configuration_nobody_logs_in_that_way(app):
    browser = Browser(app)
    assert "/user/oidc/login" not in browser.said()
    for path in ("/user/oidc/login", "/user/oidc/callback?code=x&state=y"):
        assert urlsplit(browser.get(path).headers["Location"]).path == "/user/login"


def test_the_button_is_there_when_it_is_configured(service, browser, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.oidc.button", "辽事通登录")
    said = browser.said()
    assert "/user/oidc/login" in said and "辽事通登录" in said

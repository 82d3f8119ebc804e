"""Kept pages on the real portal: who gets them, and that nobody gets one that isn't so any more."""

from __future__ import annotations

import gzip
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import _get_test_app, call_action
from flask import Response, session
from itsdangerous import URLSafeTimedSerializer

from ckanext.anshan.cache import generation, middleware, rules
from ckanext.anshan.people import notices
from ckanext.anshan.theme import sheets
from ckanext.anshan.workflow import outbox

from ..audit.support import events
from ..support import agency, costs, entry, published, release, work

PAGE = "/about"
SAID = middleware.SAID
NUMBERS = itertools.count()

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture(scope="module")
def app() -> Iterator[Any]:
    """One portal for all tests of this file, with kept pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(tk.config, "ckanext.anshan.cache.seconds", 60)
        patch.setitem(tk.config, "ckan.cache_enabled", True)
        made = _get_test_app()
        made.flask_app.add_url_rule("/odd/<kind>", "odd", answer_oddly)
        yield made


@pytest.fixture(autouse=True)
def _fresh(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, "ckan.cache_enabled", True)  # each test begins with what the file says
    generation.renew()


def said(answer: Any) -> str:
    return answer.headers[SAID]


def control(answer: Any) -> str:
    return answer.headers["Cache-Control"]


def look(app: Any, path: str = PAGE, **more: Any) -> Any:
    """As somebody new: no cookie of an earlier answer."""
    return app.flask_app.test_client(use_cookies=False).get(path, **more)


def test_a_second_visitor_gets_the_page_of_the_first_for_nothing(app):
    first = look(app)
    with costs() as cost:
        second = look(app)
    assert (said(first), said(second)) == ("miss", "hit")
    assert (cost.sql, cost.solr) == (0, 0)
    assert second.data == first.data
    assert (second.status_code, control(second)) == (200, "public, max-age=0, must-revalidate")


def test_a_reader_who_has_the_page_is_told_so(app):
    etag = look(app).headers["ETag"]
    again = look(app, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"], said(again)) == (304, b"", etag, "hit")
    assert look(app, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_a_page_is_sent_compressed_to_those_who_can_read_it(app):
    whole = look(app)
    packed = look(app, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert (whole.headers.get("Content-Encoding"), packed.headers.get("Content-Encoding")) == (None, "gzip")
    assert gzip.decompress(packed.data) == whole.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(whole.data) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_head_gives_the_headers_of_the_page_alone(app):
    whole, client = look(app), app.flask_app.test_client(use_cookies=False)
    head = client.head(PAGE)
    assert (head.status_code, head.data, said(head)) == (200, b"", "hit")
    assert head.headers["Content-Length"] == str(len(whole.data))


def test_a_file_of_the_look_is_kept_whoever_asks_for_it_first(app):
    found = sheets.sheet(sheets.LOOK)
    assert found
    path, reader = f"/anshan/look/{found.version}/{sheets.LOOK}", reading(app, factories.User())
    packed = {"Accept-Encoding": "gzip"}
    answers = [reader.get(path, headers=packed, base_url="http://localhost"), look(app, path, headers=packed)]
    assert [(said(one), one.headers.get("Content-Encoding")) for one in answers] == [("miss", "gzip"), ("hit", "gzip")]
    assert "Set-Cookie" not in answers[0].headers


def test_language_query_and_look_are_pages_of_their_own(app):
    variants = [
        look(app),
        look(app, "/en" + PAGE),
        look(app, PAGE + "?a=1"),
        look(app, headers={"Cookie": "anshan_theme=dark"}),
        look(app, headers={"Cookie": "anshan_look=elder"}),
    ]
    assert [said(one) for one in variants] == ["miss"] * 5
    assert b'data-bs-theme="dark"' in variants[3].data and b'data-look="elder"' in variants[4].data
    assert [said(look(app, headers={"Cookie": "anshan_theme=dark"})), said(look(app))] == ["hit", "hit"]


def test_somebody_with_an_account_and_a_visitor_never_get_each_others_page(app):
    user = factories.UserWithToken()
    headers = {"Authorization": user["token"]}
    for path in (PAGE, "/dataset/"):
        for more in ({"headers": headers}, {}, {"headers": headers}):
            answer = look(app, path, **more)
            mine = bool(more)
            assert (said(answer) == "pass", control(answer) == "private, no-store") == (mine, mine)
            assert (user["name"].encode() in answer.data) == mine


def test_whoever_is_logged_in_by_cookie_gets_a_page_of_their_own(app):
    user = factories.User(password="correct horse 1")
    look(app)
    answer = app.test_client(user=model.User.get(user["id"])).get(PAGE, base_url="http://localhost")
    assert (said(answer), control(answer)) == ("pass", "private, no-store")
    assert user["name"].encode() in answer.data
    assert user["name"].encode() not in look(app).data


@pytest.mark.parametrize("cookie", ["ckan=abc", "remember_token=abc", "auth_tkt=abc", "anything=1"])
def test_a_visitor_with_a_cookie_of_their_own_is_answered_by_the_portal(app, cookie):
    look(app)
    assert said(look(app, headers={"Cookie": cookie})) == "pass"


def answer_oddly(kind: str) -> Response:
    """Answers that must not be kept; a different one each time."""
    made = Response(f"<p>{next(NUMBERS)}</p>", mimetype="text/html")
    if kind == "session":
        session["note"] = "mine"
    elif kind == "token":
        made.set_data(f'<meta name="_csrf_token" content="{next(NUMBERS)}">')
    elif kind == "file":
        made.headers.set("Content-Disposition", "attachment", filename="a.csv")
    elif kind == "error":
        made.status_code = 500
    elif kind == "large":
        made.set_data(str(next(NUMBERS)) + "x" * rules.PAGE_BYTES)
    elif kind == "stream":
        made.response = iter([str(next(NUMBERS)).encode(), b"x" * rules.PAGE_BYTES, b"y"])
    return made


@pytest.mark.parametrize("kind", ["session", "token", "file", "error", "large", "stream"])
def test_an_answer_that_is_not_for_everybody_is_made_each_time(app, kind):
    answers = [look(app, f"/odd/{kind}") for _ in range(3)]
    assert [said(one) for one in answers] == ["pass"] * 3
    assert len({one.data for one in answers}) == 3


def test_an_answer_that_is_too_large_to_be_kept_is_whole(app):
    assert len(look(app, "/odd/stream").data) > rules.PAGE_BYTES


@pytest.mark.parametrize("kind", ["session", "token", "error"])
def test_no_browser_keeps_an_answer_that_is_one_visitors_alone(app, kind):
    assert control(look(app, f"/odd/{kind}")) == "private, no-store"


def test_a_form_that_is_sent_is_answered_by_the_portal(app):
    look(app)
    answer = app.flask_app.test_client(use_cookies=False).post(PAGE)
    assert answer.headers[SAID] == "pass"


def test_what_is_not_there_and_what_one_may_not_see_look_alike_and_each_refusal_is_on_record(app):
    hidden, before = entry("unconditional", agency()), len(events(kind="access.refused"))
    answers = [look(app, path) for path in (f"/entry/{hidden['name']}", "/entry/nowhere") for _ in range(2)]
    assert [(one.status_code, said(one), control(one)) for one in answers] == [(404, "pass", "private, no-store")] * 4
    assert len({tuple(sorted(one.headers.keys())) for one in answers}) == 1
    assert [one["facts"]["page"] for one in events(kind="access.refused")[before:]] == ["entry.read"] * 2


def test_answers_of_the_api_are_kept_for_visitors_alone(app):
    path = "/api/3/action/package_search?rows=1"
    assert [said(look(app, path)), said(look(app, path))] == ["miss", "hit"]
    token = factories.UserWithToken()["token"]
    mine = look(app, path, headers={"Authorization": token})
    assert (said(mine), control(mine)) == ("pass", "private, no-store")
    assert said(look(app, "/api/3/action/status_show")) == said(look(app, "/api/3/action/status_show")) == "pass"


def test_a_file_is_never_kept(app, tmp_path):
    found = entry("unconditional", agency())
    release(tmp_path, found, {"a.csv": "name,n\n鞍山站,12\n"})
    work()
    address = published(found)["resources"][0]["url"].split("test.ckan.net")[1]
    for _ in range(2):
        answer = look(app, address, follow_redirects=True)
        assert (answer.status_code, said(answer)) == (200, "pass")


def test_publishing_shows_at_once_on_the_page_and_in_the_search(app, tmp_path):
    found = entry("unconditional", agency(), title="鞍山市公交站点分布")
    search = f"/api/3/action/package_search?fq=code:{found['code']}"
    release(tmp_path, found, {"a.csv": "name,n\n鞍山站,12\n"})
    work()
    page = f"/dataset/{published(found)['name']}"
    for path in (page, search):
        look(app, path)
        assert said(look(app, path)) == "hit"
    release(tmp_path, found, {"a.csv": "name,n\n鞍山站,13\n"}, approval="鞍数发〔2026〕2号")
    assert (said(look(app, page)), said(look(app, page))) == ("miss", "hit")
    work()
    answer = look(app, search)
    assert said(answer) == "miss"
    assert answer.json["result"]["results"][0]["release_version"] == "2"


CHANGES = {
    "organization_patch": {"title": "交通局"},
    "user_patch": {"fullname": "某人"},
    "config_option_update": {"ckan.site_about": "关于"},
    "package_patch": {"title": "改名"},
}


@pytest.mark.parametrize("action", CHANGES)
def test_every_change_by_ckan_itself_shows_at_once(app, action):
    owner, admin = agency(), factories.Sysadmin()
    ids = {"organization_patch": owner["org"]["id"], "user_patch": admin["id"]}
    ids["package_patch"] = entry("unconditional", owner)["id"]
    look(app)
    assert said(look(app)) == "hit"
    call_action(action, {"user": admin["name"]}, **({"id": ids[action]} if action in ids else {}), **CHANGES[action])
    assert said(look(app)) == "miss"


def test_what_is_written_while_people_look_leaves_pages_alone(app):
    user = factories.UserWithToken()
    look(app)
    look(app, headers={"Authorization": user["token"]})
    assert said(look(app)) == "hit"


def test_a_change_whose_process_was_killed_is_shown_once_the_worker_has_seen_it(app):
    owner, admin = agency(), factories.Sysadmin()["name"]
    work()
    generation.renew()
    look(app)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generation, "renew", lambda: None)  # the process is gone before it could tell
        call_action("organization_patch", {"user": admin}, id=owner["org"]["id"], title="交通局")
    assert said(look(app)) == "hit"
    outbox.drain(kinds=["anshan_cache_renew"])
    assert said(look(app)) == "miss"


def test_a_page_begun_before_a_change_is_not_shown_after_it(app):
    original = middleware.page

    def slow(*given: Any) -> Any:
        generation.renew()  # somebody publishes while this page is being made
        return original(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(middleware, "page", slow)
        look(app)
    assert said(look(app)) == "miss"


def test_without_redis_every_page_is_made_anew(app, monkeypatch):
    look(app)
    monkeypatch.setitem(tk.config, "ckan.redis.url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app.flask_app.wsgi_app, "generation", generation.Generation())
    answers = [look(app), look(app)]
    assert [(one.status_code, said(one)) for one in answers] == [(200, "pass")] * 2


def test_a_redis_that_has_forgotten_everything_gets_a_new_word(app):
    look(app)
    connect_to_redis().delete(generation.name())
    assert [said(look(app)), said(look(app))] == ["miss", "hit"]


def test_a_change_is_stored_though_redis_is_away(app, monkeypatch):
    def refuse() -> None:
        raise redis.ConnectionError("away")

    owner, admin = agency(), factories.Sysadmin()["name"]
    monkeypatch.setattr(generation, "renew", refuse)
    call_action("organization_patch", {"user": admin}, id=owner["org"]["id"], title="交通局")
    assert call_action("organization_show", id=owner["org"]["id"])["title"] == "交通局"
    assert outbox.waiting(["anshan_cache_renew"]) > 0


def test_nothing_is_kept_where_that_is_switched_off(app, monkeypatch):
    monkeypatch.setattr(app.flask_app.wsgi_app, "seconds", 0)
    assert [said(look(app)), said(look(app))] == ["pass", "pass"]


def reading(app: Any, user: dict[str, Any]) -> Any:
    """The browser of somebody who is logged in."""
    return app.test_client(user=model.User.get(user["id"]))


def test_a_reader_with_an_account_gets_the_visitors_page_in_a_frame_of_their_own(app):
    user = factories.User(fullname="某编目员")
    visitors = look(app, "/dataset/").data
    with costs() as cost:
        mine = reading(app, user).get("/dataset/", base_url="http://localhost")
    assert cost.solr == 0
    assert (control(mine), b"csrf" in mine.data, "某编目员".encode() in mine.data) == ("private, no-store", True, True)
    _frame, _, after = mine.data.partition(b"<!--/reader:menu-->")
    assert after and visitors.endswith(after)
    assert b"csrf" not in look(app, "/dataset/").data


def test_a_page_that_a_visitor_may_not_see_is_no_refusal_of_the_reader_who_may(app, tmp_path):
    owner = agency()
    made = entry("unconditional", owner)
    release(tmp_path, made, {"a.csv": "a\n1\n"})
    work()
    name = published(made)["name"]
    dataset = model.Package.get(name)
    assert dataset is not None
    dataset.private = True
    model.repo.commit()
    before = len(events(kind="access.refused"))
    mine = reading(app, owner["publisher"]).get(f"/dataset/{name}", base_url="http://localhost")
    assert (mine.status_code, len(events(kind="access.refused")) - before) == (200, 0)
    assert look(app, f"/dataset/{name}").status_code == 404
    assert len(events(kind="access.refused")) - before == 1


def test_each_reader_gets_their_own_frame(app):
    users = [factories.User(fullname=name) for name in ("甲某", "乙某")]
    pages = [reading(app, user).get("/open-list", base_url="http://localhost").data.decode() for user in users]
    assert [("甲某" in page, "乙某" in page) for page in pages] == [(True, False), (False, True)]


TOKEN = re.compile(r'name="_csrf_token" content="([^"]+)"')


def test_a_readers_frame_is_kept_but_the_token_in_it_is_of_each_session(app):
    user = factories.User()
    mine, elsewhere = reading(app, user), reading(app, user)
    pages = [browser.get("/", base_url="http://localhost").data.decode() for browser in (mine, mine, elsewhere)]
    tokens = [TOKEN.findall(page)[0] for page in pages]
    assert tokens[2] not in tokens[:2]
    assert [page.count(token) for page, token in zip(pages, tokens, strict=True)] == [2, 2, 2]
    signed = URLSafeTimedSerializer(tk.config["WTF_CSRF_SECRET_KEY"], salt="wtf-csrf-token")
    for browser, token in zip((mine, mine, elsewhere), tokens, strict=True):
        with browser.session_transaction(base_url="http://localhost") as kept:
            assert signed.loads(token) == kept["_csrf_token"]


def test_a_frame_that_is_kept_asks_what_ckan_asks_of_every_request_and_one_number(app):
    browser = reading(app, factories.User())
    for path in ("/", "/open-list"):
        look(app, path)
    browser.get("/", base_url="http://localhost")
    with costs() as cost:
        browser.get("/open-list", base_url="http://localhost")
    assert (cost.sql, cost.solr) == (3, 0)  # the account, whether settings have changed, the unread notices


def test_the_number_of_unread_notices_is_right_in_a_kept_frame_and_makes_no_page_anew(app):
    user = factories.User()
    browser = reading(app, user)
    look(app, "/open-list")
    shown = []
    for _ in range(2):
        shown.append("account-unread" in browser.get("/open-list", base_url="http://localhost").data.decode())
        notices.tell("review_commented", [user["id"]], {"title": "公交站点"}, "/review/1", "submission:kept")
        model.Session.commit()
    assert shown == [False, True]
    assert said(look(app, "/open-list")) == "hit"


def test_a_reader_who_joins_an_agency_finds_its_entries_in_the_frame_at_once(app):
    user = factories.User()
    browser = reading(app, user)
    shown = ["/entry/" in browser.get("/", base_url="http://localhost").data.decode()]
    factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    shown += ["/entry/" in browser.get("/", base_url="http://localhost").data.decode()]
    assert shown == [False, True]


def test_what_a_reader_is_told_once_is_told(app):
    browser = reading(app, factories.User())
    browser.get("/", base_url="http://localhost")
    with browser.session_transaction(base_url="http://localhost") as kept:
        kept["_flashes"] = [("info", "已保存")]
    told = [browser.get("/", base_url="http://localhost").data.decode() for _ in range(2)]
    assert ["已保存" in page for page in told] == [True, False]


def test_a_page_of_a_readers_own_is_made_for_them(app):
    browser = reading(app, factories.User())
    assert browser.get("/entry/", base_url="http://localhost").status_code in (200, 403)
    assert look(app, "/entry/").status_code != 200

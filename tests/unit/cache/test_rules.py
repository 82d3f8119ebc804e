"""Who may be answered from kept pages, and what may be kept."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.cache import rules
from ckanext.anshan.theme.looks import Look

HTML = ("Content-Type", "text/html; charset=utf-8")
PUBLIC = ("Cache-Control", "public, max-age=0, must-revalidate")
COOKIE_NAME = st.text("abcdefghijklmnopqrstuvwxyz_-", min_size=1, max_size=12)


def asked(path: str = "/dataset/", **more: str) -> dict[str, Any]:
    given = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.url_scheme": "http", "HTTP_HOST": "data.example"}
    return given | more


def key(path: str = "/dataset/", **more: str) -> rules.Key:
    found = rules.key(asked(path, **more))
    assert found is not None
    return found


@pytest.mark.parametrize("name", rules.PASSING)
def test_who_says_who_they_are_is_not_answered_from_kept_pages(name):
    assert rules.key(asked(**{name: "x"})) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_looking_is_answered_from_kept_pages(method):
    assert rules.key(asked(REQUEST_METHOD=method)) is None


def test_a_request_that_sends_something_is_not_answered_from_kept_pages():
    assert rules.key(asked(CONTENT_LENGTH="3")) is None
    assert rules.key(asked(CONTENT_LENGTH="0")) is not None


@given(COOKIE_NAME, st.text("abc123.", max_size=20))
def test_a_cookie_that_nobody_knows_is_somebodys(name, value):
    assert rules.key(asked(HTTP_COOKIE=f"anshan_theme=dark; {name}={value}")) is None


def test_a_cookie_that_was_named_harmless_is_passed_over():
    assert rules.key(asked(HTTP_COOKIE="acw_tc=1; anshan_theme=dark"), {"acw_tc"}) == key(
        HTTP_COOKIE="anshan_theme=dark"
    )


@pytest.mark.parametrize(
    ("cookie", "look"),
    [
        ("", Look("", "")),
        ("anshan_theme=dark", Look("dark", "")),
        ("anshan_theme=dark; anshan_look=", Look("dark", "")),
        ("anshan_look=elder; anshan_theme=light", Look("", "elder")),
    ],
)
def test_each_look_is_a_page_of_its_own(cookie, look):
    assert key(HTTP_COOKIE=cookie).look == look


@pytest.mark.parametrize("cookie", ['anshan_theme="dark"', "anshan_theme=x", "anshan_theme=dark; anshan_theme=light"])
def test_a_choice_that_the_page_might_read_otherwise_is_left_to_the_page(cookie):
    assert rules.key(asked(HTTP_COOKIE=cookie)) is None


def test_address_language_host_and_kind_are_told_apart():
    variants = [
        key(),
        key("/en/dataset/"),
        key(QUERY_STRING="q=1"),
        key(HTTP_HOST="other.example"),
        key(HTTP_ACCEPT="text/turtle"),
        key(**{"wsgi.url_scheme": "https"}),
    ]
    assert len(set(variants)) == len(variants)


@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/html,application/xhtml+xml,*/*;q=0.8"])
def test_browsers_share_a_page_however_they_ask_for_it(accept):
    assert key(HTTP_ACCEPT=accept) == key()


def test_a_style_sheet_is_the_same_for_whoever_asks():
    path = "/anshan/look/1/look.css"
    assert key(path, HTTP_COOKIE="ckan=1", HTTP_AUTHORIZATION="x") == key(path)


def test_an_asset_is_kept_only_as_a_file():
    style = key("/webassets/a.css")
    assert rules.is_public(style, 200, [("Content-Type", "text/css"), PUBLIC])
    assert not rules.is_public(style, 404, [("Content-Type", "text/css"), PUBLIC])
    assert not rules.is_public(style, 200, [HTML, PUBLIC])


def test_whether_the_portal_is_well_is_asked_each_time():
    assert rules.key(asked("/api/3/action/status_show")) is None


@pytest.mark.parametrize("status", [200, 301, 308])
def test_what_says_it_is_public_may_be_kept(status):
    assert rules.is_public(key(), status, [HTML, PUBLIC])


@pytest.mark.parametrize("status", [201, 206, 302, 303, 304, 401, 403, 404, 410, 451, 500, 503])
def test_other_answers_are_not_kept(status):
    assert not rules.is_public(key(), status, [HTML, PUBLIC])


@pytest.mark.parametrize(
    "control", ["", "private", "public, no-store", "no-cache, public", "private, public", "max-age=9"]
)
def test_what_does_not_say_so_is_not_kept(control):
    assert not rules.is_public(key(), 200, [HTML, ("Cache-Control", control)])


def test_a_second_header_can_take_it_back():
    assert not rules.is_public(key(), 200, [HTML, PUBLIC, ("cache-control", "private")])


@pytest.mark.parametrize("name", [*sorted(rules.UNKEPT), "Set-Cookie", "Content-Disposition"])
def test_what_sets_a_cookie_or_is_a_download_is_not_kept(name):
    assert not rules.is_public(key(), 200, [HTML, PUBLIC, (name, "x")])


@pytest.mark.parametrize("vary", ["*", "User-Agent", "Cookie, Accept-Language"])
def test_what_differs_in_another_way_is_not_kept(vary):
    assert not rules.is_public(key(), 200, [HTML, PUBLIC, ("Vary", vary)])


def test_a_page_with_a_token_is_recognised():
    assert rules.has_token([HTML], b'<meta name="_csrf_token" content="x">', b"_csrf_token")
    assert not rules.has_token([("Content-Type", "text/javascript")], b"meta[name=_csrf_token]", b"_csrf_token")


def test_a_kept_page_says_what_it_differs_by_and_how_to_ask_whether_it_changed():
    headers = dict(rules.kept_headers(key(), [HTML, PUBLIC, ("Vary", "Cookie"), ("Content-Length", "9")], "abc"))
    assert headers == {
        **dict([HTML, PUBLIC]),
        "ETag": 'W/"abc"',
        "Vary": "Accept-Encoding, Authorization, Cookie, HX-Request, Origin",
    }


def test_what_has_its_content_in_its_address_is_kept_by_browsers_for_a_year():
    asset = key("/anshan/look/1/look.css")
    headers = rules.kept_headers(asset, [("Cache-Control", "public, max-age=0, immutable"), ("Vary", "Cookie")], "abc")
    assert ("Cache-Control", "public, max-age=31536000, immutable") in headers
    assert ("Vary", "Accept-Encoding") in headers


@pytest.mark.parametrize("kind", ["text/html", "application/json;charset=utf-8", "application/rdf+xml"])
def test_a_page_of_ones_own_is_kept_by_nobody(kind):
    headers = rules.personal_headers([("Content-Type", kind), PUBLIC])
    assert [value for name, value in headers if name == "Cache-Control"] == ["private, no-store"]


def test_files_keep_what_they_say():
    file = [HTML, ("Content-Disposition", "attachment"), ("Cache-Control", "private")]
    assert rules.personal_headers(file) == file
    assert rules.personal_headers([("Content-Type", "text/css"), PUBLIC]) == [("Content-Type", "text/css"), PUBLIC]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        *((accepted, "gzip") for accepted in ("gzip", "gzip, deflate, br", "GZIP;q=0.5", "*")),
        *((accepted, "") for accepted in ("", "br", "gzip;q=0", "gzip; q=0.000", "identity")),
    ],
)
def test_only_those_who_can_read_it_get_it_compressed(accepted, encoding):
    assert rules.encoding(accepted).value == encoding


@pytest.mark.parametrize("known", ['W/"abc"', '"abc"', '"x", W/"abc"', "*"])
def test_a_reader_who_has_the_page_is_recognised(known):
    assert rules.is_known(known, "abc")


@pytest.mark.parametrize("known", ["", '"abcd"', 'W/"x"', "abc"])
def test_a_reader_who_has_another_page_is_not(known):
    assert not rules.is_known(known, "abc")


@given(st.integers(0, 3600), st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1)))
def test_no_page_is_kept_into_the_next_day(seconds, now):
    now = now.replace(tzinfo=timezone(timedelta(hours=8)))
    until = now + timedelta(seconds=rules.lifetime(seconds, now))
    assert until <= (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert rules.lifetime(seconds, now) <= seconds


PAGE = b"<head><!--reader:head--><!--/reader:head--></head><!--reader:account-->in<!--/reader:account--><p>text</p>"


def test_a_readers_parts_take_the_place_of_the_visitors():
    found = rules.put_in(PAGE, {b"head": b"<meta>", b"account": b"<b>me</b>", b"menu": b"nowhere"})
    assert found == PAGE.replace(b"head--><!", b"head--><meta><!", 1).replace(b">in<", b"><b>me</b><")


def test_what_a_text_says_of_a_reader_is_left_alone():
    """Only the first place of a name is the frame's; a text that copies it comes later."""
    copied = b"<!--reader:head-->mine<!--/reader:head-->"
    assert rules.put_in(PAGE + copied, {b"head": b"<meta>"}).endswith(copied)


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/dataset/", "/dataset/open-1", "/en/group/transport", "/open-list", "/about"]
)
def test_a_page_for_everybody_is_asked_for_as_a_visitor(path):
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "HTTP_COOKIE": "ckan=s; anshan_theme=dark",
        "HTTP_IF_NONE_MATCH": "x",
    }
    assert rules.as_visitor(asked) == {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "HTTP_COOKIE": " anshan_theme=dark",
        rules.UNASKED: True,
    }


@pytest.mark.parametrize(
    "path",
    [
        "/entry/",
        "/dataset/edit/open-1",
        "/user/me",
        "/organization/a",
        "/api/3/action/package_list",
        "/data/x/v1/a.csv",
    ],
)
def test_a_page_of_ones_own_is_not(path):
    assert rules.as_visitor({"REQUEST_METHOD": "GET", "PATH_INFO": path}) is None
    assert rules.as_visitor({"REQUEST_METHOD": "POST", "PATH_INFO": "/"}) is None

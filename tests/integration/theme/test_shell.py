"""The frame of every page: language, look, menus, and nothing personal in a visitor's."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from ckanext.anshan.theme import icons, sheets

pytestmark = pytest.mark.usefixtures("with_plugins")


def get(app, path, **given):
    """As a browser that keeps no cookies of its own, so that the test can send some."""
    return app.flask_app.test_client(use_cookies=False).get(path, **given)


def page(app, path="/", **given):
    return BeautifulSoup(get(app, path, **given).data, "html.parser")


def test_a_visitors_page_holds_no_token_and_sets_no_cookie(app):
    answer = app.get("/")
    assert "csrf" not in answer.body
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("cookie", "attribute", "value"),
    [
        ("anshan_theme=dark", "data-bs-theme", "dark"),
        ("anshan_look=elder", "data-look", "elder"),
        ("anshan_look=elder-large", "data-look", "elder-large"),
        ("anshan_theme=pink", "data-bs-theme", None),
    ],
)
def test_the_page_wears_the_look_of_the_cookie(app, cookie, attribute, value):
    html = page(app, headers={"Cookie": cookie}).html
    assert html and html.get(attribute) == value


def test_a_chosen_look_is_remembered_and_leads_back(app):
    answer = get(app, "/look?theme=dark&to=/dataset/%3Fq%3D1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://test.ckan.net/dataset/?q=1")
    assert answer.headers["Set-Cookie"].startswith("anshan_theme=dark;")


def test_a_choice_leads_to_no_other_portal(app):
    answer = get(app, "/look?theme=dark&to=//evil.example/")
    assert "evil" not in answer.headers["Location"]


def test_the_other_language_shows_the_same_page(app):
    found = page(app, "/dataset/?q=%E5%85%AC%E4%BA%A4&page=2").select_one(".site-tools a[hreflang]")
    assert found is not None
    assert re.match(r"/zh_Hans_CN/dataset/\?q=%E5%85%AC%E4%BA%A4&page=2$", str(found["href"]))


def test_every_link_of_menu_and_footer_leads_somewhere(app):
    found = page(app).select(".site-nav a, .site-foot a, .site-tools a:not([rel])")
    for link in {str(link["href"]) for link in found}:
        assert app.get(link).status_code == 200, link


def test_files_of_the_look_are_kept_for_a_year(app):
    for name in (sheets.LOOK, sheets.PAGE, sheets.ICONS):
        found = sheets.sheet(name)
        assert found
        answer = app.get(f"/anshan/look/{found.version}/{name}")
        assert answer.headers["Content-Type"] == found.type
        assert {"immutable", "max-age=31536000"} <= {
            part.strip() for part in answer.headers["Cache-Control"].split(",")
        }
        assert app.get(f"/anshan/look/000000000000/{name}").headers["Cache-Control"].find("immutable") < 0


def test_every_icon_that_a_page_draws_is_in_the_sprite(app):
    found = sheets.sheet(sheets.ICONS)
    assert found
    drawn = set(re.findall(r'<symbol id="([^"]+)"', found.body.decode()))
    assert set(icons.CLASSES.values()) | set(icons.THEMES.values()) | set(icons.MEANINGS) <= drawn
    for path in ("/", "/dataset/", "/user/login", "/nothing"):
        used = {str(use["href"]).partition("#")[2] for use in page(app, path).select("svg use")}
        assert used <= drawn, path

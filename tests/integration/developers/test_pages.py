"""The developers' home and the console: real examples, real limits, two clicks to a key."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
import requests
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import changed_config
from ckanext.datastore.backend.postgres import get_write_engine

from ckanext.anshan.access import downloads
from ckanext.anshan.search import usage
from ckanext.anshan.workflow import clock

from ..support import costs
from .conftest import LONG

pytestmark = pytest.mark.usefixtures("with_plugins")


def page(app, path: str, **more) -> BeautifulSoup:
    return BeautifulSoup(app.get(path, **more).body, "html.parser")


def code(soup: BeautifulSoup, id: str) -> str:
    return soup.select_one(f"#{id}").get_text()  # pyright: ignore[reportOptionalMemberAccess]


@pytest.fixture
def most_wanted(app, city):
    """The home shows the dataset that is used most, whatever other tests have left."""
    found = downloads.counted()
    more = max(found.values(), default=0) - found.get(city.open["id"], 0) + 1
    downloads.record([(city.open["id"], clock.today(), more)])
    usage.refresh()


@pytest.mark.usefixtures("most_wanted")
def test_the_home_shows_calls_of_a_dataset_that_is_there(app, city):
    soup = page(app, "/en/developers")
    row = code(soup, "read-it-requests-code")
    assert city.open["resources"][0]["id"] in row
    assert '"name": "鞍山站"' in row
    for id in ("curl", "ckanapi", "requests", "javascript"):
        assert LONG in code(soup, f"find-it-{id}-code")
    assert city.open["resources"][0]["url"] in code(soup, "fetch-it-curl-code")


@pytest.mark.usefixtures("most_wanted")
def test_the_python_examples_run_as_they_stand(app, city, capsys):
    def through_the_app(url, params, timeout):
        given = {name: each if isinstance(each, str) else json.dumps(each) for name, each in params.items()}
        found = requests.Response()
        answer = app.get(f"{url.removeprefix('http://test.ckan.net')}?{urlencode(given)}")
        found.status_code, found._content = answer.status_code, answer.data
        return found

    example = code(page(app, "/en/developers"), "find-it-requests-code")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "get", through_the_app)
        exec(example, {})
    assert LONG in capsys.readouterr().out


@pytest.mark.usefixtures("most_wanted")
@pytest.mark.parametrize("gone", ["the table", "the dataset"])
def test_what_only_the_index_still_knows_is_left_out(app, city, gone):
    """Somebody has taken it out of the database behind the index."""
    shown = city.open["resources"][0]["id"]
    taken = {
        "the table": f'ALTER TABLE "{shown}" RENAME TO anshan_away',
        "the dataset": f"UPDATE resource SET id = 'away' WHERE id = '{shown}'",
    }
    back = {
        "the table": f'ALTER TABLE anshan_away RENAME TO "{shown}"',
        "the dataset": f"UPDATE resource SET id = '{shown}' WHERE id = 'away'",
    }
    database = get_write_engine() if gone == "the table" else model.meta.engine
    assert database

    def change(statement: str) -> None:
        with database.begin() as connection:
            connection.execute(sa.text(statement))

    assert shown in app.get("/en/developers").text
    change(taken[gone])
    try:
        answer = app.get("/en/developers")
    finally:
        change(back[gone])
    assert (answer.status_code, shown in answer.text) == (200, False)
    assert "Limits" in answer.text


def test_the_limits_are_those_of_the_configuration(app, city):
    with changed_config("ckan.search.rows_max", 123), changed_config("ckan.feeds.limit", 7):
        table = page(app, "/en/developers").select_one("section[aria-labelledby=limits]")
    text = table.get_text(" ", strip=True)  # pyright: ignore[reportOptionalMemberAccess]
    assert "Datasets of one search 123" in text
    assert "Datasets on a page of a feed 7" in text
    assert "Rows of a table in one call 32,000" in text


def test_the_error_shown_is_what_the_api_answers(app, city):
    shown = json.loads(code(page(app, "/en/developers"), "error-code"))
    real = json.loads(app.get("/en/api/3/action/package_show?id=nothing-of-this-name", status=404).data)
    assert shown["error"] == real["error"]
    assert set(shown) == set(real)


def test_a_visitor_gets_a_key_by_way_of_logging_in(app, city):
    answer = app.get("/en/developers/keys", follow_redirects=False)
    assert answer.status_code == 302
    assert "/user/login" in answer.headers["Location"]
    assert "developers%2Fkeys" in answer.headers["Location"] or "developers/keys" in answer.headers["Location"]


def test_an_account_is_led_to_its_keys(app, city):
    user = factories.UserWithToken()
    headers = {"Authorization": user["token"]}
    answer = app.get("/en/developers/keys", headers=headers, follow_redirects=False)
    assert answer.headers["Location"].endswith(f"/user/{user['name']}/api-tokens")


def test_the_console_offers_every_action_and_asks_for_its_parameters(app, city):
    soup = page(app, "/en/developers/console?call=anshan_release_show&id=x")
    names = {option.get_text() for option in soup.select("#call option")}
    assert {"package_search", "anshan_release_show", "package_patch"} <= names
    assert soup.select_one("#call option[selected]").get_text() == "anshan_release_show"  # pyright: ignore[reportOptionalMemberAccess]
    assert [field["name"] for field in soup.select("#console [data-kind]")] == ["id", "version"]
    assert code(soup, "curl-line") == (
        "curl -G http://test.ckan.net/api/3/action/anshan_release_show \\\n  --data-urlencode id=x"
    )


def test_the_console_makes_the_call_without_scripts(app, city):
    soup = page(app, '/en/developers/console?call=datastore_search&filters={"a":1}&limit=2')
    link = soup.select_one("noscript a")
    assert link is not None
    assert link["href"] == "http://test.ckan.net/api/3/action/datastore_search?filters=%7B%22a%22%3A1%7D&limit=2"


def test_the_console_warns_before_something_is_changed(app, city):
    text = page(app, "/en/developers/console?call=package_patch").get_text()
    assert "what it does here is real" in text
    assert "what it does here is real" not in page(app, "/en/developers/console").get_text()


def test_whatever_is_in_the_address_the_console_shows_it_as_text(app, city):
    body = app.get('/en/developers/console?call=package_search&q="><script>alert(1)</script>').body
    assert "<script>alert" not in body
    app.get("/en/developers/console?call=nothing", status=404)


def test_both_pages_have_one_heading_and_a_label_for_each_field(app, city):
    for path in ("/en/developers", "/en/developers/console"):
        soup = page(app, path)
        assert len(soup.select("h1")) == 1
        labels = {str(label["for"]) for label in soup.select("label[for]")}
        fields = [str(field["id"]) for field in soup.select("main input[id], main select[id], main textarea[id]")]
        assert [id for id in fields if id not in labels] == []


def test_what_the_pages_ask_is_known(app, city):
    for path, expected in (("/en/developers/console", (1, 0)), ("/en/developers", (9, 1))):
        app.get(path)
        with costs() as cost:
            app.get(path)
        assert (cost.sql, cost.solr) == expected, (path, cost.statements)


@pytest.mark.parametrize("kind", ["open", "conditional"])
def test_the_panel_of_a_dataset_has_examples_and_leads_to_the_console(app, city, kind):
    pkg = getattr(city, kind)
    with app.flask_app.test_request_context("/"):
        html = tk.render("developers/snippets/examples.html", {"pkg": pkg, "resource": None})
    soup = BeautifulSoup(html, "html.parser")
    link = soup.select_one("a[href*='developers/console']")
    assert link is not None
    wanted = pkg["resources"][0]["id"] if kind == "open" else pkg["name"]
    action = "datastore_search" if kind == "open" else "package_show"
    assert f"call={action}" in link["href"] and wanted in link["href"]
    assert len(soup.select("pre")) == 4
    assert wanted in soup.select_one("pre").get_text()  # pyright: ignore[reportOptionalMemberAccess]


def test_the_panel_of_a_file_without_a_table_shows_how_to_fetch_it(app, city):
    file = {**city.open["resources"][0], "datastore_active": False}
    with app.flask_app.test_request_context("/"):
        html = tk.render("developers/snippets/examples.html", {"pkg": city.open, "resource": file})
    assert "curl -L -o" in html and file["url"] in html


def test_other_sites_may_read_the_api_without_cookies(app, city):
    answer = app.get("/api/3/action/status_show", headers={"Origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers

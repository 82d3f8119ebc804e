"""The pages of clock and figures: for whom, with what on them, and the figures as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from .test_statistics import FIRST, LAST, told, whole_way
from .town import Town, entry, make, sign, submit

pytestmark = pytest.mark.usefixtures("with_plugins")


def period(town: Town) -> str:
    return f"since={FIRST}&until={LAST}&agency={town.agency.id}"


@pytest.fixture
def made(app, town) -> dict[str, Any]:
    """A submission that the offices look at."""
    with app.flask_app.test_request_context():
        return sign(town.head, submit(town, entry(town)))


@pytest.fixture
def page(app):
    def get(user, path, status=200):
        return app.get(path, headers={"Authorization": user["token"]}, status=status)

    return get


def read(answer) -> Any:
    return BeautifulSoup(answer.body, "html.parser")


def test_figures_are_drawn_and_told(town, page):
    told(town.agency.id, whole_way(*[date(2025, 3, 3)] * 4))
    told(town.agency.id, whole_way(date(2025, 3, 3), *[date(2025, 3, 12)] * 3))
    found = read(page(town.editor, f"/en/review/statistics?{period(town)}"))
    time = found.select_one("section[aria-labelledby=figure-time]")
    assert "half within 0, nine of ten within 7" in time.text
    in_time = found.select_one("section[aria-labelledby=figure-in-time]")
    assert "1 of 2, 50 %" in in_time.text
    assert found.select_one("section[aria-labelledby=figure-returns] p").text == "Nothing was returned in this period."
    assert found.select_one("input[name=since]")["value"] == FIRST.isoformat()


def test_without_submissions_the_page_says_what_comes(town, page):
    found = read(page(town.editor, f"/en/review/statistics?{period(town)}"))
    assert found.select_one(".empty h2").text == "No submissions yet"
    assert not found.select(".figures")


def test_a_wrong_day_is_told_beside_its_field(town, page):
    found = read(page(town.editor, "/en/review/statistics?since=2025-06-01&until=2025-05-31", 400))
    assert found.select_one("#why-until").text.strip() == "The last day is before the first. Choose a later one."
    assert found.select_one("#by-since")["value"] == "2025-06-01"


@pytest.mark.parametrize("name", ["outcomes", "time", "in-time", "returns", "agencies"])
def test_each_table_is_a_file(town, page, name):
    told(town.agency.id, whole_way(*[date(2025, 3, 3)] * 4))
    answer = page(town.editor, f"/en/review/statistics/{name}.csv?{period(town)}")
    head, *rows = csv.reader(io.StringIO(answer.body.lstrip("\ufeff")))
    assert f"filename=review-{name}-{FIRST}-{LAST}.csv" in answer.headers["Content-Disposition"]
    assert all(len(row) == len(head) for row in rows)
    assert bool(rows) == (name != "returns")
    if name == "agencies":
        assert rows[0][1:] == ["1", "1", "0", "0", "0", "0", "1", "1", "0", "0"]


def test_there_is_no_other_table(town, page):
    page(town.editor, "/review/statistics/nothing.csv", 404)


def test_who_has_no_part_gets_no_figures(app, page, town):
    for user in (factories.UserWithToken(), factories.SysadminWithToken()):
        page(user, "/review/statistics", 403)
        page(user, "/review/statistics/time.csv", 403)
    answer = app.get("/review/statistics", follow_redirects=False)
    assert answer.status_code == 302 and "/user/login" in answer.headers["Location"]


def test_the_clock_page_explains_each_day(town, made, page):
    found = read(page(town.editor, f"/en/review/{made['number']}/clock"))
    first, second = found.select(".clock-step")
    assert "Cyberspace office, Data bureau" in first.text
    assert "5 working days left" in first.text
    counted = [cell.text for cell in first.select("tbody td.num") if cell.text != "–"]
    assert counted == ["1", "2", "3", "4", "5"]
    assert first.select("tbody tr")[-1].select_one("b").text == "last day"
    assert "in time" in second.text
    assert found.select_one("code").text == "ckanext.anshan.workflow.days_to_review"
    assert [link["href"].rpartition("-")[2] for link in found.select(".prose a")] == ["12", "28", "30"]


def test_the_clock_is_no_strangers(town, made, page):
    for user in (factories.UserWithToken(), factories.SysadminWithToken(), make("other").head):
        page(user, f"/review/{made['number']}/clock", 404)
    page(town.editor, "/review/SS-1999-000001/clock", 404)

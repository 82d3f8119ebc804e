"""The desk: who somebody is here and what waits for them, at a cost that grows with nothing."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.anshan.people import options
from tests.integration.catalogue.conftest import Agency, create, person
from tests.integration.catalogue.test_listing import incomplete
from tests.integration.catalogue.test_views import as_user, page
from tests.integration.people.test_reading import office_member
from tests.integration.support import costs

pytestmark = pytest.mark.usefixtures("with_plugins")

LEADS = (200, 410, 451)  # a notice may lead to what was taken back or suspended: that page says so
PUBLISHER, APPLICANT = (49, 2), (26, 0)  # at most; of these ten ask what of their own applications waits
"""SQL and Solr of the page for somebody with a token (three statements read and note that), whatever waits for them."""
QUEUE = "Submissions: to do"


def desk(app: Any, user: dict[str, Any], prefix: str = "") -> BeautifulSoup:
    return page(app.get(f"{prefix}/desk", **as_user(user)))


def text(soup: BeautifulSoup, selector: str) -> str:
    found = soup.select_one(selector)
    return found.get_text(" ", strip=True) if found else ""


def tally(soup: BeautifulSoup) -> dict[str, str]:
    return {
        str(dt.get_text()): text(soup, f".tally > div:nth-child({at}) dd")
        for at, dt in enumerate(soup.select(".tally dt"), 1)
    }


def test_a_visitor_logs_in_and_comes_back(app: Any) -> None:
    answer = app.get("/en/desk", follow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/en/user/login?came_from=/en/desk")


@pytest.mark.parametrize("path", ["", "/", "/datasets", "/groups", "/organizations"])
def test_the_address_that_ckan_has_leads_to_the_desk(app: Any, path: str) -> None:
    for user in ({}, as_user(person("applicants", "none"))):
        answer = app.get(f"/dashboard{path}", **{"follow_redirects": False, **user})
        assert (answer.status_code, answer.headers["Location"]) == (302, "http://test.ckan.net/desk")


def test_an_agencys_entries_are_counted_by_state(app: Any, agency: Agency) -> None:
    before = tally(desk(app, agency.publisher, "/en"))
    create(agency)
    create(agency, title="逾期的目录", next_update_due="2020-01-31")
    incomplete(agency)
    soup = desk(app, agency.publisher, "/en")
    grown = {name: int(count) - int(before.get(name, 0)) for name, count in tally(soup).items()}
    assert grown == {"All": 3, "Update late": 1, "Incomplete": 1, "Complete": 2}
    assert "due 31 Jan 2020" in text(soup, "[aria-labelledby=late-head]")
    assert "缺摘要的目录" in text(soup, "[aria-labelledby=latest-head]")


def test_every_way_on_leads_somewhere(app: Any, agency: Agency) -> None:
    create(agency, title="逾期的目录", next_update_due="2020-01-31")
    for user in (agency.publisher, person("applicants", "none"), office_member(options.bureau_org())):
        links = {str(a["href"]) for a in desk(app, user).select("main a")}
        assert links
        answers = {link: app.get(link, **as_user(user)).status_code for link in links}
        assert {link for link, status in answers.items() if status not in LEADS} == set()


def test_the_cost_is_bounded(app: Any, agency: Agency) -> None:
    create(agency)
    for user, (sql, solr) in ((agency.publisher, PUBLISHER), (person("applicants", "none"), APPLICANT)):
        desk(app, user)
        with costs() as one:
            desk(app, user)
        assert one.sql <= sql and one.solr == solr, one.statements
    for at in range(3):
        create(agency, title=f"目录{at}", next_update_due="2020-01-31")
        call_action(
            "organization_member_create",
            id=factories.Organization()["id"],
            username=agency.publisher["name"],
            role="editor",
        )
    with costs() as more:
        desk(app, agency.publisher)
    assert more.sql <= PUBLISHER[0] and more.solr == PUBLISHER[1], more.statements


@pytest.mark.parametrize(
    ("who", "words", "acts"),
    [
        ("publisher", "Publisher", {"New entry", QUEUE}),
        ("head", "Head of the agency", {"New entry", QUEUE}),
        ("reader", "Reader", set()),
        ("bureau", "Data bureau", {"Import and export", QUEUE}),
        ("cyberspace", "Cyberspace office", {QUEUE}),
        ("sysadmin", "System administrator", {"New entry"}),
    ],
)
def test_everybody_reads_what_they_are_and_gets_what_they_may(
    app: Any, agency: Agency, who: str, words: str, acts: set[str]
) -> None:
    offices = {"bureau": options.bureau_org, "cyberspace": options.cyberspace_org}
    if who == "sysadmin":
        user = factories.SysadminWithToken()
    else:
        user = office_member(offices[who]()) if who in offices else getattr(agency, who)
    create(agency)
    soup = desk(app, user, "/en")
    assert words in text(soup, "[aria-labelledby=duties-head]")
    assert {a.get_text(strip=True) for a in soup.select(".top .btns a")} == acts


def test_somebody_of_no_agency_is_told_what_an_account_is_for(app: Any) -> None:
    soup = desk(app, person("applicants", "none"), "/en")
    assert text(soup, ".empty h2") == "Nothing waits for you here"
    assert "Registered user" in text(soup, "[aria-labelledby=duties-head]")
    assert soup.select_one(".tally") is None


def test_a_new_agency_is_told_to_begin(app: Any) -> None:
    user = factories.UserWithToken()
    factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    assert [a["href"] for a in desk(app, user).select(".empty a")] == ["/entry/new"]


def test_tokens_are_counted(app: Any) -> None:
    user = factories.UserWithToken()
    assert "1 token" in text(desk(app, user, "/en"), "[aria-labelledby=account-head]")
    call_action("api_token_create", {"user": user["name"]}, user=user["name"], name="更多")
    assert "2 tokens" in text(desk(app, user, "/en"), "[aria-labelledby=account-head]")

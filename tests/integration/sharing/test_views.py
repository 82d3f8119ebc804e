"""The pages of sharing, by forms, and for whom they are."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ckanext.anshan.workflow import clock
from tests.integration.applicants.town import token
from tests.integration.conftest import made as portal
from tests.integration.support import costs

from . import test_sharing as actions

pytestmark = pytest.mark.usefixtures("with_plugins")


def inside(call):
    """A call of an action, in a request of its own; pages are asked for outside of any."""

    def done(*given, **more):
        with portal().test_request_context():
            return call(*given, **more)

    return done


here, using, in_use, shared = map(inside, (actions.here, actions.using, actions.in_use, actions.shared))
report, state, headers = map(inside, (actions.report, actions.state, token))


class Reader:
    def __init__(self, app, who):
        self.app, self.headers = app, headers(who)

    def get(self, path):
        return self.app.get(path, headers=self.headers, follow_redirects=False)

    def post(self, path, **data):
        return self.app.post(path, data=data, headers=self.headers, follow_redirects=False)

    def page(self, path):
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return BeautifulSoup(answer.data, "html.parser")


PAGES = ("/sharing", "/sharing/returns", "/sharing/returns/new", "/sharing/returns.csv", "/sharing/returns.xlsx")


def test_the_pages_are_for_agencies_alone(app):
    strangers = [Reader(app, inside(factories.User)()), Reader(app, inside(factories.Sysadmin)())]
    for path in (*PAGES, "/sharing/feedback"):
        answer = app.get(path, follow_redirects=False)
        assert answer.status_code == 302 and "/user/login" in answer.headers["Location"]
    for path in PAGES:
        assert [one.get(path).status_code for one in strangers] == [403, 403], path
    made = report()
    assert [one.get(f"/sharing/feedback/{made['number']}").status_code for one in strangers] == [404, 404]
    assert strangers[0].get("/sharing/feedback/new?application=" + in_use()["number"]).status_code in (403, 404)


def test_the_catalogue_leads_to_the_application(app):
    dataset, closed = shared("unconditional"), shared("closed")
    page = Reader(app, using().publisher).page(f"/sharing?agency={here().review.agency.id}&q=收运单位")
    leads = [str(one["href"]) for one in page.select("a[href]")]
    link = next(to for to in leads if "kind=sharing" in to and f"dataset={dataset['name']}" in to)
    assert page.find(id=f"of-{closed['name']}") and "《办法》第二十条" in page.text
    assert not [to for to in leads if closed["name"] in to]
    assert Reader(app, using().publisher).get(link).status_code == 200
    assert "No dataset fits this choice" in Reader(app, using().publisher).page("/sharing?q=没有这个词").text


def test_what_is_closed_to_the_public_is_nowhere_in_public(app):
    dataset = shared("unconditional", "closed")
    for path in (
        f"/dataset/{dataset['name']}",
        f"/data/{dataset['name']}/v1/协议.csv",
        f"/data/{dataset['id']}/协议.csv",
    ):
        assert app.get(path).status_code in (403, 404, 451), path
    found = app.get(f"/api/3/action/package_search?q=id:{dataset['id']}").json
    assert found["result"]["count"] == 0


def test_an_error_is_reported_and_answered_by_forms(app):
    user, provider, number = Reader(app, using().publisher), Reader(app, here().editor), in_use()["number"]
    form = user.page(f"/sharing/feedback/new?application={number}")
    option = form.select_one("select[name=dataset] option")
    assert option is not None
    dataset = option["value"]
    empty = user.post("/sharing/feedback/new", application=number, dataset=dataset, text="")
    assert empty.status_code == 400 and "error-summary" in empty.text
    sent = user.post("/sharing/feedback/new", application=number, dataset=dataset, file="协议.csv", text="第三行不对")
    assert sent.status_code == 302
    path = sent.headers["Location"].partition("//")[2].partition("/")[2].partition("?")[0]
    assert "Confirm the error" not in user.page(f"/{path}").text
    assert "第三行不对" in provider.page(f"/{path}").text
    wrong = provider.post(f"/{path}/confirm", reply="属实", correct_by="yesterday")
    assert wrong.status_code == 400 and "属实" in wrong.text
    day = (clock.today() + timedelta(3)).isoformat()
    assert provider.post(f"/{path}/confirm", reply="属实", correct_by=day).status_code == 302
    assert "Error confirmed" in user.page(f"/{path}").text
    assert "Error confirmed" in user.page("/sharing/feedback?q=收运单位").text
    assert user.post(f"/{path}/correct", version="2").status_code == 403


def test_a_need_goes_its_way_by_forms_and_into_files(app):
    user, bureau, provider = (Reader(app, who) for who in (using().head, here().review.bureau, here().editor))
    given = {**actions.NEED, "title": "=HYPERLINK(1)", "streets": ["210302011", "210302013"]}
    sent = user.post("/sharing/returns/new", **given)
    assert sent.status_code == 302
    number = sent.headers["Location"].rpartition("/")[2]
    page = bureau.page(f"/sharing/returns/{number}")
    assert page.find("select", {"name": "provider"}) and "Hunan" in page.text
    assert bureau.post(f"/sharing/returns/{number}/confirm", provider="").status_code == 400
    chosen = {"provider": here().review.agency.id}
    assert bureau.post(f"/sharing/returns/{number}/confirm", **chosen).status_code == 302
    day = (clock.today() + timedelta(30)).isoformat()
    assert provider.post(f"/sharing/returns/{number}/promise", how="按月提供", until=day).status_code == 302
    assert "按月提供" in user.page(f"/sharing/returns/{number}").text
    lines = user.get(f"/sharing/returns.csv?agency={using().id}").get_data(as_text=True)
    assert number in lines and "'=HYPERLINK" in lines and "按月提供" in lines
    book = openpyxl.load_workbook(io.BytesIO(user.get("/sharing/returns.xlsx").data))
    assert number in [row[0] for row in book.worksheets[0].iter_rows(values_only=True)]


def test_lists_ask_the_same_of_the_database_however_long_they_are(app):
    for _ in range(3):
        assert report() and state()
    reader = Reader(app, using().publisher)
    for path, most in (("/sharing", 40), ("/sharing/feedback", 40), ("/sharing/returns", 40)):
        reader.page(path)
        with costs() as cost:
            reader.page(f"{path}?q=没有这个词")
        with costs() as full:
            reader.page(path)
        assert full.sql <= cost.sql + 3 and full.sql <= most, (path, cost.sql, full.sql)

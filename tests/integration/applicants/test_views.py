"""The pages of applicants: filled in by forms, and shown to who may see them."""

from __future__ import annotations

import io

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from tests.integration.conftest import made as portal

from . import town
from .town import PDF, resident_id, token, user

pytestmark = pytest.mark.usefixtures("with_plugins")


def inside(call):
    """A call of an action, in a request of its own; pages are asked for outside of any."""

    def done(*given, **more):
        with portal().test_request_context():
            return call(*given, **more)

    return done


act, bureau, fill_in, found = map(inside, (town.act, town.bureau, town.fill_in, town.found))
join, show, verified = map(inside, (town.join, town.show, town.verified))


class Reader:
    def __init__(self, app, who):
        self.app, self.headers = app, {"Authorization": who["token"]} if "token" in who else token(who)

    def get(self, path):
        return self.app.get(path, headers=self.headers, follow_redirects=False)

    def post(self, path, **data):
        return self.app.post(path, data=data, headers=self.headers, follow_redirects=False)

    def page(self, path):
        answer = self.get(path)
        assert answer.status_code == 200, path
        return BeautifulSoup(answer.data, "html.parser")


def address(made, more=""):
    return f"/applicant/organization/{made['id']}{more}"


def test_a_visitor_logs_in_first(app):
    for path in ("/applicant", "/applicant/organization/new", "/applicants", "/applicant/organization/x"):
        answer = app.get(path, follow_redirects=False)
        assert answer.status_code == 302 and "/user/login" in answer.headers["Location"]


def test_an_empty_profile_says_what_to_do_and_is_filled_in(app):
    who = user()
    reader = Reader(app, who)
    page = reader.page("/applicant")
    assert "You act for no organization yet" in page.text and page.find("input", {"name": "number"})
    number = resident_id()
    wrong = reader.post("/applicant", name="李明华", number=number[:-1], phone="13912345678")
    assert wrong.status_code == 400 and number[:-1] in wrong.text and "17 digits and then" in wrong.text
    done = reader.post("/applicant", name="李明华", number=number, phone="13912345678")
    assert done.status_code == 302
    text = reader.page("/applicant").text
    assert "李**" in text and "李明华" not in text and number not in text
    changed = str(reader.page("/applicant?change=1"))
    assert "李明华" not in changed and number not in changed


def test_an_organization_goes_its_way_by_forms(app):
    who, office = Reader(app, user()), Reader(app, bureau())
    given = {
        "kind": "university",
        "name": "鞍山某某大学",
        "uscc": town.code(),
        "contact": "王小明",
        "phone": "0412-5551234",
    }
    wrong = who.post("/applicant/organization/new", **{**given, "uscc": "1"})
    assert wrong.status_code == 400 and "鞍山某某大学" in wrong.text
    made = who.post("/applicant/organization/new", **given, upload=(io.BytesIO(PDF), "委托书.pdf"))
    path = made.headers["Location"]
    assert "王**" in who.page(path).text and "王小明" not in str(who.page(path))
    assert who.post(f"{path}/submit").status_code == 302
    assert "鞍山某某大学" in office.page("/applicants").text
    page = office.page(path)
    version = page.select("input[name=version]")[0]["value"]
    assert office.post(f"{path}/refuse", version=version).status_code == 400
    assert office.post(f"{path}/verify", version=version).status_code == 302
    assert "Verified" in who.page(path).text


def test_the_bureau_reads_the_contact_by_saying_why(app):
    made = act(who := user(), found(who), "submit")
    office = Reader(app, bureau())
    assert "王小明" not in office.page(address(made)).text
    assert "王小明" not in office.post(address(made, "/contact"), why="").text
    assert "王小明" in office.post(address(made, "/contact"), why="核对").text
    assert Reader(app, who).post(address(made, "/contact"), why="x").status_code == 403


def test_the_power_of_attorney_is_for_members_and_the_bureau(app):
    made = verified(who := user())
    for reader in (Reader(app, who), Reader(app, bureau())):
        answer = reader.get(address(made, "/attorney"))
        assert answer.data == PDF and answer.headers["Content-Disposition"].startswith("attachment")
    for stranger in (user(), factories.SysadminWithToken()):
        assert Reader(app, stranger).get(address(made, "/attorney")).status_code == 404
    act(who, made, "invite", "member", user=(invited := user())["name"])
    assert Reader(app, invited).get(address(made, "/attorney")).status_code == 404
    assert app.get(address(made, "/attorney"), follow_redirects=False).status_code == 302


def test_a_page_offers_what_may_be_done_and_nothing_else(app):
    made = verified(who := user())
    join(made, who, member := user())
    act(who, made, "invite", "member", user=(invited := user())["name"])

    def offered(reader):
        forms = Reader(app, reader).page(address(made)).select("main form[action*='/applicant/']")
        return {str(form["action"]).rpartition("/")[2] for form in forms}

    assert offered(who) == {"invite", "remove", "hand_over"}
    assert offered(member) == {"leave"}
    assert offered(invited) == {"accept", "decline"}
    assert offered(bureau()) == {"bar", "contact", "hand_over"}


def test_members_come_and_go_by_forms(app):
    made = verified(who := user())
    reader, other = Reader(app, who), user()
    member = Reader(app, other)
    wrong = reader.post(address(made, "/invite"), user="nobody-of-this-name")
    assert wrong.status_code == 400 and "nobody-of-this-name" in wrong.text
    assert reader.post(address(made, "/invite"), user=other["name"]).status_code == 302
    assert member.post(address(made, "/accept")).status_code == 302
    assert reader.post(address(made, "/hand_over"), user=other["name"]).status_code == 302
    assert reader.post(address(made, "/leave")).headers["Location"].endswith("/applicant")
    assert "Former members" in member.page(address(made)).text


def test_the_list_is_the_bureaus(app):
    assert Reader(app, user()).get("/applicants").status_code == 403
    assert Reader(app, factories.SysadminWithToken()).get("/applicants").status_code == 403
    office, made = Reader(app, bureau()), verified(user(), uscc=(wanted := town.code()))
    for state, is_there in (("all", True), ("verified", True), ("pending", False)):
        assert (made["id"] in str(office.page(f"/applicants?state={state}&q={wanted}"))) is is_there
    for path in ("/applicants?state=verified", "/applicants?state=all&page=9999", "/applicants?q=%27&state=x"):
        office.page(path)


def test_the_desk_leads_there(app):
    assert Reader(app, user()).page("/desk").find("a", href="/applicant")
    assert Reader(app, bureau()).page("/desk").find("a", href="/applicants")

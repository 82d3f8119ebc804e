"""The pages of scans: what each reader finds there, in both languages, and that nothing raw stands on them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories

from ckanext.anshan.inspection import reports
from ckanext.anshan.release import files
from tests.integration.catalogue.conftest import Agency
from tests.integration.catalogue.test_views import as_user, page
from tests.integration.people.test_reading import office_member
from tests.integration.support import as_user as call
from tests.integration.support import costs

from .conftest import PHONES, ended, looked, start, upload
from .test_actions import no_scan_waits, people

__all__ = ["no_scan_waits"]
pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def scanned(agency: Agency, stand_in: None) -> Any:
    """A scan that ended with a finding."""
    return ended(start(agency, upload(agency, PHONES))["id"])


def report_url(scan: Any, prefix: str = "/en") -> str:
    return f"{prefix}/entry/{scan.package_id}/scan/{scan.id}"


def shown(app: Any, url: str, user: dict[str, Any]) -> BeautifulSoup:
    return page(app.get(url, **as_user(user)))


def name_of(file: dict[str, Any]) -> str:
    found = reports.subject(file["package_id"])
    assert found is not None
    return found.name


def text(soup: BeautifulSoup, selector: str) -> str:
    return " ".join(one.get_text(" ", strip=True) for one in soup.select(selector))


def test_an_entrys_page_offers_the_scan_of_each_file(app: Any, agency: Agency, stand_in: None) -> None:
    file = upload(agency, PHONES)
    soup = shown(app, f"/en/entry/{name_of(file)}", agency.publisher)
    assert text(soup, ".file-line .scan-ask button").startswith("Scan this file")
    assert "Not scanned yet" in text(soup, ".file-line")


def test_an_entrys_page_refuses_nothing_that_nobody_asked_for(app: Any, agency: Agency, stand_in: None) -> None:
    file = upload(agency, PHONES)

    def refusals() -> int:
        model.Session.rollback()
        query = sa.text("SELECT count(*) FROM anshan_audit_event WHERE kind = 'access.refused'")
        return model.Session.execute(query).scalar_one()

    before = refusals()
    for user in (agency.reader, factories.SysadminWithToken()):
        soup = shown(app, f"/en/entry/{name_of(file)}", user)
        assert text(soup, ".file-line") and soup.select(".scan-line") == []
    assert refusals() == before


def test_the_button_begins_a_scan_and_leads_to_it(app: Any, agency: Agency, stand_in: None) -> None:
    file = upload(agency, PHONES)
    url = f"/en/entry/{file['package_id']}/scan"
    sent = app.post(url, data={"resource_id": file["id"]}, **as_user(agency.publisher))
    newest = reports.newest(file["package_id"])[file["id"]]
    assert sent.status_code == 302 and sent.headers["Location"].endswith(f"/scan/{newest.id}")
    soup = shown(app, report_url(newest), agency.publisher)
    assert soup.select_one("[role=progressbar]") and soup.select_one("noscript meta[http-equiv=refresh]")
    assert "Waits for its turn" in text(soup, ".bar-line")


def test_progress_can_be_read_by_people_and_programs(app: Any, agency: Agency, stand_in: None) -> None:
    id = start(agency, upload(agency, b"slow\n"))["id"]
    looked(lambda: reports.find(id).progress > 0)
    bar = shown(app, report_url(reports.find(id)), agency.publisher).select_one("[data-renew] [role=progressbar]")
    assert bar is not None and bar["aria-valuenow"] == "25"


@pytest.mark.parametrize(("prefix", "verdict"), [("/en", "Not to be opened"), ("/zh_Hans_CN", "不能无条件开放")])
def test_the_report_begins_with_one_sentence(app: Any, agency: Agency, scanned: Any, prefix: str, verdict: str) -> None:
    soup = shown(app, report_url(scanned, prefix), agency.publisher)
    assert verdict in text(soup, ".scan-verdict h2")


def test_a_finding_says_what_where_how_many_why_and_what_to_do(app: Any, agency: Agency, scanned: Any) -> None:
    soup = shown(app, report_url(scanned), agency.publisher)
    told = text(soup, ".scan-findings li")
    for part in ("Mobile numbers", "phone", "3 times", "100.0%", "certain", "138********", "Remove the column"):
        assert part in told, part
    link = soup.select_one(".scan-findings a")
    assert link is not None and str(link["href"]).endswith("/regulation#article-30")


def test_a_clean_file_says_so(app: Any, agency: Agency, stand_in: None) -> None:
    scan = ended(start(agency, upload(agency, b"a,b\n1,2\n"))["id"])
    soup = shown(app, report_url(scan), agency.publisher)
    assert "Nothing was found that stands in the way" in text(soup, ".scan-verdict")
    assert soup.select(".scan-findings") == []


def test_a_failed_scan_says_why_and_what_to_do(app: Any, agency: Agency, stand_in: None) -> None:
    scan = ended(start(agency, upload(agency, b"told too_big\n"))["id"])
    soup = shown(app, report_url(scan), agency.publisher)
    assert "more than 1024 MB of memory" in text(soup, ".notice.bad")
    assert text(soup, ".scan-ask button") == "Scan again"


def test_from_report_over_difference_to_the_new_file(app: Any, agency: Agency, scanned: Any) -> None:
    soup = shown(app, f"{report_url(scanned)}/difference?remedy-0=drop:0", agency.publisher)
    assert "phone" in text(soup, ".scan-changes") and soup.select_one("del") is not None
    form = soup.select_one("main form")
    assert form is not None
    fields = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden][name^=remedy]")}
    sent = app.post(str(form["action"]), data=fields, **as_user(agency.publisher))
    assert sent.status_code == 302
    model.Session.rollback()
    now = files.working(scanned.resource_id)
    assert now is not None and now.sha256 != scanned.sha256
    new = ended(sent.headers["Location"].rpartition("/")[2])
    soup = shown(app, report_url(new), agency.publisher)
    assert "How this file was made" in text(soup, "h2") and "Nothing was found" in text(soup, ".scan-verdict")


def test_a_difference_without_a_choice_asks_for_one(app: Any, agency: Agency, scanned: Any) -> None:
    answer = app.get(f"{report_url(scanned)}/difference?remedy-0=", status=400, **as_user(agency.publisher))
    assert "Choose at least one remedy" in answer.body


def test_a_file_that_cannot_be_changed_says_why(app: Any, agency: Agency, stand_in: None) -> None:
    set_words = {"organization": agency.id, "words": [{"word": "stubborn", "kind": "medical"}]}
    call(agency.head, "anshan_scan_words_update", **set_words)
    scan = ended(start(agency, upload(agency, b"stubborn\n"))["id"])
    answer = app.get(f"{report_url(scan)}/difference?all=1", status=400, **as_user(agency.publisher))
    assert "This file cannot be changed here" in answer.body and "password" in answer.body
    assert page(answer).select_one("input[value='drop:0']").has_attr("checked"), "what was chosen stays chosen"


def test_an_office_reads_without_buttons(app: Any, scanned: Any) -> None:
    soup = shown(app, report_url(scanned), office_member("cyberspace-office"))
    assert soup.select(".scan-findings") and soup.select("main form .scan-act, main .scan-ask, .scan-remedies") == []


def test_a_visitor_logs_in_and_a_stranger_finds_nothing(app: Any, scanned: Any, other_agency: Agency) -> None:
    answer = app.get(report_url(scanned), follow_redirects=False)
    assert answer.status_code == 302 and "/user/login" in answer.headers["Location"]
    for user in (other_agency.publisher, factories.SysadminWithToken()):
        for url in (report_url(scanned), f"/en/entry/{scanned.package_id}/scan", f"{report_url(scanned)}/difference"):
            assert "There is no such entry, file or scan here" in app.get(url, status=404, **as_user(user)).body


def test_words_are_kept_from_the_form_and_come_back(app: Any, agency: Agency) -> None:
    url = f"/en/organization/{agency.id}/scan-words"
    rows = [("word", "甲字工程"), ("kind", "secrecy_mark"), ("note", ""), ("word", ""), ("kind", "minor"), ("note", "")]
    form: dict[str, list[str]] = {}
    for name, value in rows:
        form.setdefault(name, []).append(value)
    answer = app.post(url, data=form, **as_user(agency.head))
    assert "The words are kept" in answer.body and 'value="甲字工程"' in answer.body
    refused = app.post(url, data={"word": "甲", "kind": "minor", "note": ""}, status=400, **as_user(agency.head))
    assert "2 to 60 characters" in refused.body and 'value="甲"' in refused.body


def test_a_publisher_reads_the_words_and_cannot_change_them(app: Any, agency: Agency) -> None:
    url = f"/en/organization/{agency.id}/scan-words"
    assert shown(app, url, agency.publisher).select("main button") == []
    app.post(url, data={}, status=403, **as_user(agency.publisher))


def test_what_many_files_of_an_archive_have_alike_is_told_once(app: Any, agency: Agency, no_scan_waits: None) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(40):
            archive.writestr(f"{number}.db", b"SQLite format 3\x00" + bytes(100))
    scan = ended(start(agency, upload(agency, packed.getvalue(), "库.zip"))["id"])
    soup = shown(app, report_url(scan), agency.publisher)
    assert len(soup.select(".scan-findings > li")) == 1 and len(scan.report["findings"]) == 40
    assert "and 39 more places" in text(soup, ".scan-also summary") and "40 times" in text(soup, ".scan-numbers")
    places = [text(soup, ".scan-where"), *(one.get_text() for one in soup.select(".scan-also li"))]
    assert sorted(places) == sorted(f"{number}.db" for number in range(40))


def test_no_raw_value_stands_on_a_page(app: Any, agency: Agency, no_scan_waits: None) -> None:
    content, values = people()
    scan = ended(start(agency, upload(agency, content))["id"])
    urls = ["", "/difference?all=1"]
    pages = [app.get(report_url(scan) + end, **as_user(agency.publisher)).body for end in urls]
    pages.append(app.get(f"/en/entry/{scan.package_id}/scan", **as_user(agency.publisher)).body)
    pages.append(app.get(f"/en/audit/history/entry/{scan.package_id}", **as_user(agency.publisher)).body)
    assert "scan-finding" in pages[0] and "scan-changes" in pages[1]
    assert [value for value in values if any(value in one for one in pages)] == []


def test_a_list_of_scans_costs_the_same_for_one_and_for_ten(agency: Agency, stand_in: None) -> None:
    entry = upload(agency, PHONES)
    ended(start(agency, entry)["id"])
    counts = []
    for more in (0, 9):
        for number in range(more):
            content = PHONES + str(number).encode()
            file = call(agency.publisher, "resource_create", package_id=entry["package_id"], **_file(content))
            start(agency, file)
        with costs() as cost:
            call(agency.publisher, "anshan_scan_list", package_id=entry["package_id"])
        counts.append(cost.sql)
    assert counts[0] == counts[1]


def _file(content: bytes) -> dict[str, Any]:
    import io

    from werkzeug.datastructures import FileStorage

    return {"name": "b.csv", "url": "b.csv", "upload": FileStorage(io.BytesIO(content), "b.csv")}


def test_an_unscanned_entrys_page_shows_how_to_begin(app: Any, agency: Agency, stand_in: None) -> None:
    file = upload(agency, PHONES)
    soup = shown(app, f"/en/entry/{file['package_id']}/scan", agency.publisher)
    assert "Nothing was scanned yet" in text(soup, ".empty")

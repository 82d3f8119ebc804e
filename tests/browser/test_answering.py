"""An agency answers applications in the browser: a part is approved, another is refused with what is pointed out."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CSV, account, as_role, eventually, make_entry
from tests.browser.test_accessibility import findings, fits_a_phone
from tests.browser.test_applicant import resident_id
from tests.browser.test_every_page import WEARS, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["heard"]

LogIn = Callable[[str], Page]
FILE = "站点.csv"
CONTENT = {
    "purpose_kind": "research",
    "purpose": "公交客流研究",
    "basis_kind": "law",
    "basis": "《中华人民共和国科学技术进步法》第二条",
    "product": "研究报告",
    "storage": "鞍山",
    "people": "本人",
    "safeguards": "加密存储",
    "retention": "使用期限内",
    "destruction": "覆写三遍",
}


@pytest.fixture(scope="session")
def dataset(running_portal: RunningPortal, agency: dict[str, Any]) -> dict[str, Any]:
    """A conditional dataset with a table, released by three keys."""
    publisher = as_role(running_portal, "publisher").action
    entry = make_entry(running_portal, agency, f"公交客流明细{secrets.token_hex(3)}", "conditional")
    file = io.BytesIO(CSV)
    file.name = FILE
    publisher.resource_create(package_id=entry["id"], name=FILE, url=FILE, upload=file)
    number = publisher.anshan_submission_create(id=entry["id"])["number"]
    made = eventually(lambda: _scanned(publisher.anshan_submission_show(id=number)))
    for role in ("agency_head", "cyberspace", "bureau"):
        signer = as_role(running_portal, role).action
        answers = {item["id"]: "yes" for item in signer.anshan_submission_show(id=number)["checklist"]}
        signer.anshan_submission_sign(id=number, hash=made["hash"], answers=answers, reason="已核对")
    visitor = as_role(running_portal, "applicant").action
    return eventually(lambda: next(iter(visitor.package_search(fq=f"code:{entry['code']}")["results"]), None))


def _scanned(made: dict[str, Any]) -> dict[str, Any] | None:
    return made if made["scan_hash"] else None


@pytest.fixture
def apply(running_portal: RunningPortal, dataset: dict[str, Any]) -> Callable[[], str]:
    """Each call sends another application of a person; its number."""
    person = as_role(running_portal, "applicant").action
    person.anshan_applicant_update(name="李明华", number=resident_id(), phone="13912345678")
    party = "person:" + person.user_show(id=account(running_portal, "applicant")["name"])["id"]

    def send() -> str:
        (made,) = person.anshan_application_create(datasets=[dataset["name"]], party=party)
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        days = {"starts": today.isoformat(), "ends": (today + timedelta(100)).isoformat()}
        scope = {"files": [FILE], "columns": ["站名", "日均客流"], "methods": ["download"]}
        item = {"dataset_id": made["items"][0]["dataset_id"], "scope": scope}
        person.anshan_application_update(id=made["id"], content={**CONTENT, **days}, items=[item])
        return person.anshan_application_submit(id=made["id"])["number"]

    return send


def state(portal: RunningPortal, number: str) -> dict[str, Any]:
    return as_role(portal, "publisher").action.anshan_application_show(id=number)


def test_a_part_is_approved_and_another_refused_with_what_is_pointed_out(
    log_in: LogIn, running_portal: RunningPortal, apply: Callable[[], str], heard: list[str]
):
    first, second = apply(), apply()
    page = log_in("publisher")
    page.goto(f"/en/applications/desk?q={first}")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/application/{first}/examine")
    page.get_by_role("navigation", name="Answer").get_by_role("link", name="Approve", exact=True).click()
    form = page.locator("form#judge-approve")
    expect(form).to_be_visible()
    form.get_by_label("日均客流").uncheck()
    form.get_by_label("Conditions").fill("每季度报告一次")
    assert findings(page) == {}
    form.get_by_role("button", name="Approve", exact=True).click()
    page.wait_for_url(f"**/application/{first}")
    told = state(running_portal, first)
    assert (told["result"], told["items"][0]["decided"]["columns"]) == ("part", ["站名"])

    page.goto(f"/en/application/{second}/examine#judge-refuse")
    form = page.locator("form#judge-refuse")
    form.get_by_label("What was asked for wasn't supplied").check()
    form.get_by_label("Explanation").fill("没有说明数据存放在哪里")
    form.get_by_role("button", name="Only look what would be pointed out").click()
    remark = page.locator("form#judge-refuse .judge-remark").first
    expect(remark).to_contain_text("supports this ground")
    assert findings(page) == {}
    expect(page.locator("form#judge-refuse").get_by_label("Explanation")).to_have_value("没有说明数据存放在哪里")
    for field in page.locator("form#judge-refuse .judge-remark textarea").all():
        field.fill("申请人口头确认过")
    page.locator("form#judge-refuse").get_by_role("button", name="Don't approve").click()
    page.wait_for_url(f"**/application/{second}")
    told = state(running_portal, second)
    assert (told["state"], told["ground"]) == ("refused", "not_supplemented")


def test_each_page_of_the_judges_is_for_everybody(
    log_in: LogIn, running_portal: RunningPortal, apply: Callable[[], str], heard: list[str]
):
    number = apply()
    page = log_in("publisher")
    bulk = f"/applications/bulk?command=refuse&id={number}"
    for path in ("/applications/desk", f"/application/{number}/examine", bulk, "/applications/results"):
        for wear in WEARS:
            is_for_everybody(page, running_portal.url, heard, path, wear)
        fits_a_phone(page, path)

"""An agreement is read, accepted, countersigned, printed and checked in the browser."""

from __future__ import annotations

import io
import json
import random
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import APPROVAL, CSV, _dataset, account, as_role, eventually, make_entry
from tests.browser.test_applicant import another_window, resident_id
from tests.browser.test_every_page import WEARS, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["heard"]

LogIn = Callable[[str], Page]
ENGLISH = WEARS[1]
"""In Chinese the translation of an agreement stands in its page too, hidden."""
CONTENT = {
    "purpose_kind": "research",
    "purpose": "公交线路与客流的关系研究",
    "basis_kind": "law",
    "basis": "《中华人民共和国科学技术进步法》第九十五条",
    "product": "研究报告",
    "storage": "本市机房",
    "people": "课题组三人",
    "safeguards": "加密存储，专人保管",
    "retention": "使用期限内",
    "destruction": "覆写三遍",
}


@pytest.fixture(scope="module")
def dataset(running_portal: RunningPortal, agency: dict[str, Any], tmp_path_factory: Any) -> dict[str, Any]:
    """Conditional, with a table."""
    title = f"公交站点客流明细{secrets.token_hex(3)}"
    entry = make_entry(running_portal, agency, title, "conditional")
    folder = tmp_path_factory.mktemp("conditional")
    (folder / "站点.csv").write_bytes(CSV)
    line = {"code": entry["code"], "files": [{"path": "站点.csv"}]}
    manifest = folder / "manifest.jsonl"
    manifest.write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    done = running_portal.release(manifest, APPROVAL)
    assert done.returncode == 0, done.stdout + done.stderr
    return eventually(lambda: _dataset(running_portal, entry["code"]))


@pytest.fixture(scope="module")
def approved(running_portal: RunningPortal, dataset: Mapping[str, Any]) -> dict[str, Any]:
    """An application of a person, approved by the agency's publisher."""
    mine = as_role(running_portal, "applicant").action
    mine.anshan_applicant_update(name="李明华", number=resident_id(), phone="13912345678")
    party = f"person:{mine.user_show(id=account(running_portal, 'applicant')['name'])['id']}"
    made = mine.anshan_application_create(datasets=[dataset["name"]], party=party)[0]
    scope = {"files": ["站点.csv"], "columns": ["站名", "日均客流"], "methods": ["download"]}
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    days = {"starts": today.isoformat(), "ends": (today + timedelta(100)).isoformat()}
    items = [{"dataset_id": made["items"][0]["dataset_id"], "scope": scope}]
    mine.anshan_application_update(id=made["id"], content={**CONTENT, **days}, items=items)
    made = mine.anshan_application_submit(id=made["id"])
    seen = {"unlike_earlier": "另一用途", "ground_not_stated": "另一用途"}
    judge = as_role(running_portal, "publisher").action
    return judge.anshan_application_approve(id=made["id"], hash=made["hash"], seen=seen)


def test_both_sides_sign_and_anybody_checks_it(
    log_in: LogIn, running_portal: RunningPortal, approved: dict[str, Any], heard: list[str]
):
    number, path = approved["number"], f"/application/{approved['number']}/agreement"
    page = log_in("applicant")
    page.goto(f"/en/application/{number}")
    page.get_by_role("link", name="Read and accept it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("协议")
    is_for_everybody(page, running_portal.url, heard, path, ENGLISH)
    page.goto(f"/en{path}")
    page.get_by_label("I have read the agreement").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("falsch-9-falsch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("password isn't right")
    page.get_by_label("I have read the agreement").check()
    page.get_by_label("Password of your account").fill(account(running_portal, "applicant")["password"])
    page.get_by_role("button", name="Accept and sign").click()
    expect(page.locator("main")).to_contain_text("The agreement was accepted")

    head = another_window(page, running_portal, "agency_head")
    head.goto(f"/en{path}")
    is_for_everybody(head, running_portal.url, [], path, ENGLISH)
    head.goto(f"/en{path}")
    head.get_by_label("I have read the agreement").check()
    head.get_by_label("Password of your account").fill(account(running_portal, "agency_head")["password"])
    head.get_by_role("button", name="Countersign").click()
    expect(head.locator("main")).to_contain_text("The agreement is in force")
    head.context.close()

    made = page.request.get(f"{running_portal.url}{path}.pdf")
    said = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(io.BytesIO(made.body())))
    assert number in said and approved["agreement"]["code"] in said
    code = approved["agreement"]["code"]
    assert page.context.browser
    visitor = page.context.browser.new_context(base_url=running_portal.url).new_page()
    visitor.goto("/en/agreement/verify")
    visitor.get_by_label("Verification code").fill(code.lower())
    visitor.get_by_role("button", name="Verify").click()
    expect(visitor.locator("main")).to_contain_text("It is genuine, and in force.")
    expect(visitor.locator("main")).not_to_contain_text("李")
    wrong = code[:-1] + random.choice([one for one in "ABCDEF" if one != code[-1]])
    visitor.goto(f"/en/agreement/verify/{wrong}")
    expect(visitor.get_by_role("alert")).to_contain_text("no verification code")
    for wear in WEARS:
        is_for_everybody(visitor, running_portal.url, [], f"/agreement/verify/{code}", wear)
    visitor.context.close()


def test_a_visitor_reports_a_misuse_and_the_agency_answers(
    page: Page, running_portal: RunningPortal, dataset: dict[str, Any], heard: list[str]
):
    for wear in WEARS:
        is_for_everybody(page, running_portal.url, heard, f"/application/misuse?dataset={dataset['name']}", wear)
    page.goto(f"/en/application/misuse?dataset={dataset['name']}")
    page.get_by_label("What you saw").fill("该数据在某网站出售")
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator("main")).to_contain_text("with the agency and the data bureau")
    head = another_window(page, running_portal, "agency_head")
    head.goto("/en/applications/misuse")
    expect(head.locator("main")).to_contain_text("该数据在某网站出售")
    for wear in WEARS:
        is_for_everybody(head, running_portal.url, heard, "/applications/misuse", wear)
        is_for_everybody(head, running_portal.url, heard, "/applications/reports", wear)
    head.goto("/en/applications/misuse")
    head.get_by_label("Answer").first.fill("已核实，正在处理")
    head.get_by_role("button", name="Send the answer").first.click()
    expect(head.locator("main")).to_contain_text("已核实，正在处理")
    head.context.close()

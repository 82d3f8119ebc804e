"""The whole way of a dataset: submitted, signed, returned, mended, signed by all, downloaded, and taken off at once."""

from __future__ import annotations

import io
import random
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import account, as_role, eventually, make_entry
from tests.browser.test_accessibility import findings
from tests.browser.test_every_page import WEARS, Wear, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["heard"]

LogIn = Callable[[str], Page]
SLOW = 60_000  # ms; the worker scans and publishes within seconds
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明"
FILE = "引导员.csv"


def people(count: int = 60) -> bytes:
    """A list with names of persons: something that wants a reason, and that can be masked."""
    names = (f"{random.choice(FAMILY)}{random.choice(GIVEN)}{random.choice(GIVEN)}" for _ in range(count))
    return "\n".join(["姓名,街道,年限", *(f"{name},对炉街道,{at % 9}" for at, name in enumerate(names)), ""]).encode()


def make(portal: RunningPortal, agency: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    """An entry with a file, not submitted yet."""
    made = make_entry(portal, agency, f"文明引导员名录{secrets.token_hex(3)}", "unconditional")
    file = io.BytesIO(content)
    file.name = FILE
    given = {"package_id": made["id"], "name": FILE, "url": FILE, "upload": file}
    as_role(portal, "publisher").action.resource_create(**given)
    return made


@pytest.fixture
def entry(running_portal: RunningPortal, agency: dict[str, Any]) -> dict[str, Any]:
    return make(running_portal, agency, people())


@pytest.fixture
def submission(running_portal: RunningPortal, entry: dict[str, Any]) -> str:
    """The path of one whose scan is done."""
    publisher = as_role(running_portal, "publisher").action
    number = publisher.anshan_submission_create(id=entry["id"])["number"]
    eventually(lambda: publisher.anshan_submission_show(id=number)["scan_hash"])
    return f"/review/{number}"


def enter(page: Page, portal: RunningPortal, role: str) -> None:
    """Another person sits down at the same window."""
    page.context.clear_cookies()
    who = account(portal, role)
    page.goto("/user/login")
    form = page.locator("form").filter(has=page.get_by_label("密码"))
    form.get_by_label("用户名或邮箱").fill(who["name"])
    form.get_by_label("密码").fill(who["password"])
    form.get_by_role("button", name="登录").click()
    page.wait_for_url("**/desk")


def submit(page: Page, entry: Mapping[str, Any]) -> str:
    """By the pages of the entry; the path of the submission, whose scan is done."""
    page.goto(f"/entry/{entry['name']}")
    page.get_by_role("link", name="提交送审").click()
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/review/SS-*")
    expect(page.locator("[data-renew]")).to_have_count(0, timeout=SLOW)
    return page.url.partition(page.url.split("/review/")[0])[2]


def sign(page: Page, path: str, reason: str = "") -> None:
    page.goto(path)
    for item in page.locator(".rv-item").all():
        item.get_by_label("是", exact=True).check()
    expect(page.locator("[data-ready]")).to_be_visible()
    page.get_by_role("link", name="签字").click()
    sheet = page.locator("#act-sign")
    expect(sheet).to_contain_text("签字后不能撤销")
    if reason:
        sheet.get_by_role("textbox").fill(reason)
    sheet.get_by_role("button", name="签字").click()
    expect(page.locator(".flash")).to_contain_text("已签字")


def test_the_whole_way_of_a_dataset(log_in: LogIn, running_portal: RunningPortal, entry: dict[str, Any]):
    page = log_in("publisher")
    first = submit(page, entry)
    enter(page, running_portal, "agency_head")
    sign(page, first, "引导员姓名由街道公示")
    returned(page, running_portal, first)
    mended(page, running_portal, entry, first)
    page.goto("about:blank")
    enter(page, running_portal, "publisher")
    second = submit(page, entry)
    expect(page.locator(".rv-earlier")).to_contain_text("姓名")
    for role in ("agency_head", "cyberspace", "bureau"):
        enter(page, running_portal, role)
        sign(page, second)
    downloaded(page, entry)
    suspended(page, running_portal)


def returned(page: Page, portal: RunningPortal, path: str) -> None:
    """The cyberspace office writes the finding into its return."""
    enter(page, portal, "cyberspace")
    page.goto(path)
    page.locator(".rv-finding", has_text="姓名").get_by_role("button", name="写入退回意见").click()
    remark = page.locator("#act-return .rv-remark").first
    expect(remark.get_by_label("位置")).to_have_value(f"column:{FILE}/姓名")
    remark.get_by_label("要修改什么").fill("姓名不是必须公开的，请打码。")
    page.locator("#act-return").get_by_role("button", name="退回", exact=True).last.click()
    expect(page.locator(".flash")).to_contain_text("已退回")


def mended(page: Page, portal: RunningPortal, entry: Mapping[str, Any], path: str) -> None:
    """The editor follows the remark to the scan and masks the column there."""
    enter(page, portal, "publisher")
    page.goto(path)
    notice = page.locator(".rv-earlier")
    expect(notice).to_contain_text("请打码")
    notice.get_by_role("link").first.click()
    page.locator(".scan-findings > li", has_text="姓名").first.get_by_label("打码").check()
    page.get_by_role("button", name="查看差异").click()
    page.get_by_role("button", name="生成新文件").click()
    expect(page.get_by_role("heading", name="这个文件的由来")).to_be_visible(timeout=SLOW)
    page.goto(f"/entry/{entry['name']}")
    expect(page.locator(".list-top .btns")).to_contain_text("已退回部门")


def downloaded(page: Page, entry: Mapping[str, Any]) -> None:
    """A visitor finds it and takes the file."""
    page.context.clear_cookies()
    page.goto("/about")
    link = page.get_by_role("link", name=entry["title"])

    def is_there() -> bool:
        page.goto(f"/dataset/?q={entry['title']}")
        return link.count() > 0

    eventually(is_there)
    link.first.click()
    with page.expect_download() as fetched:
        page.locator(f"a[href$='{quote(FILE)}']").first.click()
    text = fetched.value.path().read_text("utf-8-sig")
    assert "*" in text and not any(f"{family}{given}" in text for family in FAMILY for given in GIVEN)


def suspended(page: Page, portal: RunningPortal) -> None:
    """The cyberspace office takes it off; the visitor who looks again reads why, and gets no file."""
    name, file = page.url.rpartition("/")[2], page.locator(f"a[href$='{quote(FILE)}']").first.get_attribute("href")
    reason = "待核实是否仍需公示"
    as_role(portal, "cyberspace").action.anshan_release_suspend(id=name, reason=reason)
    page.reload()
    expect(page.locator("main")).to_contain_text(reason)
    assert page.request.get(str(file)).status == 451


def test_shortcuts_open_forms_and_never_fire_in_fields(log_in: LogIn, running_portal: RunningPortal, submission: str):
    page = log_in("agency_head")
    page.goto(submission)
    page.keyboard.press("r")
    expect(page.locator("#act-return")).to_be_visible()
    expect(page.locator("#act-return textarea")).to_be_focused()
    page.keyboard.type("cs")
    expect(page.locator("#act-return textarea")).to_have_value("cs")
    expect(page.locator("#act-comment")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#act-return")).to_be_hidden()
    page.keyboard.press("s")
    expect(page.locator("#act-sign")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="快捷键").click()
    page.keyboard.press("c")
    expect(page.locator("#act-comment")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="快捷键")).to_have_attribute("aria-pressed", "false")


def test_without_scripts_each_act_works(browser: Any, running_portal: RunningPortal, submission: str):
    context = browser.new_context(base_url=running_portal.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    enter(page, running_portal, "agency_head")
    page.goto(submission)
    page.locator(".rv-finding").first.get_by_role("button", name="写入退回意见").click()
    expect(page.locator("#act-return")).to_be_visible()
    expect(page.locator("#text-1")).not_to_be_empty()
    page.locator("#act-return").get_by_role("button", name="再加一条意见").click()
    expect(page.locator("#act-return .rv-remark")).to_have_count(2)
    page.locator("#act-return").get_by_role("link", name="关闭").click()
    expect(page.locator("#act-return")).to_be_hidden()
    page.get_by_role("link", name="留言").click()
    page.locator("#act-comment textarea").fill("请看说明")
    page.locator("#act-comment").get_by_role("button", name="留言").click()
    expect(page.locator(".rv-line").last).to_contain_text("请看说明")
    sign_without_answers(page)
    context.close()


def sign_without_answers(page: Page) -> None:
    page.get_by_role("link", name="签字").click()
    page.locator("#sign-reason").fill("由街道公示")
    page.locator("#act-sign").get_by_role("button", name="签字").click()
    expect(page.locator("#act-sign [role=alert]")).to_contain_text("核对清单")
    expect(page.locator("#sign-reason")).to_have_value("由街道公示")
    for item in page.locator(".rv-item").all():
        item.get_by_label("是", exact=True).check()
    page.locator("#act-sign").get_by_role("button", name="签字").click()
    expect(page.locator(".rv-key").first).to_contain_text("已签")


def test_what_is_typed_while_a_scan_goes_on_is_not_lost(log_in: LogIn, running_portal: RunningPortal, submission: str):
    page = log_in("publisher")
    bars = ["<p data-renew data-over='扫描已完成。'>50</p>", ""]

    def answer(route: Any) -> None:
        real, bar = route.fetch(), bars.pop(0) if bars else ""
        route.fulfill(response=real, body=real.text().replace("</main>", f"{bar}</main>", 1))

    page.route(f"**{submission}", answer)
    page.goto(submission)
    page.keyboard.press("c")
    page.locator("#act-comment textarea").fill("写到一半")
    expect(page.locator("[data-renew]")).to_have_text("扫描已完成。", timeout=SLOW)
    expect(page.locator("#act-comment textarea")).to_have_value("写到一半")


@pytest.mark.parametrize("wear", WEARS, ids=str)
def test_the_pages_of_a_submission_are_for_everybody(
    log_in: LogIn, running_portal: RunningPortal, entry: dict[str, Any], submission: str, heard: list[str], wear: Wear
):
    page = log_in("agency_head")
    sheets = ("", "#act-sign", "#act-return", "#act-comment")
    for one in (*(f"{submission}{sheet}" for sheet in sheets), f"/entry/{entry['name']}/submit"):
        page.goto("about:blank")
        is_for_everybody(page, running_portal.url, heard, one, wear)


def test_on_a_phone_all_but_findings_and_checklist_is_folded(log_in: LogIn, submission: str):
    page = log_in("agency_head")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(submission)
    expect(page.locator(".rv-scan")).to_be_visible()
    expect(page.locator(".rv-item").first).to_be_visible()
    expect(page.locator(".rv-changes")).to_be_hidden()
    page.locator("details.rv-fold:not(.panel) > summary").first.click()
    expect(page.locator(".rv-changes")).to_be_visible()
    assert findings(page) == {}

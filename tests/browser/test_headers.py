"""The policy stops nothing that a page needs: forms, uploads, maps, charts and documents work under it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import APPROVAL, Released, as_role, eventually, make_entry
from tests.browser.test_import_page import SLOW, as_file, example, upload
from tests.conftest import RunningPortal

LogIn = Callable[[str], Page]
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj
trailer<</Root 1 0 R>>
"""
OF_THOSE_WHO_WORK_HERE = (
    "/ckan-admin/config",
    "/ckan-admin/trash",
    "/organization/new",
    "/organization/edit/{org}",
    "/organization/manage_members/{org}",
    "/organization/member_new/{org}",
    "/group/new",
    "/group/edit/transport",
    "/user/",
    "/entry/",
    "/entry/new",
    "/entry/edit/{entry}",
    "/entry/{entry}",
    "/entry/resources/{entry}",
    "/entry/{entry}/resource/new",
    "/entry/groups/{entry}",
    "/dataset/activity/{entry}",
    "/catalogue/import",
    "/desk",
)


@pytest.fixture
def stopped(page: Page) -> Iterator[list[str]]:
    """What the policy stopped, and the pages on which."""
    found: list[str] = []
    page.on("console", lambda told: found.append(f"{page.url}: {told.text}") if "Policy" in told.text else None)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    yield found


@pytest.fixture(scope="session")
def entry(running_portal: RunningPortal, agency: dict[str, Any]) -> dict[str, Any]:
    return make_entry(running_portal, agency, "公交站点草稿", "unconditional")


def test_what_stands_in_a_page_itself_is_stopped(page: Page, stopped: list[str]):
    page.goto("/about")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<b style=color:red onclick=alert(1)>x</b>')")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
    }""")
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    assert any("style-src" in one for one in stopped) and any("script-src" in one for one in stopped)


@pytest.mark.parametrize("path", OF_THOSE_WHO_WORK_HERE)
def test_nothing_is_stopped_on_a_page_of_those_who_work_here(
    log_in: LogIn, stopped: list[str], agency: dict[str, Any], entry: dict[str, Any], path: str
):
    page = log_in("sysadmin")
    answer = page.goto(path.format(org=agency["name"], entry=entry["name"]), wait_until="networkidle")
    assert answer is not None and answer.status == 200
    assert stopped == []


@pytest.mark.parametrize("view", ["", "view=chart", "view=map"])
def test_nothing_is_stopped_where_a_file_is_looked_into(
    page: Page, stopped: list[str], open_dataset: Released, view: str
):
    page.goto(f"/dataset/{open_dataset.dataset}?{view}#preview", wait_until="networkidle")
    if view == "view=map":
        expect(page.locator(".leaflet-container canvas, .leaflet-container svg").first).to_be_attached()
    assert stopped == []


def test_a_file_is_uploaded_with_ckans_form(log_in: LogIn, stopped: list[str], entry: dict[str, Any], tmp_path: Path):
    (tmp_path / "站点.csv").write_text("站名\n鞍山站\n", "utf-8")
    page = log_in("publisher")
    page.goto(f"/entry/{entry['name']}/resource/new")
    page.locator("#resource-link-button").click()
    expect(page.locator("#field-resource-url")).to_be_focused()
    page.locator("#field-resource-url").fill("https://example.org/a.csv")
    page.locator("[data-url-empty=field-resource-url]").click()
    assert page.locator("#field-resource-url").input_value() == ""
    with page.expect_file_chooser() as asked:
        page.locator("#resource-upload-button").click()
    asked.value.set_files(tmp_path / "站点.csv")
    expect(page.locator("[name=name]")).to_have_value("站点.csv")
    page.locator("button[name=save]").last.click()
    page.wait_for_url(f"**/entry/{entry['name']}*")
    expect(page.get_by_text("站点.csv").first).to_be_visible()
    assert stopped == []


def test_nothing_is_stopped_while_a_catalogue_is_imported(log_in: LogIn, stopped: list[str], agency: dict[str, Any]):
    page = log_in("bureau")
    heads, row = example(page)
    upload(page, as_file("目录.csv", heads, [{**row, "目录名称": "停车场", "数据提供部门": agency["title"]}]))
    expect(page.get_by_text("已完成").first).to_be_visible(timeout=SLOW)
    assert stopped == []


def test_a_document_is_shown(
    page: Page, stopped: list[str], running_portal: RunningPortal, agency: dict[str, Any], tmp_path: Path
):
    found = make_entry(running_portal, agency, "公交线路图", "unconditional")
    (tmp_path / "线路图.pdf").write_bytes(PDF)
    line = {"code": found["code"], "files": [{"path": "线路图.pdf"}]}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    done = running_portal.release(tmp_path / "manifest.jsonl", APPROVAL)
    assert done.returncode == 0, done.stdout + done.stderr
    visitor = as_role(running_portal, "sysadmin").action
    shown = eventually(lambda: visitor.package_search(fq=f"code:{found['code']} AND dataset_type:dataset")["results"])
    page.goto(f"/dataset/{shown[0]['name']}")
    frame = page.frame_locator("#preview iframe[title*='线路图']")
    expect(frame.locator("embed, body")).to_be_attached()
    page.wait_for_load_state("networkidle")
    assert stopped == []

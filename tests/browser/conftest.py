"""People at the portal: their accounts, and an entry of each class that was released the way real ones are."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ckanapi import NotFound, RemoteCKAN
from playwright.sync_api import Page

from tests.conftest import RunningPortal

APPROVAL = "鞍数发〔2026〕1号"
CSV = "站名,日均客流,经度,纬度\n鞍山站,1200,122.9946,41.1075\n千山站,530,123.1378,41.0301\n".encode()
CONDITIONAL = {
    "opening_basis_title": "某市公共数据管理办法",
    "opening_basis_number": "某政发〔2022〕1号",
    "opening_basis_article": "第二十七条",
    "opening_method": "申请后下载",
    "opening_requirements": "只用于申请时写明的目的",
    "opening_safeguards": "加密存储，专人保管，到期删除",
    "opening_conditions": "实名申请",
}


@dataclass(frozen=True)
class Released:
    """An entry that was released: what people search for and what they get."""

    title: str
    code: str
    dataset: str
    file: str
    content: bytes


def account(portal: RunningPortal, role: str) -> dict[str, str]:
    return portal.accounts(role)[0]


def as_role(portal: RunningPortal, role: str) -> RemoteCKAN:
    return RemoteCKAN(portal.url, apikey=account(portal, role)["token"], user_agent="tests")


def eventually(look: Callable[[], Any], seconds: float = 60) -> Any:
    """What the worker does, comes a moment later."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, "it didn't come"
        time.sleep(0.5)
    return found


@pytest.fixture(scope="session")
def agency(running_portal: RunningPortal) -> dict[str, Any]:
    """The publisher's organization, with the credit code that entry codes begin with."""
    mine = as_role(running_portal, "publisher").action.organization_list_for_user(permission="create_dataset")[0]
    admin = as_role(running_portal, "sysadmin")
    return admin.action.organization_patch(id=mine["id"], uscc="11210300MB0000000X")


def make_entry(portal: RunningPortal, agency: Mapping[str, Any], title: str, opening_class: str) -> dict[str, Any]:
    items = {"站名": "text", "日均客流": "integer", "经度": "number", "纬度": "number"}
    return as_role(portal, "publisher").action.package_create(
        type="entry",
        title=title,
        notes="公交站点的位置和客流。",
        owner_org=agency["id"],
        classification="department",
        collecting_agency=agency["title"],
        approving_agency=agency["title"],
        data_form="spreadsheet",
        data_formats=["csv"],
        update_cycle="yearly",
        themes=["transport"],
        district="210302",
        sharing_class="unconditional",
        opening_class=opening_class,
        security_level="general_1",
        information_items=[
            {"name": name, "column": name, "type": kind, "sensitive": "no", "opening_class": opening_class}
            for name, kind in items.items()
        ],
        **(CONDITIONAL if opening_class == "conditional" else {}),
    )


@pytest.fixture(scope="session")
def release(running_portal: RunningPortal, agency: dict[str, Any], tmp_path_factory: Any) -> Callable[[str], Released]:
    def make(opening_class: str) -> Released:
        title = f"公交站点客流{secrets.token_hex(3)}"
        entry = make_entry(running_portal, agency, title, opening_class)
        folder: Path = tmp_path_factory.mktemp(opening_class)
        files = [{"path": "站点.csv"}] if opening_class == "unconditional" else []
        (folder / "站点.csv").write_bytes(CSV)
        manifest = folder / "manifest.jsonl"
        manifest.write_text(json.dumps({"code": entry["code"], "files": files}, ensure_ascii=False) + "\n", "utf-8")
        done = running_portal.release(manifest, APPROVAL)
        assert done.returncode == 0, done.stdout + done.stderr
        dataset = eventually(lambda: _dataset(running_portal, entry["code"]))
        return Released(title, entry["code"], dataset["name"], "站点.csv", CSV)

    return make


def _dataset(portal: RunningPortal, code: str) -> dict[str, Any] | None:
    with RemoteCKAN(portal.url, user_agent="tests") as visitor:
        try:
            found = visitor.action.package_search(fq=f"code:{code}")["results"]
        except NotFound:
            return None
    return found[0] if found else None


@pytest.fixture(scope="session")
def open_dataset(release: Callable[[str], Released]) -> Released:
    return release("unconditional")


@pytest.fixture(scope="session")
def conditional_dataset(release: Callable[[str], Released]) -> Released:
    return release("conditional")


@pytest.fixture
def log_in(page: Page, running_portal: RunningPortal) -> Iterator[Callable[[str], Page]]:
    """``log_in("publisher")`` gives the page of someone with that role."""

    def enter(role: str) -> Page:
        who = account(running_portal, role)
        page.goto("/user/login")
        form = page.locator("form").filter(has=page.get_by_label("密码"))
        form.get_by_label("用户名或邮箱").fill(who["name"])
        form.get_by_label("密码").fill(who["password"])
        form.get_by_role("button", name="登录").click()
        page.wait_for_url("**/desk")
        return page

    yield enter

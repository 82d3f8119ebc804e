"""Companies that apply, agencies that answer: what is applied for was released by three keys, as anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.anshan.applicants.rules import Party
from ckanext.anshan.guard.counting import counters
from ckanext.anshan.workflow import clock
from tests.integration.applicants import town as applicants
from tests.integration.review import town as review
from tests.integration.support import as_user, work

User = Mapping[str, Any]
Made = dict[str, Any]

PASSWORD = "correct-horse-battery-9"
TABLE = "单位名称,区县,街道,统一社会信用代码,日收运量,联系电话\n" + "".join(
    f"鞍山第{n}餐饮有限公司,{'铁东区' if n % 3 else '立山区'},湖南街道,9121030000{n:08d},{n % 97},1390412{n:04d}\n"
    for n in range(1, 201)
)
COLUMNS = ("单位名称", "区县", "街道", "统一社会信用代码", "日收运量", "联系电话")
CLOSED = "联系电话"
ITEMS = [
    {
        "name": name,
        "column": name,
        "type": "integer" if name == "日收运量" else "text",
        "sensitive": "no",
        "sharing_class": "conditional",
        "opening_class": "closed" if name == CLOSED else "conditional",
        "filterable": "yes" if name == "区县" else "no",
        "necessity": "yes" if name == "统一社会信用代码" else "no",
    }
    for name in COLUMNS
]
CONDITIONS = {
    "opening_class": "conditional",
    "opening_basis_title": "《中华人民共和国反不正当竞争法》",
    "opening_basis_number": "主席令第29号",
    "opening_basis_article": "第九条",
    "opening_method": "下载或接口",
    "opening_requirements": "只用于申请的用途",
    "opening_safeguards": "存放在境内，专人管理",
    "sharing_class": "conditional",
    "sharing_basis": "《办法》第二十条",
    "sharing_conditions": "因履职需要",
    "access_methods": ["download", "api"],
    "longest_term": "12",
    "daily_quota": "2000",
    "allows_aggregates": "yes",
    "information_items": ITEMS,
}
CONTENT = {
    "purpose_kind": "product",
    "purpose": "餐厨废弃物收运线路优化",
    "basis_kind": "law",
    "basis": "《中华人民共和国固体废物污染环境防治法》第五十七条",
    "product": "收运线路规划服务",
    "storage": "沈阳数据中心",
    "people": "三名工程师",
    "safeguards": "加密存储，逐次登记",
    "retention": "使用期限内",
    "destruction": "覆写三遍",
    "processor": "",
    "requests": "100",
}


@dataclass(frozen=True)
class Town:
    review: review.Town
    company: Made  # a verified organization
    person: User  # its representative

    @property
    def editor(self) -> User:
        return self.review.editor

    @property
    def head(self) -> User:
        return self.review.head

    @property
    def party(self) -> Party:
        return Party("organization", self.company["id"])


@cache
def make(group: str = "own") -> Town:
    """One for each group of tests: an agency with its people, the offices, a company with its representative."""
    here, who = review.make(group), applicant()
    for user in (here.head, here.editor):
        set_password(user)
    return Town(here, applicants.verified(who), who)


def applicant() -> User:
    who = applicants.user()
    set_password(who)
    return who


def set_password(user: User) -> None:
    found = model.User.get(user["id"])
    assert found is not None
    found.password = PASSWORD
    model.Session.commit()


def released(town: Town, content: str = TABLE, name: str = "协议.csv", **more: Any) -> Made:
    """A conditional dataset with a table, as it is public: ``id``, ``name``."""
    found = review.entry(town.review, content.encode(), name, **{**CONDITIONS, **more})
    review.publish(town.review, found)
    work()
    return {"id": head(found)["dataset_id"], "name": head(found)["name"], "entry": found}


def head(entry: Mapping[str, Any]) -> Made:
    from ckanext.anshan.release import entries

    standing = entries.standing(entry["id"])
    assert standing is not None
    return {"dataset_id": standing.dataset_id, "name": standing.dataset_name}


def days(first: int = 0, last: int = 200) -> dict[str, str]:
    today = clock.today()
    return {"starts": (today + timedelta(first)).isoformat(), "ends": (today + timedelta(last)).isoformat()}


def scope(*columns: str, **more: Any) -> dict[str, Any]:
    chosen = list(columns or ("单位名称", "区县", "日收运量"))
    return {"files": ["协议.csv"], "columns": chosen, "methods": ["download", "api"], **more}


def draft(town: Town, dataset: Mapping[str, Any], who: User | None = None, **more: Any) -> Made:
    """Filled in, not sent."""
    user = who or town.person
    made = as_user(user, "anshan_application_create", datasets=[dataset["name"]], **more)[0]
    item = {"dataset_id": dataset["id"], "scope": scope()}
    return as_user(user, "anshan_application_update", id=made["id"], content={**CONTENT, **days()}, items=[item])


def submitted(town: Town, dataset: Mapping[str, Any], who: User | None = None, **more: Any) -> Made:
    return as_user(who or town.person, "anshan_application_submit", id=draft(town, dataset, who, **more)["id"])


def approved(town: Town, dataset: Mapping[str, Any], **more: Any) -> Made:
    made = submitted(town, dataset)
    given = {"id": made["id"], "hash": made["hash"], "seen": {"unlike_earlier": "另一用途"}}
    return as_user(town.editor, "anshan_application_approve", **{**given, **more})


def accepted(town: Town, dataset: Mapping[str, Any], **more: Any) -> Made:
    made = approved(town, dataset, **more)
    return sign(town.person, made, "accept")


def active(town: Town, dataset: Mapping[str, Any], **more: Any) -> Made:
    """In use: both sides have signed."""
    made = sign(town.head, accepted(town, dataset, **more), "countersign")
    work()
    return made


def sign(user: User, made: Mapping[str, Any], command: str, **more: Any) -> Made:
    given = {"id": made["id"], "hash": made["agreement"]["hash"], "password": PASSWORD}
    return as_user(user, f"anshan_application_{command}", **{**given, **more})


def do(user: User, made: Mapping[str, Any], command: str, **more: Any) -> Made:
    return as_user(user, f"anshan_application_{command}", id=made["id"], **more)


def show(user: User, made: Mapping[str, Any]) -> Made:
    model.Session.rollback()
    return as_user(user, "anshan_application_show", id=made["id"])


def forget_limits() -> None:
    """Count everybody from nothing."""
    found = counters()
    for key in found.redis.scan_iter(f"*{found.prefix}*"):
        found.redis.delete(key)


def code_of(call: Any, *args: Any, **more: Any) -> str:
    """The code of the refusal of a call."""
    with pytest.raises((tk.NotAuthorized, tk.ValidationError)) as refused:
        call(*args, **more)
    model.Session.rollback()
    error = refused.value
    if isinstance(error, tk.ValidationError):
        found: Any = error.error_dict.get("code") or [str(error.error_dict)]
        return str(found[0])
    return str(error).partition(" · ")[0]

"""A town to review in: an agency, the two offices, and their people; entries submitted and signed as people do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckan import model
from ckan.tests import factories

from ckanext.anshan.inspection.model import report
from ckanext.anshan.people import options
from ckanext.anshan.review import checklists, scans
from tests.integration import support
from tests.integration.catalogue.conftest import Agency, create, make_agency, person
from tests.integration.support import as_user

User = Mapping[str, Any]
PLAIN = "停车场名称\n站前停车场\n胜利广场停车场\n".encode()


@dataclass(frozen=True)
class Town:
    agency: Agency
    cyberspace: User
    bureau: User
    second_cyberspace: User
    second_bureau: User

    @property
    def editor(self) -> User:
        return self.agency.publisher

    @property
    def head(self) -> User:
        return self.agency.head


def office(name: str) -> tuple[User, User]:
    """Two people of an office."""
    people = person(name, "member"), person(name, "editor")
    organization = model.Group.get(name)
    if organization is None:
        organization = model.Group.get(factories.Organization(name=name)["id"])
    assert organization is not None
    for user, capacity in zip(people, ("member", "editor"), strict=True):
        given = {"id": organization.id, "username": user["name"], "role": capacity}
        support.call_action("organization_member_create", {"ignore_auth": True, "user": sysadmin()}, **given)
    return people


def sysadmin() -> str:
    return support.call_action("get_site_user", {"ignore_auth": True})["name"]


def make(group: str = "own") -> Town:
    cyberspace, bureau = office(options.cyberspace_org()), office(options.bureau_org())
    return Town(make_agency(group), cyberspace[0], bureau[0], cyberspace[1], bureau[1])


def entry(town: Town, content: bytes | None = PLAIN, name: str = "停车场.csv", **more: Any) -> dict[str, Any]:
    """A complete entry with a file."""
    found = create(town.agency, more.pop("opening_class", "unconditional"), **{**COMPLETE, **more})
    if content is not None:
        support.upload({"publisher": town.editor}, found, name, content)
    return as_user(town.editor, "package_show", id=found["id"])


COMPLETE = {
    "collecting_agency": "交通局",
    "approving_agency": "交通局",
    "license_id": "cc-by",
    "data_formats": ["csv"],
    "themes": [],
}


def scanned(severity: str = "") -> None:
    """The scans that wait are done at once, as clean ones or with a finding of this severity: what the scanner does
    itself other tests show."""
    found = [] if not severity else [FINDING | {"severity": severity}]
    told = {"version": "1.2", "findings": found, "readable": True, "type": "csv"}
    waiting = report.c.state.in_(["queued", "running"])
    done = {"state": "done", "report": told, "severity": severity, "progress": 1}
    model.Session.execute(report.update().where(waiting).values(done))
    model.Session.commit()
    scans.collect_all()


FINDING = {
    "where": "停车场.csv › 电话",
    "kind": "mobile",
    "rule": "digits",
    "count": 2,
    "share": 1.0,
    "severity": "block",
    "confidence": 0.9,
    "examples_masked": ["138****2107"],
    "why": "",
    "remedies": ["drop", "mask"],
    "articles": ["pipl:28"],
    "part": "停车场.csv",
    "column": "电话",
    "facts": {},
}


def submit(town: Town, found: Mapping[str, Any], severity: str = "", **more: Any) -> dict[str, Any]:
    """Submitted by the editor, its scans done."""
    made = as_user(town.editor, "anshan_submission_create", id=found["id"], **more)
    scanned(severity)
    return show(town.editor, made["id"])


def show(user: User, id: str) -> dict[str, Any]:
    model.Session.rollback()
    return as_user(user, "anshan_submission_show", id=id)


def sign(user: User, made: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    given = {"id": made["id"], "hash": made["hash"], "answers": answers(user, made)}
    return as_user(user, "anshan_submission_sign", **{**given, **more})


def answers(user: User, made: Mapping[str, Any]) -> dict[str, str]:
    return {one["id"]: checklists.YES for one in show(user, made["id"])["checklist"]}


def sign_all(town: Town, made: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    for user in (town.head, town.cyberspace, town.bureau):
        made = sign(user, made, **more)
    return made


def publish(town: Town, found: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Submitted, signed by all and published."""
    return sign_all(town, submit(town, found, **more))

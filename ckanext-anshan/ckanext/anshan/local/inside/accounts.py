"""The accounts to try the portal with: every role of the regulation, passwords generated, kept in accounts.json."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from .. import files

AGENCIES = 2
EXAMPLE = ("example-agency", "示例数据提供部门")


@dataclass(frozen=True)
class Wanted:
    role: str
    name: str
    fullname: str
    organization: str = ""
    capacity: str = ""


ADMINISTRATOR = Wanted("sysadmin", "portal-admin", "系统管理员")


def make(path: Path, everybody: bool = True) -> int:
    """Have all accounts, in CKAN and in the file; who is in both already is left alone. Gives their number.

    :param everybody: without it only the administrator's, and the two offices without members
    """
    known = {entry["name"]: entry for entry in files.read_json(path, [])}
    wanted = list(_wanted() if everybody else _administration())
    for one in wanted:
        if one.name not in known or model.User.get(one.name) is None:
            known[one.name] = _account(one)
            files.write_json(path, list(known.values()))
        _join(one)
    if everybody and EXAMPLE[0] not in {one.organization for one in wanted} and _retire_example():
        examples = {name for name in known if name.startswith(f"{EXAMPLE[0]}-")}
        known = {name: entry for name, entry in known.items() if name not in examples}
        files.write_json(path, list(known.values()))
    return len(known)


def _retire_example() -> bool:
    """Take the example agency away, with its accounts, once real ones are there; kept where it has entries."""
    example = model.Group.get(EXAMPLE[0])
    if example is None:
        return True
    if model.Session.query(model.Package).filter_by(owner_org=example.id, state="active").first() is not None:
        return False
    for user in model.Session.query(model.User).filter(model.User.name.startswith(f"{EXAMPLE[0]}-")).all():
        _act("user_delete", id=user.id)
    _act("organization_purge", id=example.id)
    return True


def _administration() -> Iterator[Wanted]:
    yield ADMINISTRATOR
    _offices()


def _wanted() -> Iterator[Wanted]:
    yield ADMINISTRATOR
    for number in (1, 2):
        yield Wanted("applicant", f"applicant-{number}", f"数据申请人{number}")
    bureau, cyberspace = _offices()
    for number in (1, 2):
        yield Wanted("bureau", f"bureau-{number}", f"大数据主管部门审核员{number}", bureau, "editor")
        yield Wanted("cyberspace", f"cyberspace-{number}", f"网信部门审核员{number}", cyberspace, "editor")
    for agency, title in _agencies({bureau, cyberspace}):
        yield Wanted("publisher", f"{agency}-publisher"[:90], f"{title}数据专员", agency, "editor")
        yield Wanted("agency_head", f"{agency}-head"[:90], f"{title}第一责任人", agency, "admin")


def _act(name: str, /, **data: Any) -> Any:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(name)({"ignore_auth": True, "user": site}, data)


def _offices() -> tuple[str, str]:
    bureau = _office("ckanext.anshan.bureau_org", "大数据主管部门")
    return bureau, _office("ckanext.anshan.cyberspace_org", "网信部门")


def _office(option: str, title: str) -> str:
    return _organization(tk.config[option], title)


def _organization(name: str, title: str) -> str:
    if model.Group.get(name) is None:
        _act("organization_create", name=name, title=title)
    return name


def _agencies(offices: set[str]) -> list[tuple[str, str]]:
    """The first agencies by name; an example where the portal has none yet."""
    rows = (
        model.Session.query(model.Group.name, model.Group.title)
        .filter_by(is_organization=True, state="active")
        .filter(model.Group.name.notin_(offices))
        .order_by(model.Group.name)
    )
    found = [(str(name), str(title)) for name, title in rows if name != EXAMPLE[0]]
    return found[:AGENCIES] or [(_organization(*EXAMPLE), EXAMPLE[1])]


def _account(one: Wanted) -> dict[str, str]:
    password = secrets.token_urlsafe(12)
    if model.User.get(one.name) is None:
        _act(
            "user_create", name=one.name, fullname=one.fullname, email=f"{one.name}@example.com", password=password
        )  # fmt: skip
    user = model.User.get(one.name)
    assert user is not None
    user.password = password
    user.sysadmin = one.role == "sysadmin"
    model.repo.commit()
    token = _act("api_token_create", user=one.name, name="accounts.json")["token"]
    return {"role": one.role, "name": one.name, "password": password, "token": token}


def _join(one: Wanted) -> None:
    if not one.organization:
        return
    user, group = model.User.get(one.name), model.Group.get(one.organization)
    assert user is not None and group is not None
    found = (
        model.Session.query(model.Member)
        .filter_by(group_id=group.id, table_id=user.id, table_name="user", state="active")
        .first()
    )
    if found is None or found.capacity != one.capacity:
        _act("organization_member_create", id=group.id, username=one.name, role=one.capacity)

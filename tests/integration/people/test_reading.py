"""Who sees entries: the agency, the bureau, the cyberspace office, and nobody else, on any way."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.anshan.people import options, roles
from ckanext.anshan.people.rules import Role
from tests.integration.catalogue.conftest import Agency, create, patch, person
from tests.unit.catalogue.entries import entry

pytestmark = pytest.mark.usefixtures("with_plugins")


def office_member(name: str, capacity: str = "member") -> dict[str, Any]:
    user = person(name, capacity)
    if model.Group.get(name) is None:
        factories.Organization(name=name)
    call_action("organization_member_create", id=name, username=user["name"], role=capacity)
    return user


@pytest.fixture
def people(agency: Agency, other_agency: Agency) -> dict[str, Any]:
    return {
        "publisher": agency.publisher,
        "head": agency.head,
        "reader": agency.reader,
        "stranger": other_agency.publisher,
        "bureau": office_member(options.bureau_org()),
        "cyberspace": office_member(options.cyberspace_org()),
        "applicant": person("applicants", "none"),
        "visitor": None,
    }


SEE = ["publisher", "head", "reader", "bureau", "cyberspace"]
BLIND = ["stranger", "applicant", "visitor"]


def context(user: dict[str, Any] | None) -> dict[str, Any]:
    return {"user": user["name"] if user else "", "ignore_auth": False}


def reads(user: dict[str, Any] | None, action: str, **given: Any) -> bool:
    try:
        call_action(action, context(user), **given)
    except tk.NotAuthorized:
        return False
    return True


def test_the_entry_and_its_files_are_shown_to_those_people_only(agency: Agency, people: dict[str, Any]) -> None:
    made = create(agency, resources=[{"url": "http://example.com/a.csv"}])
    resource = made["resources"][0]["id"]
    assert [name for name, user in people.items() if reads(user, "package_show", id=made["id"])] == SEE
    assert [name for name, user in people.items() if reads(user, "resource_show", id=resource)] == SEE
    assert [name for name, user in people.items() if reads(user, "resource_view_list", id=resource)] == SEE


def test_search_finds_it_for_those_people_only(agency: Agency, people: dict[str, Any]) -> None:
    made = create(agency, title="独一无二的目录")
    given = {"fq": f"id:{made['id']}", "include_private": True, "include_drafts": True}
    found = {n: call_action("package_search", context(u), **given)["count"] for n, u in people.items()}
    assert [name for name, count in found.items() if count] == SEE


def test_lists_and_completion_never_name_it_to_others(agency: Agency, people: dict[str, Any]) -> None:
    made = create(agency, title="独一无二的目录")
    for name in BLIND:
        ways = [
            call_action("package_list", context(people[name])),
            call_action("package_autocomplete", context(people[name]), q=made["name"]),
            call_action("current_package_list_with_resources", context(people[name])),
            call_action("resource_search", context(people[name]), query="name:独一"),
        ]
        assert made["name"] not in str(ways) and made["title"] not in str(ways)


def test_a_draft_is_hidden_like_any_entry(agency: Agency, people: dict[str, Any]) -> None:
    made = create(agency, state="draft")
    assert [name for name, user in people.items() if reads(user, "package_show", id=made["id"])] == SEE


def test_activity_tells_nobody_else(agency: Agency, people: dict[str, Any]) -> None:
    made = create(agency)
    patch(agency, made["id"], title="改过的名称")
    for name in BLIND:
        assert not reads(people[name], "package_activity_list", id=made["id"])
        told = call_action("organization_activity_list", context(people[name]), id=agency.id)
        told += call_action("recently_changed_packages_activity_list", context(people[name]))
        assert made["id"] not in str(told)


@pytest.mark.parametrize("name", ["reader", "stranger", "applicant", "visitor", "bureau", "cyberspace"])
def test_only_editors_and_admins_of_the_agency_write(agency: Agency, people: dict[str, Any], name: str) -> None:
    made = create(agency)
    asked = context(people[name])
    with pytest.raises(tk.NotAuthorized):
        call_action("package_patch", asked, id=made["id"], title="改")
    with pytest.raises(tk.NotAuthorized):
        call_action("package_delete", asked, id=made["id"])
    with pytest.raises(tk.NotAuthorized):
        call_action("resource_create", asked, package_id=made["id"], url="http://example.com")
    with pytest.raises(tk.NotAuthorized):
        call_action("package_create", asked, type="entry", owner_org=agency.id, **entry())
    assert call_action("package_show", id=made["id"])["title"] == made["title"]


@pytest.mark.parametrize("name", ["publisher", "head"])
def test_editors_and_admins_of_the_agency_do_write(agency: Agency, people: dict[str, Any], name: str) -> None:
    made = create(agency)
    assert call_action("package_patch", context(people[name]), id=made["id"], title="改")["title"] == "改"


def test_roles_come_from_memberships_alone(agency: Agency, people: dict[str, Any]) -> None:
    sysadmin = factories.Sysadmin()
    expected = {
        "publisher": {Role.PUBLISHER},
        "head": {Role.AGENCY_HEAD},
        "reader": set(),
        "bureau": {Role.BUREAU},
        "cyberspace": {Role.CYBERSPACE},
        "applicant": set(),
    }
    assert {n: roles.roles_of(people[n]["name"]) - {Role.APPLICANT} for n in expected} == expected
    assert roles.roles_of(sysadmin["name"]) == {Role.APPLICANT, Role.SYSADMIN}
    assert roles.roles_of(None) == set() and roles.roles_of("nobody-of-this-name") == set()
    assert agency.id in [each.org_id for each in roles.agencies_of(agency.publisher["name"])]
    assert roles.capacity_in(agency.head["name"], agency.id) == "admin"


def test_a_deleted_membership_counts_no_more(agency: Agency) -> None:
    sysadmin = {"user": factories.Sysadmin()["name"]}
    call_action("organization_member_delete", sysadmin, id=agency.id, username=agency.publisher["name"])
    assert agency.id not in [each.org_id for each in roles.agencies_of(agency.publisher["name"])]


def test_a_deleted_account_has_no_role() -> None:
    user = factories.User()
    assert roles.roles_of(user["id"]) == {Role.APPLICANT}
    call_action("user_delete", id=user["id"])
    assert roles.roles_of(user["id"]) == set()

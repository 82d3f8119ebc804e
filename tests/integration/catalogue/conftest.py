"""Agencies with people, and entries made through CKAN's own actions."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.anshan.catalogue import uscc
from tests.unit.catalogue.entries import entry


@dataclass(frozen=True)
class Agency:
    id: str
    uscc: str
    publisher: dict[str, Any]
    head: dict[str, Any]
    reader: dict[str, Any]


def random_uscc() -> str:
    first = "11210300" + f"{uuid.uuid4().int % 10**9:09d}"
    return first + uscc.check_character(first)


_people: dict[tuple[str, str], dict[str, Any]] = {}


def person(group: str, capacity: str) -> dict[str, Any]:
    """An account that tests share: making one takes longer than most tests."""
    known = _people.get((group, capacity))
    if known is None or model.User.get(known["id"]) is None:
        name = f"p-{uuid.uuid4().hex[:12]}"  # the factory's own names and addresses come twice
        known = _people[group, capacity] = factories.UserWithToken(name=name, email=f"{name}@ckan.example.com")
    return known


def make_agency(group: str = "own", **more: Any) -> Agency:
    """A new agency; its people are those of earlier agencies of the same group."""
    people = {capacity: person(group, capacity) for capacity in ("editor", "admin", "member")}
    users = [{"name": user["name"], "capacity": capacity} for capacity, user in people.items()]
    organization = factories.Organization(users=users, **{"uscc": random_uscc(), **more})
    code = organization.get("uscc", "")
    return Agency(organization["id"], code, people["editor"], people["admin"], people["member"])


@pytest.fixture
def agency(with_plugins: None) -> Agency:
    return make_agency()


@pytest.fixture
def other_agency(with_plugins: None) -> Agency:
    return make_agency("other")


def create(agency: Agency, kind: str = "unconditional", **more: Any) -> dict[str, Any]:
    """Made by the agency's publisher, authorization included."""
    context = {"user": agency.publisher["name"], "ignore_auth": False}
    return call_action("package_create", context, type="entry", owner_org=agency.id, **entry(kind, **more))


def patch(agency: Agency, id: str, **more: Any) -> dict[str, Any]:
    return call_action("package_patch", {"user": agency.publisher["name"], "ignore_auth": False}, id=id, **more)


Errors = dict[str, Any]


@pytest.fixture
def errors_of() -> Callable[..., Errors]:
    """What CKAN says of a call that it refuses."""
    import ckan.plugins.toolkit as tk

    def run(call: Callable[..., Any], *args: Any, **more: Any) -> Errors:
        with pytest.raises(tk.ValidationError) as refused:
            call(*args, **more)
        return refused.value.error_dict

    return run

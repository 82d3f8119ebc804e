"""People who apply, made as they do it themselves; their numbers are made up, with check characters that fit."""

from __future__ import annotations

import io
import itertools
import random
import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.anshan.applicants import rules
from ckanext.anshan.catalogue import uscc
from tests.integration.review import town
from tests.integration.support import as_user

User = Mapping[str, Any]
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
_days = itertools.count(random.randrange(1000, 9000))


def resident_id() -> str:
    """Of nobody: area 210302, a day and an order that were used by no other test."""
    number = next(_days)
    first = f"210302{1950 + number % 50}{1 + number % 12:02}{1 + number % 28:02}{random.randrange(1000):03}"
    return first + rules.id_check_character(first)


def code() -> str:
    first = "91210300" + "".join(random.choices("0123456789ABCDEFGH", k=9))
    return first + uscc.check_character(first)


def user() -> User:
    """Without a password: hashing one takes longer than most tests."""
    name = f"a-{uuid.uuid4().hex[:12]}"
    made = model.User(name=name, email=f"{name}@ckan.example.com")
    model.Session.add(made)
    model.Session.commit()
    return {"id": made.id, "name": name, "email": made.email}


def token(who: User) -> dict[str, str]:
    """Headers of whoever asks for a page or for an action."""
    return {
        "Authorization": str(
            call_action("api_token_create", {"ignore_auth": True}, user=who["id"], name="test")["token"]
        )
    }


@cache
def bureau() -> User:
    return town.office(tk.config["ckanext.anshan.bureau_org"])[0]


@cache
def second_bureau() -> User:
    return town.office(tk.config["ckanext.anshan.bureau_org"])[1]


def fill_in(who: User, **more: Any) -> dict[str, Any]:
    given = {"name": "李明华", "number": resident_id(), "phone": "13912345678", **more}
    return as_user(who, "anshan_applicant_update", **given)


def attorney(name: str = "委托书.pdf", content: bytes = PDF) -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def found(who: User, **more: Any) -> dict[str, Any]:
    given = {
        "kind": "company",
        "name": "鞍山某某科技有限公司",
        "uscc": code(),
        "contact": "王小明",
        "phone": "0412-5551234",
    }
    given |= {"email": "wang@example.com", "upload": attorney()}
    return as_user(who, "anshan_applicant_organization_create", **{**given, **more})


def act(who: User, made: Mapping[str, Any], command: str, what: str = "organization", **more: Any) -> dict[str, Any]:
    context = {"user": who["name"], "ignore_auth": False}
    return call_action(f"anshan_applicant_{what}_{command}", context, **{"id": made["id"], **more})


def show(who: User, made: Mapping[str, Any]) -> dict[str, Any]:
    return act(who, made, "show")


def verified(who: User, **more: Any) -> dict[str, Any]:
    made = act(who, found(who, **more), "submit")
    return act(bureau(), made, "verify", version=made["version"])


def join(made: Mapping[str, Any], representative: User, member: User) -> dict[str, Any]:
    act(representative, made, "invite", "member", user=member["name"])
    return act(member, made, "accept", "member")


def code_of(call: Any, *args: Any, **more: Any) -> str:
    """The code of the refusal of a call."""
    with pytest.raises((tk.NotAuthorized, tk.ValidationError)) as refused:
        call(*args, **more)
    error = refused.value
    if isinstance(error, tk.ValidationError):
        model.Session.rollback()
        told: Any = error.error_dict
        return str(told["code"][0])
    return str(error).partition(" · ")[0]

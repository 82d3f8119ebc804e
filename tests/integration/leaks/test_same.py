"""To whoever has no part in it, what is there and what isn't answer alike: status, code and words."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from ckan.plugins import toolkit as tk

from tests.integration.conftest import made

from .classes import CLASSES
from .test_actions import GIVEN, answer, names
from .trying import once, rolled_back
from .world import Actor, world

pytestmark = pytest.mark.usefixtures("with_plugins")

STRANGERS = ("visitor", "user", "granted_other", "other_head", "sysadmin", "token_other")
MISSING = {"number": "SQ-2026-999999", "id": str(uuid.uuid4())}
PRIVATE = ("application", "judge", "grant")


def told(name: str, actor: Actor, id: str) -> str:
    """An answer or a refusal, without what was asked for."""
    return re.sub(re.escape(id), "…", repr(answer(name, actor, {**GIVEN, "id": id})))


@pytest.mark.parametrize("who", STRANGERS)
def test_an_action_refuses_a_foreign_case_like_one_that_isnt_there(who):
    actor, unlike = world().actors[who], []
    cases = [one for one in world().objects["application"] if one["state_made"] in ("draft", "submitted", "granted")]
    turn = STRANGERS.index(who)  # one case in each place, another one from place to place
    with rolled_back() as connection:
        for name in names():
            if not any(name in CLASSES[one].actions for one in PRIVATE):
                continue
            turn += 1
            case = cases[turn % len(cases)]
            kind = "number" if case["id"] == case["number"] else "id"
            with once(connection):
                there = told(name, actor, case["id"])
            with once(connection):
                if there != told(name, actor, MISSING[kind]):
                    unlike.append((name, case["state_made"], there[:200]))
    assert unlike == []


PAGES = (
    "/application/{number}",
    "/application/{number}/clock",
    "/application/{number}/edit/scope",
    "/application/{number}/examine",
    "/application/{number}/judge/approve",
    "/application/{number}/agreement",
    "/application/{number}/agreement.pdf",
    "/application/{number}/attachment/x",
    "/grant/{number}",
    "/grant/{number}/x/y.csv",
)


@pytest.mark.parametrize("who", STRANGERS)
def test_a_page_refuses_a_foreign_case_like_one_that_isnt_there(who):
    client, actor = made().test_client(use_cookies=False), world().actors[who]
    for page in PAGES:
        for state in ("draft", "granted"):
            number = next(one["number"] for one in world().objects["application"] if one["state_made"] == state)
            there, missing = (seen(client, page, actor, one) for one in (number, MISSING["number"]))
            assert there == missing, (page, state)
            assert there[0] != 200, page


def seen(client: Any, page: str, actor: Actor, number: str) -> tuple[int, str, str]:
    headers = {**actor.headers, "Accept": "text/html"}
    answer = client.get(page.format(number=number), headers=headers, base_url=tk.config["ckan.site_url"])
    body = re.sub(r'nonce="[^"]*"|name="_csrf_token"[^>]*|content="Ij[^"]*"', "", answer.get_data(as_text=True))
    return answer.status_code, body.replace(number, "…"), (answer.location or "").replace(number, "…")

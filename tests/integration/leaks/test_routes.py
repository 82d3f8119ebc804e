"""Every rule of the URL map, asked for by every kind of actor with what there is: bodies, headers and addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from zlib import crc32

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from flask import Response
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from tests.integration.application.town import PASSWORD
from tests.integration.conftest import made

from . import canaries, meeting
from .belonging import PEOPLE, strays
from .classes import of_endpoint
from .test_actions import beyond
from .trying import once, rolled_back
from .world import Actor, Made, World, world

pytestmark = pytest.mark.usefixtures("with_plugins")

UNTRIED: Mapping[str, str] = {
    "user.delete": "logs its caller out of the requests that follow",
    "api.action": "every action is called in test_actions",
}

FORM = {
    **dict.fromkeys(("reason", "article", "text", "question", "answer", "declaration", "explanation", "redress"), "x"),
    "opinion": "agree",
    "ground": "no_basis",
    "password": PASSWORD,
    "why": "x",
    "save": "x",
    "name": "x",
    "title": "x",
    "go": "next",
}
"""What forms send beside what they are about."""

DEFAULTS = {"type": "entry", "ending": "ttl", "form": "entries", "format": "csv", "lang": "en", "storage_name": "vault"}
DEFAULTS |= {"location": "ab/cd/x", "version": "1", "path": "x", "token": "x", "filename": "x", "view_id": "x"}


@cache
def rules() -> list[Rule]:
    with_files = made().url_map if hasattr(made(), "url_map") else made().flask_app.url_map
    return [rule for rule in with_files.iter_rules() if rule.endpoint not in UNTRIED]


def path(rule: Rule, named: Made, choice: int) -> str:
    """With the parameters of an object wherever the rule has one of that name."""
    values: dict[str, Any] = {}
    for name in rule.arguments - set(rule.defaults or ()):
        how = rule._converters.get(name)
        if isinstance(how, AnyConverter):
            words = sorted(how.items)
            values[name] = words[choice % len(words)]
        elif isinstance(how, IntegerConverter):
            values[name] = how.min or 1
        else:
            values[name] = str(
                named.get(name) or named.get("id") if name not in DEFAULTS else named.get(name) or DEFAULTS[name]
            )
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return built[1]


def asked(rule: Rule, method: str, actor: Actor, found: World) -> Iterator[tuple[str, Made]]:
    """Addresses, with the form that goes there."""
    one = of_endpoint(rule.endpoint)
    choice = crc32(f"{rule.rule} {actor.name}".encode())
    if not rule.arguments - set(rule.defaults or ()):
        yield path(rule, {}, choice), {}
        return
    whole = method == "GET" and actor.name == "user"  # a page costs ten times what the actions beneath it cost
    for named in meeting.objects(found, one, f"{method} {rule.rule}", actor.name, reads=whole):
        yield path(rule, named, choice), named


def requests_of(actor: Actor) -> Iterator[tuple[str, str, str, Made]]:
    """Endpoint, method, address and form of each; two rules of one address are one."""
    known: set[tuple[str, str]] = set()
    for rule in rules():
        if actor not in meeting.actors(world(), of_endpoint(rule.endpoint), rule.rule):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for address, named in asked(rule, method, actor, world()):
                if (method, address) not in known:
                    known.add((method, address))
                    yield rule.endpoint, method, address, named


def send(client: Any, method: str, address: str, actor: Actor, form: Made) -> Response | None:
    """Whatever is answered; an error that nobody catches is none."""
    more = {"data": {**FORM, **{key: value for key, value in form.items() if isinstance(value, str)}}}
    try:
        answer = client.open(
            address,
            method=method,
            headers=dict(actor.headers),
            base_url=tk.config["ckan.site_url"],
            **(more if method != "GET" else {}),
        )
        answer.get_data()
    except Exception:
        return None
    finally:
        model.Session.rollback()
    return answer


def told(answer: Response) -> set[str]:
    """In body, headers and address; what the request itself named is known already."""
    headers = json.dumps(sorted(map(str, answer.headers.items())), ensure_ascii=False)
    return canaries.found(headers) | canaries.found_in_body(answer.get_data(), answer.content_type or "")


def found_by(actor: Actor) -> Iterator[tuple[str, str, set[str]]]:
    client = made().test_client(use_cookies=False)
    with rolled_back() as connection:
        for endpoint, method, address, form in requests_of(actor):
            with once(connection):
                answer = send(client, method, address, actor, form)
            own = canaries.found(f"{address} {form}")
            yield endpoint, f"{method} {address}", (told(answer) - own if answer else set())


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_tells_anybody_what_isnt_theirs(who):
    wrong = []
    for endpoint, address, places in found_by(world().actors[who]):
        wrong += [(endpoint, address, place) for place in sorted(strays(places, who, endpoint))]
        wrong += [(endpoint, address, place, "class") for place in sorted(beyond(of_endpoint(endpoint), places))]
    assert wrong == []

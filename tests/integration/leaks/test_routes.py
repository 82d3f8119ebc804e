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
from sqlalchemy.exc import InternalError, PendingRollbackError
from sqlalchemy.orm.exc import DetachedInstanceError
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from tests.integration.conftest import made

from . import canaries, meeting
from .belonging import PEOPLE, strays
from .classes import of_endpoint
from .test_actions import beyond
from .trying import SAID, once, rolled_back
from .world import Actor, Made, World, world

pytestmark = pytest.mark.usefixtures("with_plugins")

UNTRIED: Mapping[str, str] = {
    "user.delete": "logs its caller out of the requests that follow",
    "api.action": "every action is called in test_actions",
}

FORM = {
    **SAID,
    "save": "x",
    "name": "x",
    "title": "x",
    "go": "next",
}
"""What forms send beside what they are about."""

DEFAULTS = {"type": "entry", "ending": "ttl", "form": "own", "format": "csv", "lang": "en", "storage_name": "vault"}
DEFAULTS |= {"location": "ab/cd/x", "version": "1", "path": "x", "token": "x", "filename": "x", "view_id": "x"}

WANTED = {
    ("anshan_application.attachment", "id"): "attachment",
    ("anshan_review.attachment", "id"): "attachment",
    ("anshan_audit.history", "type"): "history",
}
"""Parameters of an address that aren't what they are called."""


_answered: set[str] = set()


@cache
def rules() -> list[Rule]:
    return [rule for rule in made().url_map.iter_rules() if rule.endpoint not in UNTRIED]


def path(rule: Rule, named: Made, choice: int) -> str:
    """With the parameters of an object wherever the rule has one of that name."""
    values: dict[str, Any] = {}
    for name in rule.arguments - set(rule.defaults or ()):
        how = rule._converters.get(name)
        if isinstance(how, AnyConverter):
            words = sorted(how.items)
            values[name] = words[choice % len(words)]
        else:
            given = str(named.get(WANTED.get((rule.endpoint, name), name)) or DEFAULTS.get(name) or named.get("id"))
            is_number = isinstance(how, IntegerConverter)
            values[name] = (int(given) if given.isdecimal() else how.min or 1) if is_number else given
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
    for named in meeting.about(found, one, rule.rule, actor.name, reads=method == "GET"):
        yield path(rule, named, choice), named


def requests_of(actor: Actor) -> Iterator[tuple[Rule, str, str, Made]]:
    """Rule, method, address and form of each; two rules of one address are one."""
    known: set[tuple[str, str]] = set()
    for rule in rules():
        if actor not in meeting.actors(world(), of_endpoint(rule.endpoint), rule.rule):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for address, named in asked(rule, method, actor, world()):
                if (method, address) not in known:
                    known.add((method, address))
                    yield rule, method, address, named


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
    except (DetachedInstanceError, PendingRollbackError, InternalError):
        raise
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
        for rule, method, address, form in requests_of(actor):
            with once(connection):
                answer = send(client, method, address, actor, form)
            if method == "GET" and answer and answer.status_code < 400:
                _answered.add(rule.rule)
            own = canaries.found(f"{address} {form}")
            yield rule.endpoint, f"{method} {address}", (told(answer) - own if answer else set())


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_tells_anybody_what_isnt_theirs(who):
    wrong = []
    for endpoint, address, places in found_by(world().actors[who]):
        wrong += [(endpoint, address, place) for place in sorted(strays(places, who, endpoint))]
        wrong += [(endpoint, address, place, "class") for place in sorted(beyond(of_endpoint(endpoint), places))]
    assert wrong == []


SILENT: Mapping[str, str] = {
    **dict.fromkeys(("static", "webassets.index", "anshan_theme.asset", "anshan_theme.library"), "files of the theme"),
    **dict.fromkeys(("anshan_audit.checkpoint", "anshan_audit.tile"), "nothing seals the log while the tests run"),
    **dict.fromkeys(("anshan_import.show", "anshan_import.findings"), "nobody imports here"),
    "anshan_preview.places": "no table here has places",
    **dict.fromkeys(("file.download", "file.public_download", "file.trusted_download"), "the vault has its own door"),
    **dict.fromkeys((f"dataset.{one}" for one in ("new", "edit", "delete", "resources")), "versions never change"),
    **dict.fromkeys(
        (f"dataset_resource.{one}" for one in ("new", "edit", "delete", "edit_view", "view", "views")), "as before"
    ),
    **dict.fromkeys(
        (f"resource.{one}" for one in ("new", "edit", "delete", "edit_view", "view", "views")), "as before"
    ),
    **dict.fromkeys(("entry_resource.view", "entry_resource.edit_view", "datastore.dictionary"), "there are no views"),
    **dict.fromkeys(
        (f"activity.{one}_changes_multiple" for one in ("package", "group", "organization")), "wants a form"
    ),
    **dict.fromkeys(
        ("activity.group_changes", "activity.organization_changes", "activity.resource_history"), "has none"
    ),
    **dict.fromkeys(("group.bulk_process", "group.member_delete", "organization.member_delete"), "wants a form"),
    **dict.fromkeys(("user.perform_reset", "util.internal_redirect"), "wants a key, an address"),
}
"""Endpoints that show nobody anything here, and why."""


def test_every_page_answers_somebody():
    """A page that refused whoever asked would tell nothing because it was asked for wrongly."""
    there = {rule.endpoint for rule in rules() if "GET" in (rule.methods or ())}
    answered = {rule.endpoint for rule in rules() if rule.rule in _answered}
    assert there - answered - set(SILENT) == set()
    assert set(SILENT) <= there


def test_whoever_should_see_a_page_does():
    """What was granted is handed out to whoever it was granted to, with the canaries of its rows and columns."""
    for who, state, place in (
        ("granted", "granted", "data.conditional.granted.in"),
        ("token", "granted", "data.conditional.granted.in"),
        ("granted_other", "granted_other", "data.other.granted.out"),
        ("other_editor", "shared", "data.shared.granted.in"),
    ):
        grant = next(one for one in world().objects["grant"] if one["state_made"] == state)
        address = f"/grant/{grant['number']}/{grant['dataset']}/{grant['name']}"
        with rolled_back():
            answer = send(made().test_client(use_cookies=False), "GET", address, world().actors[who], {})
        assert answer and answer.status_code == 200 and place in told(answer), (who, answer)


def test_the_matrix_finds_what_is_planted_in_a_page(monkeypatch):
    """A body, a header and an address that tell what they shouldn't, on a page that everybody is shown."""
    body, header, address = (canaries.tokens(one)[0] for one in ("data.other.granted.in", "typed.title", "review.text"))

    def leaking():
        return f"<p>{body}</p>", 302, {"X-Cause": header, "Location": f"/dataset/{address}"}

    monkeypatch.setitem(made().view_functions, "home.about", leaking)
    monkeypatch.setattr(f"{__name__}.rules", lambda: list(made().url_map.iter_rules("home.about")))
    places = [strays(found, "user", endpoint) for endpoint, _, found in found_by(world().actors["user"])]
    assert places == [{"data.other.granted.in", "typed.title", "review.text"}]

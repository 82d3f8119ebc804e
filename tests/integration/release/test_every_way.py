"""Every way to write that CKAN, its plugins and the portal have, tried by everybody: what is public stays as it is.

Actions come from the registry and routes from the URL map, so that a new one is tried as soon as it is there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.logic import _actions, get_action
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckanext.datastore.backend.postgres import get_read_engine
from werkzeug.routing import AnyConverter, IntegerConverter

from ckanext.anshan.audit import states

from ..conftest import made
from ..review.town import Town, entry, make, publish
from ..support import published as public_of
from ..support import work
from .test_guards import CALLS, filled

pytestmark = pytest.mark.usefixtures("with_plugins")

MAY = {("anshan_release_suspend", "cyberspace")}
"""The one way to change what is public without three keys: the cyberspace office takes it off (article 46)."""

UNTRIED: Mapping[str, str] = {
    "user_delete": "ends the account that the next call is made with",
    "activity_delete_all": "takes away what other tests look at",
    "job_clear": "takes away what other tests wait for",
}


@cache
def town() -> Town:
    return make("every way")


@cache
def public() -> dict[str, Any]:
    with made().test_request_context():
        return _public()


def _public() -> dict[str, Any]:
    found = entry(town())
    publish(town(), found)
    work()
    shown = public_of(found)
    resource = shown["resources"][0]["id"]
    view = model.ResourceView(resource_id=resource, view_type="text_view", title="x", order=0)
    model.Session.add(view)
    model.Session.commit()
    return {
        "id": shown["id"],
        "name": shown["name"],
        "org": shown["owner_org"],
        "resource": resource,
        "view": view.id,
        "entry": found,
        "entry_id": found["id"],
        "group": factories.Group()["name"],
    }


def everybody() -> dict[str, Mapping[str, Any] | None]:
    here = town()
    people = {"visitor": None, "applicant": _applicant(), "editor": here.editor, "head": here.head}
    return people | {"cyberspace": here.cyberspace, "bureau": here.bureau, "sysadmin": _sysadmin()}


@cache
def _applicant() -> Mapping[str, Any]:
    return factories.UserWithToken()


@cache
def _sysadmin() -> Mapping[str, Any]:
    return factories.SysadminWithToken()


def state() -> str:
    """All that is public of the dataset: its package, its versions, the rows of its tables."""
    model.Session.rollback()
    found = public()
    rows = [*model.Session.execute(sa.text(states.of(["dataset"]))), *_releases(found["id"])]
    mine = sorted(str(tuple(row)) for row in rows if found["id"] in str(tuple(row)))
    with get_read_engine().connect() as connection:
        is_there = connection.execute(sa.text("SELECT to_regclass(:name)"), {"name": f'"{found["resource"]}"'}).scalar()
        rows = sa.text(f'SELECT * FROM "{found["resource"]}" ORDER BY 1') if is_there else sa.text("SELECT 'gone'")
        table = [*map(tuple, connection.execute(rows))]
    return hashlib.sha256(json.dumps([mine, table], default=str).encode()).hexdigest()


def _releases(dataset_id: str) -> list[Any]:
    query = "SELECT to_jsonb(release)::text FROM anshan_release_release AS release WHERE dataset_id = :id"
    return list(model.Session.execute(sa.text(query), {"id": dataset_id}))


def writing() -> list[str]:
    get_action("package_show")
    return sorted(name for name, action in _actions.items() if not getattr(action, "side_effect_free", False))


def given(name: str) -> Iterator[Any]:
    """What an action is called with: as the guards' own tests do, and with the dataset wherever an id may stand."""
    if name in CALLS:
        yield filled(CALLS[name], public())
    found = public()
    common = {"id": found["id"], "dataset": found["id"], "package_id": found["id"], "resource_id": found["resource"]}
    more = {
        "reason": "x",
        "article": "x",
        "text": "x",
        "days": 1,
        "hash": "x",
        "remarks": [{"text": "x"}],
        "command": "sign",
    }
    written = {"title": "anders", "notes": "anders", "state": "deleted", "private": True, "scope": "dataset"}
    yield {**common, **more, **written, "submissions": [{"id": found["id"]}], "object": found["id"]}
    yield {**common, **more, "id": found["entry_id"], "match": {"id": found["id"]}, "update": {"title": "anders"}}


@pytest.mark.parametrize("who", ["visitor", "applicant", "editor", "head", "cyberspace", "bureau", "sysadmin"])
@pytest.mark.usefixtures("with_request_context")
def test_no_action_changes_what_is_public(who):
    before, user = state(), everybody()[who]
    changed = []
    for name in writing():
        if name in UNTRIED or (name, who) in MAY:
            continue
        for data in given(name):
            _call(name, user, data)
            if state() != before:
                changed.append(name)
                before = state()
    assert changed == []


def _call(name: str, user: Mapping[str, Any] | None, data: dict[str, Any]) -> None:
    context = {"user": user["name"] if user else "", "ignore_auth": False}
    with suppress(Exception):  # whatever it says: the state is what counts
        get_action(name)(context, data)  # pyright: ignore[reportArgumentType]
    model.Session.rollback()


FORM = {
    "title": "anders",
    "name": "anders",
    "save": "x",
    "delete": "x",
    "confirm": "true",
    "bulk_action.delete": "x",
    "state": "deleted",
    "reason": "x",
    "article": "x",
    "scope": "dataset",
    "text": "x",
}


def routes(app: Any) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and path of each route that takes more than GET, with the dataset wherever an id may stand."""
    found = public()
    values = {"resource_id": found["resource"], "view_id": found["view"], "dataset": found["name"]}
    adapter = app.flask_app.url_map.bind("test")
    for rule in app.flask_app.url_map.iter_rules():
        names = {name: values.get(name, found["name"]) for name in rule.arguments - set(rule.defaults or ())}
        for method in sorted(rule.methods - {"GET", "HEAD", "OPTIONS"}):
            for chosen in _chosen(rule) if rule.endpoint != "api.action" else ():
                yield rule.endpoint, method, adapter.build(rule.endpoint, names | chosen, method=method)


def _chosen(rule: Any) -> Iterator[dict[str, Any]]:
    """Numbers, and one of each word that a route chooses from."""
    numbers = {name: 1 for name, how in rule._converters.items() if isinstance(how, IntegerConverter)}
    words = {name: sorted(how.items) for name, how in rule._converters.items() if isinstance(how, AnyConverter)}
    for found in product(*words.values()):
        yield numbers | dict(zip(words, found, strict=True))


@pytest.mark.parametrize("who", ["visitor", "editor", "head", "bureau", "sysadmin", "cyberspace"])
def test_no_route_changes_what_is_public(who, app):
    before, user = state(), everybody()[who]
    headers = {"Authorization": user["token"]} if user else {}
    changed = []
    for endpoint, method, path in routes(app):
        if endpoint in LEAVES:
            continue
        found = public()
        data = {**FORM, "id": found["id"], "dataset": found["name"], "datasets": found["id"], "owner_org": found["org"]}
        with suppress(Exception):  # whatever it answers: the state is what counts
            app.client.open(path, method=method, data=data, headers=headers, base_url=tk.config["ckan.site_url"])
        if state() != before:
            changed.append(endpoint)
            before = state()
    allowed = {"anshan_suspension.suspend"} if who == "cyberspace" else set()
    assert set(changed) <= allowed


LEAVES: Mapping[str, str] = {
    "user.delete": "ends the account that the next call is made with",
}

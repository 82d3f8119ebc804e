"""Every action of the registry, called by every kind of actor with what there is: no canary in any wrong answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from fnmatch import fnmatchcase
from typing import Any
from zlib import crc32

import pytest
from ckan import model
from ckan.logic import _actions, get_action
from sqlalchemy.exc import InternalError, PendingRollbackError
from sqlalchemy.orm.exc import DetachedInstanceError

from . import canaries, meeting
from .belonging import PEOPLE, strays
from .classes import Class, of_action
from .trying import SAID, once, rolled_back
from .world import Actor, Made, world

pytestmark = pytest.mark.usefixtures("with_plugins")

UNTRIED: Mapping[str, str] = {
    "user_delete": "logs its caller out of the request that the next call is made in",
    "job_clear": "empties a queue in Redis, which isn't rolled back",
    "job_cancel": "takes a job out of a queue in Redis, which isn't rolled back",
}

ONCE: Mapping[str, str] = {
    "user_list": "lists every account whatever is named",
    "anshan_catalogue_export": "writes the whole catalogue whatever is named",
}
"""Slow, and the same each time."""

GIVEN = {
    **SAID,
    "internal": False,
    "remarks": [{"text": "x"}],
    "all": True,
}
"""What writing actions want beside what they are about."""


_answered: set[str] = set()


def reading(name: str) -> bool:
    return bool(getattr(_actions[name], "side_effect_free", False))


def names() -> list[str]:
    get_action("package_show")
    return sorted(set(_actions) - set(UNTRIED))


def answer(name: str, actor: Actor, data: Mapping[str, Any]) -> Any:
    """What it says, as a result or as an error; what comes of the test's own transactions is no answer."""
    try:
        with actor.asking():
            told = get_action(name)(actor.context, dict(data))  # pyright: ignore[reportArgumentType]
            _answered.add(name)
            return told
    except (DetachedInstanceError, PendingRollbackError, InternalError):
        raise
    except Exception as error:
        model.Session.rollback()
        return [str(error), getattr(error, "error_dict", None), getattr(error, "message", None)]


def calls(name: str, actor: Actor) -> Iterator[Made]:
    found = of_action(name)
    if reading(name):
        yield {}
    if name in ONCE:
        return
    more, exact = MORE.get(name, {}) if reading(name) else GIVEN, EXACT.get(name)
    for named in meeting.objects(world(), found, name, actor.name, reads=reading(name)):
        yield {**more, **exact(named)} if exact else {**more, **named}
    yield from SPECIAL.get(name, ())


MORE: Mapping[str, Made] = {
    "activity_diff": {"object_type": "package", "diff_type": "html"},
    "anshan_audit_history": {"type": "entry"},
    "anshan_dataset_compare": {"before": 1, "after": 1},
    "anshan_scan_difference": {"asked": []},
    "scheming_dataset_schema_show": {"type": "entry"},
    "scheming_organization_schema_show": {"type": "organization"},
}
"""What reading actions want beside what they are about."""

EXACT: Mapping[str, Callable[[Made], Made]] = {
    "anshan_grant_query": lambda named: {"id": named["id"]},
    "anshan_submission_preview": lambda named: {"id": named["id"], "file": named.get("name", "x")},
    "anshan_dataset_compare": lambda named: {"id": named.get("dataset", named["id"])},
}
"""Those that take nothing but their own parameters."""

ALL = {"include_private": True, "include_drafts": True, "include_deleted": True, "rows": 1000}
SPECIAL: Mapping[str, Sequence[Made]] = {
    "package_search": [
        {"q": "*:*", "fq": "+dataset_type:entry", **ALL},
        {"q": "*:*", "fl": ["res_url", "res_name", "validated_data_dict", "data_dict"], **ALL},
        {"q": "*:*", "rows": 0, "facet.field": ["res_url", "res_name", "title_string", "name"], "facet.limit": -1},
        {"q": "zqv*", "sort": "res_url asc", **ALL},
    ],
    "datastore_search": [{"resource_id": "_table_metadata", "limit": 32000}],
    "anshan_application_list": [{"side": side, "limit": 100} for side in ("applicant", "provider", "offices")],
    "anshan_grant_list": [{"side": side, "limit": 100} for side in ("holder", "provider", "office")],
    "anshan_submission_list": [{"mine": "all", "limit": 500}],
    "anshan_sharing_catalogue": [{"limit": 100, "offset": offset} for offset in (0, 100, 200)],
    "anshan_audit_search": [{"limit": 1000}],
    "anshan_application_register": [{"limit": 1000}],
    "anshan_notice_list": [{"limit": 100}],
    "help_show": [{"name": "anshan_grant_query"}],
    **{
        f"{kind}_autocomplete": [{"q": "zqv"}, {"q": "c", "limit": 100}, {"q": "公", "limit": 100}]
        for kind in ("package", "group", "organization", "format", "tag", "user")
    },
    "config_option_show": [{"key": "ckan.site_title"}],
    "resource_search": [{"query": f"{field}:zqv"} for field in ("name", "description", "url")],
}
"""What else says much at once."""


def found_by(actor: Actor) -> Iterator[tuple[str, set[str]]]:
    """Each action and the canaries in its answers; what it wrote is rolled back."""
    with rolled_back() as connection:
        for name in names():
            if actor not in meeting.actors(world(), of_action(name)):
                continue
            seen: set[str] = set()
            for data in calls(name, actor):
                with once(connection) if not reading(name) else nullcontext():
                    seen |= canaries.found_in(answer(name, actor, data))
            yield name, seen


def beyond(found: Class, places: set[str]) -> set[str]:
    """Those that nothing of this class has to do with."""
    return {place for place in places if not any(fnmatchcase(place, pattern) for pattern in found.may)}


@pytest.mark.parametrize("who", PEOPLE)
def test_no_action_tells_anybody_what_isnt_theirs(who):
    actor, wrong = world().actors[who], []
    for name, places in found_by(actor):
        wrong += [(name, place) for place in sorted(strays(places, who, name))]
        wrong += [(name, place, "not in this class") for place in sorted(beyond(of_action(name), places))]
    assert wrong == []


SILENT: Mapping[str, str] = {
    "anshan_audit_proof": "nothing seals the log while the tests run; tests/integration/audit asks it of a sealed one",
    "anshan_catalogue_import_show": "nobody imports here",
    "anshan_preview_places": "no table here has places",
    "anshan_scan_difference": "no scan here found anything that can be mended; tests/integration/inspection has such",
    "followee_count": "nobody follows anything",
    **{
        f"{kind}_follow{side}_{what}": "nobody follows anything"
        for kind in ("dataset", "group", "organization", "user")
        for side in ("er", "ee")
        for what in ("list", "count")
    },
    **dict.fromkeys(
        ("file_show", "job_show", "package_collaborator_list", "package_collaborator_list_for_user"),
        "switched off, or without anything that it could show",
    ),
    **dict.fromkeys(
        ("resource_view_show", "task_status_show", "term_translation_show", "vocabulary_show"),
        "the portal has none of them",
    ),
    **dict.fromkeys(("group_activity_list", "user_activity_list"), "refused to everybody"),
}
"""Reading actions that answer nobody here, and why."""


def test_every_action_that_reads_answers_somebody():
    """An action that refused whatever it was asked would tell nothing because it was asked wrongly."""
    assert {name for name in names() if reading(name)} - _answered - set(SILENT) == set()
    assert set(SILENT) <= set(names())


def test_whoever_should_see_something_does():
    """The matrix isn't quiet because its calls go wrong: what is theirs reaches each of them."""
    for who, name, data, place in (
        ("head", "anshan_application_show", _one("application", "granted"), "application.granted.internal"),
        ("granted", "anshan_application_show", _one("application", "granted"), "application.granted.purpose"),
        ("granted", "anshan_grant_query", _grant("granted"), "data.conditional.granted.in"),
        ("token", "anshan_grant_query", _grant("granted"), "data.conditional.granted.in"),
        ("granted_other", "anshan_grant_query", _grant("granted_other"), "data.other.granted.in"),
        ("editor", "package_search", SPECIAL["package_search"][0], "entry.unreleased.title"),
        ("bureau", "anshan_submission_show", world().objects["submission"][0], "review.internal.text"),
        ("editor", "anshan_catalogue_draft_show", {}, "typed.title"),
        ("bureau", "anshan_applicant_organization_show", world().objects["company"][0], "attorney.applying.file"),
    ):
        actor = world().actors[who]
        with rolled_back():
            assert place in canaries.found_in(answer(name, actor, data)), (who, name)


def _one(kind: str, state: str) -> Made:
    return next(one for one in world().objects[kind] if one["state_made"] == state)


def _grant(state: str) -> Made:
    return {"id": _one("application", state)["number"]}


def test_the_matrix_finds_what_is_planted(monkeypatch):
    """An action that tells a stranger a row, and one that only names a file in its error."""
    rows, file = canaries.tokens("data.conditional.granted.in")[0], canaries.tokens("file.closed.name")[0]

    def leaking(context, data_dict):
        return {"results": [{"deep": [rows.upper()]}]}

    def failing(context, data_dict):
        raise ValueError(f"{file}.csv can't be read")

    monkeypatch.setitem(_actions, "license_list", leaking)
    monkeypatch.setitem(_actions, "status_show", failing)
    monkeypatch.setattr(f"{__name__}.names", lambda: ["license_list", "status_show"])
    told = {name: strays(places, "user", name) for name, places in found_by(world().actors["user"])}
    assert told == {"license_list": {"data.conditional.granted.in"}, "status_show": {"file.closed.name"}}


# oracles: what is looked for is told by how many there are


def searched(name: str, actor: Actor, word: str) -> str:
    """The answer to a search for a word, without the word itself."""
    asked = {"q": word, "query": f"name:{word}", "text": word, "search": word, "title": word, "limit": 5}
    told = answer(name, actor, asked)
    return json.dumps(told, ensure_ascii=False, default=repr).replace(word, "").replace(word.upper(), "")


WORDS = ("entry.unreleased.title", "data.conditional.granted.in", "application.granted.purpose", "party.granted.name")
WORDS += ("file.closed.name", "review.text", "typed.title", "identity.granted.contact")
NONSENSE = "zqvaaaaaaaaaaaavqz"


@pytest.mark.parametrize("who", ["visitor", "user", "granted_other", "other_head"])
def test_no_search_answers_otherwise_when_it_finds_what_isnt_the_askers(who):
    actor = world().actors[who]
    hidden = [canaries.tokens(place)[0] for place in WORDS if strays({place}, who)]
    with rolled_back():
        for name in filter(reading, names()):
            nothing = searched(name, actor, NONSENSE)
            turn = crc32(name.encode())  # two words in each place, others from place to place
            for word in {hidden[turn % len(hidden)], hidden[(turn + 3) % len(hidden)]}:
                assert searched(name, actor, word) == nothing, (name, word)

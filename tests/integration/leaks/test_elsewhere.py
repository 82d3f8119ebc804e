"""Where nobody asks by name: the index, tables, kept pages, queues, mails, the log, and files of the server's log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from fnmatch import fnmatchcase
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from ckanext.datastore.backend.postgres import get_read_engine

from ckanext.anshan import rooms
from ckanext.anshan.people import mailing, roles
from ckanext.anshan.workflow import clock, outbox
from tests.integration.audit.test_alarming import mails
from tests.integration.conftest import made

from . import canaries
from .belonging import strays
from .world import world

__all__ = ["mails"]

pytestmark = pytest.mark.usefixtures("with_plugins")

KEPT_IN_INDEX = ("entry.*", "file.*", "data.*.header")
"""An entry's own document has its fields; who finds it is asked by labels. No rows, no texts of people."""
TOLD_IN_THE_LOG = (
    "application.*",
    "review.text",
    "entry.*",
    "file.*",
    "party.*.name",
    "data.*.header",
    "attorney.*.file",
)
"""Reasons, titles and names of files are what the log is for; whoever is, rows and secrets are not (article 46)."""
PERSONAL = (
    "identity.*",
    "secret.*",
    "data.*.in",
    "data.*.out",
    "data.*.row",
    "attorney.*.content",
    "application.*.contract",
)


def besides(places: set[str], *patterns: str) -> set[str]:
    return {place for place in places if not any(fnmatchcase(place, one) for one in patterns)}


def solr(handler: str, **asked: Any) -> str:
    return requests.get(f"{tk.config['solr_url']}/{handler}", params={"wt": "json", **asked}, timeout=30).text


def indexed() -> list[str]:
    """Names of the fields that the index has, stored or not."""
    return sorted(json.loads(solr("admin/luke", numTerms=0))["fields"])


def test_the_index_holds_entries_for_their_people_and_nothing_more():
    world()
    for document in json.loads(solr("select", q="*:*", fl="*", rows=100000))["response"]["docs"]:
        found = canaries.found(json.dumps(document, ensure_ascii=False))
        assert besides(found, *KEPT_IN_INDEX) == set(), document["id"]
        if found and document["dataset_type"] != "entry":
            assert strays(found, "visitor") == set(), document["id"]
    asked = {"q": "+dataset_type:entry +(permission_labels:public OR capacity:public)", "rows": 0, "defType": "lucene"}
    assert json.loads(solr("select", **asked))["response"]["numFound"] == 0


def test_no_term_of_the_index_tells_rows_or_people():
    """Of fields that are only searched as well."""
    world()
    terms = "".join(
        solr("terms", **{"terms.fl": field, "terms.limit": -1, "terms.prefix": "zqv"}) for field in indexed()
    )
    assert besides(canaries.found(terms), *KEPT_IN_INDEX) == set()


def test_no_public_document_is_found_by_a_word_that_isnt_public():
    """Searched but not stored counts too: no canary finds a dataset."""
    world()
    words = canaries.tokens("entry.*", "file.*", "data.*", "typed.*", "review.*", "application.*", "party.*")
    hidden = [token for token in words if strays({place_of(token)}, "visitor")]
    for some in (hidden[at : at + 100] for at in range(0, len(hidden), 100)):
        asked = " OR ".join(f"text:{token}" for token in some)
        query = {"q": asked, "fq": "+dataset_type:dataset", "fl": "id,name", "rows": 10, "defType": "lucene"}
        assert (
            json.loads(requests.post(f"{tk.config['solr_url']}/select", data={**query, "wt": "json"}, timeout=30).text)[
                "response"
            ]["docs"]
            == []
        )


def place_of(token: str) -> str:
    return canaries.found(token).pop()


def test_no_table_of_the_datastore_holds_a_row_that_isnt_public():
    world()
    with get_read_engine().connect() as connection:
        names = sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for name in set(connection.execute(names).scalars()) - {"_table_stats"}:  # sizes, and not ours to read
            rows = connection.execute(sa.text(f"SELECT t::text FROM \"{name}\" AS t WHERE t::text ILIKE '%zqv%'"))
            assert list(rows.scalars()) == [], name


def test_the_log_names_no_rows_no_identities_and_no_secrets():
    world()
    query = sa.text("SELECT body::text FROM anshan_audit_event WHERE at > now() - interval '1 hour'")
    found = canaries.found("\n".join(model.Session.execute(query).scalars()))
    assert besides(found, *TOLD_IN_THE_LOG) == set()
    assert {place for place in found if any(fnmatchcase(place, one) for one in PERSONAL)} == set()


def test_activities_tell_what_their_package_tells():
    """CKAN keeps a copy of what was changed; whoever sees the package reads it."""
    world()
    query = sa.text(
        "SELECT activity.data::text AS data, package.type FROM activity LEFT JOIN package ON package.id = object_id"
        " WHERE activity.data::text ILIKE '%zqv%'"
    )
    for row in model.Session.execute(query):
        found = canaries.found(row.data)
        assert not strays(found, "editor" if row.type == "entry" else "visitor"), row.type


def values() -> Iterator[tuple[str, str]]:
    """Whatever Redis keeps: sessions, counters, queues, kept pages."""
    redis = connect_to_redis()
    read = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1, withscores=True),
    }
    for key in redis.scan_iter(count=1000):
        kind = redis.type(key)
        yield str(key), repr(read[kind](key)) if kind in read else ""


def test_nothing_is_kept_in_redis():
    world()
    for key, value in values():
        assert canaries.found(key) | canaries.found(value) == set(), key


def accounts() -> dict[str, str]:
    """Name of each account of the world to the actor that it is."""
    return {actor.user: name for name, actor in world().actors.items() if actor.user}


def actor_of(address: str) -> str:
    """Whoever reads a mail; the offices have more members than those of the world."""
    user = model.Session.query(model.User).filter_by(email=address).first()
    office = "cyberspace" if roles.is_cyberspace(user) else "bureau" if roles.is_bureau(user) else "visitor"
    return accounts().get(str(getattr(user, "name", "")), office)


def test_notices_are_for_whom_they_concern():
    query = sa.text(
        'SELECT "user".name, notice::text AS told FROM anshan_people_notice AS notice'
        ' JOIN "user" ON "user".id = user_id WHERE "user".name = ANY(:names)'
    )
    rows = list(model.Session.execute(query, {"names": list(accounts())}))
    assert any(canaries.found(row.told) for row in rows)
    for row in rows:
        assert not strays(canaries.found(row.told), accounts()[row.name]), row.name


def test_mails_go_to_whom_they_concern(mails, monkeypatch):
    """A mail says that something happened and in whose words, to the side that the words were for."""
    world()
    there = clock.now().replace(hour=9, minute=30)
    monkeypatch.setattr(clock, "now", lambda: there)
    with made().test_request_context():
        rooms.hourly()["people_mail_daily"]()
        outbox.drain(1000, kinds=[mailing.JOB], overdue=False)
    told = {
        address: canaries.found(f"{mail['Subject']} {mail.get_content()}") for mail in mails for address in to(mail)
    }
    assert any(told.values())
    for address, found in told.items():
        assert not strays(found, actor_of(address)), address


def to(mail: EmailMessage) -> list[str]:
    return [parseaddr(str(mail["To"]))[1]]


PAGES = {
    "entry": "/entry/{id}",
    "application": "/application/{number}",
    "dataset": "/dataset/{id}",
    "public": "/dataset/{id}",
    "submission": "/review/{number}",
    "grant": "/grant/{number}",
}


def test_a_page_that_its_people_looked_at_is_not_kept_for_others(app):
    """First whoever may, then a visitor and a stranger: with the same address, the answer is their own."""
    for kind, page in PAGES.items():
        url = page.format(**{"number": "", **world().objects[kind][-1]})
        for first in ("editor", "granted", "bureau", "sysadmin"):
            look(app, url, first)
        for who in ("visitor", "user", "granted_other"):
            assert not strays(canaries.found(look(app, url, who)), who), (url, who)


def look(app, url: str, who: str) -> str:
    answer = app.get(url, headers=dict(world().actors[who].headers), follow_redirects=False)
    return f"{answer.headers} {answer.body}"


def test_the_servers_own_log_is_silent_about_it(app, caplog):
    """What the portal writes into its files while people work: numbers and codes, no words of anybody's."""
    caplog.set_level(logging.INFO)
    for who in ("granted", "head", "bureau", "visitor"):
        for kind, page in PAGES.items():
            look(app, page.format(**{"number": "", **world().objects[kind][0]}), who)
    number = world().objects["grant"][0]["number"]
    for who in ("granted", "user"):
        headers = dict(world().actors[who].headers)
        app.post("/api/3/action/anshan_grant_query", json={"id": number}, headers=headers)
    assert canaries.found(caplog.text) == set()

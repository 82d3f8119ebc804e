"""The bytes that are served are those that were signed: one that isn't is refused, on record, and told of."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories

from ckanext.anshan import rooms
from ckanext.anshan.audit import alarming, watching
from ckanext.anshan.people.model import notice
from ckanext.anshan.release import damages, vault
from ckanext.anshan.release.model import damage

from ..audit.support import events, last
from ..catalogue.test_views import as_user as logged_in
from ..support import agency, entry, published, release, work
from .offices import offices

pytestmark = pytest.mark.usefixtures("with_plugins")


def forget() -> None:
    """Nobody remembers a damage, nor the alarm about it."""
    model.Session.rollback()
    model.Session.execute(sa.delete(damage))
    model.Session.commit()
    connect_to_redis().delete(damages._key())
    memory = alarming.Memory(connect_to_redis())
    for key in memory.redis.keys(f"{memory.prefix}/*"):
        memory.redis.delete(key)


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """A dataset, and its file in the vault, which is whole again afterwards."""
    forget()
    found, content = entry("unconditional", agency()), os.urandom(8).hex().encode()
    release(tmp_path, found, {"a.csv": content})
    work()
    path = vault.path(hashlib.sha256(content).hexdigest())
    assert path is not None
    yield published(found), path
    path.write_bytes(content)
    forget()


def flip(path: Path) -> None:
    """One bit, and nothing that says so: size and time stay."""
    seen, content = path.stat(), bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def known(user: Any) -> dict[str, Any]:
    return logged_in({"token": factories.APIToken(user=user["name"])["token"]})


def damaged() -> list[str]:
    """What the alarm tells of."""
    return [file for one in watching.causes() if one.kind == watching.DAMAGED for file in one.files]


def test_a_flipped_bit_is_refused_on_record_and_on_the_desks_of_the_offices(app, stored):
    public, path = stored
    url = f"/data/{public['name']}/v1/a.csv"
    whole = app.get(url).data
    flip(path)
    answer = app.get(url, expect_errors=True)
    assert (answer.status_code, whole in answer.data, path.read_bytes() in answer.data) == (503, False, False)
    event = last(kind="file.damaged", object_id=public["id"])
    assert (event["outcome"], event["facts"]["sha256"], event["facts"]["problem"]) == ("refused", path.name, "damaged")
    assert path.name in damaged()
    for user in (offices().cyberspace, offices().bureau, factories.Sysadmin()):
        desk = BeautifulSoup(app.get("/en/desk", **known(user)).body, "html.parser")
        assert "A released file is not the one that was signed." in desk.get_text(), user["name"]
    assert "not the one that was signed" not in app.get("/en/desk", **known(factories.User())).body
    assert rooms.minutely()["audit_alarm"]() >= 1
    assert last(kind="log.alarm")["facts"]["files"] == [path.name]
    path.write_bytes(whole)
    assert app.get(url).data == whole, "it is handed out as soon as it is whole"
    rooms.minutely()["release_verify_files"]()
    assert path.name not in damaged()


def verify() -> set[str]:
    """What the worker does each minute; the files that aren't whole."""
    rooms.minutely()["release_verify_files"]()
    return set(model.Session.execute(sa.select(damage.c.sha256)).scalars())


@pytest.mark.parametrize("how", ["damaged", "missing"])
def test_it_is_found_without_any_download(stored, how, monkeypatch):
    public, path = stored
    monkeypatch.setattr("ckanext.anshan.release.options.verified_each_minute", lambda: 10**9)
    assert path.name not in verify()
    content = path.read_bytes()
    flip(path) if how == "damaged" else path.unlink()
    assert path.name in verify()
    event = last(kind="file.damaged", object_id=public["id"])
    assert (event["facts"]["problem"], event["facts"]["file"]) == (how, "a.csv")
    row = model.Session.execute(sa.select(notice).where(notice.c.about == f"vault:{path.name}")).first()
    assert row is not None and (row.kind, row.facts["file"]) == ("vault_alarm", "a.csv")
    assert path.name in verify()
    assert len(events(kind="file.damaged", object_id=public["id"])) == 1, "it is recorded once"
    path.write_bytes(content)
    assert path.name not in verify()


def test_the_whole_vault_is_looked_at_part_by_part(stored, monkeypatch):
    looked: list[str] = []
    monkeypatch.setattr("ckanext.anshan.release.options.verified_each_minute", lambda: 1)
    monkeypatch.setattr(damages, "_look", looked.append)
    all_of_them = set(model.Session.execute(sa.text("SELECT DISTINCT sha256 FROM anshan_release_file")).scalars())
    monkeypatch.setattr(damages, "PART", 2)
    for _ in range(3):
        damages.verify_part()
    assert looked == sorted(all_of_them)[:3], "one a minute: each is larger than a byte"
    monkeypatch.setattr("ckanext.anshan.release.options.verified_each_minute", lambda: 10**12)
    monkeypatch.setattr(damages, "PART", 50)
    damages.verify_part()
    damages.verify_part()
    assert set(looked) == all_of_them


def test_a_large_file_that_was_found_damaged_is_refused_though_it_looks_untouched(app, stored, monkeypatch):
    public, path = stored
    monkeypatch.setattr("ckanext.anshan.release.options.hashed_at_each_download", lambda: 0)
    url = f"/data/{public['name']}/v1/a.csv"
    assert app.get(url).status_code == 200
    monkeypatch.setattr(vault, "_verify_once", lambda *_: None)  # the disk shows no touch
    flip(path)
    damages._look(path.name)
    model.Session.commit()
    assert app.get(url, expect_errors=True).status_code == 503

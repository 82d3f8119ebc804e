"""Who, what, on which object, from where, decided how: in the transaction of what was done."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from ckanext.anshan.audit import events as events_module
from ckanext.anshan.audit import forgetting, offline, persons, recording, states
from ckanext.anshan.audit.events import Event, Object

from ..support import agency, as_user, entry, published, release, upload, work
from .support import count, engine, events, last

pytestmark = pytest.mark.usefixtures("with_plugins")


def state_of(type: str, id: str) -> str:
    """SHA-256 of what an object is made of now."""
    with engine().connect() as connection:
        row = connection.execute(sa.text(states.of_these([type])), {type: [id]}).first()
    return hashlib.sha256(row.state.encode()).hexdigest() if row else ""


def opened(body: dict[str, Any]) -> dict[str, str] | None:
    """What an event says about people."""
    with engine().connect() as connection:
        query = sa.text("SELECT id, person, private FROM anshan_audit_event WHERE id = :id")
        row = connection.execute(query, {"id": UUID(body["id"])}).one()
    key = persons.keys([row.person]).get(row.person)
    return persons.unlock(key, row.id, bytes(row.private)) if key else None


def test_an_entry_is_recorded_with_who_wrote_it_and_what_it_was_made_of():
    owner = agency()
    made = entry("unconditional", owner)
    body = last(object_id=made["id"])
    assert body["kind"] == "entry.created" and body["action"] == "package_create" and body["outcome"] == "done"
    assert body["object"] == {
        "type": "entry", "id": made["id"], "version": body["object"]["version"],
        "state": state_of("entry", made["id"]), "was": body["object"]["was"],
    }  # fmt: skip
    assert body["by"]["role"] == "publisher" and body["by"]["organization"] == owner["org"]["id"]
    private = opened(body)
    assert private is not None and private["account"] == owner["publisher"]["name"]
    assert owner["publisher"]["name"] not in str(body) and owner["publisher"]["id"] not in str(body)


def test_each_change_follows_the_one_before():
    owner = agency()
    made = entry("unconditional", owner)
    as_user(owner["publisher"], "package_patch", id=made["id"], title="公交站点（修订）")
    upload(owner, made, "站点.csv", b"a,b\n1,2\n")
    as_user(owner["publisher"], "package_delete", id=made["id"])
    found = [body["object"] for body in events(object_id=made["id"])]
    assert [one["version"] for one in found] == list(range(1, len(found) + 1))
    assert [one["was"] for one in found] == ["", *(one["state"] for one in found[:-1])]
    assert found[-1]["state"] == state_of("entry", made["id"])


def test_what_changes_nothing_leaves_no_event():
    owner = agency()
    made = entry("unconditional", owner)
    before = len(events(object_id=made["id"]))
    as_user(owner["publisher"], "package_patch", id=made["id"], title=made["title"])
    assert len(events(object_id=made["id"])) == before


def test_an_object_that_is_purged_is_recorded_as_gone():
    made = entry("unconditional", agency())
    sysadmin = factories.Sysadmin()
    as_user(sysadmin, "dataset_purge", id=made["id"])
    body = last(object_id=made["id"])
    assert (body["kind"], body["object"]["state"]) == ("entry.removed", "")


def test_rollback_of_the_work_is_rollback_of_the_record():
    before = count()
    model.Session.add(model.SystemInfo("anshan_test", "1"))
    recording.note(Event("log.begun", object=Object("log", "test")))
    model.Session.flush()
    model.Session.rollback()
    model.Session.commit()
    assert count() == before


def test_a_record_that_cannot_be_written_takes_the_work_back(monkeypatch: pytest.MonkeyPatch):
    made = entry("unconditional", owner := agency())
    monkeypatch.setattr(events_module, "mark", lambda *_: None)
    with pytest.raises(SQLAlchemyError):
        as_user(owner["publisher"], "package_patch", id=made["id"], title="改过的标题")
    model.Session.rollback()
    monkeypatch.undo()
    assert call_action("package_show", id=made["id"])["title"] == made["title"]


def test_a_refused_action_is_recorded_though_its_work_is_rolled_back():
    made, stranger = entry("unconditional", agency()), factories.User()
    with pytest.raises(tk.NotAuthorized):
        as_user(stranger, "package_patch", id=made["id"], title="不许")
    body = last(kind="access.refused", object_id=made["id"])
    assert (body["outcome"], body["action"], body["code"]) == ("refused", "package_patch", "not_authorized")
    assert (opened(body) or {})["account"] == stranger["name"]


def test_the_portals_own_refusals_keep_their_code(tmp_path: Any):
    made = entry("unconditional", agency())
    release(tmp_path, made, {"a.csv": "a\n1\n"})
    with pytest.raises(tk.NotAuthorized):
        call_action("package_patch", id=published(made)["id"], title="不许")
    assert last(kind="access.refused", object_id=published(made)["id"])["code"] == "release.published_only"


def test_a_release_is_recorded_with_its_dataset_and_its_files(tmp_path: Any):
    made = entry("unconditional", agency())
    release(tmp_path, made, {"a.csv": "a\n1\n"})
    work()  # its table is made, and the dataset says so
    dataset = published(made)
    assert dataset["resources"][0]["datastore_active"]
    assert last(object_id=dataset["id"])["object"]["state"] == state_of("dataset", dataset["id"])
    assert last(kind="table.loaded")["facts"] == {"resource_ids": [dataset["resources"][0]["id"]]}
    with engine().connect() as connection:
        query = sa.text("SELECT id FROM anshan_release_release WHERE dataset_id = :id")
        (id,) = connection.execute(query, {"id": dataset["id"]}).scalars()
    assert last(object_id=id)["object"]["state"] == state_of("release", id)


def test_roles_settings_and_tokens_are_recorded():
    owner, user = agency(), factories.User()
    call_action("organization_member_create", id=owner["org"]["id"], username=user["name"], role="admin")
    assert last(object_id=owner["org"]["id"])["action"] == "organization_member_create"
    call_action("config_option_update", **{"ckan.site_about": "关于本平台"})
    assert last(object_id="ckan.site_about")["kind"].startswith("setting.")
    before = last(object_id=user["id"])["object"]["version"]
    call_action("api_token_create", user=user["name"], name="令牌")
    assert last(object_id=user["id"])["object"]["version"] == before + 1
    call_action("user_patch", id=user["name"], password="Another-word-1")
    assert last(object_id=user["id"])["object"]["state"] == state_of("account", user["id"])


def test_every_answer_with_bytes_is_recorded(app: Any, tmp_path: Any):
    made = entry("unconditional", agency())
    release(tmp_path, made, {"a.csv": "a\n1\n"})
    dataset = published(made)
    path = dataset["resources"][0]["url"].partition("/data/")[2]
    at = f"/data/{path}"
    before = len(events(object_id=dataset["id"], kind="file.handed_out"))
    client = app.flask_app.test_client()
    whole = client.get(at)
    client.get(at, headers={"Range": "bytes=2-"})
    client.get(f"{at}?preview=1")
    client.get(at, headers={"If-None-Match": whole.headers["ETag"]})
    client.head(at)
    found = events(object_id=dataset["id"], kind="file.handed_out")[before:]
    assert [body["facts"].get("range", "") for body in found] == ["", "bytes 2-3/4", ""]
    sha256 = hashlib.sha256(b"a\n1\n").hexdigest()
    assert {(body["facts"]["sha256"], body["code"], body["by"]["via"]) for body in found} == {
        (sha256, "unconditional", "web")
    }
    assert (opened(found[0]) or {})["address"] == "127.0.0.1"


def test_log_ins_that_fail_and_that_work_are_recorded(app: Any):
    user = factories.User(password="Correct-horse-1")
    app.post("/user/login", data={"login": user["name"], "password": "wrong"}, follow_redirects=False)
    body = last(kind="account.login_failed")
    assert user["name"] not in str(body) and (opened(body) or {})["account"] == user["name"]
    app.post("/user/login", data={"login": user["name"], "password": "Correct-horse-1"}, follow_redirects=False)
    assert last(kind="account.logged_in")["object"]["id"] == user["id"]


def test_a_page_that_hides_what_one_may_not_see_is_recorded_as_a_refusal(app: Any):
    made = entry("unconditional", agency())
    before = len(events(kind="access.refused"))
    for _ in range(2):  # no kept answer comes between
        assert app.get(f"/entry/{made['name']}").status_code in (403, 404)
    assert app.get("/dataset/no-such-dataset").status_code == 404
    assert app.get("/ckan-admin/config").status_code == 403
    found = events(kind="access.refused")[before:]
    assert [body["facts"]["page"] for body in found] == ["entry.read", "entry.read", "admin.config"]


def test_who_is_forgotten_can_never_be_read_again_and_the_leaf_stays():
    user = factories.User()
    body = last(object_id=user["id"])
    model.Session.commit()
    done = factories.Organization(user=user)
    mine = last(object_id=done["id"])
    assert (opened(mine) or {})["account"] == user["name"]
    with engine().connect() as connection:
        query = sa.text("SELECT leaf FROM anshan_audit_event WHERE id = :id")
        leaf = connection.execute(query, {"id": UUID(mine["id"])}).scalar_one()
    assert forgetting.forget(user["id"], "本人要求删除")
    assert opened(mine) is None
    with engine().connect() as connection:
        text = connection.execute(
            sa.text("SELECT body FROM anshan_audit_event WHERE id = :id"), {"id": UUID(mine["id"])}
        )
        assert offline.leaf_hash(text.scalar_one().encode()) == bytes(leaf)
    assert last(kind="person.forgotten")["object"]["id"] == user["id"]
    assert body["object"]["state"] != last(object_id=user["id"], kind="account.changed")["object"]["state"]


def test_the_web_role_can_neither_change_nor_empty_the_log():
    for statement in (
        "UPDATE anshan_audit_event SET body = ''",
        "DELETE FROM anshan_audit_event",
        "TRUNCATE anshan_audit_event",
        "DELETE FROM anshan_audit_leaf",
        "INSERT INTO anshan_audit_checkpoint SELECT * FROM anshan_audit_checkpoint",
        "ALTER TABLE anshan_audit_event DISABLE TRIGGER ALL",
        "DROP TABLE anshan_audit_event",
        "SELECT anshan_audit_months(1)",
    ):
        with engine().connect() as connection, pytest.raises(ProgrammingError, match=r"permission|must be owner"):
            connection.execute(sa.text(statement))

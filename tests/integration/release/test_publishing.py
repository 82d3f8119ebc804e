"""What a release makes public, by opening class and from version to version."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from sqlalchemy.exc import DatabaseError

from ckanext.anshan.release import model as tables
from ckanext.anshan.release import vault

from ..support import CSV, agency, as_user, dataset, entry, reclassify, release, work

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")
VISITOR = {"name": ""}


@pytest.fixture
def owner():
    return agency()


def shown(found):
    public = dataset(found)
    assert public is not None
    return public


def test_an_unconditional_entry_becomes_a_dataset_with_files_and_a_typed_table(owner, tmp_path):
    found = entry("unconditional", owner)
    report = release(tmp_path, found, {"站点.csv": CSV, "a.xml": "<a/>"})
    work()
    assert (report.released, report.problems) == (1, [])
    public = shown(found)
    assert [one["name"] for one in public["resources"]] == ["站点.csv", "a.xml"]
    assert public["resources"][0]["url"].endswith(f"/data/{public['name']}/v1/%E7%AB%99%E7%82%B9.csv")
    rows = as_user(VISITOR, "datastore_search", resource_id=public["resources"][0]["id"])
    assert [(row["name"], row["n"]) for row in rows["records"]] == [("鞍山站", 12), ("千山站", 5)]
    assert {field["id"]: field["type"] for field in rows["fields"]}["n"] == "int8"


def test_every_public_dataset_says_by_what_it_is_open(owner, tmp_path):
    found, other = entry("unconditional", owner), entry("conditional", owner)
    for one in (found, other):
        release(tmp_path, one, {"a.csv": CSV})
    work()
    assert (shown(found)["opening_class"], shown(other)["opening_class"]) == ("unconditional", "conditional")
    assert "第二十七条" in shown(found)["opening_basis"] and shown(other)["opening_basis"] == "某某条例（第1号） 第一条"
    listed = as_user(VISITOR, "package_search", fq=f"code:{found['code']}")["results"][0]
    assert listed["opening_basis"] == shown(found)["opening_basis"]


def test_a_conditional_entry_becomes_a_dataset_without_any_file(owner, tmp_path):
    found = entry("conditional", owner)
    assert release(tmp_path, found, {"a.csv": CSV}).released == 1
    work()
    public = shown(found)
    assert (public["resources"], public["opening_conditions"]) == ([], "实名申请")
    assert [item["name"] for item in public["information_items"]] == ["站名", "人数"]


def test_a_closed_entry_has_no_public_dataset(owner, tmp_path):
    found = entry("closed", owner)
    assert release(tmp_path, found, {"a.csv": CSV}).released == 1
    assert dataset(found) is None


def test_no_entry_id_and_no_internal_field_is_public(owner, tmp_path):
    found = entry("unconditional", owner, sharing_conditions="内部条件", collection_basis="内部依据")
    release(tmp_path, found, {"a.csv": CSV})
    text = json.dumps(shown(found), ensure_ascii=False)
    assert found["id"] not in text and "内部" not in text and "sharing" not in text


def test_an_update_is_a_new_version_and_keeps_dataset_and_resource_ids(owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": CSV})
    first = shown(found)
    release(tmp_path, found, {"a.csv": CSV + "新站,1\n", "b.txt": "x"}, approval="2号")
    work()
    second = shown(found)
    assert (first["id"], first["resources"][0]["id"]) == (second["id"], second["resources"][0]["id"])
    versions = as_user(VISITOR, "anshan_release_list", id=second["name"])
    assert [(one["version"], one["state"]) for one in versions] == [(2, "published"), (1, "superseded")]
    assert as_user(VISITOR, "datastore_search", resource_id=second["resources"][0]["id"])["total"] == 3


def test_a_second_run_changes_nothing(owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": CSV})
    report = release(tmp_path, found, {"a.csv": CSV})
    assert (report.released, report.unchanged) == (0, 1)


def test_changing_the_class_changes_nothing_public_by_itself(owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": CSV})
    work()
    before = shown(found)
    reclassify(found, owner, "conditional")
    work()
    assert shown(found) == before


def test_a_release_as_conditional_takes_files_and_tables_away(owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": CSV})
    work()
    resource = shown(found)["resources"][0]["id"]
    reclassify(found, owner, "conditional")
    release(tmp_path, found, {"a.csv": CSV}, approval="2号")
    public = shown(found)
    assert public["resources"] == []
    rows = model.Session.execute(sa.text("SELECT 1 FROM resource WHERE id = :id"), {"id": resource}).all()
    assert rows == []
    with pytest.raises(tk.ObjectNotFound):
        call_action("datastore_search", {"ignore_auth": True}, resource_id=resource)
    assert [one["files"] for one in as_user(VISITOR, "anshan_release_list", id=public["id"])] == [[]]


def test_a_release_as_closed_takes_the_dataset_away_and_opening_again_brings_it_back(owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": CSV})
    first = shown(found)
    reclassify(found, owner, "closed")
    release(tmp_path, found, {"a.csv": CSV}, approval="2号")
    work()
    assert dataset(found) is None
    assert as_user(VISITOR, "package_search", fq=f"code:{found['code']}")["count"] == 0
    with pytest.raises(tk.ObjectNotFound):
        as_user(VISITOR, "anshan_release_list", id=first["name"])
    reclassify(found, owner, "unconditional")
    release(tmp_path, found, {"a.csv": CSV}, approval="3号")
    assert (shown(found)["id"], shown(found)["name"]) == (first["id"], first["name"])


def test_the_hash_of_the_metadata_is_that_of_the_metadata_shown(owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": CSV})
    version = as_user(VISITOR, "anshan_release_show", id=shown(found)["id"])
    from ckanext.anshan.release.rules import digest

    assert digest(version["metadata"]) == version["metadata_hash"]


def test_what_was_signed_cannot_be_changed_even_in_the_database(owner, tmp_path):
    release(tmp_path, entry("unconditional", owner), {"a.csv": CSV})
    for statement in (
        "UPDATE anshan_release_release SET approval = 'x'",
        "UPDATE anshan_release_release SET metadata = '{}'",
        "UPDATE anshan_release_file SET sha256 = 'x'",
        "DELETE FROM anshan_release_file",
        "TRUNCATE anshan_release_release CASCADE",
    ):
        with pytest.raises(DatabaseError, match="cannot be changed or deleted"):
            model.Session.execute(sa.text(statement))
        model.Session.rollback()


def test_a_file_is_stored_once_however_often_it_is_released(owner, tmp_path):
    for _ in range(2):
        release(tmp_path, entry("unconditional", owner), {"a.csv": "same,bytes\n1,2\n"})
    row = tables.run(sa.select(tables.file).where(tables.file.c.size == 15)).first()
    assert row is not None
    path = vault.path(row.sha256)
    assert path is not None and path.stat().st_nlink == 1
    vault.verify(row.sha256)

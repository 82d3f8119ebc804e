"""What the store writes and indexes is what CKAN itself would have written and indexed."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.lib.search.common import make_connection
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.anshan.store import index, packages

from ..support import costs

pytestmark = pytest.mark.usefixtures("with_plugins")

ITEMS = [{"name": "站点名称", "type": "text", "sensitive": "no"}, {"name": "经度", "type": "number", "sensitive": "no"}]
NOT_COMPARED = {"_version_", "indexed_ts", "score"}


def entry(org: str, groups: list[str], **more: Any) -> dict[str, Any]:
    """An entry as ``store.packages`` wants it."""
    id = str(uuid.uuid4())
    extras = {
        "update_cycle": "yearly",
        "data_formats": json.dumps(["csv", "xlsx"]),
        "information_items": json.dumps(ITEMS, ensure_ascii=False),
        "classification": "department",
        "data_form": "spreadsheet",
        "sharing_class": "unconditional",
        "opening_class": "unconditional",
        "security_level": "general_1",
        "next_update_due": "2027-01-31",
        "collecting_agency": "某市交通运输局",
        "approving_agency": "某市交通运输局",
    }
    given = {
        "id": id,
        "name": id,
        "title": " 公交站点 ",
        "notes": "全市<b>公交</b>站点",
        "type": "entry",
        "owner_org": org,
    }
    rest = {"private": True, "tags": ["公交", "交通"], "groups": groups, "license_id": "cc-by", "resources": []}
    return given | rest | {"extras": extras} | more


def file(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "name": name,
        "url": name,
        "url_type": "upload",
        "format": "csv",
        "size": 12,
        "hash": "sha256:00",
        "last_modified": "2026-01-02T03:04:05",
        "extras": {"rows": 3},
    } | more


def stored_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    make_connection().commit()
    query = "id:(" + " ".join(f'"{id}"' for id in ids) + ")"
    found = make_connection(decode_dates=False).search(query, rows=len(ids), fl="*")
    return {document["id"]: _comparable(document) for document in found}


def _comparable(document: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in document.items() if key not in NOT_COMPARED}
    return kept | {key: json.loads(kept[key]) for key in ("data_dict", "validated_data_dict")}


@pytest.fixture
def owner() -> dict[str, Any]:
    return factories.Organization(title="某市交通运输局", uscc="11210300001234567X")


@pytest.fixture
def theme() -> dict[str, Any]:
    return factories.Group(title="交通运输")


def test_documents_equal_those_of_a_rebuild(owner: dict[str, Any], theme: dict[str, Any]) -> None:
    batch = [
        entry(owner["id"], [theme["id"]], resources=[file("a.csv"), file("b", url="example.org/b", url_type=None)]),
        entry(owner["id"], [], tags=[], extras={}, license_id=None, notes=None),
        entry(owner["id"], [theme["id"]], type="dataset", private=False, extras={"release_date": "2026-05-01"}),
        entry(owner["id"], [], extras={"release_date": "yesterday", "unknown field": "1"}, type="dataset"),
    ]
    ids = [package["id"] for package in batch]
    packages.write(batch)
    model.Session.commit()
    index.index(ids)
    ours = stored_documents(ids)
    search.clear_all()
    search.rebuild(package_ids=ids)
    assert ours == stored_documents(ids)
    assert len(ours) == len(batch)


def test_a_stored_entry_shows_like_one_that_was_created(owner: dict[str, Any], theme: dict[str, Any]) -> None:
    ours = entry(owner["id"], [theme["id"]], title="公交站点")
    packages.write([ours])
    model.Session.commit()
    index.index([ours["id"]])
    shown = call_action("package_show", id=ours["id"])
    plain = {key: shown[key] for key in shown if key not in ("id", "name", "code", "organization", "groups")}
    groups = [{"name": group["name"]} for group in shown["groups"]]
    user = {"user": factories.Sysadmin()["name"]}
    created = call_action("package_create", user, **plain, name=f"created-{ours['id']}", groups=groups)
    differs = {"id", "name", "metadata_created", "metadata_modified", "creator_user_id", "code"}
    assert _without(call_action("package_show", id=created["id"]), differs) == _without(shown, differs)


def _without(shown: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {key: value for key, value in shown.items() if key not in names}


def test_a_hundred_entries_cost_the_statements_of_one(owner: dict[str, Any], theme: dict[str, Any]) -> None:
    counts = []
    for size in (1, 100):
        batch = [entry(owner["id"], [theme["id"]], resources=[file("a.csv")]) for _ in range(size)]
        with costs() as cost:
            packages.write(batch)
            model.Session.commit()
            index.index([package["id"] for package in batch])
        counts.append(cost.sql)
    assert counts[0] == counts[1] < 30


def test_a_second_write_replaces_what_is_given_and_leaves_the_rest(
    owner: dict[str, Any], theme: dict[str, Any]
) -> None:
    first = entry(owner["id"], [theme["id"]], resources=[file("a.csv"), file("b.csv")])
    packages.write([first])
    model.Session.commit()
    kept = first["resources"][1]
    packages.write([first | {"title": "新", "tags": ["新"], "groups": None, "resources": [kept]}])
    model.Session.commit()
    shown = call_action("package_show", id=first["id"])
    assert (shown["title"], [tag["name"] for tag in shown["tags"]]) == ("新", ["新"])
    assert [group["id"] for group in shown["groups"]] == [theme["id"]]
    assert [resource["id"] for resource in shown["resources"]] == [kept["id"]]


def test_a_write_that_is_rolled_back_leaves_nothing(owner: dict[str, Any]) -> None:
    package = entry(owner["id"], [])
    packages.write([package])
    model.Session.rollback()
    assert model.Package.get(package["id"]) is None


def test_what_is_gone_leaves_the_index(owner: dict[str, Any]) -> None:
    kept, gone = entry(owner["id"], []), entry(owner["id"], [])
    packages.write([kept, gone])
    model.Session.commit()
    index.index([kept["id"], gone["id"]])
    model.Session.execute(sa.text("UPDATE package SET state = 'deleted' WHERE id = :id"), {"id": gone["id"]})
    model.Session.commit()
    index.index([kept["id"], gone["id"]])
    assert set(stored_documents([kept["id"], gone["id"]])) == {kept["id"]}
    index.remove([kept["id"]])
    assert stored_documents([kept["id"]]) == {}


def test_the_name_of_a_deleted_package_can_be_used_again(owner: dict[str, Any]) -> None:
    old = entry(owner["id"], [], state="deleted", name=f"old-{uuid.uuid4()}")
    packages.write([old])
    packages.write([entry(owner["id"], [], name=old["name"])])
    model.Session.commit()
    again = model.Session.get(model.Package, old["id"])
    assert again is not None and again.name == old["id"]

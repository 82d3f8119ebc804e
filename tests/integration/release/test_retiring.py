"""What is withdrawn or lapses leaves everything at once, and a page that says so."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from sqlalchemy.exc import DatabaseError

from ckanext.anshan.release import entries, publishing
from ckanext.anshan.release.rules import Approval, Basis

from ..review import town as towns
from ..support import CSV, agency, as_user, dataset, entry, published, release, work
from .offices import offices

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")
VISITOR = {"name": ""}
APPROVAL = Approval(Basis.REVIEW, "SS-2026-000001", "submission")


def get(app: Any, url: str) -> Any:
    return app.get(url, follow_redirects=False, expect_errors=True)


@pytest.fixture
def found(tmp_path: Any) -> dict[str, Any]:
    made = entry("unconditional", agency())
    release(tmp_path, made, {"a.csv": CSV})
    release(tmp_path, made, {"a.csv": CSV + "新,1\n"}, approval="2号")
    work()
    return made


def retire(found: dict[str, Any]) -> None:
    publishing.retire(found["id"], APPROVAL, "系统已停用", "《办法》第十二条")


def test_a_withdrawn_dataset_leaves_a_page_that_says_so(app, found):
    public = published(found)
    resource = public["resources"][0]["id"]
    assert get(app, f"/dataset/{public['name']}").status_code == 200
    retire(found)
    assert dataset(found) is None
    assert as_user(VISITOR, "package_search", fq=f"code:{found['code']}")["count"] == 0
    with pytest.raises(tk.ObjectNotFound):
        call_action("datastore_search", {"ignore_auth": True}, resource_id=resource)
    for url in (
        f"/dataset/{public['name']}",
        f"/dataset/{public['name']}/v1",
        f"/dataset/{public['name']}/resource/{resource}",
        f"/data/{public['name']}/v1/a.csv",
        f"/data/{public['name']}/v2/a.csv",
        f"/data/{public['name']}/latest/a.csv",
    ):
        answer = get(app, url)
        assert (answer.status_code, "系统已停用" in answer.body) == (410, True), url
    page = BeautifulSoup(get(app, f"/en/dataset/{public['name']}").body, "html.parser")
    text = page.get_text(" ", strip=True)
    for told in (
        public["title"],
        "withdrawn",
        "《办法》第十二条",
        public["organization"]["title"],
        "Version 2, released",
    ):
        assert told in text, told
    assert f"/dataset/{public['name']}/v2" in text, "it can still be cited"
    for listed in ("/dataset/", "/feeds/dataset.atom", "/catalog.xml", "/open-list"):
        assert public["name"] not in get(app, listed).body, listed
    versions = as_user(VISITOR, "anshan_release_list", id=public["name"])
    assert [(one["version"], one["state"], one["files"]) for one in versions] == [
        (2, "retired", []),
        (1, "superseded", []),
    ]
    assert as_user(VISITOR, "anshan_release_show", id=public["name"], version=1)["metadata"] is None
    told = as_user(VISITOR, "anshan_dataset_status", id=public["name"])
    assert (told["state"], told["reason"], told["article"], told["left"]) == (
        "retired",
        "系统已停用",
        "《办法》第十二条",
        [],
    )


def test_a_suspended_dataset_can_be_withdrawn_and_no_lift_brings_it_back(app, found):
    public = published(found)
    done = offices().suspend(public["name"])
    retire(found)
    offices().lift(done)
    assert get(app, f"/dataset/{public['name']}").status_code == 410 and dataset(found) is None


def test_what_is_withdrawn_is_not_suspended_nor_withdrawn_again(found):
    name = published(found)["name"]
    retire(found)
    with pytest.raises(tk.ValidationError, match="not_now"):
        offices().suspend(name)
    with pytest.raises(ValueError, match="not_now"):
        retire(found)
    with pytest.raises(ValueError, match="nothing is published"):
        publishing.retire("no-such-entry", APPROVAL, "x", "x")
    model.Session.rollback()


def test_a_new_version_after_the_withdrawal_opens_the_dataset_again(app, found, tmp_path):
    name = published(found)["name"]
    retire(found)
    release(tmp_path, found, {"a.csv": "name,n\n又有了,1\n"}, approval="3号")
    assert published(found)["name"] == name
    assert [get(app, f"/data/{name}/v{n}/a.csv").status_code for n in (1, 2, 3)] == [200, 410, 200]


@pytest.fixture
def town(with_plugins: None) -> towns.Town:
    return towns.make()


def open_at_once(town: towns.Town, found: dict[str, Any]) -> str:
    """Opened by the bureau alone; returns the name of the dataset."""
    given = {"id": found["id"], "reason": "暴雨", "days": 3}
    with suppress(tk.ValidationError):  # scans go first
        as_user(town.bureau, "anshan_submission_open_at_once", **given)
    towns.scanned()
    with suppress(tk.ValidationError):  # it went at once: its files were scanned before
        as_user(town.bureau, "anshan_submission_open_at_once", **given)
    work()
    standing = entries.standing(found["id"])
    assert standing is not None
    return standing.dataset_name


def test_an_emergency_says_on_its_page_that_it_is_not_confirmed_and_lapses_with_a_page(app, town):
    found = towns.entry(town)
    name = open_at_once(town, found)
    standing = entries.standing(found["id"])
    assert standing is not None and (standing.basis, standing.until is not None) == ("emergency", True)
    page = get(app, f"/en/dataset/{name}").body
    assert "Opened in an emergency under Article 20 until" in page and "not yet confirmed" in page
    publishing.lapse(standing.release_id)
    publishing.lapse(standing.release_id)  # nothing more
    answer = get(app, f"/en/dataset/{name}")
    assert answer.status_code == 410 and "emergency" in answer.body
    assert get(app, f"/data/{name}/v1/停车场.csv").status_code == 410
    assert as_user(VISITOR, "anshan_release_list", id=name)[0]["state"] == "lapsed"
    assert as_user(VISITOR, "package_search", fq=f"name:{name}")["count"] == 0


def test_where_an_emergency_lapses_the_version_before_is_public_again(app, town):
    found = towns.entry(town)
    towns.publish(town, found)
    work()
    standing = entries.standing(found["id"])
    assert standing is not None
    name = standing.dataset_name
    three = BeautifulSoup(get(app, f"/en/dataset/{name}").body, "html.parser").get_text(" ", strip=True)
    assert "signed by three parties" in three and three.count("Cyberspace office") == 1
    as_user(town.editor, "package_patch", id=found["id"], notes="改了说明")
    assert open_at_once(town, found) == name
    assert as_user(VISITOR, "package_show", id=name)["release_version"] in (2, "2")
    emergency = entries.standing(found["id"])
    assert emergency is not None
    publishing.lapse(emergency.release_id)
    assert as_user(VISITOR, "package_show", id=name)["release_version"] in (1, "1")
    assert [get(app, f"/data/{name}/v{n}/停车场.csv").status_code for n in (1, 2)] == [200, 410]
    states = [(one["version"], one["state"]) for one in as_user(VISITOR, "anshan_release_list", id=name)]
    assert states == [(1, "published")]


def test_an_emergency_that_lapses_while_it_is_suspended_lets_the_lift_bring_the_version_before(app, town):
    found = towns.entry(town)
    towns.publish(town, found)
    work()
    as_user(town.editor, "package_patch", id=found["id"], notes="改了说明")
    name = open_at_once(town, found)
    done = offices().suspend(name)
    emergency = entries.standing(found["id"])
    assert emergency is not None
    publishing.lapse(emergency.release_id)
    assert get(app, f"/dataset/{name}").status_code == 451
    offices().lift(done)
    assert as_user(VISITOR, "package_show", id=name)["release_version"] in (1, "1")


def test_nothing_but_three_keys_confirms_an_emergency(town):
    found = towns.entry(town)
    open_at_once(town, found)
    standing = entries.standing(found["id"])
    assert standing is not None
    with pytest.raises(DatabaseError, match="lacks the signatures"):
        publishing.confirm(standing.release_id)
    model.Session.rollback()

"""What is suspended is gone everywhere at once, says why, and comes back when both offices agree."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy.exc import DatabaseError

from ckanext.anshan.people.model import notice
from ckanext.anshan.release import entries, publishing
from ckanext.anshan.release.model import suspension as table
from tests.integration.audit.support import last

from ..support import CSV, agency, as_user, dataset, entry, published, reclassify, release, work
from .offices import Offices, offices

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")
VISITOR = {"name": ""}
NEW = CSV + "新站,1\n"


@pytest.fixture
def two(with_plugins: None) -> Iterator[Offices]:
    yield offices()
    model.Session.rollback()


@pytest.fixture
def owner(with_plugins: None) -> dict[str, Any]:
    return agency()


@pytest.fixture
def found(owner: dict[str, Any], tmp_path: Any) -> dict[str, Any]:
    """An entry that is open in its second version."""
    made = entry("unconditional", owner)
    release(tmp_path, made, {"a.csv": CSV, "b.csv": CSV + "一样,1\n"})
    release(tmp_path, made, {"a.csv": NEW, "b.csv": CSV + "一样,1\n"}, approval="2号")
    work()
    return made


def get(app: Any, url: str) -> Any:
    return app.get(url, follow_redirects=False, expect_errors=True)


def number_found(code: str) -> int:
    return as_user(VISITOR, "package_search", fq=f"code:{code}")["count"]


def test_a_suspended_dataset_is_nowhere_within_the_same_call(app, two, found):
    public = published(found)
    resource = public["resources"][0]["id"]
    for url in (f"/dataset/{public['name']}", f"/data/{public['name']}/v1/a.csv", f"/data/{public['name']}/v2/a.csv"):
        assert get(app, url).status_code == 200, url
    done = two.suspend(public["name"])
    assert (done["scope"], done["reason"], done["lifted"]) == ("dataset", "待核实坐标", None)
    assert dataset(found) is None and number_found(found["code"]) == 0
    for action, given in (("datastore_search", {"resource_id": resource}), ("anshan_preview_show", {"id": resource})):
        with pytest.raises(tk.ObjectNotFound):
            call_action(action, {"ignore_auth": True}, **given)
    with pytest.raises(tk.ObjectNotFound):
        as_user(VISITOR, "package_show", id=public["id"])
    for url in (
        f"/dataset/{public['name']}",
        f"/dataset/{public['id']}",
        f"/dataset/{public['name']}/v2",
        f"/dataset/{public['name']}/v1",
        f"/dataset/{public['name']}/versions",
        f"/dataset/{public['name']}/items.csv",
        f"/dataset/{public['name']}/resource/{resource}",
        f"/data/{public['name']}/v1/a.csv",
        f"/data/{public['name']}/v2/a.csv",
        f"/data/{public['name']}/latest/a.csv",
        f"/data/{public['name']}/v2/never.csv",
    ):
        answer = get(app, url)
        assert (answer.status_code, "待核实坐标" in answer.body) == (451, True), url
        assert CSV.splitlines()[1] not in answer.body
    leads = get(app, f"/dataset/{public['name']}/resource/{resource}/download")
    assert get(app, leads.headers["Location"].partition("test.ckan.net")[2]).status_code == 451
    for page in ("/dataset/", "/feeds/dataset.atom", "/catalog.xml", "/open-list"):
        assert public["name"] not in get(app, page).body, page
    assert public["name"] not in as_user(VISITOR, "package_list")


def test_the_page_says_since_when_by_whom_why_and_what_to_do(app, two, found):
    public = published(found)
    two.suspend(public["name"])
    page = BeautifulSoup(get(app, f"/en/dataset/{public['name']}").body, "html.parser")
    text = page.get_text(" ", strip=True)
    assert page.h1 is not None and page.h1.get_text(strip=True) == public["title"]
    for told in ("待核实坐标", "Article 8", "Article 46", "and the data bureau agree"):
        assert told in text, told
    assert f"/dataset/{public['name']}/v2" in text, "it can still be cited"
    assert page.select_one("meta[name=robots][content=noindex]")
    told = as_user(VISITOR, "anshan_dataset_status", id=public["name"])
    assert (told["state"], told["reason"], told["version"], bool(told["since"])) == ("suspended", "待核实坐标", 2, True)
    assert (
        told["office"] == as_user(VISITOR, "anshan_suspension_list", id=public["id"])["suspensions"][0]["office"] != ""
    )


def test_releases_of_what_is_suspended_say_so_and_name_no_files(two, found):
    public = published(found)
    two.suspend(public["name"])
    listed = as_user(VISITOR, "anshan_release_list", id=public["name"])
    assert [(one["version"], one["state"], one["files"]) for one in listed] == [
        (2, "suspended", []),
        (1, "superseded", []),
    ]
    assert {one["suspended"]["reason"] for one in listed} == {"待核实坐标"}
    for version in (1, 2):
        assert as_user(VISITOR, "anshan_release_show", id=public["name"], version=version)["metadata"] is None


def test_lifting_takes_both_offices_and_brings_everything_back(app, two, found):
    public = published(found)
    done = two.suspend(public["name"])
    first = as_user(two.cyberspace, "anshan_release_lift", id=done["id"], reason="坐标已核实")
    assert (first["lifted"], [one["office"] for one in first["lifts"]]) == (None, ["cyberspace"])
    assert get(app, f"/data/{public['name']}/v2/a.csv").status_code == 451
    second = as_user(two.bureau, "anshan_release_lift", id=done["id"], reason="同意")
    assert second["lifted"]
    work()
    again = published(found)
    kept = ("id", "name", "title", "opening_class", "release_version")
    assert {name: again[name] for name in kept} == {name: public[name] for name in kept}
    assert [one["id"] for one in again["resources"]] == [one["id"] for one in public["resources"]]
    assert as_user(VISITOR, "datastore_search", resource_id=again["resources"][0]["id"])["total"] == 3
    assert number_found(found["code"]) == 1
    assert [get(app, f"/data/{public['name']}/v{n}/a.csv").data.decode() for n in (1, 2)] == [CSV, NEW]
    assert get(app, f"/dataset/{public['name']}").status_code == 200


def test_one_person_or_one_office_lifts_nothing(two, found):
    done = two.suspend(published(found)["name"])
    as_user(two.cyberspace, "anshan_release_lift", id=done["id"], reason="x")
    for user, code in ((two.cyberspace, "lifts_twice"), (two.second_cyberspace, "office_lifted_already")):
        with pytest.raises(tk.ValidationError) as wrong:
            as_user(user, "anshan_release_lift", id=done["id"], reason="x")
        assert wrong.value.error_dict["code"] == [f"release.{code}"]
    assert dataset(found) is None


def test_nobody_else_suspends_or_lifts_sysadmins_included(two, found, owner):
    public = published(found)
    others = [owner["publisher"], factories.User(), factories.Sysadmin(), VISITOR]
    for user in (two.bureau, *others):
        for ignored in (False, True):
            with pytest.raises(tk.NotAuthorized):
                context = {"user": user["name"], "ignore_auth": ignored}
                call_action("anshan_release_suspend", context, id=public["name"], reason="x")
    done = two.suspend(public["name"])
    for user in others:
        for ignored in (False, True):
            with pytest.raises(tk.NotAuthorized):
                context = {"user": user["name"], "ignore_auth": ignored}
                call_action("anshan_release_lift", context, id=done["id"], reason="x")
    assert dataset(found) is None


def test_there_is_no_suspension_without_a_reason(two, found):
    for reason in ("", "  ", "x" * 2001):
        with pytest.raises(tk.ValidationError) as wrong:
            two.suspend(published(found)["name"], reason=reason)
        assert "reason" in wrong.value.error_dict
    public = published(found)
    two.suspend(public["name"])
    with pytest.raises(tk.ValidationError, match="suspended_already"):
        two.suspend(public["name"])


def test_an_older_version_goes_alone(app, two, found):
    public = published(found)
    done = two.suspend(public["name"], version=1)
    assert (done["scope"], done["version"]) == ("version", 1)
    statuses = {n: get(app, f"/data/{public['name']}/v{n}/a.csv").status_code for n in (1, 2)}
    assert statuses == {1: 451, 2: 200}
    assert get(app, f"/dataset/{public['name']}/v1").status_code == 451
    assert get(app, f"/dataset/{public['name']}").status_code == 200
    assert as_user(VISITOR, "anshan_release_list", id=public["name"])[1]["state"] == "suspended"
    two.lift(done)
    assert get(app, f"/data/{public['name']}/v1/a.csv").status_code == 200
    states = [one["state"] for one in as_user(VISITOR, "anshan_release_list", id=public["name"])]
    assert states == ["published", "superseded"]


def test_the_newest_version_takes_the_page_with_it_until_a_new_one_is_released(app, two, found, tmp_path):
    public = published(found)
    done = two.suspend(public["name"], version=2)
    assert get(app, f"/dataset/{public['name']}").status_code == 451 and dataset(found) is None
    statuses = {n: get(app, f"/data/{public['name']}/v{n}/a.csv").status_code for n in (1, 2)}
    assert statuses == {1: 200, 2: 451}
    standing = entries.standing(found["id"])
    assert standing is not None and (standing.is_suspended, standing.is_taken_off) == (True, False)
    release(tmp_path, found, {"a.csv": "name,n\n改好,1\n"}, approval="3号")
    assert get(app, f"/dataset/{public['name']}").status_code == 200
    assert get(app, f"/data/{public['name']}/v2/a.csv").status_code == 451
    two.lift(done)
    assert published(found)["release_version"] in (3, "3"), "lifting an old version doesn't bring it in front"
    assert get(app, f"/data/{public['name']}/v2/a.csv").status_code == 200


def test_a_file_goes_in_every_version_and_a_new_one_with_the_same_bytes_too(app, two, found, tmp_path):
    public = published(found)
    ids = {one["name"]: one["id"] for one in public["resources"]}
    done = two.suspend(public["name"], file="b.csv")
    assert (done["scope"], done["file"], done["version"]) == ("file", "b.csv", None)
    assert [one["name"] for one in published(found)["resources"]] == ["a.csv"]
    with pytest.raises(tk.ObjectNotFound):
        call_action("datastore_search", {"ignore_auth": True}, resource_id=ids["b.csv"])
    assert as_user(VISITOR, "datastore_search", resource_id=ids["a.csv"])["total"] == 3
    statuses = {(n, name): get(app, f"/data/{public['name']}/v{n}/{name}").status_code for n in (1, 2) for name in ids}
    assert statuses == {(1, "a.csv"): 200, (2, "a.csv"): 200, (1, "b.csv"): 451, (2, "b.csv"): 451}
    page = get(app, f"/dataset/{public['name']}")
    assert page.status_code == 200 and "待核实坐标" in page.body
    assert get(app, f"/dataset/{public['name']}/v1").status_code == 200
    listed = as_user(VISITOR, "anshan_release_list", id=public["name"])
    assert [[file["name"] for file in one["files"]] for one in listed] == [["a.csv"], ["a.csv"]]
    release(tmp_path, found, {"again.csv": CSV + "一样,1\n", "b.csv": "name,n\n别的,1\n"}, approval="3号")
    assert [one["name"] for one in published(found)["resources"]] == ["b.csv"]
    assert get(app, f"/data/{public['name']}/v3/again.csv").status_code == 451
    assert get(app, f"/data/{public['name']}/v3/b.csv").status_code == 200
    two.lift(done)
    work()
    assert {one["name"] for one in published(found)["resources"]} == {"again.csv", "b.csv"}
    assert as_user(VISITOR, "datastore_search", resource_id=published(found)["resources"][0]["id"])["total"] == 3


def test_while_a_dataset_is_suspended_nothing_is_published_of_it(two, found, tmp_path):
    done = two.suspend(published(found)["name"])
    report = release(tmp_path, found, {"a.csv": "name,n\n新,1\n"}, approval="3号")
    assert (report.released, [one["code"] for one in report.problems]) == (0, ["release.suspended_dataset"])
    two.lift(done)
    assert release(tmp_path, found, {"a.csv": "name,n\n新,1\n"}, approval="3号").released == 1


def test_two_suspensions_end_one_after_the_other(app, two, found):
    public = published(found)
    whole, version = two.suspend(public["name"]), two.suspend(public["name"], version=2)
    two.lift(whole)
    assert dataset(found) is None and get(app, f"/data/{public['name']}/v1/a.csv").status_code == 200
    two.lift(version)
    assert published(found)["release_version"] in (2, "2")


def test_two_suspensions_of_the_same_at_the_same_moment_are_one(two, found):
    public = published(found)
    outcomes: list[Any] = []
    model.Session.remove()

    def suspend() -> None:
        try:
            two.suspend(public["name"])
            outcomes.append("done")
        except tk.ValidationError as wrong:
            outcomes.append(wrong.error_dict["code"])
        finally:
            model.Session.remove()

    both = [threading.Thread(target=suspend) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes, key=str) == [["release.suspended_already"], "done"]
    query = sa.select(sa.func.count()).where(table.c.dataset_id == public["id"])
    assert model.Session.execute(query).scalar() == 1


def test_what_was_never_public_is_neither_found_nor_told_of(app, two, owner, tmp_path):
    made = entry("closed", owner)
    release(tmp_path, made, {"a.csv": CSV})
    model.Session.rollback()
    standing = entries.standing(made["id"])
    assert standing is not None
    done = two.suspend(standing.dataset_name)
    assert as_user(VISITOR, "anshan_suspension_list", id=standing.dataset_id)["suspensions"] == []
    assert as_user(two.bureau, "anshan_suspension_list", id=standing.dataset_id)["suspensions"][0]["id"] == done["id"]
    for action in ("anshan_release_list", "anshan_dataset_status"):
        with pytest.raises(tk.ObjectNotFound):
            as_user(VISITOR, action, id=standing.dataset_name)
    for file in ("v1/a.csv", "latest/a.csv", "v1/never.csv"):
        answer = get(app, f"/data/{standing.dataset_name}/{file}")
        assert (answer.status_code, "待核实坐标" in answer.body) == (404, False), file
    with pytest.raises(tk.ObjectNotFound):
        two.suspend("no-such-dataset")


def test_the_name_of_a_suspended_file_that_was_never_public_is_for_the_offices(app, two, owner, tmp_path):
    made = entry("conditional", owner)
    release(tmp_path, made, {"内部名单.csv": CSV})
    name = published(made)["name"]
    done = as_user(two.cyberspace, "anshan_release_suspend", id=name, file="内部名单.csv", reason="待核实坐标")
    told = as_user(VISITOR, "anshan_suspension_list", id=name)["suspensions"][0]
    assert (told["id"], told["scope"], told["file"]) == (done["id"], "file", "")
    assert as_user(two.bureau, "anshan_suspension_list", id=name)["suspensions"][0]["file"] == "内部名单.csv"
    answers = [get(app, f"/data/{name}/v1/{file}") for file in ("内部名单.csv", "never.csv")]
    assert {one.status_code for one in answers} == {answers[0].status_code} and "待核实坐标" not in answers[0].body


def test_the_offices_learn_who_and_everybody_else_the_office_alone(two, found):
    public = published(found)
    done = two.suspend(public["name"])
    as_user(two.bureau, "anshan_release_lift", id=done["id"], reason="可以恢复")
    inner = as_user(two.bureau, "anshan_suspension_list", id=public["id"])["suspensions"][0]
    assert inner["by"] and inner["agreed"][0]["reason"] == "可以恢复" and inner["may_lift"] is False
    assert as_user(two.cyberspace, "anshan_suspension_list", id=public["id"])["suspensions"][0]["may_lift"] is True
    outer = as_user(VISITOR, "anshan_suspension_list", id=public["id"])["suspensions"][0]
    assert outer["lifts"][0]["office"] == "bureau" and not {"by", "agreed", "sha256", "may_lift"} & set(outer)


def test_each_step_is_on_the_log_and_told_to_the_agency_and_the_other_office(two, found, owner):
    public = published(found)
    done = two.suspend(public["name"])
    assert last(kind="release.suspended")["facts"] == {"scope": "dataset", "reason": "待核实坐标"}
    two.lift(done)
    assert [last(kind=f"release.{one}")["facts"]["scope"] for one in ("lift_agreed", "lifted")] == ["dataset"] * 2
    assert last(kind="dataset.removed", object_id=public["id"]) and last(kind="dataset.created", object_id=public["id"])
    told = model.Session.execute(sa.select(notice.c.kind).where(notice.c.user_id == owner["publisher"]["id"])).scalars()
    assert {"dataset_suspended", "dataset_lifted"} <= set(told)
    asked = sa.select(notice.c.kind).where(notice.c.user_id == two.second_cyberspace["id"])
    assert "lift_waits" in set(model.Session.execute(asked).scalars())


def test_rows_of_suspensions_are_never_changed_by_hand(two, found):
    done = two.suspend(published(found)["name"])
    for statement in (
        f"UPDATE anshan_release_suspension SET lifted = now() WHERE id = '{done['id']}'",
        f"UPDATE anshan_release_suspension SET reason = 'x' WHERE id = '{done['id']}'",
        f"DELETE FROM anshan_release_suspension WHERE id = '{done['id']}'",
        "TRUNCATE anshan_release_suspension CASCADE",
        f"UPDATE anshan_release_release SET state = 'published' WHERE dataset_name = '{done['name']}' AND version = 2",
    ):
        with pytest.raises(DatabaseError):
            model.Session.execute(sa.text(statement))
        model.Session.rollback()


def test_a_class_change_takes_the_files_away_and_the_old_versions_follow_unless_said_otherwise(
    app, owner, found, tmp_path, monkeypatch
):
    public = published(found)
    reclassify(found, owner, "conditional")
    release(tmp_path, found, {"a.csv": NEW}, approval="3号")
    assert get(app, f"/data/{public['name']}/v1/a.csv").status_code == 403
    original = publishing._approved
    monkeypatch.setattr(publishing, "_approved", lambda one: original(one) | {"keeps_versions": True})
    release(tmp_path, found, {"a.csv": NEW}, approval="4号")
    statuses = {n: get(app, f"/data/{public['name']}/v{n}/a.csv").status_code for n in (1, 2, 3, 4)}
    assert statuses == {1: 200, 2: 200, 3: 403, 4: 403}
    listed = as_user(VISITOR, "anshan_release_list", id=public["name"])
    assert [(one["version"], bool(one["files"])) for one in listed] == [(4, False), (3, False), (2, True), (1, True)]
    page = get(app, f"/dataset/{public['name']}").body
    assert f"/data/{public['name']}/v1/a.csv" in page and published(found)["resources"] == []
    reclassify(found, owner, "closed")
    release(tmp_path, found, {"a.csv": NEW}, approval="5号")
    assert dataset(found) is None
    closed = get(app, f"/dataset/{public['name']}")
    assert (closed.status_code, f"/data/{public['name']}/v2/a.csv" in closed.body) == (200, True)
    assert get(app, f"/data/{public['name']}/v2/a.csv").status_code == 200
    monkeypatch.undo()
    release(tmp_path, found, {"a.csv": CSV}, approval="6号")
    assert get(app, f"/dataset/{public['name']}").status_code == 404
    assert get(app, f"/data/{public['name']}/v2/a.csv").status_code == 404


def test_an_old_conditional_version_never_opens_because_a_newer_one_did(app, owner, tmp_path):
    made = entry("conditional", owner)
    release(tmp_path, made, {"a.csv": CSV})
    reclassify(made, owner, "unconditional")
    release(tmp_path, made, {"a.csv": NEW}, approval="2号")
    name = published(made)["name"]
    assert [get(app, f"/data/{name}/v{n}/a.csv").status_code for n in (1, 2)] == [404, 200]


def test_package_show_keeps_its_shape_and_adds_the_class_and_its_basis(owner, tmp_path):
    made = entry("conditional", owner)
    release(tmp_path, made, {"a.csv": CSV})
    shown = published(made)
    assert (shown["opening_class"], shown["opening_basis"]) == ("conditional", "某某条例（第1号） 第一条")
    assert {"id", "name", "title", "notes", "resources", "tags", "groups", "organization", "type"} <= set(shown)

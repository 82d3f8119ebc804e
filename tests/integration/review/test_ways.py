"""Routine updates, emergencies, taking back, another class: each way opens what it may, and nothing more."""

from __future__ import annotations

import datetime

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from sqlalchemy.exc import DatabaseError

from ckanext.anshan.review import publishing
from ckanext.anshan.review.model import submission
from tests.integration import support

from ..support import as_user, dataset, published, work
from .test_actions import code_of, queue
from .town import entry, publish, scanned, show, sign, sign_all, submit

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


def replace_file(town, found, content="停车场名称\n新停车场\n"):
    one = as_user(town.editor, "package_show", id=found["id"])["resources"][0]
    file = support.FileStorage(support.io.BytesIO(content.encode()), "停车场.csv")
    as_user(town.editor, "resource_patch", id=one["id"], upload=file)


def versions(found):
    return [
        (one["version"], one["state"])
        for one in as_user({"name": ""}, "anshan_release_list", id=published(found)["id"])
    ]


# routine updates


@pytest.fixture
def with_policy(town):
    found = entry(town)
    publish(town, found, routine=True)
    return found


def test_a_routine_update_opens_with_the_agencys_key(town, with_policy, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.review.sample_percent", 0)
    replace_file(town, with_policy)
    made = submit(town, with_policy, routine=True)
    assert made["way"] == "routine"
    made = sign(town.head, made)
    work()
    assert show(town.head, made["id"])["state"] == "published"
    assert versions(with_policy) == [(2, "published"), (1, "superseded")]
    assert [key["state"] for key in show(town.head, made["id"])["keys"]] == ["signed", "not_wanted", "not_wanted"]


def test_a_drawn_update_lies_with_the_offices_afterwards(town, with_policy, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.review.sample_percent", 100)
    replace_file(town, with_policy)
    made = sign(town.head, submit(town, with_policy, routine=True))
    assert made["number"] in queue(town.cyberspace, mine="sampled")
    given = {"id": made["id"], "hash": made["hash"], "answers": support_answers(town.cyberspace, made)}
    as_user(town.cyberspace, "anshan_submission_check", **given)
    assert made["number"] not in queue(town.cyberspace, mine="sampled")
    assert made["number"] in queue(town.bureau, mine="sampled")


def support_answers(user, made):
    return {one["id"]: "yes" for one in show(user, made["id"])["checklist"]}


def test_what_is_not_as_it_was_takes_the_full_way(town, with_policy):
    replace_file(town, with_policy)
    assert submit(town, with_policy, severity="reason", routine=True)["way"] == "full"
    as_user(town.editor, "package_patch", id=with_policy["id"], security_level="general_2")
    assert submit(town, with_policy, routine=True)["way"] == "full"


def test_nothing_is_routine_without_a_policy(town):
    found = entry(town)
    publish(town, found)
    replace_file(town, found)
    made = submit(town, found)
    assert made["way"] == "full" and made["why_full"]


# emergencies


def open_at_once(town, found, **more):
    given = {"id": found["id"], "reason": "洪水", "days": 3, **more}
    assert "scan_running" in code_of(as_user, town.bureau, "anshan_submission_open_at_once", **given)
    scanned(more.pop("severity", ""))
    made = as_user(town.bureau, "anshan_submission_open_at_once", **given)
    work()
    return made


def over(made):
    """Its time is over now."""
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=1)
    model.Session.execute(submission.update().where(submission.c.id == made["id"]).values(until=past))
    model.Session.commit()


def test_an_emergency_is_open_at_once_and_stays_when_it_is_confirmed(town):
    found = entry(town)
    made = open_at_once(town, found)
    assert made["state"] == "provisional" and dataset(found) is not None
    assert made["number"] == queue(town.cyberspace)[0] and made["number"] in queue(town.head)
    made = sign(town.cyberspace, sign(town.head, made))
    work()
    assert made["state"] == "published"
    over(made)
    publishing.lapse()
    work()
    assert dataset(found) is not None


def test_an_emergency_closes_by_itself(town):
    found = entry(town)
    made = sign(town.head, open_at_once(town, found))
    publishing.lapse()
    work()
    assert dataset(found) is not None
    over(made)
    publishing.lapse()
    work()
    assert (show(town.head, made["id"])["state"], dataset(found)) == ("lapsed", None)


@pytest.mark.parametrize("who, action", [("cyberspace", "reject"), ("head", "reject"), ("bureau", "withdraw")])
def test_whoever_is_against_an_emergency_closes_it(town, who, action):
    found = entry(town)
    made = open_at_once(town, found)
    as_user(getattr(town, who), f"anshan_submission_{action}", id=made["id"], reason="x", article="二十")
    work()
    assert dataset(found) is None


def test_a_closed_emergency_brings_back_the_version_before(town):
    found = entry(town)
    publish(town, found)
    replace_file(town, found)
    made = open_at_once(town, found)
    assert versions(found) == [(2, "published"), (1, "superseded")]
    over(made)
    publishing.lapse()
    work()
    assert ((1, "published") in versions(found)) and published(found)["release_version"] == "1"


def test_only_the_bureau_opens_at_once_with_a_reason_and_within_the_limit(town):
    found = entry(town)
    for user in (town.head, town.cyberspace):
        given = {"id": found["id"], "reason": "x", "days": 1}
        assert code_of(as_user, user, "anshan_submission_open_at_once", **given) == "review.not_yours"
    open_scans = {"id": found["id"], "reason": "x", "days": 1}
    code_of(as_user, town.bureau, "anshan_submission_open_at_once", **open_scans)
    scanned()
    for given, code in (({"days": 0}, "bad_days"), ({"days": 11}, "bad_days"), ({"reason": " "}, "missing")):
        found_code = code_of(as_user, town.bureau, "anshan_submission_open_at_once", **{**open_scans, **given})
        assert code in found_code
    assert dataset(found) is None


def test_what_blocks_is_not_opened_at_once(town):
    found = entry(town)
    given = {"id": found["id"], "reason": "x", "days": 1}
    code_of(as_user, town.bureau, "anshan_submission_open_at_once", **given)
    scanned("block")
    assert "blocked" in code_of(as_user, town.bureau, "anshan_submission_open_at_once", **given)


# taking back, another class


def test_a_dataset_is_taken_back_with_three_keys(town):
    found = entry(town)
    publish(town, found)
    given = {"id": found["id"], "kind": "retirement"}
    assert "missing" in code_of(as_user, town.editor, "anshan_submission_create", **given)
    made = submit(town, found, kind="retirement", reason="停用", article="第四十三条")
    for user in (town.head, town.cyberspace):
        sign(user, made)
    work()
    assert dataset(found) is not None
    sign(town.bureau, made)
    work()
    assert dataset(found) is None


def test_nothing_is_taken_back_that_is_not_public(town):
    given = {"id": entry(town)["id"], "kind": "retirement", "reason": "x", "article": "x"}
    assert "nothing_published" in code_of(as_user, town.editor, "anshan_submission_create", **given)


def test_what_is_taken_back_can_be_opened_again(town):
    found = entry(town)
    publish(town, found)
    first = published(found)
    sign_all(town, submit(town, found, kind="retirement", reason="停用", article="第四十三条"))
    work()
    publish(town, found)
    work()
    assert published(found)["id"] == first["id"]


CONDITIONAL = {
    "opening_class": "conditional",
    "opening_basis_title": "某某条例",
    "opening_basis_number": "第1号",
    "opening_basis_article": "第一条",
    "opening_method": "接口",
    "opening_requirements": "只用于研究",
    "opening_safeguards": "签订协议",
    "opening_conditions": "实名申请",
}


@pytest.mark.parametrize("old_versions", ["follow", "stay"])
def test_another_class_takes_the_files_away_and_old_versions_follow_unless_signed_otherwise(town, old_versions, app):
    found = entry(town)
    publish(town, found)
    old = published(found)["resources"][0]["url"]
    as_user(town.editor, "package_patch", id=found["id"], **CONDITIONAL)
    publish(town, found, old_versions=old_versions)
    work()
    public = published(found)
    assert (public["opening_class"], public["resources"]) == ("conditional", [])
    answer = app.get("/data/" + old.partition("/data/")[2])
    assert answer.status_code == (403 if old_versions == "follow" else 200)


def test_an_update_leaves_it_as_it_was_whether_old_versions_stay(town):
    found = entry(town)
    publish(town, found)
    as_user(town.editor, "package_patch", id=found["id"], **CONDITIONAL)
    publish(town, found, old_versions="stay")
    as_user(town.editor, "package_patch", id=found["id"], notes="改了摘要")
    assert submit(town, found)["frozen"]["old_versions"] == "stay"


def test_the_database_itself_keeps_what_was_signed(town):
    made = sign(town.head, submit(town, entry(town)))
    for statement in (
        "UPDATE anshan_review_submission SET hash = 'x' WHERE id = :id",
        "UPDATE anshan_review_submission SET frozen = '{}' WHERE id = :id",
        "UPDATE anshan_review_submission SET submitter = 'x' WHERE id = :id",
        "DELETE FROM anshan_review_submission WHERE id = :id",
        "UPDATE anshan_review_signature SET user_id = 'x' WHERE submission_id = :id",
        "DELETE FROM anshan_review_signature WHERE submission_id = :id",
        "DELETE FROM anshan_review_event WHERE submission_id = :id",
        "TRUNCATE anshan_review_signature",
    ):
        with pytest.raises(DatabaseError, match="cannot be changed or deleted"):
            model.Session.execute(sa.text(statement), {"id": made["id"]})
        model.Session.rollback()

"""Nothing opens without three signatures: the actions of the review, asked by everybody."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ..support import as_user, published, work
from .town import answers, entry, publish, show, sign, submit

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


def code_of(call, *args, **more):
    """The code of the refusal of a call."""
    with pytest.raises((tk.NotAuthorized, tk.ValidationError)) as refused:
        call(*args, **more)
    error = refused.value
    if isinstance(error, tk.ValidationError):
        return str(error.error_dict.get("code", error.error_dict))
    return str(error).partition(" · ")[0]


def test_three_keys_publish_what_was_frozen(town):
    found = entry(town)
    made = submit(town, found)
    assert (made["state"], made["severity"]) == ("submitted", "")
    as_user(town.editor, "package_patch", id=found["id"], title="改了题目")
    made = sign(town.head, made)
    assert made["state"] == "in_review"
    made = sign(town.bureau, made)
    assert made["state"] == "in_review"
    made = sign(town.cyberspace, made)
    work()
    made = show(town.editor, made["id"])
    assert made["state"] == "published"
    public = published(found)
    assert public["title"] == "停车场基本信息" and public["opening_class"] == "unconditional"
    assert [one["name"] for one in public["resources"]] == ["停车场.csv"]
    assert [key["state"] for key in made["keys"]] == ["signed"] * 3


def test_nothing_is_public_before_the_third_key(town):
    from ..support import dataset

    made = submit(town, found := entry(town))
    for user in (town.head, town.cyberspace):
        made = sign(user, made)
        work()
        assert dataset(found) is None


def test_nobody_signs_what_they_submitted(town):
    made = as_user(town.head, "anshan_submission_create", id=entry(town)["id"])
    from .town import scanned

    scanned()
    assert code_of(sign, town.head, made) == "review.own_submission"


def test_a_sysadmin_has_no_key(town):
    made = submit(town, entry(town))
    admin = factories.Sysadmin()
    for action in ("sign", "clear", "return", "reject", "withdraw", "show", "comment"):
        given = {"id": made["id"], "hash": made["hash"], "reason": "x", "article": "1", "text": "x"}
        assert code_of(as_user, admin, f"anshan_submission_{action}", **given) == "review.unknown", action


def test_a_sysadmin_who_made_themselves_a_member_has_no_key_either(town):
    from ckanext.anshan.people import options

    made = submit(town, entry(town))
    admin = factories.Sysadmin()
    for organization in (town.agency.id, options.cyberspace_org(), options.bureau_org()):
        given = {"id": organization, "username": admin["name"], "role": "admin"}
        as_user(admin, "organization_member_create", **given)
    assert code_of(sign, admin, made) == "review.not_yours"
    sign(town.head, made)
    assert code_of(sign, admin, made) == "review.not_yours"
    assert made["number"] not in queue(admin)
    given = {"id": "x", "scope": "dataset", "reason": "x"}
    assert code_of(as_user, admin, "anshan_release_suspend", **given).startswith("release.")


def test_the_offices_wait_for_the_head(town):
    made = submit(town, entry(town))
    for user in (town.cyberspace, town.bureau):
        assert "not_now" in code_of(sign, user, made)


def test_an_office_signs_once(town):
    made = sign(town.cyberspace, sign(town.head, submit(town, entry(town))))
    assert "signed_already" in code_of(sign, town.second_cyberspace, made)


def test_a_signature_is_of_the_hash_that_was_looked_at(town):
    made = submit(town, entry(town))
    assert "another_hash" in code_of(sign, town.head, made, hash="0" * 64)


def test_each_item_of_the_checklist_is_answered(town):
    made = submit(town, entry(town))
    given = dict(list(answers(town.head, made).items())[1:])
    assert "unanswered" in code_of(sign, town.head, made, answers=given)


def test_what_blocks_is_signed_over_by_the_cyberspace_office_alone(town):
    made = submit(town, entry(town), severity="block")
    assert "blocked" in code_of(sign, town.head, made, reason="无妨")
    assert code_of(as_user, town.bureau, "anshan_submission_clear", id=made["id"], reason="x") == "review.not_yours"
    made = as_user(town.cyberspace, "anshan_submission_clear", id=made["id"], reason="法定公示的电话")
    assert "reason_wanted" in code_of(sign, town.head, made)
    for user in (town.head, town.cyberspace, town.bureau):
        made = sign(user, made, reason="法定公示的电话")
    assert show(town.editor, made["id"])["state"] == "published"


def test_a_signature_waits_for_the_scan(town):
    made = as_user(town.editor, "anshan_submission_create", id=entry(town)["id"])
    assert "scan_running" in code_of(sign, town.head, made)


def test_a_return_goes_to_the_agency_with_its_remarks(town):
    made = sign(town.head, submit(town, found := entry(town)))
    remarks = [{"place": "column", "at": "停车场.csv/电话", "text": "请打码"}, {"text": "  "}]
    made = as_user(town.cyberspace, "anshan_submission_return", id=made["id"], remarks=remarks)
    assert (made["state"], [one["text"] for one in made["remarks"]]) == ("returned", ["请打码"])
    assert "not_now" in code_of(sign, town.bureau, made)
    as_user(town.editor, "package_patch", id=found["id"], notes="改过了")
    again = submit(town, found)
    assert again["previous"][0] == {"number": made["number"], "state": "superseded"}


def test_a_return_without_a_remark_is_refused(town):
    made = sign(town.head, submit(town, entry(town)))
    assert "missing" in code_of(as_user, town.bureau, "anshan_submission_return", id=made["id"], remarks=[])


def test_a_rejection_needs_reason_and_article(town):
    made = sign(town.head, submit(town, entry(town)))
    for given in ({"reason": "x"}, {"article": "27"}):
        assert "missing" in code_of(as_user, town.bureau, "anshan_submission_reject", id=made["id"], **given)
    made = as_user(town.bureau, "anshan_submission_reject", id=made["id"], reason="x", article="第二十七条")
    assert made["state"] == "rejected"


def test_a_newer_submission_replaces_the_one_under_way(town):
    first = submit(town, found := entry(town))
    as_user(town.editor, "package_patch", id=found["id"], notes="新的")
    second = submit(town, found)
    assert show(town.head, first["id"])["state"] == "superseded"
    assert "not_now" in code_of(sign, town.head, first)
    assert second["number"] > first["number"]


def test_what_is_incomplete_or_unchanged_is_not_submitted(town):
    bare = entry(town, None)
    assert "no_files" in code_of(as_user, town.editor, "anshan_submission_create", id=bare["id"])
    found = entry(town)
    publish(town, found)
    assert "unchanged" in code_of(as_user, town.editor, "anshan_submission_create", id=found["id"])


def test_another_agency_learns_nothing(town):
    from .town import make

    made = submit(town, found := entry(town))
    stranger = make("other").editor
    for action in ("show", "sign", "return", "withdraw"):
        assert code_of(as_user, stranger, f"anshan_submission_{action}", id=made["id"]) == "review.unknown"
    assert code_of(as_user, stranger, "anshan_submission_create", id=found["id"]) == "review.unknown"


def test_internal_comments_are_for_the_offices(town):
    made = sign(town.head, submit(town, entry(town)))
    as_user(town.bureau, "anshan_submission_comment", id=made["id"], text="内部", internal=True)
    as_user(town.editor, "anshan_submission_comment", id=made["id"], text="公开")
    assert [one["text"] for one in show(town.cyberspace, made["id"])["remarks"]] == ["内部", "公开"]
    assert [one["text"] for one in show(town.head, made["id"])["remarks"]] == ["公开"]
    given = {"id": made["id"], "text": "x", "internal": True}
    assert "not_yours" in code_of(as_user, town.editor, "anshan_submission_comment", **given)


def test_the_queue_holds_what_waits_for_each(town):
    made = submit(town, entry(town))
    assert made["number"] in queue(town.head) and made["number"] not in queue(town.cyberspace)
    sign(town.head, made)
    assert made["number"] in queue(town.cyberspace) and made["number"] in queue(town.bureau)
    assert made["number"] not in queue(town.head)


def queue(user, **more):
    found = as_user(user, "anshan_submission_list", limit=500, **more)
    return [one["number"] for one in found["submissions"]]

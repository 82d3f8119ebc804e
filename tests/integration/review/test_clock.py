"""The clock of a submission, as its page explains it."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.anshan.workflow import clock, workdays

from ..support import as_user
from .town import entry, make, sign, sign_all, submit

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


def asked(user, made):
    return as_user(user, "anshan_submission_clock", id=made["id"])


def test_a_new_submission_waits_five_working_days_for_the_head(town):
    found = asked(town.editor, submit(town, entry(town)))
    (step,) = found["steps"]
    assert found["due"] == workdays.after(clock.today(), 5).isoformat()
    assert (step["state"], step["owes"], step["began"]) == ("submitted", ["head"], clock.today().isoformat())
    assert (step["due"], step["given"], step["used"], step["left"]) == (found["due"], 5, 0, 5)
    assert sum(day["counts"] for day in step["days"]) == 5
    assert step["days"][-1]["date"] == found["due"]


def test_a_return_stops_the_reviewers_clock(town):
    made = sign(town.head, submit(town, entry(town)))
    remarks = [{"text": "请补充说明", "place": "", "at": ""}]
    as_user(town.bureau, "anshan_submission_return", id=made["id"], remarks=remarks, complex=True)
    found = asked(town.editor, made)
    assert [(one["state"], one["stops"], one["given"]) for one in found["steps"]] == [
        ("submitted", False, 5),
        ("in_review", False, 5),
        ("returned", True, 10),
    ]
    assert found["steps"][-1]["owes"] == ["editor", "head"]


def test_a_signed_submission_owes_nobody_anything(town):
    found = asked(town.head, sign_all(town, submit(town, entry(town))))
    assert found["due"] is None
    assert [one["role"] for one in found["steps"][1]["done"]] == ["cyberspace", "bureau"]
    assert (found["steps"][-1]["state"], found["steps"][-1]["due"]) == ("released", None)


def test_the_options_are_told_with_their_values(town):
    found = asked(town.bureau, submit(town, entry(town)))
    assert {one["option"]: one["days"] for one in found["limits"]} == {
        "ckanext.anshan.workflow.days_to_review": 5,
        "ckanext.anshan.workflow.days_to_correct": 5,
        "ckanext.anshan.workflow.days_to_correct_complex": 10,
    }


@pytest.mark.parametrize("who", ["stranger", "sysadmin", "other"])
def test_nobody_else_is_told(town, who):
    user = {"stranger": factories.User, "sysadmin": factories.Sysadmin, "other": lambda: make("other").head}[who]()
    with pytest.raises(tk.NotAuthorized) as refused:
        asked(user, submit(town, entry(town)))
    assert str(refused.value).startswith("review.unknown · ")

"""What an agency asks beside the base of the form, and who stands in for its head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.types import Context

from ..access.rules import CONDITIONAL
from ..audit import recording
from ..audit.events import Event, Object
from ..people import notices
from ..people.rules import Role as Duty
from ..release import offers
from ..workflow import clock
from . import applications, forms, running, showing, standing
from .forms import Question
from .rules import Refusal

Given = Mapping[str, Any]

LONGEST_DEPUTY = 92  # days


def verdict(context: Context, dataset: str) -> Refusal | None:
    """Why the caller doesn't ask anything about a dataset: they don't work for the agency that provides it."""
    return None if _agency_of(context, dataset) else Refusal("not_yours")


def _agency_of(context: Context, dataset: str) -> str:
    found = offers.offer(dataset)
    asker = standing.Asker(context.get("user"))
    writes = {one.org_id for one in asker.members if one.roles & set(standing.DUTIES)}
    return found.agency if found and found.agency in writes else ""


def show(context: Context, dataset: str) -> dict[str, Any]:
    """The newest questions about a dataset that is open on conditions; of another, to whoever answers them alone."""
    found = offers.offer(dataset)
    is_told = found is not None and found.state == "published" and found.opening_class == CONDITIONAL
    if not is_told and not _agency_of(context, dataset):
        found = None
    row = applications.forms_now([found.dataset_id]).get(found.dataset_id) if found else None
    questions = [Question.of(one).told for one in row.questions] if row else []
    rows = applications.forms_of(found.dataset_id) if found else []
    versions = [
        {"version": one.version, "created": one.created.isoformat(), "questions": len(one.questions)} for one in rows
    ]
    return {"dataset": dataset, "version": row.version if row else 0, "questions": questions, "versions": versions}


def update(context: Context, asked: Given) -> dict[str, Any]:
    """A new version; applications that are under way keep the one that they were filled in on."""
    agency = _agency_of(context, asked["dataset"])
    if not agency:
        standing.refuse(Refusal("not_yours"))
    questions = [Question.of(one) for one in asked["questions"]]
    wrong = forms.question_problems(questions)
    if wrong:
        standing.refuse_problems(wrong)
    found, user = offers.offer(asked["dataset"]), standing.Asker(context.get("user")).user
    assert found and user
    with running.alone():
        number = applications.add_form(found.dataset_id, agency, [one.told for one in questions], user.id)
        facts = {"version": number, "questions": len(questions)}
        about = Object("dataset", found.dataset_id)
        recording.note(Event("application.form", object=about, action="anshan_application_form_update", facts=facts))
    return show(context, asked["dataset"])


# in the head's place


def heads(context: Context, agency: str) -> Refusal | None:
    """Why the caller names nobody: they aren't head of the agency; who stands in for a head isn't."""
    return None if _head_of(context, agency) else Refusal("not_yours")


def _head_of(context: Context, agency: str) -> str:
    asker = standing.Asker(context.get("user"))
    own = [one for one in asker.members if agency in (one.org_id, one.org_name)]
    return next((one.org_id for one in own if Duty.AGENCY_HEAD in one.roles), "")


def name_deputy(context: Context, asked: Given) -> dict[str, Any]:
    """A publisher of the agency does what its head does with applications, from a day to a day."""
    agency = _head_of(context, asked["agency"])
    if not agency:
        standing.refuse(Refusal("not_yours"))
    starts, ends = forms.day_of(asked["starts"]), forms.day_of(asked["ends"])
    if not starts or not ends or ends < starts or ends < clock.today() or (ends - starts).days > LONGEST_DEPUTY:
        standing.refuse(Refusal("bad_days", {"days": LONGEST_DEPUTY}))
    user, head = standing.Asker(asked["user"]).user, standing.Asker(context.get("user")).user
    if user is None or user.id not in notices.members(agency, ["editor"]):
        standing.refuse(Refusal("bad_handler"))
    assert head
    with running.alone():
        id = applications.add_deputy(agency, user.id, head.id, starts, ends)
        term = {"starts": starts.isoformat(), "ends": ends.isoformat()}
        _record("application.deputy", "anshan_application_deputy_name", agency, {"user": user.id, **term})
        notices.tell("application_deputy", [user.id], {"starts": starts, "ends": ends}, "/applications")
    return {"id": id, "agency": agency, "user": user.name, "starts": starts.isoformat(), "ends": ends.isoformat()}


def deputies(context: Context, agency: str) -> list[dict[str, Any]]:
    """Who stands in for the head of an agency, today or later."""
    id = _head_of(context, agency)
    if not id:
        standing.refuse(Refusal("not_yours"))
    rows, today = applications.deputies_of([id], clock.today()), clock.today()
    named = showing.names([row.user_id for row in rows])
    return [
        {
            "id": row.id,
            "agency": row.agency,
            "user": row.user_id,
            "name": named.get(row.user_id, ""),
            "starts": row.starts.isoformat(),
            "ends": row.ends.isoformat(),
            "is_now": row.starts <= today,
        }
        for row in rows
    ]


def end_deputy(context: Context, id: int) -> None:
    row = applications.deputy_of(id)
    if row is None or not _head_of(context, row.agency):
        standing.refuse(Refusal("not_yours"))
    with running.alone():
        applications.end_deputy(id)
        named = {"user": row.user_id}
        _record("application.deputy_ended", "anshan_application_deputy_end", row.agency, named)


def _record(kind: str, action: str, agency: str, facts: dict[str, Any]) -> None:
    recording.note(Event(kind, object=Object("organization", agency), action=action, facts=facts))

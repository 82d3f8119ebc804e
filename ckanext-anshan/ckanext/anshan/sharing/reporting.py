"""Errors that somebody found in data that they use: reported to whoever provides it (art. 23)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..release import offers
from ..workflow import clock, workdays
from ..workflow import options as workflow_options
from . import keeping, rules, running, standing
from .keeping import FEEDBACK
from .rules import FeedbackState, Refusal, Role, Used

Asked = Mapping[str, Any]
USERS = frozenset({"applicant", "partner"})  # of an application's roles


def report(context: Context, asked: Asked) -> Any:
    """The row of the new feedback.

    :raises NotAuthorized, ValidationError: not by who uses it, or not about what they use
    """
    asker = standing.Asker(context.get("user"))
    made = application(context, asked["application"])
    used = used_under(made) if made else None
    refusal = rules.against_report(used, asked["dataset"], asked["file"], asked["column"])
    if refusal or made is None or asker.user is None:
        standing.refuse(refusal or Refusal("unknown"))
    item = next(one for one in made["items"] if asked["dataset"] in (one["dataset_id"], one["dataset_name"]))
    with running.alone():
        row = keeping.add(FEEDBACK, _values(asker, made, item, asked), clock.today())
        person = asker.to(FEEDBACK, row)
        running.done(running.Act(FEEDBACK, row, person, Role.USER, "create", "", FeedbackState.OPEN, {}, row.due))
    return row


def application(context: Context, id: str) -> Mapping[str, Any] | None:
    """As the caller may read it; nothing where they have no part in it."""
    try:
        return tk.get_action("anshan_application_show")({"user": context.get("user", "")}, {"id": id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None


def used_under(made: Mapping[str, Any]) -> Used:
    """What the caller uses under an application."""
    used = {}
    for one in made["items"]:
        scope = one["decided"] or {}
        files = frozenset((*scope.get("files", ()), *scope.get("whole", ())))
        if files:
            used |= dict.fromkeys(
                (one["dataset_id"], one["dataset_name"]), (files, frozenset(scope.get("columns", ())))
            )
    return Used(made["state"], bool(USERS & set(made["roles"])), used)


def _values(asker: standing.Asker, made: Mapping[str, Any], item: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    assert asker.user is not None
    offer = offers.offer(item["dataset_id"])
    ids = {one["id"] for one in made["parties"]}
    party = next(one for one in asker.parties if one[1] in ids)
    return {
        "state": FeedbackState.OPEN.value,
        "application_id": made["id"],
        "application_number": made["number"],
        "party_kind": party[0],
        "party_id": party[1],
        "provider": made["agency"],
        "dataset_id": item["dataset_id"],
        "title": item["title"],
        "version": offer.version if offer else item["release_version"],
        "file": asked["file"],
        "column_name": asked["column"],
        "row_key": asked["row"],
        "text": asked["text"],
        "due": workdays.after(clock.today(), workflow_options.days_to_correct()),
        "user_id": asker.user.id,
    }

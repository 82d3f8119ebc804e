"""What happens at once when somebody can't act for an applicant any longer, in the transaction of that.

Nobody reads by a right that they lost, with or without this: whether they act for a holder is asked at every read.
"""

from __future__ import annotations

from typing import Any

from ..applicants import parties
from ..people import notices
from . import applications, giving, informing, rules, running
from .rules import Command

__all__ = ["application_leaves"]

BARRED, UNVERIFIED = "barred", "unverified"
ARTICLE = "《鞍山市公共数据管理办法（试行）》第三十五条"
"""That a bar rests on, as it is cited: whoever uses data keeps to law and agreement."""


def application_leaves(party: dict[str, str], user_id: str | None, why: str) -> None:
    """What was granted to a barred organization alone is suspended; of whatever else happened both sides are told."""
    key = (party["kind"], party["id"])
    for row in applications.find_all(applications.of_parties(rules.IN_USE, [key])):
        if why == BARRED and _is_alone(row, key):
            running.by_machine(row.id, Command.SUSPEND, {"reason": BARRED, "article": ARTICLE}, giving.follow)
        else:
            _tell(row, why, user_id)


def _is_alone(row: Any, key: tuple[str, str]) -> bool:
    """Whether no other holder could go on."""
    others = {(one.kind, one.party_id) for one in applications.parties_of([row.id])[row.id]} - {key}
    return not others - set(parties.gone(others))


def _tell(row: Any, why: str, user_id: str | None) -> None:
    kind = "application_holder_waits" if why in (BARRED, UNVERIFIED) else "application_member_left"
    users = informing.applicants(row) | informing.owners(row)
    notices.tell(kind, users - {user_id or ""}, informing.named(row), f"/application/{row.number}")

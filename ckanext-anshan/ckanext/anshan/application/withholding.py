"""Both sides are told when a dataset is suspended and when it comes back; nothing is closed for that."""

from __future__ import annotations

from ..people import notices
from . import applications, informing, rules
from .rules import Kind, State

__all__ = ["application_withheld"]

CONCERNED = rules.OPEN | rules.IN_USE


def application_withheld(dataset_id: str, is_suspended: bool, reason: str) -> None:
    """Once each time, in the transaction of the suspension."""
    kind = "application_withheld" if is_suspended else "application_given_back"
    ids = [id for one in Kind for id in applications.about(CONCERNED, one.value, [dataset_id])]
    for row in applications.find_all(ids):
        users = informing.applicants(row) | (informing.owners(row) if State(row.state) in rules.IN_USE else set())
        notices.tell(kind, users, {**informing.named(row), "reason": reason}, f"/application/{row.number}")

"""Template helpers of the review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..people import roles
from ..people.rules import Role
from . import options, submitting

__all__ = ["anshan_review_of", "anshan_reviews", "anshan_suspends"]


def anshan_reviews() -> bool:
    """Whether the reader has a queue: who submits, signs or reviews somewhere."""
    return any(each.roles or each.org_name == options.deputy_org() for each in roles.of_reader())


def anshan_suspends() -> bool:
    """Whether the reader may take data off at once: the cyberspace office alone."""
    return any(Role.CYBERSPACE in each.roles for each in roles.of_reader())


def anshan_review_of(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """How it stands with the review of one entry; nothing for whoever has no part in it."""
    return submitting.of(entry)

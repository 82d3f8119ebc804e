"""Template helpers of the review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ..people import roles
from . import options, submitting

__all__ = ["anshan_review_of", "anshan_reviews"]


def anshan_reviews() -> bool:
    """Whether the reader has a queue: who submits, signs or reviews somewhere."""
    members = roles.memberships(tk.current_user)
    return any(each.roles or each.org_name == options.deputy_org() for each in members)


def anshan_review_of(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """How it stands with the review of one entry; nothing for whoever has no part in it."""
    return submitting.of(entry)

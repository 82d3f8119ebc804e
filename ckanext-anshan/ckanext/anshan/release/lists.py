"""Lists of what is to be released together, signed by both offices."""

from __future__ import annotations

from .importing import Refused
from .rules import Approval, Refusal


def signed_list(number: str) -> Approval | Refusal:
    """What the offices approved with this list, or why nothing comes of it."""
    return Refusal("list_not_signed", {"number": number[:200]})


def approved(number: str) -> Approval:
    """:raises Refused: no such list is signed"""
    found = signed_list(number)
    if isinstance(found, Refusal):
        raise Refused(found)
    return found

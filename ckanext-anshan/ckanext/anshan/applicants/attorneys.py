"""Hands out a power of attorney through the one door."""

from __future__ import annotations

from typing import Any

from ..access import door
from ..access import messages as access_messages
from ..access.rules import Refusal
from ..release.files import Found
from ..theme.errors import error_page
from . import identities
from .rules import ORGANIZATION, Party


def handed_out(made: dict[str, Any]) -> Any:
    """Of an organization as its action shows it to the reader; who is only invited sees none."""
    file = made.get("attorney")
    if not file:
        return error_page(404)
    found = Found(file["sha256"], file["name"], file["size"], file["mimetype"])
    about = identities.about(Party(ORGANIZATION, made["id"]))
    answer = door.private(found, about, reviews=True)
    if isinstance(answer, Refusal):
        return error_page(access_messages.STATUS[answer.code], access_messages.words(answer))
    return answer

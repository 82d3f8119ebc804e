"""Hands out a power of attorney through the one door."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..access import door
from ..access import messages as access_messages
from ..access.rules import Refusal
from ..release.files import Found
from ..theme.errors import error_page
from . import identities, keeping, sealing
from .locking import Locked
from .rules import ORGANIZATION, Party


def handed_out(made: dict[str, Any]) -> Any:
    """Of an organization as its action shows it to the reader; who is only invited sees none.

    :raises ValidationError: no key opens it
    """
    row = keeping.organization_of(made["id"]) if made.get("attorney") else None
    if row is None or not row.attorney:
        return error_page(404)
    kept = row.attorney
    found = Found(kept["sha256"], kept["name"], sealing.size_kept(kept), kept["mimetype"])
    about = identities.about(Party(ORGANIZATION, row.id))
    try:
        answer = door.private(found, about, reviews=True, opened=partial(sealing.opened, row.id, kept))
    except Locked as error:
        raise identities.not_now(error) from error
    if isinstance(answer, Refusal):
        return error_page(access_messages.STATUS[answer.code], access_messages.words(answer))
    return answer

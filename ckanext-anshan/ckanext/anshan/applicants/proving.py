"""Whether somebody has shown again who they are, at the identity service, in the last minutes: for what they sign."""

from __future__ import annotations

import time

from ckan.common import session
from flask import has_request_context

MARK, ASKED = "anshan_proved", "anshan_proof_asked"
SECONDS = 300  # for which a proof counts


def ask(user_id: str) -> None:
    """They are sent to the identity service."""
    session[ASKED] = {"user": user_id, "at": int(time.time())}


def asked(user_id: str) -> int:
    """When they were sent there, in seconds; 0 where nobody was, or somebody else. It counts once."""
    found = session.pop(ASKED, None) or {}
    return int(found.get("at", 0)) if found.get("user") == user_id else 0


def is_asked() -> bool:
    return ASKED in session


def mark(user_id: str) -> None:
    """They came back and are who they say."""
    session[MARK] = {"user": user_id, "at": int(time.time())}


def is_proved(user_id: str) -> bool:
    """Whether a proof of this session, by this account, still counts."""
    found = session.get(MARK) if has_request_context() else None
    return bool(found) and found["user"] == user_id and 0 <= time.time() - found["at"] <= SECONDS


def use(user_id: str) -> bool:
    """The same, and it doesn't count again: one proof for one signature."""
    is_good = is_proved(user_id)
    if is_good:
        session.pop(MARK, None)
    return is_good

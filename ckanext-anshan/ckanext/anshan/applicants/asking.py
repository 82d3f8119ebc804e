"""What the forms of applicants send, as its actions take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .rules import Command, State
from .schema import PAGE, STATES

PERSON = ("name", "number", "phone")
ORGANIZATION = ("kind", "name", "uscc", "contact", "phone", "email")
ACT = ("user", "version", "reason", "article", "until")
OF_MEMBERS = {Command.INVITE, Command.ACCEPT, Command.DECLINE, Command.REMOVE, Command.LEAVE, Command.HAND_OVER}
FURTHEST = 10**6


def texts(form: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: form[name] for name in names if name in form}


def organization(form: Mapping[str, str], files: Mapping[str, Any]) -> dict[str, Any]:
    upload = files.get("upload")
    return texts(form, ORGANIZATION) | ({"upload": upload} if upload and upload.filename else {})


def action(command: str) -> str:
    what = "member" if Command(command) in OF_MEMBERS else "organization"
    return f"anshan_applicant_{what}_{command}"


def asked(args: Any) -> dict[str, Any]:
    """State, words and page of the list."""
    state = args.get("state", State.PENDING.value)
    known = state if state in STATES else State.PENDING.value
    return {"state": known, "q": args.get("q", "")[:200], "page": min(max(1, args.get("page", 1, type=int)), FURTHEST)}


def listed(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": asked["state"], "q": asked["q"], "limit": PAGE, "offset": PAGE * (asked["page"] - 1)}

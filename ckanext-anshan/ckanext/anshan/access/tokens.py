"""Tokens of one grant each, for programs: shown once, kept as their SHA-256, worth nothing anywhere else.

CKAN asks a plugin before it reads a token itself; one of ours is nobody's log-in there.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from ckan import model
from flask import has_request_context, request

from ..audit import recording
from ..audit.events import Event, Object
from ..workflow import clock
from .model import token
from .rules import Refusal
from .using import Caller, Facts

PREFIX = "anshan_g_"
BYTES = 32  # 43 characters
SHAPE = re.compile(rf"{PREFIX}[\w-]{{43}}", re.ASCII)
HEADER = "X-Grant-Token"
MOST = 20  # that are good at the same time
USED_EACH = 60  # seconds from one note of its use to the next


def presented() -> str:
    """What the request shows as such a token; empty where it shows none."""
    if not has_request_context():
        return ""
    given = request.headers.get(HEADER, "").strip()
    return given or _bare(request.headers.get("Authorization", ""))


def _bare(header: str) -> str:
    kind, _, rest = header.strip().partition(" ")
    found = rest.strip() if kind.lower() == "bearer" else header.strip()
    return found if found.startswith(PREFIX) else ""


def is_ours(encoded: str) -> bool:
    """Whether what CKAN takes for one of its tokens is one of a grant."""
    return bool(_bare(encoded))


def caller(user: Any) -> Caller | Refusal:
    """Who asks: by the token of a grant where one is shown, else the account (name or id)."""
    shown = presented()
    if shown:
        return _of_token(shown)
    found = model.User.get(user) if user else None
    return Caller(found.id if found and found.state == "active" else "")


def _of_token(shown: str) -> Caller | Refusal:
    row = _good(token.c.hash == _hash(shown)) if SHAPE.fullmatch(shown) else None
    return Caller(row.user_id, row.grant_id, row.id) if row else Refusal("bad_token")


def is_good(caller: Caller) -> bool:
    """Whether the token that somebody came with still is; so it is where they came without one."""
    return not caller.token_id or _good(token.c.id == caller.token_id) is not None


def _good(named: Any) -> Any:
    query = sa.select(token).where(named, token.c.revoked.is_(None), token.c.expires >= clock.today())
    return model.Session.execute(query).first()


def _hash(shown: str) -> str:
    return sha256(shown.encode()).hexdigest()


def touch(caller: Caller) -> None:
    """It was used; noted once a minute, in the caller's transaction."""
    if caller.token_id:
        age = sa.func.now() - sa.func.coalesce(token.c.used, sa.cast("epoch", sa.DateTime(timezone=True)))
        old = (token.c.id == caller.token_id, age > sa.text(f"interval '{USED_EACH} seconds'"))
        model.Session.execute(sa.update(token).where(*old).values(used=sa.func.now()))


def make(facts: Facts, name: str) -> dict[str, Any] | Refusal:
    """A new token, told in full this once; committed."""
    model.Session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:id))"), {"id": f"token {facts.row.id}"})
    if len([one for one in of([facts.row.id]) if one.revoked is None]) >= MOST:
        model.Session.rollback()
        return Refusal("too_many_tokens", {"most": MOST})
    shown, id = PREFIX + secrets.token_urlsafe(BYTES), str(uuid.uuid4())
    made = {"id": id, "grant_id": facts.row.id, "user_id": facts.caller.user_id, "name": name}
    model.Session.execute(token.insert().values(**made, hash=_hash(shown), expires=facts.row.ends))
    _note("grant.token_made", facts.row, id)
    model.Session.commit()
    return {"token": shown, **told(next(one for one in of([facts.row.id]) if one.id == id))}


def revoke(facts: Sequence[Facts], id: str) -> dict[str, Any] | Refusal:
    """Of one of these grants; committed."""
    rows = {one.row.id: one.row for one in facts}
    chosen = (token.c.id == id, token.c.grant_id.in_(list(rows)), token.c.revoked.is_(None))
    found = model.Session.execute(
        sa.update(token).where(*chosen).values(revoked=sa.func.now()).returning(token)
    ).first()
    if found is None:
        return Refusal("no_such_token")
    _note("grant.token_revoked", rows[found.grant_id], id)
    model.Session.commit()
    return told(found)


def _note(kind: str, row: Any, id: str) -> None:
    told = {"application": row.number, "dataset": row.dataset_id, "token": id}
    recording.note(Event(kind, object=Object("application", row.application_id), facts=told))


def of(grant_ids: Sequence[str]) -> list[Any]:
    """Rows of their tokens, the newest first."""
    query = sa.select(token).where(token.c.grant_id.in_(list(grant_ids)))
    return list(model.Session.execute(query.order_by(token.c.created.desc())))


def told(row: Any) -> dict[str, Any]:
    """Without what it is."""
    times = {name: _iso(getattr(row, name)) for name in ("created", "expires", "revoked", "used")}
    is_good = row.revoked is None and row.expires >= clock.today()
    return {"id": row.id, "grant_id": row.grant_id, "name": row.name, **times, "is_good": is_good}


def _iso(value: Any) -> str:
    return value.isoformat() if value else ""

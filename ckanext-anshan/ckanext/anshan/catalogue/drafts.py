"""Keeps what somebody typed into the form of an entry until it is saved; one draft for each person and entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from .model import draft as drafts

NEW = ""
"""In the place of an entry's id: the entry isn't there yet."""


class Draft(NamedTuple):
    typed: Mapping[str, Any]
    based_on: str
    version: int
    saved: datetime


COLUMNS = [drafts.c[name] for name in Draft._fields]


def find(user_id: str, entry_id: str) -> Draft | None:
    row = model.Session.execute(sa.select(*COLUMNS).where(_is(user_id, entry_id))).first()
    return Draft(*row) if row else None


def of_user(user_id: str) -> list[dict[str, Any]]:
    """The drafts of a person, the latest first: the entry's ``name`` (empty for a new one), ``title``, ``saved``."""
    title = sa.func.coalesce(sa.func.nullif(drafts.c.typed["title"].astext, ""), model.Package.title, "")
    name = sa.func.coalesce(model.Package.name, "")
    entries = drafts.outerjoin(model.Package, model.Package.id == drafts.c.entry_id)
    query = sa.select(name.label("name"), title.label("title"), drafts.c.saved).select_from(entries)
    rows = model.Session.execute(query.where(drafts.c.user_id == user_id).order_by(drafts.c.saved.desc()))
    return [{**row._mapping, "saved": row.saved.isoformat()} for row in rows]


def save(user_id: str, entry_id: str, typed: Mapping[str, Any], based_on: str, version: int) -> Draft | None:
    """Puts this in the place of the draft of that version (0: none yet); None where another window was faster."""
    values = {"typed": dict(typed), "based_on": based_on, "version": version + 1, "saved": sa.func.now()}
    new = insert(drafts).values(user_id=user_id, entry_id=entry_id, **values)
    written = new.on_conflict_do_update(
        index_elements=[drafts.c.user_id, drafts.c.entry_id], set_=values, where=drafts.c.version == version
    ).returning(*COLUMNS)
    row = model.Session.execute(written).first()
    return Draft(*row) if row else None


def discard(user_id: str, entry_id: str) -> None:
    model.Session.execute(drafts.delete().where(_is(user_id, entry_id)))


def _is(user_id: str, entry_id: str) -> Any:
    return sa.and_(drafts.c.user_id == user_id, drafts.c.entry_id == entry_id)


def of_form(form: Any) -> dict[str, Any]:
    """What a form sent, name by name; a field that was sent more than once is a list."""
    left_out = ("draft_of", "draft_version", "save", "csrf_token", "_csrf_token")
    sent = {name: form.getlist(name) for name in form if name not in left_out}
    return {name: values if len(values) != 1 else values[0] for name, values in sent.items()}

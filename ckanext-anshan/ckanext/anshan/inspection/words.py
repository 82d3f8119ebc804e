"""The words that an agency adds to what the scanner looks for: code names of projects, marks of its own, names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import ckan.model as model
import sqlalchemy as sa

from .model import word

KINDS = ("secrecy_mark", "person_name", "home_address", "medical", "religion", "minor", "credential")
"""What a word may stand for."""
MOST = 500
SHORTEST, LONGEST = 2, 60  # characters
LONGEST_NOTE = 200


def of(organization_id: str) -> list[dict[str, str]]:
    """``word``, ``kind``, ``note`` of each, in their order."""
    query = sa.select(word.c.word, word.c.kind, word.c.note).where(word.c.organization_id == organization_id)
    return [dict(row._mapping) for row in model.Session.execute(query.order_by(word.c.kind, word.c.word))]


def replace(organization_id: str, given: Sequence[Mapping[str, str]], user_id: str | None) -> tuple[int, int]:
    """Put these in the place of those that are there, in the caller's transaction: how many came, and how many went."""
    new = {(one["word"], one["kind"]): one.get("note") or "" for one in given}
    query = sa.select(word).where(word.c.organization_id == organization_id).with_for_update()
    before = {(row.word, row.kind): row.note for row in model.Session.execute(query)}
    mine = word.c.organization_id == organization_id
    gone = [key for key, note in before.items() if new.get(key) != note]
    for name, kind in gone:
        model.Session.execute(word.delete().where(mine, word.c.word == name, word.c.kind == kind))
    come = [key for key, note in new.items() if before.get(key) != note]
    rows = [
        {"organization_id": organization_id, "word": name, "kind": kind, "note": new[name, kind], "user_id": user_id}
        for name, kind in come
    ]
    if rows:
        model.Session.execute(word.insert(), rows)
    return len(set(new) - set(before)), len(set(before) - set(new))


def version(found: Sequence[Mapping[str, str]]) -> str:
    """A few characters that are other ones when the words are; empty without words."""
    if not found:
        return ""
    told = json.dumps([[one["word"], one["kind"]] for one in found], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:8]

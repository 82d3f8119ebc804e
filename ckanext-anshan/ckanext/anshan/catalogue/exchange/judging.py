"""Decides for each draft of a batch what becomes of it: created, updated, unchanged, or refused with its problems."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from .. import codes, rules, tidy
from ..rules import Problem as Broken
from . import entries, runs
from .agencies import Agencies, Agency
from .entries import Entry, Stored
from .forms.drafts import Draft, Form
from .problems import Level

ITEMS = "information_items"


class Fate(str, Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass
class Judged:
    """A draft with what was decided."""

    draft: Draft
    key: str
    fate: Fate = Fate.REFUSED
    agency: Agency | None = None
    stored: Stored | None = None
    id: str = ""
    hash: str = ""
    entry: Entry = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return self.fate in (Fate.CREATED, Fate.UPDATED)

    @property
    def needs_code(self) -> bool:
        return self.writes and not self.entry.get("code")


@dataclass
class Judge:
    """Judges batches of one file. ``seen`` remembers where each entry stood, to find those that stand twice."""

    form: Form
    agencies: Agencies
    today: date = field(default_factory=date.today)
    seen: dict[str, int] = field(default_factory=dict)

    def judge(self, drafts: Sequence[Draft]) -> list[Judged]:
        batch = [self._start(draft) for draft in drafts]
        self._look_up(batch)
        for one in batch:
            self._decide(one)
        return batch

    def _start(self, draft: Draft) -> Judged:
        agency = self.agencies.of(draft)
        code = draft.entry.get("code") or ""
        key = code or f"{agency.title if agency else draft.agency}|{draft.entry.get('title') or ''}"
        if code and not rules.CODE.fullmatch(code) and not self.form.complete:
            draft.entry.pop("code")
            draft.add("code_replaced", "code", code, level=Level.NOTICE)
        first = self.seen.setdefault(key, draft.row)
        if first != draft.row:
            draft.add("entry_twice", "code" if code else "title", code or draft.entry.get("title", ""), first=first)
        return Judged(draft, key, agency=agency)

    def _look_up(self, batch: Sequence[Judged]) -> None:
        """Find the stored entry of each: by its code, else by what was imported before, else by agency and title."""
        known = runs.known(self.form.id, [one.key for one in batch])
        owners = codes.owners([code for one in batch if (code := one.draft.entry.get("code"))])
        ids = {one.key: owners.get(one.draft.entry.get("code", "")) or known.get(one.key, ("", ""))[0] for one in batch}
        nameless = [one for one in batch if not ids[one.key] and one.agency and not one.draft.entry.get("code")]
        found = entries.find(
            filter(None, ids.values()),
            {one.agency.id for one in nameless if one.agency},
            {one.draft.entry.get("title", "") for one in nameless},
        )
        by_id = {stored.id: stored for stored in found}
        for one in batch:
            one.id = ids[one.key] or ""
            one.stored = by_id.get(one.id)
            one.hash = known.get(one.key, ("", ""))[1]

        coded = self.form.has_codes  # then one that has a code is another entry than one without
        those = [stored for stored in found if not (coded and stored.entry.get("code"))]
        by_title = {(stored.owner_org, stored.entry.get("title")): stored for stored in those}
        for one in nameless:
            one.stored = by_title.get((one.agency.id if one.agency else "", one.draft.entry.get("title")))

    def _decide(self, one: Judged) -> None:
        draft, agency, stored = one.draft, one.agency, one.stored
        one.id = stored.id if stored else one.id or str(uuid.uuid4())
        hash_before = one.hash
        one.hash = entries.content_hash(draft.agency, draft.entry | {"": draft.defaults})
        if draft.refused or agency is None:
            return
        if stored and stored.deleted:
            draft.add("entry_deleted", "title", stored.entry.get("title", ""), level=Level.NOTICE)
            one.fate = Fate.UNCHANGED
        elif stored and hash_before == one.hash and (stored.entry.get("code") or not agency.uscc):
            one.fate = Fate.UNCHANGED
        else:
            self._compare(one, agency)

    def _compare(self, one: Judged, agency: Agency) -> None:
        stored, draft = one.stored, one.draft
        if stored and stored.owner_org != agency.id:
            draft.add("owner_fixed", "provider", draft.agency)
        base = stored.entry if stored else draft.defaults
        entry = entries.merged(base, draft.entry, self.form.complete)
        if stored and stored.entry.get("code"):
            entry["code"] = stored.entry["code"]
        one.entry = tidy.complete(entry, agency.title, self.today)
        self._check(one, agency)
        if draft.refused:
            return
        if stored and entries.same(stored.entry, one.entry) and not (agency.uscc and not one.entry.get("code")):
            one.fate = Fate.UNCHANGED
        else:
            one.fate = Fate.UPDATED if stored else Fate.CREATED

    def _check(self, one: Judged, agency: Agency) -> None:
        files = one.stored.files if one.stored else []
        broken = rules.check(one.entry | {"resources": files})
        code = one.entry.get("code") or ""
        if code and agency.uscc and not code.startswith(agency.uscc):
            broken.append(Broken("code", "code_of_another_agency", {"code": code, "uscc": agency.uscc}))
        strict = self.form.complete and not one.draft.has_gaps
        gaps = [] if strict else [each for each in broken if rules.is_gap(each)]
        if gaps:
            named = list(dict.fromkeys(each.subfield or each.field for each in gaps))
            one.draft.add("incomplete", "title", one.entry.get("title", ""), level=Level.NOTICE, fields=named)
        for each in broken:
            if each not in gaps:
                self._report(one, each)

    def _report(self, one: Judged, broken: Broken) -> None:
        draft, row, value = one.draft, 0, one.entry.get(broken.field, "")
        column = broken.field
        if broken.item is not None and broken.field == ITEMS:
            value = one.entry[ITEMS][broken.item].get(broken.subfield, "")
            row = draft.item_rows[broken.item] if broken.item < len(draft.item_rows) else 0
            column = f"item_{broken.subfield}" if self.form.complete else "item"
        level = Level.NOTICE if broken.warning else Level.ERROR
        facts: dict[str, Any] = {"facts": dict(broken.facts), "article": broken.article}
        draft.add(broken.code, column, value if isinstance(value, str) else "", row, level, **facts)


def give_codes(batch: Iterable[Judged], brought: Collection[str]) -> None:
    """Give codes to the entries to be written that have none, and claim those that the file brings along.

    :param brought: all codes in the file; none of them is given to another of its entries
    """
    waiting: dict[str, list[Judged]] = {}
    writes = [one for one in batch if one.writes]
    for one in writes:
        if one.needs_code and one.agency and one.agency.uscc:
            waiting.setdefault(one.agency.uscc, []).append(one)
        elif one.needs_code and one.agency:
            one.draft.add("no_code_yet", "provider", one.agency.title, level=Level.NOTICE)
    for uscc, those in waiting.items():
        for one, code in zip(those, _new_codes(uscc, len(those), brought), strict=True):
            one.entry["code"] = code
    taken = codes.claim_all({code: one.id for one in writes if (code := one.entry.get("code"))})
    for one in writes:
        if one.entry.get("code") in taken:
            one.draft.add("code_taken", "code", one.entry["code"], facts={"code": one.entry["code"]}, article=0)
            one.fate = Fate.REFUSED


def _new_codes(uscc: str, count: int, brought: Collection[str]) -> list[str]:
    given: list[str] = []
    while len(given) < count:
        given += [code for code in codes.give(uscc, count - len(given)) if code not in brought]
    return given


def name_of(one: Judged, taken: Mapping[str, str]) -> str:
    """The name in the address: the code, else one made of the key; never that of another package."""
    name = (one.entry.get("code") or "entry-" + hashlib.sha256(one.key.encode()).hexdigest()[:20]).lower()
    return name if taken.get(name, one.id) == one.id else f"{name}-{one.id[:8]}"

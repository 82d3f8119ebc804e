"""Finds the organization of a provider by its credit code or its name, and makes the missing ones in bulk."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from pypinyin import lazy_pinyin

from ...audit import recording
from .. import uscc as credit_code
from .forms.drafts import Draft

LONGEST_NAME = 80
NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


@dataclass
class Agency:
    id: str
    title: str
    uscc: str = ""
    new: bool = False


@dataclass
class Agencies:
    """All organizations, by credit code and by name. ``create``: a provider that isn't there is made."""

    create: bool
    by_uscc: dict[str, Agency] = field(default_factory=dict)
    by_title: dict[str, Agency] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    created: int = 0

    @classmethod
    def load(cls, create: bool) -> Agencies:
        agencies = cls(create)
        table = model.group_table
        columns = (table.c["id"], table.c["name"], table.c["title"], table.c["extras"], table.c["state"])
        for row in model.Session.execute(sa.select(*columns).where(table.c["is_organization"])):
            agencies.names.add(row.name)
            if row.state == "active":
                agencies._remember(Agency(row.id, row.title or row.name, (row.extras or {}).get("uscc") or ""))
        return agencies

    def _remember(self, agency: Agency) -> None:
        self.by_title.setdefault(agency.title, agency)
        if agency.uscc:
            self.by_uscc.setdefault(agency.uscc, agency)

    def of(self, draft: Draft) -> Agency | None:
        """The draft's agency; None, with a problem in the draft, where there is none."""
        title, code = draft.agency, draft.uscc.upper()
        if code and not credit_code.shaped(code):
            return self._missing(draft, "uscc_malformed", "uscc", draft.uscc)
        found = self.by_uscc.get(code) or self.by_title.get(title)
        if found and code and found.uscc and found.uscc != code:
            return self._missing(draft, "agency_has_another_code", "uscc", code, agency=title, other=found.uscc)
        if found:
            return self._with_code(found, code)
        if not title:
            return self._missing(draft, "agency_missing", "provider", "")
        if not self.create:
            return self._missing(draft, "agency_unknown", "provider", title)
        return self._new(title, code)

    def _missing(self, draft: Draft, code: str, column: str, value: str, **facts: Any) -> None:
        draft.add(code, column, value, **facts)

    def _with_code(self, agency: Agency, code: str) -> Agency:
        if code and not agency.uscc and agency.new:
            agency.uscc = code
            self.by_uscc[code] = agency
        return agency

    def _new(self, title: str, code: str) -> Agency:
        agency = Agency(str(uuid.uuid4()), title, code, new=True)
        self._remember(agency)
        return agency

    def write(self, used: Iterable[Agency]) -> None:
        """Insert the new organizations among these with one statement, in the caller's transaction."""
        if new := self.count(used):
            model.Session.execute(sa.insert(model.group_table), [self._row(agency) for agency in new])
            recording.touch("organization", [agency.id for agency in new])

    def count(self, used: Iterable[Agency]) -> list[Agency]:
        """The new organizations among these, each counted once as created."""
        new = list({agency.id: agency for agency in used if agency.new}.values())
        for agency in new:
            agency.new = False
        self.created += len(new)
        return new

    def _row(self, agency: Agency) -> dict[str, Any]:
        return {
            "id": agency.id,
            "name": self._name(agency.title),
            "title": agency.title,
            "description": "",
            "image_url": "",
            "type": "organization",
            "is_organization": True,
            "approval_status": "approved",
            "state": "active",
            "extras": {"uscc": agency.uscc} if agency.uscc else {},
        }

    def _name(self, title: str) -> str:
        """A name for the address from the pinyin of the title, that no organization has."""
        stem = NOT_IN_A_NAME.sub("-", "".join(lazy_pinyin(title)).lower()).strip("-")[:LONGEST_NAME] or "agency"
        name, number = stem, 1
        while name in self.names or len(name) < 2:
            number += 1
            name = f"{stem}-{number}"
        self.names.add(name)
        return name

"""What is applied for, beside what the datasets offer now: conditions, files, questions, attachments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..access.rules import CONDITIONAL, UNCONDITIONAL
from ..catalogue.conditions import CLOSED, Conditions
from ..release import offers, tables
from ..release.offers import Offer
from . import applications, forms
from .forms import Asked, Question
from .rules import Kind


@dataclass(frozen=True)
class Offered:
    """A dataset as it is offered to applicants of a kind."""

    offer: Offer
    conditions: Conditions
    form_version: int = 0
    questions: tuple[Question, ...] = ()

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(one.name for one in self.offer.files if one.format in tables.IS_TABLE)

    @property
    def others(self) -> frozenset[str]:
        return frozenset(one.name for one in self.offer.files) - self.tables


def offered(keys: Sequence[str], kind: Kind) -> dict[str, Offered]:
    """The datasets (ids or names) that can be applied for now, by what they were asked for; four statements at most."""
    found = offers.offers(keys)
    made = {key: _conditions(one, kind) for key, one in found.items()}
    asked = applications.forms_now([found[key].dataset_id for key, one in made.items() if one])
    return {
        key: Offered(found[key], one, *_questions(asked.get(found[key].dataset_id)))
        for key, one in made.items()
        if one is not None
    }


def _conditions(offer: Offer, kind: Kind) -> Conditions | None:
    """None: it can't be applied for."""
    if offer.state != "published" or offer.is_suspended:
        return None
    if kind is Kind.OPENING:
        return Conditions.of(offer.metadata) if offer.opening_class == CONDITIONAL else None
    conditions = Conditions.of(offer.sharing, sharing=True)
    return conditions if conditions.kind != CLOSED else None


GONE = ("retired", "lapsed")


def gone(keys: Sequence[str], kind: Kind) -> dict[str, str]:
    """Of these datasets (ids) those that won't be given to anybody under a grant again, and the code why.

    What is suspended isn't among them: it may come back.
    """
    found = offers.offers(keys)
    codes = {key: _gone(found.get(key), kind) for key in keys}
    return {key: code for key, code in codes.items() if code}


def _gone(offer: Offer | None, kind: Kind) -> str:
    if offer is None:
        return "retired"
    if offer.state in GONE:
        return offer.state
    if kind is Kind.OPENING:
        return "" if offer.opening_class == CONDITIONAL else f"class_{offer.opening_class}"
    return "" if Conditions.of(offer.sharing, sharing=True).kind != CLOSED else "sharing_closed"


def _questions(row: Any) -> tuple[int, tuple[Question, ...]]:
    return (row.version, tuple(Question.of(one) for one in row.questions)) if row else (0, ())


@dataclass(frozen=True)
class Matter:
    """What one application is about."""

    items: Sequence[Any]  # rows
    parties: Sequence[Any]  # rows, the applicant first
    attachments: Sequence[Any]  # rows
    offered: Mapping[str, Offered]  # by the dataset's id; what isn't offered now is missing
    questions: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)  # as the applicant answered them

    @property
    def is_offered(self) -> bool:
        return bool(self.items) and all(one.dataset_id in self.offered for one in self.items)

    @property
    def needs_opinion(self) -> bool:
        return any(one.conditions.second_opinion for one in self.offered.values())

    @property
    def is_unconditional(self) -> bool:
        """For sharing: every agency may have all of it at once (art. 21)."""
        return self.is_offered and all(one.conditions.kind == UNCONDITIONAL for one in self.offered.values())

    def asked(self) -> list[Asked]:
        return [self._asked(one) for one in self.items]

    def _asked(self, row: Any) -> Asked:
        found = self.offered.get(row.dataset_id)
        attached = {one.field.removeprefix(f"{row.dataset_id}/") for one in self.attachments if "/" in one.field}
        return Asked(
            dataset=row.dataset_id,
            scope=forms.scope_of(row.asked),
            answers=row.answers.get("answers") or {},
            necessity=row.answers.get("necessity") or {},
            conditions=found.conditions if found else None,
            tables=found.tables if found else frozenset(),
            others=found.others if found else frozenset(),
            questions=self.questions.get(row.dataset_id, ()),
            files=frozenset(attached),
        )

    def frozen(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """All that is applied for, as it is sent and signed."""
        named = ("dataset_id", "dataset_name", "title", "release_version", "form_version", "asked", "answers")
        return {
            "content": dict(content),
            "items": [{name: getattr(one, name) for name in named} for one in self.items],
            "parties": [f"{one.kind}:{one.party_id}" for one in self.parties],
            "attachments": [
                {"field": one.field, "name": one.name, "sha256": one.sha256}
                for one in self.attachments
                if not one.is_internal
            ],
        }


def matters(rows: Sequence[Any]) -> dict[str, Matter]:
    """Of each of these applications, with a number of statements that doesn't grow with them."""
    ids = [row.id for row in rows]
    items, parties = applications.items_of(ids), applications.parties_of(ids)
    attachments = applications.attachments_of(ids)
    found = {kind: _offered_to(rows, items, kind) for kind in Kind}
    then = _asked_then(items)
    return {
        row.id: Matter(
            items[row.id],
            parties[row.id],
            attachments[row.id],
            {one.dataset_id: now for one in items[row.id] if (now := found[Kind(row.kind)].get(one.dataset_id))},
            {one.dataset_id: then.get((one.dataset_id, one.form_version), ()) for one in items[row.id]},
        )
        for row in rows
    }


def _offered_to(rows: Sequence[Any], items: Mapping[str, Sequence[Any]], kind: Kind) -> Mapping[str, Offered]:
    wanted = sorted({one.dataset_id for row in rows if row.kind == kind.value for one in items[row.id]})
    return offered(wanted, kind) if wanted else {}


def _asked_then(items: Mapping[str, Sequence[Any]]) -> dict[tuple[str, int], tuple[Question, ...]]:
    rows = applications.forms_then((one.dataset_id, one.form_version) for each in items.values() for one in each)
    return {key: _questions(row)[1] for key, row in rows.items()}


def matter(row: Any) -> Matter:
    return matters([row])[row.id]

"""A submission as a reader sees it: codes with their words, the keys, the clock, and what the reader may do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.helpers import lang

from ..inspection import results
from ..release import entries
from ..workflow import clock, workdays
from . import checklists, freezing, messages, rules, scans, standing, submissions
from .rules import Case, Command, Key, Kind, Person, Refusal, Role, State, Step, Way

Told = dict[str, Any]
PLAIN = ("id", "number", "kind", "way", "state", "title", "opening_class", "hash", "scan_hash", "severity", "findings")
OFFERED = (
    Command.SIGN,
    Command.CLEAR,
    Command.RETURN,
    Command.REJECT,
    Command.WITHDRAW,
    Command.COMMENT,
    Command.CHECK,
)
BEGINNING = {"may_submit": Command.SUBMIT, "may_open_at_once": Command.OPEN_AT_ONCE}
MOST_SCANS = 200
"""Of a list, which may have thousands, and of which those that found nothing aren't told."""


@dataclass(frozen=True)
class Names:
    """What organizations and people are called, asked once for a whole list."""

    organizations: Mapping[str, Told]
    people: Mapping[str, str]

    def organization(self, id: str) -> Told:
        return self.organizations.get(id, {"id": id, "name": "", "title": ""})


def names(organizations: Sequence[str], people: Sequence[str]) -> Names:
    group, user = model.group_table, model.user_table
    named = sa.select(group.c["id"], group.c["name"], group.c["title"]).where(group.c["id"].in_(set(organizations)))
    called = sa.select(user.c["id"], user.c["name"], user.c["fullname"]).where(user.c["id"].in_(set(people)))
    return Names(
        {row[0]: {"id": row[0], "name": row[1], "title": row[2] or row[1]} for row in model.Session.execute(named)},
        {row[0]: row[2] or row[1] for row in model.Session.execute(called)},
    )


def listed(rows: Sequence[Any], user: Any, *, with_checklist: bool = False) -> list[Told]:
    """Submissions of a list; the number of statements doesn't grow with them."""
    cases = standing.cases_of(rows)
    signed = [one for case in cases.values() for one in case.signatures]
    known = names(
        [*(row.agency for row in rows), *(one.organization for one in signed)], [one.person for one in signed]
    )
    people = standing.people(user, {row.agency for row in rows})
    public = entries.standings([row.entry_id for row in rows if row.entry_id and State(row.state) in rules.OPEN])
    told = []
    for row in rows:
        case, person = cases[row.id], people[row.agency]
        one = short(row, case, person, known) | _change(row, public.get(row.entry_id))
        told.append(one | ({"checklist": checklist(case, person)} if with_checklist else {}))
    return told


def _change(row: Any, public: entries.Standing | None) -> Told:
    """What would be new about it, while that isn't decided: a first version, another class, an update."""
    if row.kind != Kind.OPENING.value or State(row.state) not in rules.OPEN:
        return {"change": "", "change_label": ""}
    name = "first"
    if public is not None and public.state == "published" and public.submission != row.id:
        name = "update" if public.opening_class == row.opening_class else "class"
    return {"change": name, "change_label": messages.CHANGES[name]()}


def due_next(row: Any, today: date) -> Told | None:
    if row is None:
        return None
    told = {name: getattr(row, name) for name in ("number", "title", "mine")}
    return told | {"due": row.due.isoformat(), "left": workdays.left(today, row.due)}


def short(row: Any, case: Case, person: Person, known: Names) -> Told:
    """A submission without what is in it."""
    today = clock.today()
    told = {name: getattr(row, name) for name in PLAIN}
    told |= {
        "kind_label": messages.KINDS[Kind(row.kind)](),
        "way_label": messages.WAYS[Way(row.way)](),
        "state_label": messages.STATES[State(row.state)](),
        "agency": known.organization(row.agency) if row.agency else None,
        "entry_id": row.entry_id,
        "created": row.created.isoformat(),
        "changed": row.changed.isoformat(),
        "due": row.due.isoformat() if row.due else None,
        "left": workdays.left(today, row.due) if row.due else None,
        "until": row.until.isoformat() if row.until else None,
        "is_sampled": row.is_sampled,
        "is_cleared": case.is_cleared,
        "is_clean": rules.may_be_signed_together(case) is None,
        "keys": [_key(key, case, person, known) for key in case.keys],
        "commands": commands(case, person),
    }
    return told


def commands(case: Case, person: Person) -> list[str]:
    """What the reader may do now."""
    return [each.value for each in OFFERED if isinstance(rules.decide(case, each, person), Step)]


def _key(key: Key, case: Case, person: Person, known: Names) -> Told:
    signed = next((one for one in case.signatures if one.key is key), None)
    told: Told = {"key": key.value, "label": messages.KEYS[key][0](), "short": messages.KEYS[key][1]()}
    if signed:
        who = {"by": known.people.get(signed.person, ""), "organization": known.organization(signed.organization)}
        return {**told, "state": "signed", **who}
    if case.way is Way.ROUTINE and key is not Key.AGENCY and not case.is_sampled:
        return {**told, "state": "not_wanted"}
    return {**told, "state": "yours" if _is_yours(key, case, person) else "waits"}


def _is_yours(key: Key, case: Case, person: Person) -> bool:
    """Whether this key is the reader's to turn now or as soon as what stands against it is gone."""
    for command in (Command.SIGN, Command.CHECK):
        step = rules.TABLE.get((case.state, command))
        if step and rules.key_for(case, person, step) is key:
            found = rules.decide(case, command, person)
            return not isinstance(found, Refusal) or found.code not in (*standing.REFUSED, "not_sampled")
    return False


def full(row: Any, user: Any) -> Told:
    """A submission with all that its reader needs to decide."""
    person, case = standing.person(user, row.agency), standing.case_of(row)
    signed = submissions.signatures_of([row.id])[row.id]
    events = submissions.events_of(row.id)
    remarks = submissions.remarks_of(row.id, with_internal=bool(person.roles & rules.OFFICES))
    organizations = [row.agency, *(one.organization_id for one in (*signed, *events, *remarks))]
    people = [row.submitter, *(one.user_id for one in (*signed, *events, *remarks))]
    known = names(organizations, people)
    told = short(row, case, person, known)
    others = _others(row)
    _date_keys(told["keys"], signed)
    return told | {
        "submitter": known.people.get(row.submitter, ""),
        "roles": sorted(role.value for role in person.roles),
        "frozen": row.frozen,
        "files": row.frozen.get("files", []),
        "scans": _scans(row),
        "events": [_event(one, known) for one in events],
        "remarks": [_remark(one, known) for one in remarks],
        "checklist": checklist(case, person),
        "against": against(case, person),
        "why_full": _why_full(row, case),
        "previous": [{name: getattr(one, name) for name in ("number", "state")} for one in others],
        "earlier": _earlier([one for one in others if one.agency == row.agency]),
    }


def _date_keys(keys: Sequence[Told], signed: Sequence[Any]) -> None:
    at = {one.key: one for one in signed}
    for key in keys:
        if key["key"] in at:
            row = at[key["key"]]
            key |= {"at": row.created.isoformat(), "reason": row.reason, "answers": row.answers}


def _others(row: Any) -> list[Any]:
    return [one for one in submissions.of_entry(row.entry_id) if one.id != row.id] if row.entry_id else []


def _earlier(others: Sequence[Any]) -> list[Told]:
    """What reviewers held against earlier submissions, newest first; those to which nobody objected aren't listed."""
    reasons: dict[str, list[Told]] = {}
    for one in submissions.reasons_of([each.id for each in others]):
        role = messages.ROLES[Role(one.role)]()
        told = {"place": one.place, "at_place": one.at, "text": one.text, "role_label": role}
        reasons.setdefault(one.submission_id, []).append(told | {"at": one.created.isoformat()})
    return [{"number": one.number, "reasons": reasons[one.id]} for one in others if one.id in reasons]


def _scans(row: Any) -> list[Told]:
    found = results.of(row.reports)
    if row.kind == Kind.LIST.value:
        found = [one for one in found if one.severity or not one.is_done][:MOST_SCANS]
    return [
        {
            "id": one.id,
            "resource_id": one.resource_id,
            "file": one.name,
            "sha256": one.sha256,
            "scanner": one.scanner,
            "state": one.state,
            "progress": one.progress,
            "severity": one.severity.value if one.severity else "",
            "failure": results.failure(one),
            "findings": results.shown(one),
        }
        for one in found
    ]


def _event(one: Any, known: Names) -> Told:
    command, facts = Command(one.command), dict(one.facts)
    return {
        "id": one.id,
        "command": one.command,
        "label": messages.DONE[command](),
        "role": one.role,
        "role_label": messages.ROLES[Role(one.role)](),
        "by": known.people.get(one.user_id, ""),
        "organization": known.organization(one.organization_id) if one.organization_id else None,
        "before": one.before,
        "after": one.after,
        "clock": one.clock,
        "due": one.due.isoformat() if one.due else None,
        "at": one.created.isoformat(),
        "reason": facts.get("reason", ""),
        "article": facts.get("article", ""),
        "key": facts.get("key", ""),
    }


def _remark(one: Any, known: Names) -> Told:
    return {
        "id": one.id,
        "role": one.role,
        "role_label": messages.ROLES[Role(one.role)](),
        "by": known.people.get(one.user_id, ""),
        "organization": known.organization(one.organization_id),
        "internal": one.internal,
        "place": one.place,
        "at_place": one.at,
        "text": one.text,
        "is_return": one.event_id is not None,
        "event": one.event_id,
        "attachment": one.attachment,
        "at": one.created.isoformat(),
    }


def checklist(case: Case, person: Person) -> list[Told]:
    """The items that the reader answers before signing; empty where they have no key here."""
    key = key_of(case, person)
    if key is None:
        return []
    return [_item(one) for one in checklists.items(key, case.kind, case.opening_class)]


def _item(one: checklists.Item) -> Told:
    language = "zh" if str(lang()).startswith("zh") else "en"
    told = {"id": one.id, "text": one.text(language), "articles": list(one.articles), "may_skip": one.may_skip}
    return told | {"laws": list(one.laws.get(language, ()))}


def key_of(case: Case, person: Person) -> Key | None:
    """The key that the reader would turn now."""
    for command in (Command.SIGN, Command.CHECK):
        step = rules.TABLE.get((case.state, command))
        key = rules.key_for(case, person, step) if step else None
        if key is not None and key not in {one.key for one in case.signatures}:
            return key
    return None


def against(case: Case, person: Person) -> Told | None:
    """Why the reader can't sign now, in a sentence; nothing where they can."""
    found = rules.decide(case, Command.CHECK if case.state is State.PUBLISHED else Command.SIGN, person)
    if not isinstance(found, Refusal):
        return None
    return {"code": f"review.{found.code}", "message": messages.words(found)}


def _why_full(row: Any, case: Case) -> str:
    """Why an update of what is public takes the full way; empty where it doesn't, or nobody knows yet."""
    if case.kind is not Kind.OPENING or case.way is not Way.FULL or not case.scan_hash:
        return ""
    refusal = scans.why_not_routine(row)
    return messages.ROUTINE[refusal.code]() if refusal else ""


def preparing(entry: Mapping[str, Any], user: Any) -> Told:
    """What somebody sees before they submit an entry: whether they may, what is under way, what is missing."""
    person = standing.person(user, entry.get("owner_org") or "")
    before = submissions.open_of(entry["id"])
    return may_submit(person) | {
        "under_way": before.number if before is not None else "",
        "gaps": freezing.gaps(freezing.entry_of(entry["id"]) or dict(entry)),
    }


def may_submit(person: Person) -> Told:
    found = {name: rules.decide(Case(State.DRAFT), command, person) for name, command in BEGINNING.items()}
    return {name: isinstance(one, Step) or one.code not in standing.REFUSED for name, one in found.items()}

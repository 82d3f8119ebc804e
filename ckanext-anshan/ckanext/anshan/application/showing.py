"""An application as its two sides and the offices see it, each what concerns it, with the commands that it has now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.helpers import lang

from ..access import granting
from ..access.rules import Scope
from ..applicants import parties
from ..workflow import clock, workdays
from . import applications, differing, following, forms, heading, messages, offering, options, rules, standing
from .offering import Matter
from .rules import OFFICES, PROVIDER, USERS, Command, Person, Refusal, Relation, Role, State, Step

Told = dict[str, Any]
NAMES = sa.text("SELECT id, coalesce(nullif(fullname, ''), name) AS name FROM \"user\" WHERE id = ANY(:ids)")

MACHINE = frozenset({Command.EXPIRE, Command.LAPSE, Command.CLOSE})
INTERNAL = frozenset({Command.RECUSE, Command.ASSIGN, Command.TAKE})
"""What the provider settles among its own people: the applicant reads that it was done, not by whom or why."""


def full(row: Any, user: Any) -> Told:
    """All that the reader may know of an application. Whoever has no part in it is told that there is none."""
    asker = standing.Asker(user)
    matter = offering.matter(row)
    person = asker.to(row, matter.parties)
    if not person.roles:
        standing.refuse(Refusal("unknown"))
    case = standing.case_of(row)
    inside = bool(person.roles & (PROVIDER | OFFICES))
    return {
        **short(row, parties.shown({(row.party_kind, row.party_id), (parties.AGENCY, row.agency)})),
        "roles": sorted(role.value for role in person.roles),
        "commands": commands(case, person),
        "content": dict(row.content),
        "items": [_item(one, matter) for one in matter.items],
        "parties": _parties(matter),
        "attachments": [_attachment(one) for one in matter.attachments if inside or not one.is_internal],
        "problems": [problem(one) for one in standing.problems_of(row, matter)] if person.roles & USERS else [],
        **_times(row, inside),
        "messages": [_message(one) for one in applications.messages_of(row.id, with_internal=inside)],
        "opinions": [_opinion(one) for one in applications.opinions_of([row.id])[row.id]] if inside else [],
        "agreement": _agreement(row),
        "grants": [_grant(one) for one in granting.of_application(row.id)],
        "reports": [_report(one) for one in applications.reports_of(row.id)],
        "versions": [
            {"version": one.version, "hash": one.hash, "created": _iso(one.created)}
            for one in applications.versions_of(row.id)
        ],
        "is_extended": row.is_extended,
        "handler": _name(row.handler) if inside else "",
        "left": _left(row),
        "before": _before(row, matter),
    }


def _before(row: Any, matter: Matter) -> Told | None:
    """The application that this one renews or amends, and in what they differ; None where it follows none."""
    found = applications.find(row.follows) if row.follows and row.relation != Relation.NEW.value else None
    if found is None:
        return None
    then = applications.items_of([found.id])[found.id]
    was = differing.Side(found.content, *_term(found), {one.title: _granted(one) for one in then})
    now = differing.Side(row.content, *_term(row), {one.title: _granted(one) for one in matter.items})
    state = {"state": found.state, "state_words": messages.STATES[State(found.state)]()}
    return {"number": found.number, **state, "changes": [_changed(one) for one in differing.between(was, now)]}


def _term(row: Any) -> tuple[str, str]:
    said = row.content
    return _iso(row.starts) or str(said.get("starts") or ""), _iso(row.ends) or str(said.get("ends") or "")


def _granted(item: Any) -> Scope:
    """What was granted of a dataset; while nothing is decided, what is asked for."""
    return forms.scope_of(item.decided if item.decided is not None else item.asked)


def _changed(one: differing.Changed) -> Told:
    words = {"purpose_kind": messages.PURPOSES, "basis_kind": messages.BASES, "methods": messages.METHODS}
    named = words.get(one.field, {})

    def said(value: str) -> str:
        return named[value]() if value in named else value

    listed = {"gone": [said(each) for each in one.gone], "come": [said(each) for each in one.come]}
    texts = {"was": said(one.was), "now": said(one.now)}
    return {"field": one.field, "words": messages.FIELDS[one.field](), "dataset": one.dataset, **listed, **texts}


def short(row: Any, shown: Mapping[tuple[str, str], Mapping[str, str]]) -> Told:
    """As a list has it."""
    return {
        "id": row.id,
        "number": row.number,
        "batch": row.batch,
        "kind": row.kind,
        "state": row.state,
        "state_words": messages.STATES[State(row.state)](),
        "relation": row.relation,
        "relation_words": messages.RELATIONS[Relation(row.relation)](),
        "follows": row.follows,
        "titles": row.titles,
        "agency": row.agency,
        "agency_title": shown.get((parties.AGENCY, row.agency), {}).get("name", ""),
        "applicant": _party(row.party_kind, row.party_id, shown),
        "hash": row.hash,
        "version": row.version,
        "due": _iso(row.due),
        "days_left": workdays.left(clock.today(), row.due) if row.due else None,
        "needs_opinion": row.needs_opinion,
        "result": row.result,
        "ground": row.ground,
        "days": row.days,
        "is_late": row.is_late,
        "starts": _iso(row.starts),
        "ends": _iso(row.ends),
        "report_due": _iso(row.report_due),
        "destroyed": _iso(row.destroyed),
        "submitted": _iso(row.submitted),
        "answered": _iso(row.answered),
        "created": _iso(row.created),
        "changed": _iso(row.changed),
    }


Shown = Mapping[tuple[str, str], Mapping[str, str]]


def listed(rows: Sequence[Any], known: Shown | None = None) -> list[Told]:
    """Many, with three statements; one where all applicants are ``known``."""
    wanted = {(row.party_kind, row.party_id) for row in rows} | {(parties.AGENCY, row.agency) for row in rows}
    given = known or {}
    shown = {**given, **parties.shown(wanted - set(given))}
    return [{**short(row, shown), "columns": row.columns, "methods": list(row.methods)} for row in rows]


def commands(case: rules.Case, person: Person) -> list[Told]:
    """What the reader may do now, and what they might if nothing stood against it."""
    found = []
    for command in Command:
        decision = rules.decide(case, command, person) if command not in MACHINE else Refusal("not_yours")
        is_possible = isinstance(decision, Step)
        if not is_possible and decision.code in (*standing.REFUSED, "not_now"):
            continue
        why = "" if is_possible else messages.words(decision)
        found.append(
            {
                "command": command.value,
                "words": messages.COMMANDS[command](),
                "is_possible": is_possible,
                "why_not": why,
            }
        )
    return found


def problem(found: forms.Problem) -> Told:
    said = {"field": found.field, "code": f"application.{found.code}", "dataset": found.dataset, "step": found.step}
    return {**said, "message": messages.problem(found), "facts": dict(found.facts)}


def _times(row: Any, inside: bool) -> Told:
    """What happened, how the clock of the answer stands, and what is still to come."""
    rows = applications.events_of(row.id)
    counted = following.clock_of(following.spans(rows, clock.zone()), row.left, clock.today())
    stages = following.coming(row, counted, options.days_to_sign())
    return {"events": events(rows, inside), "clock": _clock(counted), "coming": [_stage(one, inside) for one in stages]}


def times(row: Any) -> Told:
    """The same for whoever applied, of a row of a list."""
    return {"number": row.number, **_times(row, inside=False)}


def _clock(found: following.Clock | None) -> Told | None:
    if found is None:
        return None
    return {
        "used": found.used,
        "left": found.left,
        "stopped": found.stopped,
        "due": _iso(found.due),
        "is_stopped": found.is_stopped,
    }


def _stage(one: following.Stage, inside: bool) -> Told:
    words, more = (messages.STAGES | (messages.STAGES_INSIDE if inside else {}))[one.name]
    told = {"name": one.name, "is_now": one.is_now, "words": words(), "more": more()}
    return {**told, "due": _iso(one.due), "days": one.days}


def clock_of(row: Any, user: Any) -> Told:
    """How the date of the answer was counted, for those who have a part in it."""
    if not standing.person(user, row).roles:
        standing.refuse(Refusal("unknown"))
    rows, today = applications.events_of(row.id), clock.today()
    found = following.spans(rows, clock.zone())
    language = "en_US" if str(lang()) == "en" else "zh_CN"
    return {
        "number": row.number,
        "titles": row.titles,
        "state": row.state,
        "state_words": messages.STATES[State(row.state)](),
        "today": today.isoformat(),
        "clock": _clock(following.clock_of(found, row.left, today)),
        "spans": [_span(one, today, language) for one in found],
    }


def _span(one: following.Span, today: date, language: str) -> Told:
    days = [
        {"date": day.date.isoformat(), "counts": day.counts, "why": day.why, "name": day.name}
        for day in one.days(today, language)
    ]
    dates = {"began": _iso(one.began), "due": _iso(one.due), "ended": _iso(one.ended)}
    said = {"state": one.state.value, "words": messages.STATES[one.state](), "stops": one.stops}
    return {**said, **dates, "used": one.used(today), "days": days}


def _item(row: Any, matter: Matter) -> Told:
    found = matter.offered.get(row.dataset_id)
    named = ("dataset_id", "dataset_name", "title", "release_version", "form_version", "asked", "answers", "decided")
    questions = [one.told for one in matter.questions.get(row.dataset_id, ())]
    told = {**{name: getattr(row, name) for name in named}, "is_offered": found is not None, "questions": questions}
    return {**told, "offer": _offer(found) if found else None}


def _offer(found: offering.Offered) -> Told:
    """What may be applied for, as the conditions say it; of the data itself nothing but the sample is in it."""
    conditions, sample = found.conditions, found.conditions.sample
    headers = heading.headers(found.offer.files)
    return {
        "version": found.offer.version,
        "tables": sorted(found.tables),
        "others": sorted(found.others),
        "methods": sorted(conditions.methods),
        "longest_term_months": conditions.longest_term_months,
        "daily_quota": conditions.daily_quota,
        "allows_aggregates": conditions.allows_aggregates,
        "second_opinion": conditions.second_opinion,
        "allowed_uses": conditions.allowed_uses,
        "eligibility_note": conditions.eligibility_note,
        "columns": [{**asdict(one), "header": heading.header(one, headers)} for one in conditions.named],
        "sample": {"columns": list(sample.columns), "rows": [list(row) for row in sample.rows]} if sample else None,
    }


def _parties(matter: Matter) -> list[Told]:
    shown = parties.shown({(one.kind, one.party_id) for one in matter.parties})
    return [{**_party(one.kind, one.party_id, shown), "joined": _iso(one.joined)} for one in matter.parties]


def _party(kind: str, id: str, shown: Mapping[tuple[str, str], Mapping[str, str]]) -> Told:
    """``applicant_kind``: as entries name who is eligible."""
    said = shown.get((kind, id), {})
    return {**said, "kind": kind, "id": id, "applicant_kind": said.get("kind", "")}


def _attachment(row: Any) -> Told:
    named = ("id", "field", "name", "size", "mimetype", "severity")
    return {**{name: getattr(row, name) for name in named}, "is_scanned": row.scanned is not None}


def events(rows: Sequence[Any], inside: bool) -> list[Told]:
    """What happened, oldest first; what the provider settles inside is nobody else's."""
    found = [one for one in rows if inside or Command(one.command) not in INTERNAL]
    named = names([one.user_id for one in found]) if inside else {}
    return [_event(one, named, inside) for one in found if inside or one.command != Command.OPINE.value]


def _event(row: Any, names: Mapping[str, str], inside: bool) -> Told:
    facts = {name: value for name, value in row.facts.items() if inside or name not in ("remarks", "handler")}
    if row.role == Role.CLOCK.value and facts.get("reason"):
        facts["reason"] = messages.closing(str(facts["reason"]))
    return {
        "command": row.command,
        "words": messages.COMMANDS[Command(row.command)](),
        "happened": messages.HAPPENED[Command(row.command)](),
        "role": row.role,
        "role_words": messages.ROLES[Role(row.role)](),
        "user": names.get(row.user_id, ""),
        "after": row.after,
        "clock": row.clock,
        "due": _iso(row.due),
        "left": row.left,
        "facts": facts,
        "created": _iso(row.created),
    }


def _message(row: Any) -> Told:
    said = {"id": row.id, "role": row.role, "role_words": messages.ROLES[Role(row.role)](), "text": row.text}
    return {**said, "is_internal": row.is_internal, "created": _iso(row.created)}


def _opinion(row: Any) -> Told:
    return {"agrees": row.agrees, "reason": row.reason, "hash": row.hash, "created": _iso(row.created)}


def _agreement(row: Any) -> Told | None:
    found = applications.agreement_of(row.agreement) if row.agreement else None
    if found is None:
        return None
    signed = [one for one in applications.signatures_of([row.id])[row.id] if one.agreement == row.agreement]
    signatures = [{"party": one.party, "created": _iso(one.created)} for one in signed]
    return {"hash": found.hash, "code": found.code, "template": found.template, "signatures": signatures}


def _grant(row: Any) -> Told:
    named = ("id", "dataset_id", "scope", "state", "daily_quota")
    return {**{name: getattr(row, name) for name in named}, "starts": _iso(row.starts), "ends": _iso(row.ends)}


def _report(row: Any) -> Told:
    return {"kind": row.kind, "text": row.text, "facts": row.facts, "created": _iso(row.created)}


def _left(row: Any) -> int | None:
    """Working days left once the clock goes on."""
    return row.left


def names(ids: Sequence[str]) -> dict[str, str]:
    wanted = [id for id in ids if id]
    return {row.id: row.name for row in model.Session.execute(NAMES, {"ids": wanted})} if wanted else {}


def _name(id: str) -> str:
    return names([id]).get(id, "")


def _iso(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""


def unknown() -> Any:
    """The answer to whoever asks for what isn't there: the same as to a stranger."""
    standing.refuse(Refusal("unknown"))

"""Remembers applications: rows in the caller's transaction. Whoever calls decides and commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model

from ..workflow import clock
from .model import agreement, application, attachment, deputy, event, form, item, message, opinion, party, report
from .model import signature as signed
from .model import version as sent
from .rules import Person, Signature, State, Step

NUMBER = sa.text("SELECT nextval('anshan_application_number')")
DRAFT_NUMBER = sa.text("SELECT nextval('anshan_application_draft')")
OF_DRAFTS = "CG"  # 草稿
OF_APPLICATIONS = "SQ"  # 申请


def run(statement: Any, values: Any = None) -> sa.CursorResult[Any]:
    return model.Session.connection().execute(statement, values)


def find(id: str, *, lock: bool = False) -> Any:
    """An application by id or number; locked, nobody decides about it until the transaction ends."""
    query = sa.select(application).where(sa.or_(application.c.id == id, application.c.number == id))
    return run(query.with_for_update() if lock else query).first()


def find_all(ids: Sequence[str]) -> list[Any]:
    return list(run(sa.select(application).where(application.c.id.in_(ids)))) if ids else []


def add(values: Mapping[str, Any], today: date) -> str:
    """A new draft; its id."""
    id = str(uuid.uuid4())
    number = f"{OF_DRAFTS}-{today.year}-{run(DRAFT_NUMBER).scalar_one():06d}"
    run(application.insert().values({"id": id, "number": number, "state": State.DRAFT.value, **values}))
    return id


def next_number(today: date) -> str:
    """Of an application that is submitted now."""
    return f"{OF_APPLICATIONS}-{today.year}-{run(NUMBER).scalar_one():06d}"


def change(id: str, **values: Any) -> None:
    run(application.update().where(application.c.id == id).values(changed=sa.func.now(), **values))


def in_states(states: Iterable[State], *conditions: Any) -> list[Any]:
    """Those in these states, for routines; the one that was due first comes first."""
    query = sa.select(application).where(application.c.state.in_([state.value for state in states]), *conditions)
    return list(run(query.order_by(application.c.due, application.c.id)))


def due_by(states: Iterable[State], day: date) -> list[Any]:
    """Those in these states that are due on this day or before, the one that was due first before the others."""
    return in_states(states, application.c.due <= day)


def escalate(id: str) -> None:
    """The bureau knows that it is late. It doesn't count as a change of the application."""
    run(application.update().where(application.c.id == id).values(is_escalated=True))


def ids(*conditions: Any) -> list[str]:
    """Ids of the applications of which these conditions hold, for routines."""
    return list(run(sa.select(application.c.id).where(*conditions).order_by(application.c.id)).scalars())


def living(states: Iterable[State]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What the applications in these states are about, kind and dataset, and who applies in them, kind and id."""
    here = application.c.state.in_([state.value for state in states])
    about = sa.select(application.c.kind, item.c.dataset_id).distinct()
    about = about.join(item, item.c.application_id == application.c.id).where(here)
    who = sa.select(party.c.kind, party.c.party_id).distinct()
    who = who.join(application, application.c.id == party.c.application_id).where(here)
    return {(row[0], row[1]) for row in run(about)}, {(row[0], row[1]) for row in run(who)}


def about(states: Iterable[State], kind: str, datasets: Iterable[str]) -> list[str]:
    """Ids of the applications of a kind in these states that are about one of these datasets."""
    named = sa.exists().where(item.c.application_id == application.c.id, item.c.dataset_id.in_(list(datasets)))
    return ids(application.c.state.in_([state.value for state in states]), application.c.kind == kind, named)


def of_parties(states: Iterable[State], wanted: Iterable[tuple[str, str]]) -> list[str]:
    """Ids of the applications in these states in which one of these parties (kind and id) applies."""
    named = sa.tuple_(party.c.kind, party.c.party_id).in_(list(wanted))
    mine = sa.exists().where(party.c.application_id == application.c.id, named)
    return ids(application.c.state.in_([state.value for state in states]), mine)


def followers(id: str, states: Iterable[State]) -> list[Any]:
    """Applications in these states that renew or amend this one."""
    found = (application.c.follows == id, application.c.state.in_([state.value for state in states]))
    return list(run(sa.select(application).where(*found).order_by(application.c.id)))


def replaced(states: Iterable[State], today: date) -> list[str]:
    """Ids of those in these states in whose place another has begun."""
    after = application.alias("after")
    begun = sa.exists().where(
        after.c.follows == application.c.id, after.c.state == State.ACTIVE.value, after.c.starts <= today
    )
    return ids(application.c.state.in_([state.value for state in states]), begun)


def undestroyed() -> list[Any]:
    """Those that were in use and are over, whose users haven't declared yet that they destroyed what they received:
    each with when it ``ended``, the document of its ``agreement``. What another took the place of isn't among them."""
    return list(run(UNDESTROYED))


UNDESTROYED = sa.text("""
SELECT application.*, event.created AS ended, agreement.document
FROM anshan_application_application AS application
JOIN anshan_application_event AS event ON event.application_id = application.id
    AND event.before IN ('active', 'suspended') AND event.after IN ('expired', 'revoked', 'closed')
LEFT JOIN anshan_application_agreement AS agreement ON agreement.hash = application.agreement
WHERE application.state IN ('expired', 'revoked', 'closed') AND application.destroyed IS NULL
    AND NOT EXISTS (SELECT FROM anshan_application_application AS after
        WHERE after.follows = application.id AND after.state IN ('active', 'suspended'))
    AND coalesce(event.facts ->> 'reason', '') NOT LIKE 'replaced:%'
ORDER BY application.id
""")


# datasets and parties


def add_item(id: str, values: Mapping[str, Any]) -> None:
    run(item.insert().values({"application_id": id, **values}))


def change_item(id: str, dataset_id: str, **values: Any) -> None:
    run(item.update().where(item.c.application_id == id, item.c.dataset_id == dataset_id).values(**values))


def items_of(ids: Sequence[str]) -> dict[str, list[Any]]:
    return _by_application(sa.select(item).where(item.c.application_id.in_(ids)).order_by(item.c.position), ids)


def parties_of(ids: Sequence[str]) -> dict[str, list[Any]]:
    """The applicant first, then those that apply beside it."""
    return _by_application(sa.select(party).where(party.c.application_id.in_(ids)).order_by(party.c.position), ids)


def _by_application(query: Any, ids: Sequence[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {id: [] for id in ids}
    for row in run(query) if ids else ():
        found[row.application_id].append(row)
    return found


def add_party(id: str, position: int, kind: str, party_id: str, user_id: str = "") -> None:
    values = {"application_id": id, "position": position, "kind": kind, "party_id": party_id, "user_id": user_id}
    run(party.insert().values({**values, "joined": sa.func.now() if user_id else None}))


def remove_partners(id: str, but: Iterable[tuple[str, str]]) -> None:
    kept = sa.tuple_(party.c.kind, party.c.party_id).in_(list(but))
    run(party.delete().where(party.c.application_id == id, party.c.position > 0, ~kept))


def join(id: str, kind: str, party_id: str, user_id: str) -> None:
    own = (party.c.application_id == id, party.c.kind == kind, party.c.party_id == party_id)
    run(party.update().where(*own).values(joined=sa.func.now(), user_id=user_id))


# what was sent, what happened, what was said


def keep_version(id: str, number: int, frozen: Mapping[str, Any], hash: str, user_id: str) -> None:
    values = {"application_id": id, "version": number, "frozen": dict(frozen), "hash": hash, "user_id": user_id}
    run(sent.insert().values(values))


def versions_of(id: str) -> list[Any]:
    return list(run(sa.select(sent).where(sent.c.application_id == id).order_by(sent.c.version)))


def note(row: Any, command: str, step: Step, after: State, person: Person, role: str, **more: Any) -> int:
    """An event; its number. ``more``: ``due`` of the step that begins, ``left`` when the clock stops, ``facts``."""
    values = {
        "application_id": row.id,
        "command": command,
        "role": role,
        "user_id": person.id,
        "before": row.state,
        "after": after.value,
        "clock": step.clock.value,
        "due": more.get("due"),
        "left": more.get("left"),
        "facts": more.get("facts") or {},
        "created": clock.now(),
    }
    return run(event.insert().values(values).returning(event.c.id)).scalar_one()


def events_of(id: str) -> list[Any]:
    return list(run(sa.select(event).where(event.c.application_id == id).order_by(event.c.id)))


def last_events(ids: Sequence[str], command: str) -> dict[str, Any]:
    """The newest event of this command of each application that has one."""
    query = sa.select(event).where(event.c.application_id.in_(ids), event.c.command == command)
    return {row.application_id: row for row in run(query.order_by(event.c.id))} if ids else {}


def add_message(id: str, role: str, user_id: str, text: str, *, is_internal: bool) -> int:
    values = {"application_id": id, "role": role, "user_id": user_id, "text": text, "is_internal": is_internal}
    return run(message.insert().values(values).returning(message.c.id)).scalar_one()


def messages_of(id: str, *, with_internal: bool) -> list[Any]:
    query = sa.select(message).where(message.c.application_id == id)
    query = query if with_internal else query.where(~message.c.is_internal)
    return list(run(query.order_by(message.c.id)))


def add_report(values: Mapping[str, Any]) -> int:
    return run(report.insert().values(dict(values)).returning(report.c.id)).scalar_one()


def reports_of(id: str) -> list[Any]:
    return list(run(sa.select(report).where(report.c.application_id == id).order_by(report.c.id)))


def report_of(id: int, *, lock: bool = False) -> Any:
    query = sa.select(report).where(report.c.id == id)
    return run(query.with_for_update() if lock else query).first()


def answer_report(id: int, answer: str, user_id: str) -> None:
    values = {"answer": answer, "answered": sa.func.now(), "answered_by": user_id}
    run(report.update().where(report.c.id == id, report.c.answered.is_(None)).values(**values))


def reports(
    kinds: Sequence[str], agencies: Iterable[str] | None, limit: int, offset: int, id: int = 0
) -> tuple[list[Any], int]:
    """Reports (or one) of these kinds to these agencies (none named: to all), those first that nobody has answered.

    Each with the application's ``number``, ``titles`` and ``agency``; and how many there are in all.
    """
    here = report.outerjoin(application, application.c.id == report.c.application_id)
    agency = sa.func.coalesce(application.c.agency, report.c.facts["agency"].astext)
    chosen = [
        report.c.kind.in_(kinds),
        *([report.c.id == id] if id else []),
        *([agency.in_(list(agencies))] if agencies is not None else []),
    ]
    count = run(sa.select(sa.func.count()).select_from(here).where(*chosen)).scalar_one()
    more = (application.c.number, application.c.titles, agency.label("agency"))
    order = (report.c.answered.is_not(None), report.c.id.desc())
    query = sa.select(report, *more).select_from(here).where(*chosen).order_by(*order)
    return list(run(query.limit(limit).offset(offset))), count


def add_attachment(id: str, values: Mapping[str, Any]) -> str:
    own = str(uuid.uuid4())
    run(attachment.insert().values({"id": own, "application_id": id, **values}))
    return own


def attachments_of(ids: Sequence[str]) -> dict[str, list[Any]]:
    here = sa.select(attachment).where(attachment.c.application_id.in_(ids), ~attachment.c.is_removed)
    return _by_application(here.order_by(attachment.c.created, attachment.c.id), ids)


def attachment_of(id: str) -> Any:
    return run(sa.select(attachment).where(attachment.c.id == id)).first()


def unscanned(most: int = 50) -> list[Any]:
    """Attachments whose scan hasn't been looked at yet, each with the ``agency`` that it is for; the oldest first."""
    here = attachment.join(application, application.c.id == attachment.c.application_id)
    query = sa.select(attachment, application.c.agency).select_from(here)
    waiting = query.where(attachment.c.scanned.is_(None), ~attachment.c.is_removed)
    return list(run(waiting.order_by(attachment.c.created, attachment.c.id).limit(most)))


def change_attachment(id: str, **values: Any) -> None:
    run(attachment.update().where(attachment.c.id == id).values(**values))


# opinions, questions, deputies


def add_opinion(id: str, hash: str, *, agrees: bool, reason: str, user_id: str, organization_id: str) -> None:
    values = {"application_id": id, "hash": hash, "agrees": agrees, "reason": reason}
    run(opinion.insert().values({**values, "user_id": user_id, "organization_id": organization_id}))


def opinions_of(ids: Sequence[str]) -> dict[str, list[Any]]:
    return _by_application(sa.select(opinion).where(opinion.c.application_id.in_(ids)).order_by(opinion.c.id), ids)


def add_form(dataset_id: str, agency: str, questions: Sequence[Mapping[str, Any]], user_id: str) -> int:
    """A new version of an agency's questions; its number."""
    last = run(sa.select(sa.func.max(form.c.version)).where(form.c.dataset_id == dataset_id)).scalar() or 0
    values = {"dataset_id": dataset_id, "version": last + 1, "agency": agency, "questions": list(questions)}
    run(form.insert().values({**values, "user_id": user_id}))
    return last + 1


def forms_now(dataset_ids: Sequence[str]) -> dict[str, Any]:
    """The newest questions about each of these datasets that has any."""
    query = sa.select(form).where(form.c.dataset_id.in_(dataset_ids)).order_by(form.c.version)
    return {row.dataset_id: row for row in run(query)} if dataset_ids else {}


def forms_of(dataset_id: str) -> list[Any]:
    """All versions of the questions about a dataset, oldest first."""
    return list(run(sa.select(form).where(form.c.dataset_id == dataset_id).order_by(form.c.version)))


def forms_then(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """The questions of these datasets in these versions."""
    keys = [key for key in set(wanted) if key[1]]
    query = sa.select(form).where(sa.tuple_(form.c.dataset_id, form.c.version).in_(keys))
    return {(row.dataset_id, row.version): row for row in run(query)} if keys else {}


def add_deputy(agency: str, user_id: str, named_by: str, starts: date, ends: date) -> int:
    values = {"agency": agency, "user_id": user_id, "named_by": named_by, "starts": starts, "ends": ends}
    return run(deputy.insert().values(values).returning(deputy.c.id)).scalar_one()


def deputy_of(id: int) -> Any:
    return run(sa.select(deputy).where(deputy.c.id == id)).first()


def end_deputy(id: int) -> None:
    run(deputy.update().where(deputy.c.id == id, deputy.c.ended.is_(None)).values(ended=sa.func.now()))


def deputies_of(agencies: Sequence[str], today: date) -> list[Any]:
    """Who stands in for the heads of these agencies on a day, or will."""
    chosen = (deputy.c.agency.in_(agencies), deputy.c.ended.is_(None), deputy.c.ends >= today)
    return list(run(sa.select(deputy).where(*chosen).order_by(deputy.c.id))) if agencies else []


# agreements


def add_agreement(id: str, hash: str, template: str, document: Mapping[str, Any], code: str) -> None:
    values = {"application_id": id, "hash": hash, "template": template, "document": dict(document), "code": code}
    run(agreement.insert().values(values))


def agreement_of(hash: str) -> Any:
    return run(sa.select(agreement).where(agreement.c.hash == hash)).first()


def agreement_by_code(code: str) -> Any:
    return run(sa.select(agreement).where(agreement.c.code == code)).first()


def sign(id: str, given: Signature, proof: str) -> None:
    values = {"application_id": id, "agreement": given.hash, "party": given.party}
    run(signed.insert().values({**values, "user_id": given.person, "proof": proof}))


def signatures_of(ids: Sequence[str]) -> dict[str, list[Any]]:
    return _by_application(sa.select(signed).where(signed.c.application_id.in_(ids)).order_by(signed.c.id), ids)

"""The provider's answers: supplement, longer, approval of all or a part, refusal; and the cyberspace office's opinion.

Opening is equal (art. 27): what the entry doesn't state is no ground, and an answer unlike an earlier one to the same
case is pointed out to whoever gives it, who says why; both are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ckan.types import Context

from ..access.rules import Scope
from ..people import notices
from ..people.rules import CAPACITIES
from ..workflow import clock, workdays
from . import applications, finding, forms, giving, offering, rules, running, standing
from .offering import Matter
from .rules import Answer, Command, Ground, Kind, Person, Refusal, Remark, Result
from .running import Act

Given = Mapping[str, Any]


def assign(context: Context, asked: Given) -> Any:
    """Give it to a publisher or head of the same agency."""

    def check(act: Act) -> None:
        if act.given["handler"] not in notices.members(act.row.agency, list(CAPACITIES)):
            standing.refuse(Refusal("bad_handler"))

    return running.run(context, asked["id"], Command.ASSIGN, asked, check)


def opine(context: Context, asked: Given) -> Any:
    """The cyberspace office agrees or objects, to this text alone."""
    return running.run(context, asked["id"], Command.OPINE, asked, _opined)


def _opined(act: Act) -> None:
    agrees, who = act.given["opinion"] == "agree", act.person
    reason = str(act.given["reason"]).strip()
    applications.add_opinion(
        act.row.id, act.row.hash, agrees=agrees, reason=reason, user_id=who.id, organization_id=who.organization
    )


def approve(context: Context, asked: Given) -> Any:
    """Approve it, whole or in part, and draw up the agreement.

    :param asked: ``hash`` of the text that was read, ``scopes`` (by the dataset's id; without them what was asked
        for), ``ends``, ``conditions`` (texts), ``seen`` (code of each remark: why all the same)
    """
    with running.alone():
        row = _locked(asked["id"])
        person = standing.person(context.get("user"), row)
        matter = offering.matter(row)
        scopes = granted(matter, asked)
        act = running.decided(row, Command.APPROVE, person, _checked(row, matter, person, asked, scopes))
        running.finish(act, lambda act: _approved(act, matter, scopes))
    return applications.find(row.id)


def _locked(id: str) -> Any:
    row = applications.find(id, lock=True)
    if row is None:
        standing.refuse(Refusal("unknown"))
    return row


def granted(matter: Matter, asked: Given) -> dict[str, Scope]:
    """What is granted of each dataset; without a word about it, what was asked for."""
    chosen = asked.get("scopes")
    wished = {one.dataset: one.scope for one in matter.asked()}
    if chosen is None:
        return wished
    return {id: forms.scope_of({**forms.stored_scope(wished[id]), **chosen[id]}) for id in wished if id in chosen}


def _checked(row: Any, matter: Matter, person: Person, asked: Given, granted: Mapping[str, Scope]) -> Given:
    """What the rules are told beside what was sent."""
    wished = {one.dataset: one.scope for one in matter.asked()}
    kept = {id: scope for id, scope in granted.items() if not scope.is_empty}
    beyond = [name for id, scope in kept.items() for name in scope.beyond(wished[id])]
    ends = _ends(row, asked)
    beyond += ["ends"] if ends is None else []
    found = remarks(row, matter, is_refused=False, granted=kept) if person.roles & rules.PROVIDER else []
    codes = [one.code for one in found]
    return {**asked, "beyond": sorted(set(beyond)), "is_empty": not kept, "remarks": codes, "told": found}


def _ends(row: Any, asked: Given) -> date | None:
    """The last day: as asked for, or earlier; none where it is later, or over."""
    wished = forms.day_of(row.content.get("ends"))
    chosen = forms.day_of(asked.get("ends")) if asked.get("ends") else wished
    return chosen if chosen and wished and clock.today() <= chosen <= wished else None


def _approved(act: Act, matter: Matter, granted: Mapping[str, Scope]) -> None:
    kept = {id: scope for id, scope in granted.items() if not scope.is_empty}
    ends = _ends(act.row, act.given)
    assert ends is not None
    is_whole = (
        kept == {one.dataset: one.scope for one in matter.asked()} and ends.isoformat() == act.row.content["ends"]
    )
    conditions = [str(one).strip() for one in act.given.get("conditions") or () if str(one).strip()]
    giving.draw_up(act, kept, ends, conditions)
    result = Result.WHOLE if is_whole and not conditions else Result.PART
    act.changes |= {"result": result.value, **_answered(act)}
    act.facts |= {"result": result.value, "conditions": conditions, **_pointed_out(act)}


def _answered(act: Act) -> dict[str, Any]:
    """When it was answered, and in how many of the agency's working days."""
    due = act.row.due
    is_late = bool(due and clock.today() > due)
    return {"answered": clock.now(), "days": days_used(act.row, clock.today()), "is_late": is_late}


def days_used(row: Any, today: date) -> int:
    """Working days that the agency had it: without those in which the applicant owed an answer."""
    used, began = 0, row.submitted.astimezone(clock.zone()).date() if row.submitted else today
    running_since: date | None = began
    for event in applications.events_of(row.id):
        day = event.created.astimezone(clock.zone()).date()
        if event.command == Command.ASK.value and running_since:
            used, running_since = used + workdays.between(running_since, day), None
        elif event.command == Command.ANSWER.value:
            running_since = day
    return used + (workdays.between(running_since, today) if running_since else 0)


def _pointed_out(act: Act) -> dict[str, Any]:
    told: Sequence[Remark] = act.given.get("told") or ()
    seen = act.given.get("seen") or {}
    rows = [{"code": one.code, "facts": _listed(one.facts), "reason": str(seen.get(one.code) or "")} for one in told]
    return {"remarks": rows} if rows else {}


def _listed(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}


def refuse(context: Context, asked: Given) -> Any:
    """Refuse it with ground, article, explanation and the way of redress (art. 21, 27)."""
    with running.alone():
        row = _locked(asked["id"])
        person = standing.person(context.get("user"), row)
        matter = offering.matter(row)
        given = _checked_refusal(row, matter, person, asked)
        act = running.decided(row, Command.REFUSE, person, given)
        running.finish(act, _refused)
    return applications.find(row.id)


def _checked_refusal(row: Any, matter: Matter, person: Person, asked: Given) -> Given:
    wished = {one.dataset: one.scope for one in matter.asked()}
    ground = str(asked.get("ground") or "")
    is_judge = bool(person.roles & rules.PROVIDER)
    found = remarks(row, matter, is_refused=True, granted=wished, ground=ground) if is_judge else []
    return {**asked, "remarks": [one.code for one in found], "told": found}


def _refused(act: Act) -> None:
    act.changes |= {"ground": act.given["ground"], **(_answered(act) if act.row.answered is None else {})}
    act.facts |= _pointed_out(act)


def remarks(
    row: Any, matter: Matter, *, is_refused: bool, granted: Mapping[str, Scope], ground: str = ""
) -> list[Remark]:
    """What is pointed out before this answer is given (art. 27: equally)."""
    columns = frozenset(f"{id}/{column}" for id, scope in granted.items() for column in scope.columns)
    purpose = str(row.content.get("purpose_kind") or "")
    answer = Answer(row.number, row.applicant_kind, purpose, columns, is_refused, ground)
    return rules.remarks(answer, stated(row, matter), finding.earlier_answers(row, matter))


def stated(row: Any, matter: Matter) -> set[str]:
    """What the grounds of a refusal may rest on: conditions of the entry, and what happened."""
    found: set[str] = set()
    for one in matter.offered.values():
        conditions = one.conditions
        fields = one.offer.metadata.get("fields") or one.offer.metadata
        found |= {"eligible"} if not conditions.is_for_all or conditions.eligibility_note else set()
        found |= {"allowed_uses"} if conditions.allowed_uses else set()
        found |= {"safeguards"} if str(fields.get("opening_safeguards") or "").strip() else set()
    commands = {event.command for event in applications.events_of(row.id)}
    found |= {"supplement"} if Command.ASK.value in commands else set()
    opinions = applications.opinions_of([row.id])[row.id]
    found |= {"objection"} if any(not one.agrees and one.hash == row.hash for one in opinions) else set()
    found |= {"breach"} if finding.breached_before(row) else set()
    return found if Kind(row.kind) is Kind.OPENING else found | {"eligible", "allowed_uses", "safeguards"}


GROUNDS = tuple(ground.value for ground in Ground)

"""What lies beside an application while it is judged: what the entries offer, what others got, who is eligible.

Nothing of it is decided here; the answer is (``answering``), on the locked row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckan.types import Context

from ..access.rules import Scope
from ..applicants import identities, parties
from ..applicants.rules import Party
from ..catalogue.conditions import Conditions, Item
from ..people import notices
from ..people.rules import CAPACITIES
from . import answering, applications, finding, forms, heading, messages, offering, redress, rules, showing, standing
from .offering import Matter, Offered
from .rules import OFFICES, PROVIDER, Ground, Kind, Person, Refusal

Told = dict[str, Any]
Given = Mapping[str, Any]
SHOWN = 20  # earlier answers


def of(context: Context, id: str) -> Told:
    """As ``anshan_application_examine`` answers."""
    row, person = judged(context, id)
    matter = offering.matter(row)
    case = standing.case_of(row)
    stated = answering.stated(row, matter)
    wished = {one.dataset: one.scope for one in matter.asked()}
    return {
        "content": content(row),
        "datasets": [_dataset(one, matter) for one in matter.items],
        "earlier": earlier(row, matter),
        "parties": _parties(matter, case),
        "is_offered": case.is_offered,
        "problems": [showing.problem(one) for one in standing.problems_of(row, matter)],
        "needs_opinion": row.needs_opinion,
        "has_opinion": rules.opinion_of(case) is not None,
        "grounds": [_ground(one, row, matter, stated) for one in Ground],
        "articles": redress.articles(matter),
        "redress": redress.of(Kind(row.kind)),
        "remarks": {
            "approve": _remarks(row, matter, is_refused=False, granted=wished),
            "refuse": _remarks(row, matter, is_refused=True, granted=wished),
        },
        "colleagues": _colleagues(row) if person.roles & PROVIDER else [],
        "may_identify": rules.identify(case, person) is None,
    }


def judged(context: Context, id: str) -> tuple[Any, Person]:
    """The application and who asks, where they answer it or look after it.

    :raises NotAuthorized: nobody of them
    """
    row = applications.find(id)
    if row is None:
        standing.refuse(Refusal("unknown"))
    person = standing.person(context.get("user"), row)
    refusal = Refusal("unknown") if not person.roles else Refusal("not_yours")
    return (row, person) if person.roles & (PROVIDER | OFFICES) else standing.refuse(refusal)


def verdict(context: Context, id: str) -> Refusal | None:
    """Why the caller judges nothing here."""
    row = applications.find(id)
    roles = standing.person(context.get("user"), row).roles if row is not None else frozenset()
    if not roles:
        return Refusal("unknown")
    return None if roles & (PROVIDER | OFFICES) else Refusal("not_yours")


# what is asked, beside what is offered


def content(row: Any) -> list[Told]:
    """What the applicant wrote, in the order of the form, with the words of what was chosen."""
    words = {"purpose_kind": messages.PURPOSES, "basis_kind": messages.BASES}
    named = [name for names in forms.STEPS.values() for name in names if name in forms.FIELDS]
    said = {name: str(row.content.get(name) or "") for name in named}
    told = {name: words[name][value]() if value in words.get(name, {}) else value for name, value in said.items()}
    return [{"name": name, "label": messages.FIELDS[name](), "value": told[name]} for name in named]


def _dataset(item: Any, matter: Matter) -> Told:
    found, asked = matter.offered.get(item.dataset_id), forms.scope_of(item.asked)
    said = {name: getattr(item, name) for name in ("dataset_id", "dataset_name", "title", "release_version")}
    told = {**said, "is_offered": found is not None, "asked": forms.stored_scope(asked)}
    necessity = item.answers.get("necessity") or {}
    return {
        **told,
        "columns": _columns(asked, found, necessity),
        "files": _files(asked, found),
        "methods": _methods(asked, found),
        "rows": _rows(asked, found),
        "conditions": _conditions(found) if found else None,
        "answers": _answers(item, matter),
    }


def _columns(asked: Scope, found: Offered | None, necessity: Mapping[str, str]) -> list[Told]:
    """Each that is offered, in the entry's order, then those that were asked for and aren't (any more)."""
    headed = _headed(asked, found)
    gone = [{"column": name, "name": name, "can": False} for name in sorted(asked.columns - set(headed))]
    offered = found.conditions.headers if found else frozenset()
    told = [
        {
            "column": header,
            "name": one.name,
            "type": one.type,
            "can": header in offered,
            "is_sensitive": one.sensitive,
            "needs_necessity": one.needs_necessity,
        }
        for header, one in headed.items()
    ]
    return [
        {**one, "is_asked": one["column"] in asked.columns, "necessity": necessity.get(one["column"], "")}
        for one in [*told, *gone]
    ]


def _headed(asked: Scope, found: Offered | None) -> dict[str, Item]:
    """The items of the entry by the header under which each was asked for, or else stands in the files."""
    if found is None:
        return {}
    there = heading.headers(found.offer.files)
    named = ((heading.header(one, asked.columns & set(one.headers) or there), one) for one in found.conditions.items)
    return {header: one for header, one in named if one.column or header in there | asked.columns}


def _files(asked: Scope, found: Offered | None) -> list[Told]:
    there = {one.name: one for one in found.offer.files} if found else {}
    chosen = asked.files | asked.whole
    names = [*there, *sorted(chosen - set(there))]
    return [
        {
            "name": name,
            "is_asked": name in chosen,
            "is_table": name in asked.files or bool(found and name in found.tables),
            "is_there": name in there,
            "size": there[name].size if name in there else None,
        }
        for name in names
    ]


def _methods(asked: Scope, found: Offered | None) -> list[Told]:
    offered = found.conditions.methods if found else frozenset()
    wished = {one.value for one in asked.methods}
    named = [(name, words()) for name, words in messages.METHODS.items()]
    return [{"id": id, "words": words, "is_asked": id in wished, "can": id in offered} for id, words in named]


def _rows(asked: Scope, found: Offered | None) -> list[Told]:
    """The choices of rows: those that were asked for, then the columns by which the agency may narrow it."""
    wished = [{"column": one.column, "values": list(one.values), "is_asked": True} for one in asked.rows]
    named = {one.column for one in asked.rows}
    headed = _headed(asked, found).items()
    more = [header for header, one in headed if one.can_be_applied_for and one.filterable and header not in named]
    return [*wished, *({"column": column, "values": [], "is_asked": False} for column in more)]


def _conditions(found: Offered) -> Told:
    said: Conditions = found.conditions
    fields = found.offer.metadata.get("fields") or found.offer.metadata
    named = {
        "opening_basis": " ".join(
            str(fields.get(f"opening_basis_{name}") or "") for name in ("title", "number", "article")
        ).strip(),
        **{name: str(fields.get(name) or "") for name in ("opening_requirements", "opening_safeguards")},
    }
    return {
        **named,
        "is_for_all": said.is_for_all,
        "eligible": sorted(said.eligible),
        "eligibility_note": said.eligibility_note,
        "allowed_uses": said.allowed_uses,
        "longest_term_months": said.longest_term_months,
        "daily_quota": said.daily_quota,
        "second_opinion": said.second_opinion,
        "allows_aggregates": said.allows_aggregates,
    }


def _answers(item: Any, matter: Matter) -> list[Told]:
    given = item.answers.get("answers") or {}
    files = {one.field.removeprefix(f"{item.dataset_id}/"): one for one in matter.attachments if "/" in one.field}
    return [
        {
            "label": one.label,
            "answer": str(given.get(one.id) or ""),
            "file": files[one.id].name if one.id in files else "",
            "attachment": files[one.id].id if one.id in files else "",
        }
        for one in matter.questions.get(item.dataset_id, ())
    ]


# who asks, what others got


def _parties(matter: Matter, case: rules.Case) -> list[Told]:
    shown = parties.shown({(one.kind, one.party_id) for one in matter.parties})
    return [
        {
            "kind": one.kind,
            "id": one.party_id,
            "is_eligible": f"{one.kind}:{one.party_id}" not in case.ineligible,
            "applicant_kind": shown.get((one.kind, one.party_id), {}).get("kind", ""),
            "name": shown.get((one.kind, one.party_id), {}).get("name", ""),
        }
        for one in matter.parties
    ]


def earlier(row: Any, matter: Matter) -> list[Told]:
    """What was answered to others about the same datasets, the newest first; the same case is marked (art. 27)."""
    here = {one.dataset_id for one in matter.items}
    own = str(row.content.get("purpose_kind") or "")
    rows, items = finding.earlier(row, matter, SHOWN)
    return [
        _earlier(one, [each for each in items.get(one.id, ()) if each.dataset_id in here], row, own) for one in rows
    ]


def _earlier(one: Any, items: Sequence[Any], row: Any, own: str) -> Told:
    purpose = str(one.content.get("purpose_kind") or "")
    scopes = [(each.asked if one.ground else each.decided) or {} for each in items]
    return {
        "number": one.number,
        "applicant_kind": one.applicant_kind,
        "purpose_kind": purpose,
        "columns": sorted({column for scope in scopes for column in scope.get("columns", ())}),
        "result": one.result,
        "ground": one.ground,
        "days": one.days,
        "answered": one.answered.isoformat(),
        "is_like": (one.applicant_kind, purpose) == (row.applicant_kind, own),
    }


# the answers that can be given


def _ground(one: Ground, row: Any, matter: Matter, stated: set[str]) -> Told:
    wanted = rules.NEEDS_STATEMENT.get(one)
    return {
        "ground": one.value,
        "words": messages.GROUNDS[one](),
        "is_stated": wanted is None or wanted in stated,
        "article": redress.article(one, Kind(row.kind), matter),
        "short": redress.short(one, Kind(row.kind), matter),
    }


def _remarks(
    row: Any, matter: Matter, *, is_refused: bool, granted: Mapping[str, Scope], ground: str = ""
) -> list[Told]:
    found = answering.remarks(row, matter, is_refused=is_refused, granted=granted, ground=ground)
    return [{"code": one.code, "facts": dict(one.facts), "words": messages.remark(one)} for one in found]


def remarks(context: Context, asked: Given) -> list[Told]:
    """What would be pointed out if this answer were given now."""
    row, person = judged(context, asked["id"])
    if not person.roles & PROVIDER:
        standing.refuse(Refusal("not_yours"))
    matter = offering.matter(row)
    is_refused = asked["command"] == "refuse"
    granted = answering.granted(matter, asked if not is_refused else {})
    kept = {id: scope for id, scope in granted.items() if is_refused or not scope.is_empty}
    return _remarks(row, matter, is_refused=is_refused, granted=kept, ground=asked["ground"])


def _colleagues(row: Any) -> list[Told]:
    """Who of the agency can be given it."""
    ids = [id for id in notices.members(row.agency, list(CAPACITIES)) if id not in row.recused]
    named = showing.names(ids)
    return [{"id": id, "name": named.get(id, "")} for id in ids]


# who they are


def identify(context: Context, asked: Given) -> list[Told]:
    """Who applies, in full, to whoever judges it and says why; each of them is on the log before it is told."""
    row, person = judged(context, asked["id"])
    refusal = rules.identify(standing.case_of(row), person)
    if refusal:
        standing.refuse(refusal)
    if not asked["reason"]:
        standing.refuse(Refusal("missing", {"names": ("reason",)}))
    why = f"{row.number}: {asked['reason']}"
    told = applications.parties_of([row.id])[row.id]
    return [_identity(str(context.get("user") or ""), one, why) for one in told]


def _identity(user: str, one: Any, why: str) -> Told:
    if one.kind == parties.AGENCY:
        return {
            "kind": one.kind,
            "id": one.party_id,
            **parties.shown({(one.kind, one.party_id)})[one.kind, one.party_id],
        }
    return {"kind": one.kind, "id": one.party_id, **identities.told(user, Party(one.kind, one.party_id), why)}

"""What an approval leads to: the agreement that is drawn up, and the grants once both sides signed (art. 22, 27)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ..access import granting
from ..access.rules import GrantState, Method, Scope
from ..agreement import rules as agreements
from ..agreement import templates
from ..agreement.rules import Column, Dataset, Facts, Holder
from ..agreement.rules import Party as Named
from ..applicants import parties
from ..catalogue.conditions import Conditions
from ..people import options as people_options
from ..workflow import clock
from . import applications, forms, offering, rules, standing
from .offering import Matter, Offered
from .rules import Kind, Refusal, Relation, State
from .running import Act

USCC = 18  # characters of a provider's code, at the beginning of the codes of its entries


def draw_up(act: Act, scopes: Mapping[str, Scope], ends: date, conditions: Sequence[str]) -> None:
    """Write the agreement over what is granted; from then on it is fixed, and signed by its hash.

    :param scopes: by the dataset's id; what isn't in it is refused · :param conditions: that the agency sets
    """
    matter = offering.matter(act.row)
    starts = _starts(act.row)
    facts = _facts(act.row, matter, scopes, (starts, ends), conditions)
    document = agreements.build(templates.current(act.row.kind), facts)
    if isinstance(document, agreements.Refusal):
        standing.refuse(Refusal(document.code, document.facts))
    hash = agreements.hash_of(document)
    template = f"{document['template']['id']}-{document['template']['version']}"
    applications.add_agreement(act.row.id, hash, template, document, agreements.code_of(hash, act.row.number))
    for one in matter.items:
        applications.change_item(act.row.id, one.dataset_id, decided=_stored(scopes.get(one.dataset_id)))
    act.changes |= {"agreement": hash, "starts": starts, "ends": ends}
    act.facts |= {"agreement": hash, "ends": ends.isoformat()}


def _stored(scope: Scope | None) -> dict[str, Any]:
    return forms.stored_scope(scope or Scope())


def _starts(row: Any) -> date:
    wished = forms.day_of(row.content.get("starts"))
    return max(wished, clock.today()) if wished else clock.today()


def _facts(
    row: Any, matter: Matter, scopes: Mapping[str, Scope], term: tuple[date, date], conditions: Sequence[str]
) -> Facts:
    said, first = row.content, next(iter(matter.offered.values()))
    given = {id: one for id, one in matter.offered.items() if id in scopes}
    agency = _title(row.agency)
    code = str((first.offer.metadata.get("fields") or first.offer.metadata).get("code") or "")[:USCC]
    return Facts(
        number=row.number,
        kind=Kind(row.kind),
        agency=Named(agency, code or row.agency, Holder.AGENCY),
        holders=_holders(matter),
        datasets=tuple(_dataset(one, scopes[id], agency) for id, one in given.items()),
        basis=said.get("basis", ""),
        purpose=said.get("purpose", ""),
        product=said.get("product", ""),
        retention=said.get("retention", ""),
        safeguards=tuple(text for name in ("storage", "people", "safeguards", "processor") if (text := said.get(name))),
        starts=term[0],
        ends=term[1],
        destruction_days=min(one.conditions.destruction_days for one in given.values()),
        report_months=_report_months(given.values()),
        portal=str(tk.config["ckan.site_title"]),
        bureau=_bureau(),
        requirements=_requirements(given.values()),
        conditions=tuple(conditions),
        replaces=_replaces(row),
    )


def _report_months(given: Any) -> int:
    """The shortest of them; 0: none is due."""
    return min((one.conditions.report_months for one in given if one.conditions.report_months), default=0)


def _requirements(given: Any) -> tuple[str, ...]:
    """What the entries ask of whoever uses their data."""
    texts = []
    for one in given:
        fields = one.offer.metadata.get("fields") or one.offer.metadata
        texts += [str(fields.get(name) or "") for name in ("opening_requirements", "opening_safeguards")]
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def _replaces(row: Any) -> str:
    before = applications.find(row.follows) if row.follows and row.relation != Relation.NEW.value else None
    return before.number if before is not None else ""


def _title(agency: str) -> str:
    return parties.shown({(parties.AGENCY, agency)}).get((parties.AGENCY, agency), {}).get("name", agency)


def _bureau() -> str:
    found = model.Group.get(people_options.bureau_org())
    return (found.title or found.name) if found else "大数据主管部门"


def _holders(matter: Matter) -> tuple[Named, ...]:
    keys = [(one.kind, one.party_id) for one in matter.parties]
    shown = parties.shown(keys)
    return tuple(Named(shown[key]["name"], shown[key]["code"] or key[1], Holder(key[0])) for key in keys)


def _dataset(one: Offered, scope: Scope, agency: str) -> Dataset:
    offer, conditions = one.offer, one.conditions
    fields = offer.metadata.get("fields") or offer.metadata
    period = " — ".join(str(fields[name]) for name in ("time_start", "time_end") if fields.get(name))
    return Dataset(
        title=offer.title,
        name=offer.name,
        version=str(offer.version),
        agency=agency,
        methods=tuple(method for method in Method if method in scope.methods),
        tables=tuple(file.name for file in offer.files if file.name in scope.files),
        columns=_columns(conditions, scope),
        rows=scope.rows,
        whole=tuple(file.name for file in offer.files if file.name in scope.whole),
        period=period,
        aggregates=scope.aggregates,
        daily_quota=conditions.daily_quota if Method.API in scope.methods else 0,
    )


def _columns(conditions: Conditions, scope: Scope) -> tuple[Column, ...]:
    granted = ((header, item) for item in conditions.applicable for header in item.headers if header in scope.columns)
    return tuple(Column(header, item.name) for header, item in granted)


def give(act: Act) -> None:
    """The grants of an application that is in use now, because both sides signed its agreement."""
    matter = offering.matter(act.row)
    if not rules.in_force(act.case):
        standing.refuse(Refusal("not_accepted"))
    for one in matter.items:
        scope = forms.scope_of(one.decided)
        if not scope.is_empty:
            granting.give(_given(act, matter, one, scope, (_starts_now(act.row), act.row.ends)))
    applications.change(act.row.id, report_due=_report_due(act.row, matter))


def _starts_now(row: Any) -> date:
    return max(row.starts, clock.today())


def _report_due(row: Any, matter: Matter) -> date | None:
    months = _report_months(matter.offered.values())
    due = forms.last_day(_starts_now(row), months) if months else None
    return due if due is None or row.ends is None else min(due, row.ends)


def at_once(act: Act) -> None:
    """What is shared unconditionally: granted as it is asked, without an agreement; basis and purpose are on record."""
    row, matter = applications.find(act.row.id), offering.matter(act.row)
    starts, ends = _starts(row), forms.day_of(row.content["ends"])
    assert ends is not None
    answer = {"result": rules.Result.WHOLE.value, "answered": clock.now(), "days": 0}
    applications.change(row.id, starts=starts, ends=ends, report_due=None, **answer)
    for one in matter.items:
        applications.change_item(row.id, one.dataset_id, decided=one.asked)
        granting.give(_given(act, matter, one, forms.scope_of(one.asked), (starts, ends)))


def _given(act: Act, matter: Matter, item: Any, scope: Scope, term: tuple[date, date]) -> granting.Given:
    found = matter.offered[item.dataset_id]
    requests = str(act.row.content.get("requests") or "0")
    return granting.Given(
        application_id=act.row.id,
        number=act.changes.get("number", act.row.number),
        kind=Kind(act.row.kind),
        dataset_id=item.dataset_id,
        provider=act.row.agency,
        holders=[{"kind": one.kind, "id": one.party_id} for one in matter.parties],
        scope=forms.stored_scope(scope),
        agreement=act.case.agreement,
        starts=term[0],
        ends=term[1],
        daily_quota=found.conditions.daily_quota,
        declared_requests=int(requests) if requests.isdigit() else 0,
    )


GRANTS: Mapping[State, GrantState] = {
    State.ACTIVE: GrantState.ACTIVE,
    State.SUSPENDED: GrantState.SUSPENDED,
    State.EXPIRED: GrantState.ENDED,
    State.CLOSED: GrantState.ENDED,
    State.REVOKED: GrantState.REVOKED,
}


def follow(act: Act) -> None:
    """Bring the grants to where the application is."""
    granting.move(act.row.id, GRANTS[act.after])

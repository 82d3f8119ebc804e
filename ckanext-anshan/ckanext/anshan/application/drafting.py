"""Begins applications, keeps what is typed into them, and sends them (art. 20 to 22, 27)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from ckan.types import Context

from ..access.rules import Scope
from ..applicants import parties
from ..applicants.parties import Acting
from ..workflow import clock, outbox
from . import applications, forms, giving, offering, renewing, rules, running, standing
from .offering import Offered
from .rules import Command, Kind, Refusal, Relation, State
from .running import Act

Asked = Mapping[str, Any]


def begin(context: Context, asked: Asked) -> list[Any]:
    """Drafts for these datasets, one for each agency that provides them; their rows.

    :param asked: ``datasets`` (ids or names), ``kind``, ``party`` (``kind:id``), ``copy_of`` (an application of the
        caller's own whose text is taken over), ``follows`` and ``relation``
    """
    kind = Kind(asked["kind"])
    before = _own(context, asked.get("follows") or asked.get("copy_of"))
    if asked.get("follows"):
        asked = renewing.checked(before, asked)
    party = _party(context, asked, kind)
    found = offering.offered(list(asked["datasets"]), kind)
    missing = [key for key in asked["datasets"] if key not in found]
    if missing or not found:
        standing.refuse(Refusal("not_offered", {"datasets": tuple(missing)}))
    with running.alone():
        if asked.get("follows"):
            renewing.alone(before, asked, list(found.values()))
        return _add(context, asked, party, list({one.offer.dataset_id: one for one in found.values()}.values()), before)


def _party(context: Context, asked: Asked, kind: Kind) -> Acting:
    """For whom they apply; chosen for them where they act for one alone."""
    acting = [
        one for one in parties.acting(context.get("user")) if (one.kind == parties.AGENCY) is (kind is Kind.SHARING)
    ]
    wanted = asked.get("party")
    chosen = [one for one in acting if one.key == wanted] if wanted else acting
    if not chosen:
        standing.refuse(Refusal("no_party" if not acting else "not_your_party"))
    if len(chosen) > 1:
        standing.refuse(Refusal("which_party"))
    return chosen[0]


def _own(context: Context, id: Any) -> Any:
    """An application that the caller may take text from: one of their own."""
    if not id:
        return None
    row = applications.find(str(id))
    if row is None or not standing.person(context.get("user"), row).parties:
        standing.refuse(Refusal("unknown"))
    return row


def _add(context: Context, asked: Asked, party: Acting, found: Sequence[Offered], before: Any) -> list[Any]:
    user = standing.Asker(context.get("user")).user
    assert user is not None
    batch = str(uuid.uuid4())
    by_agency: dict[str, list[Offered]] = {}
    for one in found:
        by_agency.setdefault(one.offer.agency, []).append(one)
    own_agency = party.kind == parties.AGENCY and party.id in by_agency
    if own_agency:
        standing.refuse(Refusal("own_data"))
    made = []
    for agency, offers in by_agency.items():
        values = {
            "batch": batch if len(by_agency) > 1 else "",
            "kind": asked["kind"],
            "agency": agency,
            "party_kind": party.kind,
            "party_id": party.id,
            "applicant_kind": party.applicant_kind,
            "user_id": user.id,
            "relation": asked["relation"] if asked.get("follows") else Relation.NEW.value,
            "follows": before.id if before is not None and asked.get("follows") else "",
            "content": _content_of(before, asked, offers),
            "titles": " · ".join(one.offer.title for one in offers),
            "needs_opinion": any(one.conditions.second_opinion for one in offers),
        }
        id = applications.add(values, clock.today())
        applications.add_party(id, 0, party.kind, party.id, user.id)
        if asked.get("follows"):
            renewing.take_partners(id, before)
        _add_items(id, offers, before)
        made.append(id)
    return [row for id in made if (row := applications.find(id))]


def _content_of(before: Any, asked: Asked, offers: Sequence[Offered]) -> dict[str, Any]:
    """The text of the application before, with the days that fit the new one."""
    if before is None:
        return {}
    days = renewing.days(before, Relation(asked["relation"]), offers) if asked.get("follows") else {}
    return {**before.content, **days}


def _add_items(id: str, offers: Sequence[Offered], before: Any) -> None:
    was = {one.dataset_id: one for one in applications.items_of([before.id])[before.id]} if before is not None else {}
    for position, one in enumerate(offers):
        old = was.get(one.offer.dataset_id)
        values = {
            "dataset_id": one.offer.dataset_id,
            "position": position,
            "dataset_name": one.offer.name,
            "title": one.offer.title,
            "release_version": one.offer.version,
            "form_version": one.form_version,
            "asked": (old.decided or old.asked) if old else forms.stored_scope(whole_scope(one)),
            "answers": old.answers if old else {},
        }
        applications.add_item(id, values)


def whole_scope(one: Offered) -> Scope:
    """What a new draft begins with: the tables, by download where that is offered, and no column yet."""
    methods = sorted(one.conditions.methods)
    chosen = "download" if "download" in methods else (methods[0] if methods else "")
    return forms.scope_of({"files": sorted(one.tables), "methods": [chosen] if chosen else []})


def edit(context: Context, asked: Asked) -> Any:
    """Keep what was typed. Only what is named is changed; the application's row afterwards."""
    with running.alone():
        act = running.begin(context, asked["id"], Command.EDIT, asked)
        running.finish(act, _typed)
    return applications.find(act.row.id)


def _typed(act: Act) -> None:
    content = {**act.row.content, **_content(act.given.get("content") or {})}
    act.changes["content"] = content
    items = {one.dataset_id: one for one in applications.items_of([act.row.id])[act.row.id]}
    for one in act.given.get("items") or ():
        row = items.get(str(one.get("dataset_id"))) or next(
            (r for r in items.values() if r.dataset_name == one.get("dataset")), None
        )
        if row is None:
            standing.refuse(
                Refusal("no_such_dataset", {"dataset": str(one.get("dataset_id") or one.get("dataset"))[:100]})
            )
        applications.change_item(act.row.id, row.dataset_id, **_item(row, one))
    if act.given.get("partners") is not None:
        _partners(act, act.given["partners"])


def _content(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(given[name] if given[name] is not None else "").strip() for name in forms.FIELDS if name in given}


def _item(row: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if isinstance(given.get("scope"), Mapping):
        changes["asked"] = forms.stored_scope(forms.scope_of({**row.asked, **given["scope"]}))
    answers = {
        name: {**(row.answers.get(name) or {}), **given[name]}
        for name in ("answers", "necessity")
        if isinstance(given.get(name), Mapping)
    }
    if answers:
        changes["answers"] = {**row.answers, **answers}
    return changes or {"position": row.position}


def _partners(act: Act, wanted: Sequence[Any]) -> None:
    """Who else applies; each of them agrees before it is sent. Only a draft's can change."""
    if act.row.state != State.DRAFT.value:
        standing.refuse(Refusal("partners_fixed"))
    first = (act.row.party_kind, act.row.party_id)
    pairs = [tuple(str(one).split(":", 1)) if ":" in str(one) else parties.named(str(one)) or () for one in wanted]
    named = list(dict.fromkeys((pair[0], pair[1]) for pair in pairs if len(pair) == 2 and pair != first))
    known = parties.shown(named)
    if len(named) > forms.MOST_PARTNERS or () in pairs or any(pair not in known for pair in named):
        standing.refuse(Refusal("bad_partner"))
    now = [(one.kind, one.party_id) for one in applications.parties_of([act.row.id])[act.row.id]]
    applications.remove_partners(act.row.id, named)
    for position, pair in enumerate(named, 1):
        if pair not in now:
            applications.add_party(act.row.id, position + len(now), *pair)


def submit(context: Context, id: str) -> Any:
    """Freeze what is applied for and send it; an agency's for what is shared unconditionally is in use at once."""
    with running.alone():
        act = running.begin(context, id, Command.SUBMIT, {})
        jobs = running.finish(act, _sent, _at_once)
    outbox.finish(jobs)
    return applications.find(act.row.id)


def answer(context: Context, asked: Asked) -> Any:
    """Send what was asked for; the clock goes on."""
    return running.run(context, asked["id"], Command.ANSWER, asked, _sent)


def _sent(act: Act) -> None:
    """A version of the text, with its hash; with the first one comes the number."""
    today, matter = clock.today(), offering.matter(act.row)
    frozen = matter.frozen(act.row.content)
    hash, number = rules.content_hash(frozen), act.row.version + 1
    applications.keep_version(act.row.id, number, frozen, hash, act.person.id)
    act.changes |= {"hash": hash, "version": number, "needs_opinion": matter.needs_opinion}
    act.facts |= {"version": number}
    if act.row.submitted is None:
        act.changes |= {"number": applications.next_number(today), "submitted": clock.now()}


def _at_once(act: Act) -> None:
    if act.after is State.ACTIVE:
        giving.at_once(act)


def join(context: Context, id: str) -> Any:
    return running.run(context, id, Command.JOIN, {}, _joined)


def _joined(act: Act) -> None:
    for one in applications.parties_of([act.row.id])[act.row.id]:
        if one.position and f"{one.kind}:{one.party_id}" in act.person.parties and not one.joined:
            applications.join(act.row.id, one.kind, one.party_id, act.person.id)

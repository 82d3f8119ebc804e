"""Makes submissions: what an agency submits, and what the bureau opens at once (articles 12, 20 and 28)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from sqlalchemy.exc import IntegrityError

from ..inspection import results
from ..release import entries
from ..workflow import clock, outbox, transactions
from . import freezing, options, rules, running, scans, standing, submissions
from .rules import Case, Command, Kind, Person, Refusal, Role, State, Way
from .running import Act

Asked = Mapping[str, Any]

PUBLIC = ("published", "suspended")  # states of a release that can be taken back for good


def submit(context: Context, asked: Asked) -> Any:
    """Freeze an entry and submit it; the submission of the same entry that was under way is replaced by it.

    :raises NotAuthorized, ValidationError: refused, and nothing has changed
    """
    with whole():
        entry, person = _entry(context, asked["id"])
        step = standing.need(rules.decide(Case(State.DRAFT), Command.SUBMIT, person, asked))
        kind = Kind(asked["kind"])
        frozen = _frozen(entry, kind, asked)
        replaced = _replace(entry, person)
        row = _add(entry, kind, Way.FULL, frozen, person, scans.ask(frozen, entry["owner_org"], person.id))
        act = Act(row, standing.case_of(row), person, Command.SUBMIT, step, asked, step.to)
        act.facts |= {"replaces": replaced} if replaced else {}
        running.finish(act)
    return submissions.find(row.id)


def open_at_once(context: Context, asked: Asked) -> Any:
    """Open an entry with the bureau's key alone, until the others have signed or the days are over (article 20)."""
    _scan_first(context, asked["id"])
    with whole():
        entry, person = _entry(context, asked["id"])
        frozen = _emergency(entry, asked)
        ids = scans.ask(frozen, entry["owner_org"], person.id)
        found = results.of(ids)
        scanned = scans.bound(found) if all(one.is_done for one in found) else {"scan_hash": "", "severity": ""}
        case = _case(entry, frozen, scanned)
        step = standing.need(rules.decide(case, Command.OPEN_AT_ONCE, person, asked))
        _replace(entry, person)
        until = running.now() + timedelta(days=asked["days"])
        row = _add(entry, Kind.OPENING, Way.EMERGENCY, frozen, person, ids, until=until, **scanned)
        act = Act(row, case, person, Command.OPEN_AT_ONCE, step, asked, step.to)
        act.facts |= {"days": asked["days"], "until": until.isoformat(), "reason": asked["reason"]}
        jobs = running.finish(act)
    outbox.finish(jobs)
    return submissions.find(row.id)


def whole() -> AbstractContextManager[None]:
    return transactions.whole(_too_late)


def _too_late(late: IntegrityError) -> tk.ValidationError:
    return tk.ValidationError({"submission": [tk._("Somebody else has just submitted this entry. Reload the page.")]})


def _entry(context: Context, id: str) -> tuple[entries.Entry, Person]:
    """The entry, locked, and who asks; whoever has no part in it is told that there is nothing."""
    entry = freezing.entry_of(id, lock=True)
    person = standing.person(context.get("user"), entry["owner_org"] or "") if entry else rules.NOBODY
    if entry is None or not person.roles:
        standing.refuse(Refusal("unknown"))
    if not entry["extras"].get("opening_class"):
        standing.refuse(Refusal("no_class"))
    return entry, person


def _frozen(entry: entries.Entry, kind: Kind, asked: Asked) -> freezing.Frozen:
    published = entries.standings([entry["id"]]).get(entry["id"])
    if kind is Kind.RETIREMENT:
        if published is None or published.state not in PUBLIC:
            standing.refuse(Refusal("nothing_published"))
        missing = tuple(name for name in ("reason", "article") if not asked.get(name))
        if missing:
            standing.refuse(Refusal("missing", {"names": missing}))
        told = {"dataset_id": published.dataset_id, "version": published.version}
        return freezing.retirement(entry, told, asked["reason"], asked["article"])
    kept = asked.get("old_versions") or _old_versions(published)
    frozen = freezing.opening(entry, {**asked, "old_versions": kept})
    if isinstance(frozen, Refusal):
        standing.refuse(frozen)
    if published is not None and published.state == "published" and _is_same(entry["id"], frozen, published):
        standing.refuse(Refusal("unchanged", {"version": published.version}))
    return frozen


def _old_versions(published: Any) -> str:
    """As the version that is public has it, where nobody says otherwise: an update changes nothing of that."""
    was = submissions.find(published.submission) if published is not None and published.submission else None
    return str(was.frozen.get("old_versions") or "") if was is not None else ""


def _is_same(entry_id: str, frozen: freezing.Frozen, published: Any) -> bool:
    """Whether it is what was submitted for the version that is public now."""
    was = submissions.find(published.submission) if published.submission else None
    return was is not None and was.entry_id == entry_id and was.hash == rules.submission_hash(frozen)


def _replace(entry: entries.Entry, person: Person) -> str:
    """Put what is under way aside; its number, empty where there is nothing."""
    before = submissions.open_of(entry["id"], lock=True)
    if before is None:
        return ""
    act = running.begin(before, Command.SUPERSEDE, person, {})
    running.finish(act)
    return str(before.number)


def _add(
    entry: entries.Entry,
    kind: Kind,
    way: Way,
    frozen: freezing.Frozen,
    person: Person,
    reports: list[str],
    **more: Any,
) -> Any:
    values = {
        "kind": kind.value,
        "way": way.value,
        "state": State.DRAFT.value,
        "entry_id": entry["id"],
        "agency": entry["owner_org"],
        "title": entry["title"] or entry["name"],
        "opening_class": entry["extras"]["opening_class"],
        "frozen": frozen,
        "hash": rules.submission_hash(frozen),
        "submitter": person.id,
        "reports": reports,
    }
    return submissions.find(submissions.add({**values, **more}, clock.today()))


def _case(entry: entries.Entry, frozen: freezing.Frozen, scanned: Mapping[str, Any]) -> Case:
    published = entries.standings([entry["id"]]).get(entry["id"])
    return Case(
        State.DRAFT,
        way=Way.EMERGENCY,
        hash=rules.submission_hash(frozen),
        scan_hash=scanned["scan_hash"],
        opening_class=entry["extras"]["opening_class"],
        severity=rules.severity_named(scanned["severity"]),
        is_suspended=bool(published and published.is_taken_off),
    )


def _emergency(entry: entries.Entry, asked: Asked) -> freezing.Frozen:
    if not 1 <= asked["days"] <= options.longest_emergency():
        standing.refuse(Refusal("bad_days"))
    frozen = freezing.emergency(entry, asked["reason"], asked["days"])
    if isinstance(frozen, Refusal):
        standing.refuse(frozen)
    return frozen


def _scan_first(context: Context, id: str) -> None:
    """Have the files scanned before anything is decided: the next call finds the reports."""
    with whole():
        entry, person = _entry(context, id)
        files = freezing.files_of(entry)
        if Role.BUREAU in person.roles and not isinstance(files, Refusal):
            scans.ask({"files": files, "entry": entry}, entry["owner_org"], person.id)

"""The scans beside a submission: asked for when it is made, bound to it once all are done, then the same for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

from ckan import model

from ..inspection import results
from ..inspection.results import Result, Wanted
from ..scan.findings import Severity
from . import freezing, options, rules, submissions
from .rules import Approved, Kind, Refusal, State, Way

WAITING = (State.SUBMITTED, State.IN_REVIEW)


def ask(frozen: freezing.Frozen, agency: str, user_id: str | None) -> list[str]:
    """Have the files of a submission scanned; ids of the scans."""
    return results.ask(map(_wanted, frozen.get("files", ()), repeat(frozen["entry"]["id"])), agency, user_id)


def ask_list(frozen: freezing.Frozen, agencies: Mapping[str, str], user_id: str | None) -> list[str]:
    """Have the files of a list scanned, each with the words of its agency; ids of the scans.

    :param agencies: id of the organization of each entry
    """
    wanted: dict[str, list[Wanted]] = {}
    for one in freezing.scanned(frozen):
        wanted.setdefault(agencies[one["entry"]], []).append(_wanted(one, one["entry"]))
    return [id for agency, own in sorted(wanted.items()) for id in results.ask(own, agency, user_id)]


def _wanted(one: Mapping[str, Any], entry_id: str) -> Wanted:
    return Wanted(one["resource_id"], one["sha256"], one["name"], one["size"], entry_id)


def collect(row: Any) -> Any:
    """Bind the scans of a locked submission to it if all are done and none is bound; the row as it is afterwards.

    That is also when it turns out whether it is a routine update: what was found has a say in that.
    """
    if row.scan_hash or State(row.state) not in WAITING:
        return row
    found = results.of(row.reports)
    if len(found) != len(freezing.scanned(row.frozen)) or not all(one.is_done for one in found):
        return row
    submissions.change(row.id, **bound(found), **_way(row, found))
    return submissions.find(row.id)


def bound(found: Sequence[Result]) -> dict[str, Any]:
    """What a submission keeps of its scans."""
    severities = {one.severity for one in found}
    worst = next((one for one in Severity if one in severities), None)
    return {
        "scan_hash": rules.scans_hash(map(_signed, found)),
        "severity": worst.value if worst else "",
        "findings": sum(one.findings for one in found),
    }


def _signed(one: Result) -> Mapping[str, Any]:
    report = one.report if one.report else {"failed": one.error}
    return {"sha256": one.sha256, "scanner": one.scanner, "report": report}


def _way(row: Any, found: Sequence[Result]) -> dict[str, Any]:
    base = submissions.last_reviewed(row.entry_id)
    if row.way != Way.FULL.value or row.kind != Kind.OPENING.value or base is None:
        return {}
    if isinstance(rules.may_be_routine(approved(row.frozen, found), approved_by(base)), Refusal):
        return {}
    sampled = rules.is_sampled(row.hash, options.sample_percent())
    return {"way": Way.ROUTINE.value, "base": base.id, "is_sampled": sampled}


def why_not_routine(row: Any) -> Refusal | None:
    """Why a submission whose scans are done needs the full review; nothing where it doesn't."""
    base = submissions.last_reviewed(row.entry_id)
    found = approved(row.frozen, results.of(row.reports))
    return rules.may_be_routine(found, approved_by(base) if base is not None else None)


def approved_by(row: Any) -> Approved:
    return approved(row.frozen, results.of(row.reports))


def approved(frozen: freezing.Frozen, found: Sequence[Result]) -> Approved:
    """A submission as routine updates are held against it."""
    return Approved(
        opening_class=frozen["entry"]["extras"].get("opening_class", ""),
        level=freezing.level(frozen),
        items=freezing.items_digest(frozen),
        conditions=freezing.conditions_digest(frozen),
        findings=rules.findings_of(map(_signed, found)) | {("block", "failed", one.name) for one in found if one.error},
        allows_routine=freezing.allows_routine(frozen),
    )


def collect_all() -> int:
    """Bind scans that are done by now; how many submissions got theirs."""
    waiting = submissions.open_ones(WAITING, scan_hash="")
    unfinished = results.unfinished() if waiting else frozenset()
    done = 0
    for row in waiting:
        if not unfinished.isdisjoint(row.reports):
            continue
        bound_now = collect(submissions.find(row.id, lock=True))
        done += bool(bound_now is not None and bound_now.scan_hash)
        model.Session.commit()
    return done

"""What follows once every key is there: the version is published, confirmed, closed again or taken back.

Done by a job that may be repeated: what it finds done it leaves alone. The state of the submission changes in the
transaction that writes the public side.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ckan import model

from ..release import entries, files
from ..release import publishing as releases
from ..release.rules import Approval, Basis
from . import freezing, rules, running, standing, submissions
from .rules import Command, Kind, Role, State, Way

log = logging.getLogger(__name__)

BASES = {Way.FULL: Basis.REVIEW, Way.ROUTINE: Basis.ROUTINE, Way.EMERGENCY: Basis.EMERGENCY}


def follow(id: str) -> None:
    """Bring the public side of a submission to where its state says that it is. Commits.

    :raises files.Damaged, files.Missing: the vault doesn't hold what was signed; nothing is published, and tried again
    """
    releases.lock()
    row = submissions.find(id, lock=True)
    if row is not None and row.kind != Kind.LIST.value:
        FOLLOWS.get(State(row.state), _nothing)(row)
    model.Session.commit()


def _nothing(row: Any) -> None:
    return None


def _publish(row: Any) -> None:
    """Every key is there."""
    refusal = rules.opens(standing.case_of(row))
    if refusal:
        log.warning("%s is not published: %s", row.number, refusal.code)
        return
    if row.kind == Kind.RETIREMENT.value:
        running.by_machine(row.id, Command.PUBLISH, Role.PUBLISHING)
        releases.retire(row.entry_id, approval(row), row.frozen["reason"], row.frozen["article"])
        return
    _check(row)
    running.by_machine(row.id, Command.PUBLISH, Role.PUBLISHING)
    releases.finish([releases.publish([_draft(row)])])


def _open(row: Any) -> None:
    """In an emergency: published until its time is over."""
    if entries.of_submission(row.id) is not None or rules.opens(standing.case_of(row), running.now(), row.until):
        return
    _check(row)
    releases.finish([releases.publish([_draft(row)])])


def _confirm(row: Any) -> None:
    _with_release(row, releases.confirm)


def _close(row: Any) -> None:
    _with_release(row, releases.lapse)


def _with_release(row: Any, act: Callable[[str], Any]) -> None:
    release_id = entries.of_submission(row.id)
    if row.way == Way.EMERGENCY.value and release_id is not None:
        act(release_id)


FOLLOWS: dict[State, Callable[[Any], None]] = {
    State.RELEASED: _publish,
    State.PROVISIONAL: _open,
    State.PUBLISHED: _confirm,
    State.REJECTED: _close,
    State.WITHDRAWN: _close,
    State.LAPSED: _close,
}


def _check(row: Any) -> None:
    """The bytes that were signed are those that would be served."""
    for one in freezing.files(row.frozen):
        files.check(one.sha256, one.size)


def _draft(row: Any) -> releases.Draft:
    return releases.Draft(row.frozen["entry"], freezing.files(row.frozen), approval(row), None)


def approval(row: Any) -> Approval:
    """By what a submission becomes public, as its reviewers left it."""
    signed = submissions.signatures_of([row.id])[row.id]
    return Approval(
        Basis.LIST if row.kind == Kind.LIST.value else BASES[Way(row.way)],
        row.number,
        submission=row.id,
        hash=row.hash,
        scan_hash=row.scan_hash,
        signatures=tuple(
            {"key": one.key, "organization": one.organization_id, "time": one.created.isoformat()} for one in signed
        ),
        until=row.until if row.way == Way.EMERGENCY.value and row.state == State.PROVISIONAL.value else None,
        keeps_versions=freezing.keeps_versions(row.frozen),
    )


def lapse() -> int:
    """Close what was opened in an emergency and not confirmed in time; how many."""
    over = submissions.lapsed(running.now())
    for id in over:
        running.by_machine(id, Command.LAPSE, Role.CLOCK)
        model.Session.commit()
    return len(over)

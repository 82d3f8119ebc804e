"""Lists of what is released together: proposed by the bureau, signed by both offices, then held against an import.

What is signed are the hashes: of each file, of all that becomes public of each entry, and so of the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ..release import entries, files, importing
from ..release import lists as releases
from ..release import messages as release_messages
from ..release import rules as release_rules
from ..release.importing import Refused
from ..workflow import clock
from . import making, messages, publishing, rules, running, scans, standing, submissions
from .freezing import Frozen
from .rules import Case, Command, Kind, Role, State, Way
from .running import Act

Asked = Mapping[str, Any]

LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtext('anshan:lists'))")
STANDS = (State.RELEASED, State.PUBLISHED)
FACTS = ("name", "sha256", "size", "format", "mimetype")
ENDED = (State.REJECTED, State.WITHDRAWN, State.SUPERSEDED)


def propose(context: Context, asked: Asked) -> Any:
    """Freeze a list and put it into both offices' queues; the same list that is under way or done stays the one.

    :raises NotAuthorized, ValidationError: refused, and nothing has changed
    """
    person = standing.person(context.get("user"), "")
    step = standing.need(rules.decide(Case(State.DRAFT, Kind.LIST), Command.PROPOSE, person, asked))
    with making.whole():
        model.Session.execute(LOCK)
        known = entries.find([one["entry"] for one in asked["lines"]])
        frozen = _frozen(asked, known)
        same = submissions.list_of(rules.submission_hash(frozen))
        if same is not None:
            return same
        row = _add(frozen, known, person.id)
        act = Act(row, standing.case_of(row), person, Command.PROPOSE, step, asked, step.to)
        act.facts |= {"manifest": frozen["manifest"], "lines": len(frozen["lines"])}
        running.finish(act)
    return submissions.find(row.id)


def _frozen(asked: Asked, known: Mapping[str, entries.Entry]) -> Frozen:
    """The document that is signed, its metadata taken from the entries as they stand."""
    return {
        "form": releases.FORM,
        "kind": Kind.LIST.value,
        "title": asked["title"],
        "manifest": asked["manifest"],
        "lines": [_line(one, known.get(one["entry"])) for one in asked["lines"]],
    }


def _line(asked: Asked, entry: entries.Entry | None) -> dict[str, Any]:
    listed = [release_rules.File(*(one[name] for name in FACTS)) for one in asked["files"]]
    refusal = importing.against(asked["entry"], listed, entry)
    lacking = next((one.name for one in listed if not files.holds(one.sha256, one.size)), None)
    if refusal or lacking or entry is None:
        _refuse(refusal or release_rules.Refusal("vault_lacks", {"name": lacking}))
    return releases.line(entry, listed, asked["release_date"])


def _refuse(refusal: release_rules.Refusal) -> NoReturn:
    told = release_messages.coded(refusal)
    raise tk.ValidationError({"lines": [told["message"]], "code": [told["code"]]})


def _add(frozen: Frozen, known: Mapping[str, entries.Entry], submitter: str) -> Any:
    agencies = {one["id"]: one["owner_org"] or "" for one in known.values()}
    values = {
        "kind": Kind.LIST.value,
        "way": Way.FULL.value,
        "state": State.DRAFT.value,
        "title": frozen["title"] or _title(frozen["lines"]),
        "frozen": frozen,
        "hash": rules.submission_hash(frozen),
        "submitter": submitter,
        "reports": scans.ask_list(frozen, agencies, submitter),
    }
    return submissions.find(submissions.add(values, clock.today()))


def _title(lines: Sequence[Mapping[str, Any]]) -> str:
    first = lines[0]["title"]
    return messages.list_title(first, len(lines) - 1) if len(lines) > 1 else first


def signed(number: str) -> releases.Allowed:
    """What an import may release by a list that both offices signed.

    :raises Refused: there is no such list, a key is missing, or it was rejected or withdrawn
    """
    row = submissions.find(number)
    refusal = _against(row, number)
    if row is None or refusal:
        raise Refused(refusal or release_rules.Refusal("no_list", {"number": number[:100]}))
    return releases.Allowed(
        publishing.approval(row),
        row.frozen["lines"],
        is_over=State(row.state) is State.PUBLISHED,
        stands=lambda: _against(submissions.find(row.id, lock=True), number),
        close=lambda: running.by_machine(row.id, Command.PUBLISH, Role.PUBLISHING),
    )


def _against(row: Any, number: str) -> release_rules.Refusal | None:
    if row is None or row.kind != Kind.LIST.value:
        return release_rules.Refusal("no_list", {"number": number[:100]})
    state = State(row.state)
    if state in ENDED:
        return release_rules.Refusal("list_ended", {"number": row.number})
    if state not in STANDS or rules.opens(standing.case_of(row)):
        return release_rules.Refusal("list_not_signed", {"number": row.number})
    return None

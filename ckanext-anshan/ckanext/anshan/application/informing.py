"""Who is told what a command did: in the portal's list at once, by mail once a day (``people.notices``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..applicants import parties
from ..people import notices
from ..people import options as people_options
from . import applications
from .rules import PROVIDER, USERS, Command, Role, State

if TYPE_CHECKING:
    from .running import Act

KINDS = {command: f"application_{command.value}" for command in Command} | {Command.CLOSE: "application_closed"}
UNTOLD = frozenset({Command.EDIT, Command.DISCARD, Command.TAKE})
TO_APPLICANT = frozenset(
    {
        *(Command.JOIN, Command.SUBMIT, Command.ASK, Command.EXTEND, Command.APPROVE, Command.REFUSE, Command.ACCEPT),
        *(Command.COUNTERSIGN, Command.SUSPEND, Command.RESUME, Command.REVOKE, Command.EXPIRE, Command.LAPSE),
        *(Command.CLOSE, Command.END),
    }
)
TO_PROVIDER = frozenset(
    {
        *(Command.SUBMIT, Command.ASSIGN, Command.RECUSE, Command.ANSWER, Command.OPINE, Command.WITHDRAW),
        *(Command.REPORT, Command.SUSPEND, Command.REVOKE, Command.END, Command.DESTROY, Command.EXPIRE),
        *(Command.LAPSE, Command.CLOSE),
    }
)


def tell(act: Act) -> None:
    """Tell those whom it concerns, but not whoever did it."""
    about = f"application:{act.row.id}"
    if act.after is not State(act.row.state):
        notices.settle(about)
        notices.settle(foretold(act.row, f"owed/{act.row.due}"))
    _settle_reports(act)
    if act.command in UNTOLD:
        return
    users = concerned(act) - {act.person.id, ""}
    number = act.changes.get("number", act.row.number)
    notices.tell(KINDS[act.command], users, facts(act), f"/application/{number}", about)


def foretold(row: Any, what: str) -> str:
    """What a notice is about that is told before something is due, so that it is told once."""
    return f"application:{row.id}/{what}"


def _settle_reports(act: Act) -> None:
    done = {
        Command.REPORT: [f"report/{act.row.report_due}/{name}" for name in ("due", "late")],
        Command.DESTROY: ["destruction/due", "destruction/late"],
    }
    for what in done.get(act.command, ()):
        notices.settle(foretold(act.row, what))


def facts(act: Act) -> dict[str, Any]:
    due = act.term.due
    told = {name: act.facts.get(name) or act.given.get(name) for name in ("reason", "question", "explanation", "ends")}
    kept = {name: str(value)[:500] for name, value in told.items() if value}
    number = act.changes.get("number", act.row.number)
    own = {"number": number, "titles": act.row.titles, "state": act.after.value, "was": act.row.state}
    return {**own, **kept, **({"due": due.isoformat()} if due else {})}


def concerned(act: Act) -> set[str]:
    found: set[str] = set()
    from_users = act.role in (Role.APPLICANT, Role.PARTNER)
    is_message = act.command is Command.MESSAGE
    if act.command in TO_APPLICANT or (is_message and not from_users and not act.given.get("internal")):
        found |= applicants(act.row)
    if act.command in TO_PROVIDER or (is_message and act.role not in (Role.HANDLER, Role.HEAD)):
        found |= provider(act)
    if act.command is Command.ACCEPT and act.after is State.SIGNED:
        found |= set(notices.members(act.row.agency, ["admin"]))
    if act.command in (Command.SUBMIT, Command.ANSWER) and act.changes.get("needs_opinion", act.row.needs_opinion):
        found |= set(notices.members(people_options.cyberspace_org()))
    return found


def applicants(row: Any) -> set[str]:
    """Everybody who acts for a party of it."""
    rows = applications.parties_of([row.id])[row.id]
    return parties.users_of([(one.kind, one.party_id) for one in rows])


def provider(act: Act) -> set[str]:
    """Whoever took it, and the head; nobody took it: all of the agency."""
    handler = act.case.handler
    heads = set(notices.members(act.row.agency, ["admin"]))
    return {handler, *heads} if handler else {*heads, *notices.members(act.row.agency, ["editor"])}


def owners(row: Any) -> set[str]:
    """The provider's side of an application that nobody acts on just now: its handler, and the head."""
    heads = set(notices.members(row.agency, ["admin"]))
    return {row.handler, *heads} - {""} if row.handler else {*heads, *notices.members(row.agency, ["editor"])}


def named(row: Any) -> dict[str, str]:
    """What every notice about an application says."""
    return {"number": row.number, "titles": row.titles}


def sides(roles: Iterable[Role]) -> str:
    """Which side somebody is on."""
    found = set(roles)
    return "applicant" if found & USERS else "provider" if found & PROVIDER else "office"

"""What happens while something is used and when it ends: reports, suspension, revocation, early end, destruction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ckan.types import Context

from ..workflow import clock
from . import applications, forms, giving, offering, running
from .rules import Command
from .running import Act

Given = Mapping[str, Any]

USE, MISUSE, DESTRUCTION = "use", "misuse", "destruction"


def suspend(context: Context, asked: Given) -> Any:
    """Nothing can be used from that moment; a download that runs stops. Revocation comes only after it."""
    return running.run(context, asked["id"], Command.SUSPEND, asked, after=giving.follow)


def resume(context: Context, asked: Given) -> Any:
    return running.run(context, asked["id"], Command.RESUME, asked, after=giving.follow)


def revoke(context: Context, asked: Given) -> Any:
    return running.run(context, asked["id"], Command.REVOKE, asked, after=giving.follow)


def end(context: Context, asked: Given) -> Any:
    """The applicant gives it back early and declares what was destroyed (art. 43)."""

    def ended(act: Act) -> None:
        giving.follow(act)
        _declare(act)

    return running.run(context, asked["id"], Command.END, asked, after=ended)


def destroy(context: Context, asked: Given) -> Any:
    return running.run(context, asked["id"], Command.DESTROY, asked, after=_declare)


def _declare(act: Act) -> None:
    said = {"application_id": act.row.id, "kind": DESTRUCTION, "text": act.given["declaration"]}
    applications.add_report({**said, "user_id": act.person.id})
    applications.change(act.row.id, destroyed=clock.now())


def report(context: Context, asked: Given) -> Any:
    """What was made of the data; the next report is due a cycle later."""
    return running.run(context, asked["id"], Command.REPORT, asked, after=_reported)


def _reported(act: Act) -> None:
    facts = {"products": act.given.get("products") or ""}
    said = {"application_id": act.row.id, "kind": USE, "text": act.given["text"], "facts": facts}
    applications.add_report({**said, "user_id": act.person.id})
    applications.change(act.row.id, report_due=next_report(act.row))


def next_report(row: Any) -> date | None:
    """A cycle after the one that was due; none after the end."""
    offered = offering.matter(row).offered.values()
    months = min((one.conditions.report_months for one in offered if one.conditions.report_months), default=0)
    due = forms.last_day(max(row.report_due or clock.today(), clock.today()), months) if months else None
    return due if due and row.ends and due <= row.ends else None

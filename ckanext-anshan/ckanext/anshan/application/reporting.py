"""Reports: of a misuse by anybody, of the use and of the destruction by whoever used the data; and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..applicants import parties
from ..audit import recording
from ..audit.events import Event, Object
from ..guard import trying
from ..people import notices
from ..people import options as people_options
from ..people.rules import WRITERS
from ..people.rules import Role as Duty
from . import applications, informing, options, rules, running, standing
from .model import application
from .rules import Refusal
from .using import DESTRUCTION, MISUSE, USE

Told = dict[str, Any]
Given = Mapping[str, Any]

TRIES = "misuse"
OWED = 50  # applications whose report is due next
KINDS = {"use": (USE, DESTRUCTION), "misuse": (MISUSE,)}
CLOSED_TO_ALL = (tk.ObjectNotFound, tk.NotAuthorized)


def misuse(context: Context, asked: Given) -> Told:
    """Kept, and told to the provider and the bureau. Whether an application of that number is there isn't told."""
    if not asked["text"]:
        standing.refuse(Refusal("missing", {"names": ("text",)}))
    dataset = _dataset(context, asked["dataset"])
    seconds = trying.too_often(options.misuse_reports(), TRIES)
    if seconds:
        standing.refuse(Refusal("too_many_reports", {"seconds": seconds}))
    with running.alone():
        _keep(standing.Asker(context.get("user")), dataset, asked)
    return {"dataset": dataset["name"], "title": dataset["title"]}


def _dataset(context: Context, key: str) -> Mapping[str, Any]:
    """As whoever reports may see it."""
    try:
        found = tk.get_action("package_show")({"user": context.get("user") or ""}, {"id": key})
    except CLOSED_TO_ALL:
        standing.refuse(Refusal("no_such_dataset_here"))
    if found["type"] != "dataset":
        standing.refuse(Refusal("no_such_dataset_here"))
    return found


def _keep(asker: standing.Asker, dataset: Mapping[str, Any], asked: Given) -> None:
    row = _application(asked["number"], dataset["id"])
    agency = str(dataset["owner_org"])
    facts = {"agency": agency, "title": dataset["title"], "name": dataset["name"]}
    facts |= {name: asked[name][:300] for name in ("number", "where") if asked[name]}
    said = {"kind": MISUSE, "dataset_id": dataset["id"], "text": asked["text"], "facts": facts}
    who = asker.user.id if asker.user else ""
    id = applications.add_report({**said, "application_id": row.id if row else None, "user_id": who})
    about = Object("dataset", dataset["id"])
    recording.note(Event("application.misuse", object=about, action="anshan_misuse_report", facts={"report": id}))
    users = {*notices.members(agency, list(WRITERS)), *notices.members(people_options.bureau_org())}
    told = {"titles": dataset["title"], "number": row.number if row else ""}
    notices.tell("application_misuse", users - {who}, told, "/applications/misuse", f"report:{id}")


def _application(number: str, dataset_id: str) -> Any:
    row = applications.find(number.strip()) if number.strip() else None
    if row is None or row.submitted is None:
        return None
    return row if any(one.dataset_id == dataset_id for one in applications.items_of([row.id])[row.id]) else None


# for those who answer for data


def agencies(asker: standing.Asker) -> frozenset[str] | None:
    """The agencies that somebody answers for; None: all, for the data bureau."""
    duties = {duty for one in asker.members for duty in one.roles}
    if Duty.BUREAU in duties:
        return None
    return frozenset(one.org_id for one in asker.members if set(one.roles) & set(standing.DUTIES))


def verdict(context: Context) -> Refusal | None:
    found = agencies(standing.Asker(context.get("user")))
    return Refusal("not_yours") if found is not None and not found else None


def listed(context: Context, asked: Given) -> Told:
    own = agencies(standing.Asker(context.get("user")))
    rows, count = applications.reports(KINDS[asked["kind"]], own, asked["limit"], asked["offset"])
    owed = _owed(own) if asked["kind"] == "use" else []
    shown = parties.shown({(parties.AGENCY, one.agency) for one in [*rows, *owed] if one.agency})
    told: Told = {"count": count, "reports": [_told(one, shown) for one in rows]}
    return {**told, "owed": [_due(one, shown) for one in owed]}


def _owed(own: frozenset[str] | None) -> list[Any]:
    mine = [] if own is None else [application.c.agency.in_(list(own))]
    rows = applications.in_states(rules.IN_USE, application.c.report_due.is_not(None), *mine)
    return sorted(rows, key=lambda one: one.report_due)[:OWED]


def _due(row: Any, shown: Mapping[Any, Mapping[str, str]]) -> Told:
    return {**informing.named(row), "due": row.report_due.isoformat(), "agency_title": _agency(row.agency, shown)}


def _agency(id: Any, shown: Mapping[Any, Mapping[str, str]]) -> str:
    return shown.get((parties.AGENCY, id), {}).get("name", "")


def _told(row: Any, shown: Mapping[Any, Mapping[str, str]]) -> Told:
    """Without whoever sent it: of a misuse nobody learns that here."""
    facts = {name: row.facts.get(name, "") for name in ("title", "name", "where", "number", "products")}
    return {
        "id": row.id,
        "kind": row.kind,
        "text": row.text,
        **facts,
        "application": row.number or "",
        "titles": row.titles or facts["title"],
        "agency_title": _agency(row.agency, shown),
        "created": row.created.isoformat(),
        "answer": row.answer,
        "answered": row.answered.isoformat() if row.answered else "",
    }


def answer(context: Context, asked: Given) -> Told:
    with running.alone():
        asker = standing.Asker(context.get("user"))
        row = applications.report_of(asked["id"], lock=True) or standing.refuse(Refusal("no_such_report"))
        about = applications.find(row.application_id) if row.application_id else None
        agency = about.agency if about is not None else row.facts.get("agency", "")
        by = _need(asker, row, agency, asked["answer"])
        applications.answer_report(row.id, asked["answer"], by)
        _tell(row, about, by, asked["answer"])
    rows, _ = applications.reports([row.kind], None, 1, 0, id=row.id)
    return _told(rows[0], parties.shown({(parties.AGENCY, agency)}))


def _need(asker: standing.Asker, row: Any, agency: str, text: str) -> str:
    """Id of whoever answers."""
    own = agencies(asker)
    if asker.user is None or (own is not None and agency not in own):
        standing.refuse(Refusal("no_such_report"))
    if row.answered is not None:
        standing.refuse(Refusal("answered_already"))
    if not text:
        standing.refuse(Refusal("missing", {"names": ("answer",)}))
    return asker.user.id


def _tell(row: Any, about: Any, by: str, text: str) -> None:
    object = running.about(about.id) if about is not None else Object("dataset", row.dataset_id)
    facts = {"report": row.id}
    recording.note(Event("application.report_answer", object=object, action="anshan_report_answer", facts=facts))
    notices.settle(f"report:{row.id}")
    if row.kind == MISUSE:
        told = {"titles": row.facts.get("title", ""), "reason": text}
        link = f"/dataset/{row.facts.get('name', '')}"
        notices.tell("application_misuse_answered", {row.user_id} - {by, ""}, told, link)
    elif about is not None:
        told = {**informing.named(about), "reason": text}
        users = informing.applicants(about) - {by}
        notices.tell("application_report_answered", users, told, f"/application/{about.number}")

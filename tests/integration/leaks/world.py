"""One world for the whole matrix: an agency's data in every state, companies in every state towards it.

Made once for a process, as people make it; nothing here is put back, so tests roll back whatever they try.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.anshan.workflow import clock
from tests.integration import support
from tests.integration.applicants import town as applicants
from tests.integration.application import town as applications
from tests.integration.conftest import made as application
from tests.integration.review import town as review
from tests.integration.support import as_user, work

from . import canaries
from .canaries import word

TAG, THEME = "公交站点", "transport"  # of what is public

Made = dict[str, Any]
User = Mapping[str, Any]

COLUMNS = ("单位名称", "区县", "统一代码", "备注", "联系电话")
GRANTED = ("单位名称", "区县")
CLOSED = "联系电话"
TERM = 100  # days
IN, OUT = "铁东区", "立山区"
REFUSED = {"ground": "more_than_needed", "article": "第二十七条", "redress": "申请行政复议"}
INTERNAL = ("sharing_basis", "sharing_conditions", "sharing_scope", "sharing_method", "collection_basis")
INTERNAL += ("approval_result",)
"""Fields of text that never leave an entry, whatever its class."""
PUBLIC_TEXT = ("title", "notes", "collecting_agency", "approving_agency", "provider_office", "source_system")
PUBLIC_TEXT += ("opening_basis_title", "opening_basis_number", "opening_basis_article", "opening_conditions")
PUBLIC_TEXT += ("opening_method", "opening_requirements", "opening_safeguards", "eligibility_note", "allowed_uses")
"""Fields of text that become public when an entry is released, and not before."""


@dataclass(frozen=True)
class Actor:
    """Whoever asks: an account with an API token, a grant's token, or nobody."""

    name: str
    user: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def context(self) -> dict[str, Any]:
        return {"user": self.user, "ignore_auth": False}

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Inside a request of theirs."""
        with application().test_request_context(headers=dict(self.headers)):
            yield


@dataclass
class World:
    actors: dict[str, Actor] = field(default_factory=dict)
    objects: dict[str, list[Made]] = field(default_factory=dict)
    """Of each kind the parameters that name one: of an action, and of a route."""

    def add(self, kind: str, **named: Any) -> None:
        self.objects.setdefault(kind, []).append(named)


def world() -> World:
    """:raises Exception: it can't be made; that is known from the first time on"""
    found = _tried()
    if isinstance(found, Exception):
        raise found
    return found


@cache
def _tried() -> World | Exception:
    try:
        with application().test_request_context():
            return _make()
    except Exception as error:
        model.Session.rollback()
        return error


def _make() -> World:
    made = World()
    town, other = applications.make("leaks"), review.make("leaks other")
    _staff(made, town, other)
    people = _companies(made)
    conditional = _conditional(made, town, "conditional", second_opinion="no")
    another = _conditional(made, town, "other", second_opinion="no")
    asking = _conditional(made, town, "asking", second_opinion="yes")
    _closed(made, town)
    _unreleased(made, town)
    _changed(made, town)
    shared = _shared(made, town)
    _typed(made, town)
    _in_use(made, town, conditional, another, people)
    _under_way(made, town, conditional, asking, people["applying"])
    _among_agencies(made, town, other, shared)
    _named(made, town, other, people)
    work()
    return made


# who asks


def _staff(made: World, town: applications.Town, other: review.Town) -> None:
    agency = town.review.agency
    people = {"editor": agency.publisher, "head": agency.head, "reader": agency.reader}
    people |= {"cyberspace": town.review.cyberspace, "bureau": town.review.bureau}
    people |= {"other_editor": other.editor, "other_head": other.head}
    people |= {"user": factories.UserWithToken(name=_name()), "sysadmin": factories.SysadminWithToken(name=_name())}
    made.actors["visitor"] = Actor("visitor")
    for name, user in people.items():
        made.actors[name] = Actor(name, user["name"], {"Authorization": user["token"]})


def _name() -> str:
    return f"p-{uuid.uuid4().hex[:12]}"


def _companies(made: World) -> dict[str, User]:
    names = ("applying", "refused", "granted", "granted_other", "expired", "suspended", "revoked")
    return {name: _company(made, name) for name in names}


def _company(made: World, name: str) -> User:
    who = applications.applicant()
    number, phone = canaries.id_number(f"identity.person.{name}"), canaries.mobile(f"identity.person.{name}.phone")
    applicants.fill_in(who, number=number, phone=phone, name=f"李{word(f'identity.person.{name}.name')}")
    letter = f"{word(f'attorney.{name}.file')}.pdf"
    content = applicants.PDF + word(f"attorney.{name}.content").encode()
    given = {"name": f"鞍山{word(f'party.{name}.name')}有限公司", "upload": applicants.attorney(letter, content)}
    given |= {"phone": canaries.mobile(f"identity.{name}.contact"), "contact": f"王{word(f'identity.{name}.contact')}"}
    company = applicants.verified(who, **given, email=f"{word(f'identity.{name}.contact')}@example.com")
    made.actors[name] = Actor(name, who["name"], applicants.token(who))
    made.add("company", id=company["id"], user=who["name"])
    return who


# what there is


def _cells(what: str, region: str, granted: Sequence[str]) -> list[str]:
    """A row of canaries: one for each column, in the rows that a grant covers or outside them."""
    side = "in" if region == IN else "out"
    named = {column: f"data.{what}.{'granted' if column in granted else column}.{side}" for column in COLUMNS}
    return [region if column == "区县" else word(named[column]) for column in COLUMNS]


def _table(what: str, granted: Sequence[str], closed: str) -> bytes:
    plain = [[f"单位{n}", IN if n % 2 else OUT, f"代码{n}", f"说明{n}", f"号码{n}"] for n in range(20)]
    header = [*COLUMNS[:-1], closed]
    written = io.StringIO()
    csv.writer(written).writerows([header, _cells(what, IN, granted), _cells(what, OUT, granted), *plain])
    return written.getvalue().encode()


def _items(closed: str, opening: str = "conditional") -> list[Made]:
    names = (*COLUMNS[:-1], closed)
    return [
        {
            "name": name,
            "column": name,
            "type": "text",
            "sensitive": "no",
            "sharing_class": "closed" if name == closed else "conditional",
            "opening_class": "closed" if name == closed else opening,
            "filterable": "yes" if name == "区县" else "no",
            "necessity": "yes" if name == "统一代码" else "no",
        }
        for name in names
    ]


def _conditional(made: World, town: applications.Town, what: str, **more: Any) -> Made:
    """Released by three keys; the header of its closed column is nobody's either."""
    closed = f"电话{word(f'data.{what}.header')}"
    internal = {name: word(f"entry.{what}.{name}") for name in INTERNAL}
    granted = GRANTED if what == "conditional" else COLUMNS[:-1]
    name = f"{word(f'file.{what}.name')}.csv"
    given = {"information_items": _items(closed), **internal, **more}
    dataset = applications.released(town, _table(what, granted, closed).decode(), name, **given)
    question = {"id": "where", "kind": "text", "label": "机房在哪里？", "is_required": True}
    as_user(town.editor, "anshan_application_form_update", dataset=dataset["id"], questions=[question])
    entry = as_user(town.editor, "package_show", id=dataset["entry"]["id"])
    _entry(made, entry)
    _dataset(made, dataset, name)
    return {**dataset, "file": name}


def _dataset(made: World, dataset: Made, name: str) -> None:
    """By its id or by its name, with the file that it holds."""
    resource = sa.text("SELECT id FROM resource WHERE package_id = :id AND state = 'active'")
    file = {"resource_id": model.Session.scalar(resource, {"id": dataset["id"]}) or "none", "filename": name}
    key, other = ("name", "id") if len(made.objects.get("dataset", ())) % 2 else ("id", "name")
    made.add("dataset", id=dataset[key], dataset=dataset[other], package_id=dataset["id"], name=name, **file)


def _entry(made: World, entry: Mapping[str, Any]) -> None:
    key = "name" if len(made.objects.get("entry", ())) % 2 else "id"
    files = entry["resources"]
    named = {"package_id": entry["id"], "dataset": entry["name"], "name": entry["code"]}
    named |= {"resource_id": files[0]["id"], "filename": files[0]["name"]} if files else {}
    made.add("entry", id=entry[key], entry=entry[key], **named)
    for one in files:
        sha256 = one["hash"].removeprefix("sha256:")
        location = f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
        made.add("file", id=one["id"], resource_id=one["id"], package_id=entry["id"], filename=one["name"])
        made.add("file", id=sha256, resource_id=one["id"], location=location, storage="vault", storage_name="vault")


def _closed(made: World, town: applications.Town) -> None:
    """Published as closed: an entry of a list, without a dataset."""
    fields = {name: word(f"entry.closed.{name}") for name in (*INTERNAL, *PUBLIC_TEXT)}
    items = [{**one, "opening_class": "closed", "meaning": word("entry.closed.meaning")} for one in _items("号码")]
    given = {"opening_class": "closed", "sharing_class": "conditional", "information_items": items, **fields}
    content, name = f"单位,说明\n甲,{word('data.closed.row')}\n", f"{word('file.closed.name')}.csv"
    found = review.entry(town.review, content.encode(), name, **given)
    review.publish(town.review, found)
    _entry(made, found)


def _unreleased(made: World, town: applications.Town) -> None:
    """Submitted, remarked on by the offices among themselves and aloud, never signed."""
    fields = {name: word(f"entry.unreleased.{name}") for name in (*INTERNAL, *PUBLIC_TEXT)}
    items = [{**one, "meaning": word("entry.unreleased.meaning")} for one in _items("号码")]
    given = {**applications.CONDITIONS, **fields, "information_items": items}
    content, name = f"单位,说明\n甲,{word('data.unreleased.row')}\n", f"{word('file.unreleased.name')}.csv"
    found = review.entry(town.review, content.encode(), name, **given)
    submission = review.sign(town.head, review.submit(town.review, found))
    bureau, comment = town.review.bureau, "anshan_submission_comment"
    as_user(bureau, comment, id=submission["id"], text=word("review.internal.text"), internal=True)
    note = FileStorage(io.BytesIO(word("review.internal.content").encode()), f"{word('review.internal.file')}.txt")
    as_user(bureau, comment, id=submission["id"], text="附件", internal=True, upload=note)
    as_user(town.editor, comment, id=submission["id"], text=word("review.text"))
    _entry(made, found)
    remarks = as_user(bureau, "anshan_submission_show", id=submission["id"])["remarks"]
    attachment = next(one["id"] for one in remarks if one["attachment"])
    named = {"number": submission["number"], "hash": submission["hash"], "name": name, "attachment": attachment}
    made.add("submission", id=submission["id"], submission=submission["id"], **named)
    made.add("submission", id=submission["number"], submission=submission["number"], **named)
    for one in as_user(town.editor, "anshan_scan_list", package_id=found["id"])["scans"]:
        made.add("scan", id=one["id"], scan=one["id"], entry=found["id"])


def _changed(made: World, town: applications.Town) -> None:
    """Public, and since then changed by its agency: the change is not there yet."""
    found = review.entry(town.review, "站名\n站前\n".encode(), "公开.csv", tags=[{"name": TAG}], themes=[THEME])
    review.publish(town.review, found)
    work()
    told = {name: word(f"entry.changed.{name}") for name in ("title", "notes", *INTERNAL)}
    as_user(town.editor, "package_patch", id=found["id"], **told)
    name = f"{word('file.changed.name')}.csv"
    content = f"站名\n{word('data.changed.row')}\n".encode()
    support.upload({"publisher": town.editor}, found, name, content, description=word("file.changed.description"))
    _entry(made, as_user(town.editor, "package_show", id=found["id"]))
    public = support.published(found)
    resource = {"resource_id": public["resources"][0]["id"], "filename": "公开.csv"}
    made.add("public", id=public["id"], dataset=public["name"], package_id=public["id"], name="公开.csv", **resource)
    made.add("public", id=resource["resource_id"], **resource)


def _shared(made: World, town: applications.Town) -> Made:
    """Closed to the public, shared with agencies on conditions."""
    closed = f"电话{word('data.shared.header')}"
    nothing = dict.fromkeys(("opening_method", "opening_requirements", "opening_safeguards"), "")
    fields = {name: word(f"entry.shared.{name}") for name in ("notes", *INTERNAL)}
    classes = {"opening_class": "closed", "sharing_class": "conditional"}
    name = f"{word('file.shared.name')}.csv"
    content = _table("shared", COLUMNS[:-1], closed).decode()
    items = _items(closed, "closed")
    dataset = applications.released(town, content, name, **nothing, **fields, **classes, information_items=items)
    _entry(made, as_user(town.editor, "package_show", id=dataset["entry"]["id"]))
    _dataset(made, dataset, name)
    return {**dataset, "file": name}


def _typed(made: World, town: applications.Town) -> None:
    typed = {"title": word("typed.title"), "notes": word("typed.notes")}
    as_user(town.editor, "anshan_catalogue_draft_save", typed=typed)


# applications in every state


def _draft(made: World, state: str, who: User, dataset: Made, columns: Sequence[str], **scope: Any) -> Made:
    """With a canary in each text and a contract beside it."""
    party = f"person:{who['id']}" if state == "withdrawn" else f"organization:{_company_of(made, who)}"
    begun = as_user(who, "anshan_application_create", datasets=[dataset["name"]], party=party)[0]
    texts = ("purpose", "basis", "product", "safeguards", "storage", "people", "retention", "destruction", "processor")
    content = {
        **applications.CONTENT,
        **applications.days(0, TERM),
        **{name: word(f"application.{state}.{name}") for name in texts},
    }
    item = {
        "dataset_id": dataset["id"],
        "scope": {"files": [dataset["file"]], "columns": list(columns), "methods": ["download", "api"], **scope},
        "answers": {"where": word(f"application.{state}.answer")},
        "necessity": {"统一代码": word(f"application.{state}.necessity")},
    }
    content["basis_kind"] = "contract"
    as_user(who, "anshan_application_update", id=begun["id"], content=content, items=[item])
    contract = FileStorage(
        io.BytesIO(word(f"application.{state}.contract").encode()), f"{word(f'application.{state}.file')}.txt"
    )
    return as_user(who, "anshan_application_attach", id=begun["id"], field="basis", upload=contract)


def _company_of(made: World, who: User) -> str:
    return next(one["id"] for one in made.objects["company"] if one["user"] == who["name"])


def _submit(made: World, state: str, who: User, dataset: Made, columns: Sequence[str], **scope: Any) -> Made:
    draft = _draft(made, state, who, dataset, columns, **scope)
    return as_user(who, "anshan_application_submit", id=draft["id"])


def _approve(town: applications.Town, state: str, found: Mapping[str, Any]) -> Made:
    seen = {code: word(f"application.{state}.internal") for code in ("unlike_earlier", "narrower_than_earlier")}
    given = {"hash": found["hash"], "conditions": [word(f"application.{state}.condition")], "seen": seen}
    return applications.do(town.editor, found, "approve", **given)


def _active(
    made: World, town: applications.Town, state: str, who: User, dataset: Made, columns: Sequence[str], **scope: Any
) -> Made:
    found = _submit(made, state, who, dataset, columns, **scope)
    _messages(town, state, found, who)
    found = _approve(town, state, found)
    found = applications.sign(who, found, "accept")
    found = applications.sign(town.head, found, "countersign")
    work()
    return found


def _messages(town: applications.Town, state: str, found: Mapping[str, Any], who: User) -> None:
    applications.do(who, found, "message", text=word(f"application.{state}.message"))
    applications.do(town.editor, found, "message", text=word(f"application.{state}.internal"), internal=True)


def _in_use(made: World, town: applications.Town, dataset: Made, another: Made, people: Mapping[str, User]) -> None:
    rows = [{"column": "区县", "values": [IN]}]
    for name in ("granted", "expired", "suspended", "revoked"):
        with _earlier(TERM + 5 if name == "expired" else 0):
            found = _active(made, town, name, people[name], dataset, GRANTED, rows=rows)
            _grant(made, name, found, people[name], dataset)
    found = _active(made, town, "granted_other", people["granted_other"], another, COLUMNS[:-1])
    _grant(made, "granted_other", found, people["granted_other"], another)
    applications.do(people["granted"], _last(made, "granted"), "report", text=word("application.granted.report"))
    for name in ("suspended", "revoked"):
        reason = {"reason": word(f"application.{name}.reason"), "article": "第四十三条"}
        applications.do(town.head, _last(made, name), "suspend", **reason)
    applications.do(
        town.head,
        _last(made, "revoked"),
        "revoke",
        reason=word("application.revoked.reason"),
        article="第四十三条",
        redress="复议",
    )
    refused = _submit(made, "refused", people["refused"], dataset, GRANTED)
    _messages(town, "refused", refused, people["refused"])
    why = {"explanation": word("application.refused.explanation")}
    applications.do(
        town.editor, refused, "refuse", **REFUSED, **why, seen={"unlike_earlier": word("application.refused.internal")}
    )
    _application(made, "refused", refused, people["refused"], dataset)


def _last(made: World, state: str) -> Made:
    return next(one for one in reversed(made.objects["application"]) if one["state_made"] == state)


def _grant(made: World, state: str, found: Made, who: User, dataset: Made) -> None:
    """The application, its grant and two tokens, of which one is revoked."""
    _application(made, state, found, who, dataset)
    create = "anshan_grant_token_create"
    tokens = [as_user(who, create, id=found["number"], name=word(f"application.{state}.token")) for _ in range(2)]
    for one in tokens:
        canaries.shown_once(f"secret.{state}.token", one["token"])
    as_user(who, "anshan_grant_token_revoke", id=found["number"], token=tokens[1]["id"])
    named = {"granted": "token", "granted_other": "token_other", "expired": "token_expired"}
    if state in named:
        made.actors[named[state]] = Actor(named[state], headers={"X-Grant-Token": tokens[0]["token"]})
    if state == "granted":
        made.actors["token_revoked"] = Actor("token_revoked", headers={"X-Grant-Token": tokens[1]["token"]})
    file = {"dataset": dataset["name"], "name": f"{dataset['file']}.csv"}
    made.add("grant", id=found["number"], number=found["number"], token=tokens[0]["id"], state_made=state, **file)


@contextmanager
def _earlier(days: int) -> Iterator[None]:
    """So many days ago, as far as the portal's clock says."""
    then = clock.now() - timedelta(days)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: then)
        yield


def _application(made: World, state: str, found: Mapping[str, Any], who: User, dataset: Made) -> None:
    shown = applications.show(who, found)
    facts = {"number": shown["number"], "hash": shown["hash"], "dataset": dataset["name"], "state_made": state}
    facts |= {"attachment": next(one["id"] for one in shown["attachments"])}
    if shown["agreement"]:
        facts |= {"agreement": shown["agreement"]["hash"], "code": shown["agreement"]["code"]}
    key = "number" if len(made.objects.get("application", ())) % 2 else "id"
    made.add("application", id=shown[key], application=shown[key], **facts)
    made.add("attachment", id=facts["attachment"], number=shown["number"])


def _under_way(made: World, town: applications.Town, dataset: Made, asking: Made, who: User) -> None:
    """Of one company, one in each state before the agreement."""
    _application(made, "draft", _draft(made, "draft", who, dataset, GRANTED), who, dataset)
    submitted = _submit(made, "submitted", who, asking, GRANTED)
    _messages(town, "submitted", submitted, who)
    reason = {"opinion": "agree", "reason": word("application.submitted.opinion")}
    applications.do(town.review.cyberspace, submitted, "opine", **reason)
    _application(made, "submitted", submitted, who, asking)
    supplement = _submit(made, "supplement", who, dataset, GRANTED)
    applications.do(town.editor, supplement, "ask", question=word("application.supplement.question"))
    _application(made, "supplement", supplement, who, dataset)
    for state in ("approved", "accepted"):
        found = _approve(town, state, _submit(made, state, who, dataset, GRANTED))
        if state == "accepted":
            applications.sign(who, found, "accept")
        _application(made, state, found, who, dataset)
    withdrawn = _submit(made, "withdrawn", who, dataset, GRANTED)
    applications.do(who, withdrawn, "withdraw", reason=word("application.withdrawn.reason"))
    _application(made, "withdrawn", withdrawn, who, dataset)


# among agencies


def _among_agencies(made: World, town: applications.Town, other: review.Town, dataset: Made) -> None:
    """The other agency uses what is shared with it, reports an error and states a need."""
    who = {"name": other.editor["name"]}
    given = {"datasets": [dataset["name"]], "kind": "sharing", "party": f"agency:{other.agency.id}"}
    begun = as_user(who, "anshan_application_create", **given)[0]
    scope = {"files": [dataset["file"]], "columns": list(COLUMNS[:-1]), "methods": ["download"]}
    texts = {name: word(f"application.shared.{name}") for name in ("purpose", "basis", "safeguards", "storage")}
    content = {**applications.CONTENT, **applications.days(0, TERM), **texts, "product": ""}
    items = [{"dataset_id": dataset["id"], "scope": scope, "necessity": {"统一代码": "核对单位"}}]
    as_user(who, "anshan_application_update", id=begun["id"], content=content, items=items)
    found = _approve(town, "shared", as_user(who, "anshan_application_submit", id=begun["id"]))
    applications.set_password(other.head)
    found = applications.sign(other.head, found, "accept")
    found = applications.sign(town.head, found, "countersign")
    work()
    named = {"number": found["number"], "hash": found["hash"], "dataset": dataset["name"], "state_made": "shared"}
    made.add("application", id=found["number"], application=found["number"], **named)
    made.add("grant", id=found["number"], **named, name=f"{dataset['file']}.csv")
    error = {"application": found["number"], "dataset": dataset["name"], "text": word("feedback.text")}
    reported = as_user(who, "anshan_sharing_feedback_create", **error)
    made.add("feedback", id=reported["number"], number=reported["number"])
    need = {name: word(f"need.{name}") for name in ("title", "purpose", "basis", "scope")}
    stated = as_user(who, "anshan_sharing_return_create", **need, cycle="monthly")
    made.add("need", id=stated["number"], number=stated["number"])


# whatever else can be named


def _named(made: World, town: applications.Town, other: review.Town, people: Mapping[str, User]) -> None:
    for organization in (town.review.agency.id, other.agency.id):
        name = model.Group.get(organization).name  # pyright: ignore[reportOptionalMemberAccess]
        made.add(
            "organization", id=organization, agency=organization, owner_org=organization, organization_id=organization
        )
        made.add("organization", id=name, agency=name, organization=name)
    for who in (*people.values(), town.editor, town.head, town.review.bureau):
        made.add("user", id=who["name"], user=who["name"], user_id=who["id"], username=who["name"])
    for row in model.Session.execute(sa.text("SELECT id, object_id FROM activity ORDER BY timestamp DESC LIMIT 8")):
        made.add("activity", id=row.id, activity_id=row.id)
    events = sa.text("SELECT id FROM anshan_audit_event ORDER BY at DESC LIMIT 6")
    for row in model.Session.execute(events):
        made.add("event", id=str(row.id))
    code = next(one["code"] for one in made.objects["application"] if one.get("code"))
    made.add("agreement", id=code, code=code)
    made.add("theme", id=THEME, group=THEME, name=THEME)
    made.add("district", id="210302")
    made.add("picture", id="x", name="classes")
    made.add("clock", id="x", name="agencies")
    made.add("word", id=TAG, tag=TAG, name="x")

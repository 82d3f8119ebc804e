"""What somebody fills in about themselves or their organization: checked, and made into what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ckan import model
from werkzeug.datastructures import FileStorage

from ..release.rules import file_name, kind, sniff
from ..workflow import clock
from . import identities, keeping, locking, messages, rules, running, sealing
from .locking import Locked
from .rules import ORGANIZATION, PERSON, Party, PersonState, Refusal, Role
from .running import Act

LONGEST_NAME = 100
PERSONAL = ("name", "number", "phone")
CONTACT = ("contact", "phone", "email")
Given = Mapping[str, Any]


# persons


def save_person(user_id: str, given: Given, state: PersonState = PersonState.DECLARED) -> bool:
    """Keep somebody's profile, in the caller's transaction; whether it changed. What is left empty stays as it is.

    :raises ValidationError: something is missing or wrong, the number is another account's, or no key is there
    """
    party = Party(PERSON, user_id)
    row = keeping.person_of(user_id, lock=True)
    known = identities.opened(party, row) if row else {}
    typed = _typed(given, PERSONAL, ("number",))
    if row and row.state == PersonState.IDENTIFIED.value and state is PersonState.DECLARED:
        _need({name: Refusal("identified") for name in ("name", "number") if typed.get(name)})
        state = PersonState.IDENTIFIED
    whole = {name: typed.get(name) or known.get(name, "") for name in PERSONAL}
    _need(_wrong_person(whole, state))
    digest = _own_number(whole["number"], user_id)
    if row and (known, row.state) == (whole, state.value):
        return False
    keeping.put_person(user_id, {"state": state.value, "digest": digest, **identities.lock(party, whole)})
    return True


def _own_number(number: str, user_id: str) -> str:
    """One ID number, one account."""
    try:
        owner = keeping.owner_of_number(locking.digests("number", number))
        digest = locking.digest("number", number)
    except locking.Locked as error:
        raise identities.not_now(error) from error
    if owner not in ("", user_id):
        running.refuse(Refusal("id_taken"), "number")
    return digest


def _wrong_person(whole: Given, state: PersonState) -> dict[str, Refusal]:
    """An identity service tells no phone, and isn't corrected."""
    found = {name: Refusal("empty") for name in PERSONAL if not whole[name]}
    if state is PersonState.IDENTIFIED:
        found.pop("phone", None)
    checks = {
        "name": _wrong_name(whole["name"]),
        "number": rules.wrong_id(whole["number"], clock.today()),
        "phone": rules.wrong_phone(whole["phone"]),
    }
    return found | {name: one for name, one in checks.items() if one and whole[name]}


# organizations


def of_new(id: str, given: Given) -> dict[str, Any]:
    """The columns of an organization that is entered."""
    typed = _typed(given, ("kind", "name", "uscc", *CONTACT), ("uscc",))
    missing = {name: Refusal("empty") for name in ("kind", "name", "uscc", "contact", "phone") if not typed.get(name)}
    _need({**_wrong_organization(typed), **missing})
    _need_free(typed["uscc"], id)
    identity = {name: typed.get(name, "") for name in CONTACT}
    public = {name: typed[name] for name in ("kind", "name", "uscc")}
    return {**public, "attorney": _attorney(id, given), **identities.lock(Party(ORGANIZATION, id), identity)}


def change(act: Act) -> None:
    """What an update changes; what is left empty stays as it is."""
    typed = _typed(act.given, ("kind", "name", "uscc", *CONTACT), ("uscc",))
    _need(_wrong_organization(typed))
    public = ("kind", "name", "uscc")
    act.values |= {name: typed[name] for name in public if typed.get(name) not in (None, getattr(act.row, name))}
    if "uscc" in act.values:
        _need_free(act.values["uscc"], act.row.id)
    attorney = _attorney(act.row.id, act.given)
    act.values |= {"attorney": attorney} if attorney else {}
    if any(typed.get(name) for name in CONTACT):
        known = identities.opened(act.party, act.row)
        act.values |= identities.lock(act.party, known | {name: typed[name] for name in CONTACT if typed.get(name)})
    contact = ["contact"] if "identity" in act.values else []
    act.facts["changed"] = [name for name in rules.REVIEWED if name in act.values] + contact


def _need_free(code: str, id: str) -> None:
    if keeping.holder_of_code(code) not in ("", id):
        running.refuse(Refusal("code_taken"), "uscc")


def _wrong_organization(typed: Given) -> dict[str, Refusal]:
    checks = {
        "kind": None if typed.get("kind") in messages.kinds() else Refusal("no_kind"),
        "name": _wrong_name(typed.get("name", "")),
        "uscc": rules.wrong_code(typed.get("uscc", "")),
        "contact": _wrong_name(typed.get("contact", "")),
        "phone": rules.wrong_phone(typed.get("phone", "")),
        "email": rules.wrong_mail(typed.get("email", "")),
    }
    return {name: one for name, one in checks.items() if one and typed.get(name)}


def _attorney(id: str, given: Given) -> dict[str, Any] | None:
    """The power of attorney, put into the vault locked; a hash of a file that nothing names is nobody's."""
    upload = given.get("upload")
    if not isinstance(upload, FileStorage) or not upload.filename:
        return None
    name = file_name(upload.filename.replace("\\", "/").rpartition("/")[2])
    if not isinstance(name, str):
        running.refuse(Refusal("attorney_name"), "upload")
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    if found := rules.wrong_attorney(name, size):
        running.refuse(found, "upload")
    content = upload.stream.read()
    if not rules.is_what_it_says(name, content[:16]):
        running.refuse(Refusal("attorney_content"), "upload")
    try:
        return sealing.keep(id, name, kind(name, sniff(name, content[:8]))[1], content)
    except Locked as error:
        raise identities.not_now(error) from error


# members


def user_named(given: Given) -> dict[str, Any]:
    """What was sent, with the id of the account that is named; of one that there isn't, refused."""
    name = str(given.get("user") or "").strip()
    found = model.User.get(name) if name else None
    if name and (found is None or found.state != "active"):
        running.refuse(Refusal("no_such_user", {"name": name[:60]}))
    return {**given, "user": found.id if found else ""}


def user_there(given: Given) -> dict[str, Any]:
    """The same, whatever became of the account."""
    found = model.User.get(str(given.get("user") or "").strip() or None)
    return {**given, "user": found.id if found else str(given.get("user") or "")}


def invite(act: Act) -> None:
    keeping.join(act.row.id, act.given["user"], Role.MEMBER, act.person.id, at_once=False)
    act.facts["user"] = act.given["user"]
    act.told["who"] = _name(act.person.id)


def accept(act: Act) -> None:
    keeping.accept(act.row.id, act.person.id)
    act.told["who"] = _name(act.person.id)


def decline(act: Act) -> None:
    keeping.end(act.row.id, act.person.id, act.person.id)
    act.told["who"] = _name(act.person.id)


def remove(act: Act) -> None:
    user = act.given["user"]
    keeping.end(act.row.id, user, act.person.id)
    act.facts["user"] = user
    if act.case.role_of(user) is Role.MEMBER:
        running.leave(act.party, user, "removed")


def leave(act: Act) -> None:
    decline(act)
    running.leave(act.party, act.person.id, "left")


def hand_over(act: Act) -> None:
    """Both go on under another row, so that what each was until now stays written down."""
    old = next(one.user_id for one in act.case.members if one.role is Role.REPRESENTATIVE)
    new = act.given["user"]
    for user in (old, new):
        keeping.end(act.row.id, user, act.person.id)
    keeping.join(act.row.id, new, Role.REPRESENTATIVE, act.person.id)
    keeping.join(act.row.id, old, Role.MEMBER, act.person.id)
    act.facts["user"] = new


def _name(user_id: str) -> str:
    found = model.User.get(user_id)
    return found.display_name if found else ""


# the bureau


def judge(act: Act) -> None:
    """A verification or a refusal."""
    reason = str(act.given.get("reason") or "")
    act.values |= {"reason": reason, "article": "", "until": None}
    act.facts |= {"reason": reason, "version": act.case.version}


def bar(act: Act) -> None:
    until = _day(act.given.get("until"))
    values = {"reason": act.given["reason"], "article": act.given["article"], "until": until}
    act.values |= values
    act.facts |= {**values, "until": until.isoformat() if until else ""}


def unbar(act: Act) -> None:
    act.values |= {"reason": "", "article": "", "until": None}
    act.facts["reason"] = act.given["reason"]


def _day(given: Any) -> date | None:
    if not given:
        return None
    try:
        found = date.fromisoformat(str(given).strip())
    except ValueError:
        running.refuse(Refusal("bad_until"), "until")
    return found if found > clock.today() else running.refuse(Refusal("bad_until"), "until")


# words


def _typed(given: Given, names: tuple[str, ...], numbers: tuple[str, ...]) -> dict[str, str]:
    """What was typed, without what surrounds it."""
    found = {name: " ".join(str(given.get(name) or "").split()) for name in names}
    plain = {name: rules.plain(found[name]) for name in (*numbers, "phone") if found.get(name)}
    return {name: value for name, value in (found | plain).items() if value}


def _wrong_name(name: str) -> Refusal | None:
    fits = 0 < len(name) <= LONGEST_NAME and name.isprintable()
    return None if fits else Refusal("no_name", {"most": LONGEST_NAME})


def _need(refusals: Mapping[str, Refusal]) -> None:
    if refusals:
        raise running.wrong(refusals)

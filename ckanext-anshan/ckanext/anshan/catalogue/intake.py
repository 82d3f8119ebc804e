"""What happens to an entry between form or API and CKAN's validation: tidied, completed, judged, and given its code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from ckan import model

from ..workflow import clock
from . import codes, pasting, rules, themes, tidy, uscc
from .rules import Problem

ITEM_KEY = re.compile(r"information_items-(\d+|REPEATING-INDEX0)-(\w+)")
"""The form's names of an item's fields; without a number those of the pattern from which scripts make new items."""
ITEMS = "information_items"
PASTED = "items_pasted"
"""What the form sends beside the fields: items as a spreadsheet gives them, one a line."""
BASED_ON = "based_on"
"""``metadata_modified`` of the entry that was opened; whoever sends it doesn't write over another's change unseen."""
OF_FORM = (PASTED, BASED_ON, "draft_of", "draft_version")


def prepare(data: Mapping[str, Any], stored: model.Package | None) -> tuple[dict[str, Any], list[Problem]]:
    """The entry as it shall be stored, and what is wrong with it.

    :param stored: the entry as it is now, None for a new one
    """
    entry = unfold_items(data)
    problems = [*_meanwhile(data, stored), *_fixed(entry, stored), *_extras(entry)]
    entry["themes"] = _themes(entry, stored)
    agency = _agency(entry, stored)
    entry = tidy.complete(tidy.tidy(entry), agency.title or agency.name if agency else "", clock.today())
    problems += rules.check(entry)
    entry["private"] = True
    if entry.get("state") == "draft":
        entry["state"] = "active"  # saved in one step; a half-written entry has nowhere to wait
    if stored is None and agency is not None:
        problems += _identify(entry, agency, not rules.refuses(problems))
    elif stored is not None:
        _keep(entry, stored)
    if not rules.refuses(problems):
        _group(entry)
    return entry, problems


def unfold_items(data: Mapping[str, Any]) -> dict[str, Any]:
    """The form's ``information_items-0-name`` as a list in the order of its numbers, what was pasted below them."""
    entry = {key: value for key, value in data.items() if not ITEM_KEY.fullmatch(str(key)) and key not in OF_FORM}
    typed: dict[int, dict[str, Any]] = {}
    for key in data.keys() - entry.keys() - set(OF_FORM):
        number, name = ITEM_KEY.fullmatch(key).groups()  # type: ignore[union-attr]
        if number.isdigit():
            typed.setdefault(int(number), {})[name] = data[key]
    pasted = pasting.from_text(str(data.get(PASTED) or ""))
    if typed or pasted:
        entry[ITEMS] = [*(typed[number] for number in sorted(typed)), *pasted]
    return entry


def _meanwhile(data: Mapping[str, Any], stored: model.Package | None) -> list[Problem]:
    based_on = data.get(BASED_ON)
    if stored is None or not based_on or based_on == changed(stored):
        return []
    return [Problem(BASED_ON, "changed_meanwhile", {"when": stored.metadata_modified})]


def changed(stored: model.Package) -> str:
    """When the entry was last changed, as ``package_show`` says it."""
    return stored.metadata_modified.isoformat()


def _fixed(entry: Mapping[str, Any], stored: model.Package | None) -> list[Problem]:
    """What nobody changes once an entry is there, and what it never is."""
    problems = []
    if str(entry.get("private", True)).lower() in ("false", "0", "no", "f", "n", "off"):
        problems.append(Problem("private", "always_private"))
    if stored is None:
        return problems
    owner = entry.get("owner_org")
    if owner and owner != stored.owner_org and getattr(model.Group.get(owner), "id", None) != stored.owner_org:
        problems.append(Problem("owner_org", "owner_fixed"))
    code = stored.extras.get("code", "")
    given = entry.get("code")
    if given and code and re.sub(r"\s+", "", str(given)).upper() != code:
        problems.append(Problem("code", "code_fixed", {"code": code}))
    return problems


def _extras(entry: Mapping[str, Any]) -> list[Problem]:
    """Free extras would get round the rules."""
    names = [extra.get("key") for extra in entry.get("extras") or () if isinstance(extra, Mapping)]
    return [Problem("extras", "unknown_extra", {"name": str(name)[:60]}) for name in names if name]


def _agency(entry: Mapping[str, Any], stored: model.Package | None) -> model.Group | None:
    owner = stored.owner_org if stored else entry.get("owner_org")
    found = model.Group.get(owner) if owner and isinstance(owner, str) else None
    return found if found and found.is_organization else None


def _identify(entry: dict[str, Any], agency: model.Group, sound: bool) -> list[Problem]:
    """Gives a new entry its code (only where nothing else is wrong, so that no code is spent), and its name."""
    problem = _code(entry, agency, sound)
    own_name = str(uuid4() if problem else entry.get("code") or uuid4())
    entry["name"] = entry.get("name") or own_name.lower()
    return [problem] if problem else []


def _code(entry: dict[str, Any], agency: model.Group, sound: bool) -> Problem | None:
    own = (getattr(agency, "extras", None) or {}).get("uscc", "")
    code = str(entry.get("code") or "")
    if rules.CODE.fullmatch(code):
        return _refused_code(code, own)
    if not code and not uscc.shaped(own):
        return Problem("owner_org", "agency_without_uscc", {"agency": agency.title or agency.name})
    if not code and sound:
        entry["code"] = codes.give(own)[0]
    return None


def _refused_code(code: str, own: str) -> Problem | None:
    if own and not code.startswith(own):
        return Problem("code", "code_of_another_agency", {"code": code, "uscc": own})
    if codes.owners([code]).get(code):
        return Problem("code", "code_taken", {"code": code})
    return None


def _keep(entry: dict[str, Any], stored: model.Package) -> None:
    entry["owner_org"] = stored.owner_org
    entry["name"] = entry.get("name") or stored.name
    entry["code"] = stored.extras.get("code") or entry.get("code") or ""


def _themes(entry: Mapping[str, Any], stored: model.Package | None) -> Any:
    """What the caller wants: the list ``themes``, or the groups where those are what changed."""
    given, of_groups = entry.get("themes"), themes.of_groups(entry.get("groups"))
    if given is None or "groups" not in entry:
        return of_groups if given is None and "groups" in entry else given
    now = set(themes.of_package(stored.id)) if stored else set()
    return of_groups if stored and set(of_groups) != now else given


def _group(entry: dict[str, Any]) -> None:
    """Has the groups of the themes; ``themes.assign`` puts the entry into them once it is saved."""
    others = [group for group in entry.get("groups") or () if not themes.is_theme(group)]
    chosen = [{"id": id} for id in themes.ensure(entry.get("themes") or ()).values()]
    if chosen or "groups" in entry:
        entry["groups"] = others + chosen

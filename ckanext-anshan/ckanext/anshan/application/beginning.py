"""What the page says on which somebody begins to apply: for which datasets, for whom, and why not (art. 21, 27)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ..access.rules import CONDITIONAL
from ..applicants import parties
from ..workflow import clock
from . import clocks, forms, messages, offering, standing
from .rules import Kind, Refusal, Relation

Told = dict[str, Any]

FOUND = 8  # datasets that a search shows
EARLIER = 20  # applications that one may start from
CLOSED_TO_ALL = (tk.ObjectNotFound, tk.NotAuthorized)


def page(args: Any) -> Told:
    """All that the page shows.

    :param args: ``dataset`` (many), ``kind``, ``q``, ``party``, ``copy_of``, ``follows`` and ``relation``
    """
    kind = Kind.SHARING if args.get("kind") == Kind.SHARING.value else Kind.OPENING
    keys = [key for key in dict.fromkeys(args.getlist("dataset")) if key][: forms.MOST_DATASETS]
    asker = standing.Asker(tk.current_user)
    acting = [one for one in asker.acting if (one.kind == parties.AGENCY) is (kind is Kind.SHARING)]
    found = offering.offered(keys, kind) if acting or kind is Kind.OPENING else {}
    chosen = [_chosen(key, found.get(key), acting) for key in keys]
    agencies = {one["agency"]: one["agency_title"] for one in chosen if one["is_offered"]}
    return {
        "kind": kind.value,
        "chosen": chosen,
        "agencies": list(agencies.values()),
        "parties": [{"key": one.key, "name": one.name, "code": one.code} for one in acting],
        "is_sysadmin": bool(getattr(tk.current_user, "sysadmin", False)),
        "found": search(str(args.get("q") or ""), keys) if kind is Kind.OPENING else [],
        "q": str(args.get("q") or "")[:200],
        "party": str(args.get("party") or ""),
        "copy_of": str(args.get("copy_of") or ""),
        "follows": str(args.get("follows") or ""),
        "relation": _relation(args),
        "earlier": earlier() if asker.acting else [],
        "latest": clocks.latest_answer(clock.today()).isoformat(),
        "may_begin": bool(acting) and bool(chosen) and all(one["is_offered"] for one in chosen),
    }


def _relation(args: Any) -> str:
    wanted = str(args.get("relation") or "")
    known = {one.value for one in Relation}
    return wanted if wanted in known and args.get("follows") else Relation.NEW.value


def _chosen(key: str, found: Any, acting: Sequence[Any]) -> Told:
    """A dataset with its agency; of what isn't offered no more is told than everybody may read."""
    if found is None:
        return {"key": key, "name": key, "title": _public_title(key), "is_offered": False, "why_not": _why_not()}
    offer = found.offer
    agency = parties.shown({(parties.AGENCY, offer.agency)}).get((parties.AGENCY, offer.agency), {})
    against = _against(found, acting)
    return {
        "key": key,
        "name": offer.name,
        "title": offer.title,
        "agency": offer.agency,
        "agency_title": agency.get("name", ""),
        "is_offered": not against,
        "why_not": messages.words(against) if against else "",
        "is_for_all": found.conditions.is_for_all,
        "questions": len(found.questions),
    }


def _against(found: Any, acting: Sequence[Any]) -> Refusal | None:
    """Why none of those whom the reader acts for gets it; nothing where one does, or nobody is named yet."""
    if any(one.kind == parties.AGENCY and one.id == found.offer.agency for one in acting):
        return Refusal("own_data")
    kinds = {one.applicant_kind for one in acting if one.kind != parties.AGENCY}
    return Refusal("not_eligible") if kinds and not kinds & found.conditions.eligible else None


def _why_not() -> str:
    return messages.words(Refusal("not_offered"))


def _public_title(key: str) -> str:
    try:
        return str(tk.get_action("package_show")({}, {"id": key})["title"])
    except CLOSED_TO_ALL:
        return key[:100]


def search(words: str, keys: Sequence[str]) -> list[Told]:
    """Datasets that are open on conditions and fit these words."""
    if not words.strip():
        return []
    asked = {"q": words.strip()[:200], "fq": f"opening_class:{CONDITIONAL}", "rows": FOUND}
    results = tk.get_action("package_search")({}, asked)["results"]
    agency = [(one.get("organization") or {}).get("title", "") for one in results]
    named = zip(results, agency, strict=True)
    return [{"name": one["name"], "title": one["title"], "agency": of} for one, of in named if one["name"] not in keys]


def earlier() -> list[Mapping[str, Any]]:
    """The reader's own applications that were sent: the text of one may be taken over."""
    asked = {"side": "applicant", "limit": EARLIER}
    rows = tk.get_action("anshan_application_list")({}, asked)["applications"]
    return [one for one in rows if one["submitted"]]

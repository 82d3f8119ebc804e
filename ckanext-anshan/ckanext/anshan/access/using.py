"""Whether somebody may use what was granted, asked at every read: gathers the facts, ``rules.decide_use`` judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ckan import model

from ..applicants import parties
from ..catalogue.conditions import Conditions
from ..release import offers, tables
from ..release.offers import Offer, OfferedFile
from ..workflow import clock
from . import grants
from .querying import TableScope
from .rules import Allowed, Circumstances, Grant, Kind, Refusal, Use, decide_use

SAID_TO_MEMBERS = frozenset({"barred", "not_verified"})
"""Why somebody doesn't act for a holder: a stranger isn't told that, since they never get so far."""


@dataclass(frozen=True)
class Caller:
    """Who asks: an account, or whoever has a token of one grant, made by that account."""

    user_id: str = ""
    grant_id: str = ""  # of the token
    token_id: str = ""


@dataclass(frozen=True)
class Facts:
    """What a decision rested on. ``file``: nothing where the version has none of that name."""

    caller: Caller
    row: Any
    grant: Grant
    offer: Offer
    name: str  # of the file that is asked for
    file: OfferedFile | None
    now: Circumstances

    def scope(self, allowed: Allowed, sheet: str = "") -> TableScope:
        """What of a table may be read; of nothing else than what was allowed."""
        assert self.file is not None
        rows, may_count = grants.filters(allowed.rows), self.grant.scope.aggregates
        return TableScope(self.file.sha256, allowed.columns, rows, may_count, sheet)


def ask(caller: Caller, number: str, dataset: str, use: Use) -> tuple[Allowed | Refusal, Facts | None]:
    """Whether this may be used now, and what that rests on; a stranger gets no facts and is told of no grant.

    :param dataset: id or name; may be left out where the application is about one alone
    :param use: its file may be left out where the grant has one table alone
    """
    found = gathered(caller, number, dataset, use.file)
    if len(found) > 1 and any(one.now.holds for one in found):
        return Refusal("no_dataset_named"), None
    facts = found[0] if len(found) == 1 else None
    decision = _decided(facts, use)
    return decision, None if isinstance(decision, Refusal) and decision.code == "no_grant" else facts


def _decided(facts: Facts | None, use: Use) -> Allowed | Refusal:
    if facts is None:
        return decide_use(None, use, Circumstances(clock.today()))
    return decide_use(facts.grant, replace(use, file=facts.name), facts.now)


def gathered(caller: Caller, number: str, dataset: str = "", file: str = "") -> list[Facts]:
    """The facts of each grant of an application, or of the one of a dataset where it is named."""
    rows = [row for row in grants.of_number(number, clock.today()) if caller.grant_id in ("", row.id)]
    offered = offers.offers([row.dataset_id for row in rows])
    known = [(row, offered[row.dataset_id]) for row in rows if row.dataset_id in offered]
    chosen = [(row, offer) for row, offer in known if dataset in ("", row.dataset_id, offer.name)]
    return _facts(caller, chosen, file)


def _facts(caller: Caller, chosen: Sequence[tuple[Any, Offer]], file: str) -> list[Facts]:
    holding = cache(lambda holders: _holds(caller, holders))  # those of one application have the same
    return [_of(caller, row, offer, file, holding(tuple(grants.holders(row)))) for row, offer in chosen]


def _of(caller: Caller, row: Any, offer: Offer, name: str, holding: tuple[bool, str]) -> Facts:
    name = name or _only(row.scope)
    file, conditions = offer.file(name), conditions_of(row, offer)
    sharing_class = conditions.kind if row.kind == Kind.SHARING.value else ""
    holds, why_not = holding
    now = Circumstances(
        today=clock.today(),
        holds=holds,
        why_not=why_not,
        by_token=bool(caller.token_id),
        dataset_state=offer.state,
        opening_class=offer.opening_class,
        sharing_class=sharing_class,
        is_suspended=offer.is_suspended or (file is not None and file.is_suspended),
        offered=conditions.headers,
        tables=frozenset(one.name for one in offer.files if is_table(one)),
        others=frozenset(one.name for one in offer.files if not is_table(one)),
        used_today=row.used_today,
    )
    return Facts(caller, row, grants.judged(row, sharing_class), offer, name, file, now)


def _only(scope: Mapping[str, Any]) -> str:
    """The table that is meant where none is named."""
    files = scope.get("files", ())
    return files[0] if len(files) == 1 else ""


def conditions_of(row: Any, offer: Offer) -> Conditions:
    """On what conditions the dataset is given now."""
    is_shared = row.kind == Kind.SHARING.value
    return Conditions.of(offer.sharing if is_shared else offer.metadata, sharing=is_shared)


def is_table(file: OfferedFile) -> bool:
    return file.format in tables.IS_TABLE


def _holds(caller: Caller, holders: Sequence[grants.Pair]) -> tuple[bool, str]:
    """Whether the caller acts for a holder now; why not, told only to who did once."""
    user = model.User.get(caller.user_id) if caller.user_id else None
    if user is None or user.state != "active" or user.sysadmin:
        return False, "no_account" if caller.token_id else ""
    codes = [parties.why_not(user.id, kind, id) for kind, id in holders]
    told = [code for code in codes if caller.token_id or code in SAID_TO_MEMBERS]
    return "" in codes, "" if "" in codes else next(iter(told), "")


def offered(dataset_ids: Sequence[str]) -> Mapping[str, Offer]:
    """What these datasets stand for now, whoever asks."""
    return offers.offers(sorted(set(dataset_ids)))

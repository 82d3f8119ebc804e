"""Tokens of grants as their holders make, see and revoke them."""

from __future__ import annotations

from typing import Any

from . import refusing, showing, tokens, using
from .rules import FINAL_GRANTS, Method, Refusal
from .using import Caller, Facts

Told = dict[str, Any]


def create(caller: Caller, number: str, dataset: str, name: str) -> Told:
    """:raises ObjectNotFound, NotAuthorized, ValidationError: as ``refusing.refuse`` says"""
    found = _held(caller, number, dataset)
    if len(found) > 1:
        refusing.refuse(Refusal("no_dataset_named"))
    against = _against(found[0])
    made = against or tokens.make(found[0], name)
    return refusing.refuse(made) if isinstance(made, Refusal) else made


def _against(one: Facts) -> Refusal | None:
    """A token is made ahead of the first day too, and while the use is suspended, but not for what is over."""
    if one.grant.state in FINAL_GRANTS:
        return Refusal(f"grant_{one.grant.state.value}", {"number": one.grant.number})
    if one.now.today > one.grant.ends:
        return Refusal("over", {"number": one.grant.number, "day": one.grant.ends})
    if Method.API not in one.grant.scope.methods:
        return Refusal("method_out_of_scope", {"method": Method.API.value})
    return None


def listed(caller: Caller, number: str) -> list[Told]:
    return showing.tokens_of(_held(caller, number))


def revoke(caller: Caller, number: str, id: str) -> Told:
    made = tokens.revoke(_held(caller, number), id)
    return refusing.refuse(made) if isinstance(made, Refusal) else made


def _held(caller: Caller, number: str, dataset: str = "") -> list[Facts]:
    """What the caller holds by themselves: nobody makes a token with a token."""
    found = [one for one in using.gathered(caller, number, dataset) if one.now.holds]
    return found if found and not caller.token_id else refusing.refuse(Refusal("no_grant"))

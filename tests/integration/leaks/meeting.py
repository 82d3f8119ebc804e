"""Who asks for what: every actor calls everything; whom a class concerns, with every object that it is about.

Every actor with every object in every place would be 400,000 calls and an hour. So an actor meets in each place one
object of the kind that it is about and one of another kind, others from place to place: over the hundreds of places
every actor meets every object. Where something is read, those whom the class concerns and ``user``, the stranger with
an account, meet all that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

from .belonging import APPLICANTS, TOKENS
from .classes import CLASSES, Class
from .world import Actor, Made, World


def actors(world: World, found: Class, place: str = "") -> list[Actor]:
    """Who asks in a place.

    What is static is the same for everybody, so a visitor asks for it. A token of a grant is read by what concerns
    grants alone; everywhere else whoever shows one is a visitor, and one of the four shows that. Pages (``place``) that
    don't concern applicants are asked for by one of the seven, another one from page to page: the actions beneath are
    called by all of them.
    """
    if found is CLASSES["static"]:
        return [world.actors["visitor"]]
    tokens = TOKENS if found.concerns >= TOKENS else {"token"}
    applicants = APPLICANTS if found.concerns & APPLICANTS or not place else {_one_of(sorted(APPLICANTS), place)}
    left_out = (TOKENS - tokens) | (APPLICANTS - applicants)
    return [one for name, one in world.actors.items() if name not in left_out]


def objects(world: World, found: Class, place: str, who: str, *, reads: bool) -> Iterator[Made]:
    """With what an actor asks there."""
    first, *others = found.kinds
    if reads and who in found.concerns | {"user"}:
        yield from world.objects[first]
        for kind in others:
            yield _one_of(world.objects[kind], f"{place} {who} {kind}")
        return
    yield _one_of(world.objects[first], f"{place} {who}")
    if reads:
        kinds = sorted(set(world.objects) - {first})
        yield _one_of(world.objects[_one_of(kinds, f"{who} {place}")], f"{place} {who}")


def _one_of(listed: Sequence[Any], where: str) -> Any:
    return listed[crc32(where.encode()) % len(listed)]

"""Who asks for what: every actor calls everything; whom a class concerns, with every object of the world that it has.

Every actor with every object in every place would be 400,000 calls and most of an hour. So an actor whom a class does
not concern meets one object of each kind in each place, another one from place to place: over the hundreds of places
every actor meets every object, and ``user`` and ``visitor`` meet them all wherever something is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from .belonging import TOKENS
from .classes import Class
from .world import Actor, Made, World

STRANGERS = frozenset({"visitor", "user"})


def actors(world: World, found: Class) -> list[Actor]:
    """A token of a grant is read by what concerns grants alone; everywhere else whoever shows one is a visitor, and one
    of the four shows that."""
    shown = TOKENS if found.concerns >= TOKENS else {"token"}
    return [one for name, one in world.actors.items() if name not in TOKENS or name in shown]


def objects(world: World, found: Class, place: str, who: str, *, reads: bool) -> Iterator[Made]:
    """With what an actor asks there."""
    whole = who in found.concerns if not reads else who in found.concerns | STRANGERS
    for kind in found.kinds:
        listed = world.objects.get(kind, [])
        yield from listed if whole else _one_of(listed, f"{place} {who} {kind}")


def of_other_kinds(world: World, found: Class, place: str) -> Iterator[Made]:
    """What doesn't belong there: a place that takes it all the same would be a surprise."""
    for kind, listed in world.objects.items():
        if kind not in found.kinds:
            yield from _one_of(listed, f"{place} {kind}")


def _one_of(listed: list[Made], where: str) -> list[Made]:
    return [listed[crc32(where.encode()) % len(listed)]] if listed else []

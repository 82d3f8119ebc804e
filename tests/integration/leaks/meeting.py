"""Who asks for what: every actor calls every action; whom a class concerns, with every object that it is about.

Every actor with every object in every place would be 400,000 calls and hours. So an actor meets in each place one
object of the kind that it is about and one of another kind, others from place to place: over the hundreds of places
every actor meets every object. Where an action is read, those whom its class concerns and ``user``, the stranger with
an account, meet all that it is about. A page costs ten times what the actions beneath it cost, and they have been
called by everybody: it is asked for by those whom it concerns, by ``visitor`` and ``user``, and by ``OTHERS`` of the
others, again others from page to page. ``ANSHAN_LEAKS=whole`` leaves nothing out; it takes an hour.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

from .belonging import TOKENS
from .classes import CLASSES, Class
from .world import Actor, Made, World

WHOLE = os.environ.get("ANSHAN_LEAKS") == "whole"
OTHERS = 3


def actors(world: World, found: Class, page: str = "") -> list[Actor]:
    """Who calls an action of this class, or asks for a page of it.

    What is static is the same for everybody, so a visitor asks for it. A token of a grant is read by what concerns
    grants alone; everywhere else whoever shows one is a visitor, and one of the four shows that.
    """
    if WHOLE:
        return list(world.actors.values())
    if found is CLASSES["static"]:
        return [world.actors["visitor"]]
    tokens = TOKENS if found.concerns >= TOKENS else {"token"}
    chosen = set(world.actors) - (TOKENS - tokens)
    if page:
        first = found.concerns | {"visitor", "user"}
        others = sorted(chosen - first, key=lambda name: crc32(f"{page} {name}".encode()))
        chosen &= first | set(others[:OTHERS])
    return [one for name, one in world.actors.items() if name in chosen]


def objects(world: World, found: Class, place: str, who: str, *, reads: bool) -> Iterator[Made]:
    """With what an actor asks there."""
    first, *others = found.kinds
    if WHOLE:
        yield from (one for listed in world.objects.values() for one in listed)
        return
    if reads and who in found.concerns | {"user"}:
        yield from world.objects[first]
        for kind in others:
            yield _one_of(world.objects[kind], f"{place} {who} {kind}")
        return
    yield _one_of(world.objects[first], f"{place} {who}")
    if reads:
        kinds = sorted(set(world.objects) - {first})
        yield _one_of(world.objects[_one_of(kinds, f"{who} {place}")], f"{place} {who}")


ABOUT: Mapping[str, tuple[str, ...]] = {
    "/application/<": ("application",),
    "/applicant/organization/": ("company",),
    "/grant/": ("grant",),
    "/review/<": ("submission",),
    "/sharing/feedback/": ("feedback",),
    "/sharing/returns/": ("need",),
    "/agreement/": ("agreement",),
    "/audit/history/": ("entry",),
    "/audit/proof/": ("event",),
    "/entry/": ("entry",),
    "/dataset/changes/": ("activity",),
    "/dataset/": ("dataset", "public"),
    "/data/": ("dataset", "public"),
    "/datastore/": ("dataset", "public"),
    "/preview/": ("dataset", "public"),
    "/organization/": ("organization",),
    "/feeds/organization/": ("organization",),
    "/group/": ("theme",),
    "/feeds/group/": ("theme",),
    "/user/": ("user",),
    "/district/": ("district",),
    "/statistics/": ("picture",),
    "/review/statistics/": ("clock",),
    "/file/": ("file",),
}
"""What an address that begins so is about."""


def about(world: World, found: Class, rule: str, who: str, *, reads: bool) -> Iterator[Made]:
    """With what an actor asks for a page: whom it concerns, and a stranger, with everything that it is about."""
    kinds = next((kinds for begin, kinds in ABOUT.items() if rule.startswith(begin)), found.kinds[:1])
    listed = [one for kind in kinds for one in world.objects[kind]]
    if WHOLE:
        yield from (one for listed in world.objects.values() for one in listed)
    elif reads and who in found.concerns | {"user"}:
        yield from listed
    else:
        yield _one_of(listed, f"{rule} {who}")
    if reads and not WHOLE:
        others = sorted(set(world.objects) - set(kinds))
        yield _one_of(world.objects[_one_of(others, f"{who} {rule}")], f"{rule} {who}")


def _one_of(listed: Sequence[Any], where: str) -> Any:
    return listed[crc32(where.encode()) % len(listed)]

"""Which limit counts a request, who it is counted for, and how long whoever reached it waits. Plain Python."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from enum import Enum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from math import ceil
from typing import NamedTuple

IPV6_PREFIX = 64  # bits: the smallest network that a customer is given, so the smallest that counts as one caller
LONGEST_ADDRESS = 64  # characters of what is no address; a proxy wrote it
HOST = re.compile(r"(https?://)?(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Use(Enum):
    """What a request wants."""

    READ = "read"
    WRITE = "write"
    DOWNLOAD = "download"
    LOGIN = "login"  # a password is tried
    REGISTER = "register"
    RESET = "reset"  # a mail for a new password is asked for


class Kind(Enum):
    """What a caller is known by."""

    ADDRESS = "address"
    ACCOUNT = "account"  # logged in by the form
    TOKEN = "token"  # an account too, whichever of its tokens was sent
    NAME = "name"  # of an account, as it was typed: nobody knows yet who types it
    KNOWN = "known"  # such a name, typed where it was logged in with before


class Name(Enum):
    """The limits, each an option of the same name."""

    READING = "reading"
    WRITING = "writing"
    DOWNLOADS = "downloads"
    ACCOUNT = "account"
    TOKEN = "token"
    LOGINS = "logins"
    FAILURES = "failures"  # counted when a password was wrong, asked before one is tried
    REGISTRATIONS = "registrations"
    RESETS = "resets"


class Caller(NamedTuple):
    kind: Kind
    name: str

    def key(self) -> str:
        """Short and the same for the same caller; no name that somebody typed can be read from it."""
        if self.kind in (Kind.NAME, Kind.KNOWN):
            return f"{self.kind.value}:{hashlib.blake2b(self.name.encode(), digest_size=16).hexdigest()}"
        return f"{self.kind.value}:{self.name}"


class Limit(NamedTuple):
    """So many requests in so many seconds."""

    amount: int
    seconds: int


class Window(NamedTuple):
    """How often somebody has asked: in the window before and in this one, each with the seconds until it is forgotten.

    This window has twice its length to live, since it becomes the one before.
    """

    before: int
    before_ends: float
    now: int
    now_ends: float


TABLE: Mapping[tuple[Use, Kind], Name] = {
    (Use.READ, Kind.ADDRESS): Name.READING,
    (Use.WRITE, Kind.ADDRESS): Name.WRITING,
    (Use.DOWNLOAD, Kind.ADDRESS): Name.DOWNLOADS,
    **{(use, Kind.ACCOUNT): Name.ACCOUNT for use in (Use.READ, Use.WRITE, Use.DOWNLOAD)},
    **{(use, Kind.TOKEN): Name.TOKEN for use in (Use.READ, Use.WRITE, Use.DOWNLOAD)},
    (Use.LOGIN, Kind.ADDRESS): Name.LOGINS,
    (Use.REGISTER, Kind.ADDRESS): Name.REGISTRATIONS,
    (Use.RESET, Kind.ADDRESS): Name.RESETS,
    (Use.RESET, Kind.NAME): Name.RESETS,  # nobody's mailbox is filled from many addresses
}
FORMS: Mapping[str, Use] = {
    "user.login": Use.LOGIN,
    "user.register": Use.REGISTER,
    "user.request_reset": Use.RESET,
}
DOWNLOADS = frozenset({"anshan_data.file", "anshan_grant.file", "resource.download"})


def use_of(endpoint: str, method: str, is_reading_action: bool = False, tries_password: bool = False) -> Use:
    """What a request wants. Files that pages are made of count too: kept, they don't come here.

    :param is_reading_action: an action of the API that changes nothing, which programs send as POST too
    :param tries_password: a form with a password that is compared, other than the login's
    """
    if method not in SAFE and (endpoint in FORMS or tries_password):
        return FORMS.get(endpoint, Use.LOGIN)
    if endpoint in DOWNLOADS or endpoint.endswith("_resource.download"):
        return Use.DOWNLOAD
    return Use.READ if method in SAFE or is_reading_action else Use.WRITE


def counted(use: Use, caller: Caller, address: Caller, name: Caller | None) -> list[tuple[Name, Caller]]:
    """What counts this request. Forms of whoever isn't known yet are counted for the address, whoever sends them."""
    if use not in FORMS.values():
        return [(TABLE[use, caller.kind], caller)]
    named = [(TABLE[use, name.kind], name)] if name and (use, name.kind) in TABLE else []
    return [(TABLE[use, address.kind], address), *named]


def limits_of(kind: Kind) -> list[Name]:
    """What a caller of this kind may reach.

    >>> limits_of(Kind.NAME)
    [<Name.RESETS: 'resets'>, <Name.FAILURES: 'failures'>]
    """
    failures = [Name.FAILURES] if kind in (Kind.NAME, Kind.KNOWN) else []
    return [*dict.fromkeys(name for (_, one), name in TABLE.items() if one is kind), *failures]


def wait(limit: Limit, window: Window) -> int:
    """Whole seconds until one more request is let through; 0 where it is now.

    The window before counts for less and less while it is forgotten, as in the library that counts.
    """
    if window.now >= limit.amount:  # until this window is the one before, and has lost one
        after = Window(window.now, float(limit.seconds), 0, 0.0)
        return ceil(window.now_ends - limit.seconds + _until_less(limit, after)) or 1
    return ceil(_until_less(limit, window))


def _until_less(limit: Limit, window: Window) -> float:
    """Seconds until what is left of the window before leaves room for one."""
    if int(window.before * window.before_ends / limit.seconds) + window.now < limit.amount:
        return 0.0
    return window.before_ends - (limit.amount - window.now) * limit.seconds / window.before


@lru_cache(maxsize=4096)
def neighbourhood(text: str) -> str:
    """Who counts as one caller: an IPv4 address, the /64 of an IPv6 address.

    >>> neighbourhood("::ffff:192.0.2.7"), neighbourhood("2001:db8:1:2:3::4")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return text[:LONGEST_ADDRESS]
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((int(found), IPV6_PREFIX), strict=False))
    return str(found)


def networks(texts: Collection[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Raises ``ValueError`` for what is neither an address nor a network."""
    return tuple(ip_network(text, strict=False) for text in texts)


def hosts(texts: Collection[str]) -> tuple[str, ...]:
    """Sources of a content security policy. Raises ``ValueError`` for anything but a host.

    >>> hosts(["img.example.cn", "https://*.example.cn:8443"])
    ('img.example.cn', 'https://*.example.cn:8443')
    """
    wrong = [text for text in texts if not HOST.fullmatch(text)]
    if wrong:
        raise ValueError(wrong[0])
    return tuple(texts)


def is_in(text: str, found: Collection[IPv4Network | IPv6Network]) -> bool:
    if not found:
        return False
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    plain = (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
    return any(plain in network for network in found)


def typed(name: str) -> Caller | None:
    """The name of an account as it was typed, however it is written."""
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    return Caller(Kind.NAME, plain) if plain else None


def known(name: Caller, address: Caller) -> Caller:
    """The same name at an address where its owner has logged in: no stranger elsewhere locks them out."""
    return Caller(Kind.KNOWN, f"{name.name}\n{address.name}")

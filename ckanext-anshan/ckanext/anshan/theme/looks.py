"""What a reader chose to look at the portal with: light or dark, standard or large text (适老). Kept in two cookies."""

from __future__ import annotations

from typing import NamedTuple

THEME_COOKIE, LOOK_COOKIE = "anshan_theme", "anshan_look"
THEMES = ("light", "dark")
LOOKS = ("elder", "elder-large")


class Look(NamedTuple):
    """Empty strings where the reader chose nothing; large text has colours of its own."""

    theme: str
    look: str


def chosen(theme: str | None, look: str | None) -> Look:
    """Of what cookies say, what is known.

    >>> chosen("dark", "x")
    Look(theme='dark', look='')
    >>> chosen("dark", "elder")
    Look(theme='', look='elder')
    """
    large = look if look in LOOKS else ""
    return Look("" if large else theme if theme in THEMES else "", large or "")


def is_local(path: str) -> bool:
    """Whether a redirect to it stays on this portal.

    >>> is_local("/dataset?q=1"), is_local("//evil.example"), is_local("/\\\\evil.example")
    (True, False, False)
    """
    return path.startswith("/") and not path.startswith("//") and not any(c in path for c in "\\\r\n\t")

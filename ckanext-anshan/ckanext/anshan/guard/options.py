"""Options of limits, proxies and cookies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
import limits
from ckan.exceptions import CkanConfigurationException

from . import rules

PREFIX = "ckanext.anshan.guard."
LIMITS: Mapping[rules.Name, str] = {
    rules.Name.READING: "ckanext.anshan.guard.reading",
    rules.Name.WRITING: "ckanext.anshan.guard.writing",
    rules.Name.DOWNLOADS: "ckanext.anshan.guard.downloads",
    rules.Name.ACCOUNT: "ckanext.anshan.guard.account",
    rules.Name.TOKEN: "ckanext.anshan.guard.token",
    rules.Name.LOGINS: "ckanext.anshan.guard.logins",
    rules.Name.FAILURES: "ckanext.anshan.guard.failures",
    rules.Name.REGISTRATIONS: "ckanext.anshan.guard.registrations",
    rules.Name.RESETS: "ckanext.anshan.guard.resets",
}


def limit(name: rules.Name) -> limits.RateLimitItem | None:
    """A limit in the words of the library, such as ``20/10 minutes``; None where the option is empty."""
    return _limit(tk.config[LIMITS[name]] or "")


def unlimited() -> Collection[Any]:
    """Networks that no limit is counted for."""
    return _networks(tuple(tk.config["ckanext.anshan.guard.unlimited"]))


def images() -> tuple[str, ...]:
    """Other hosts whose pictures pages may show."""
    return _hosts(tuple(tk.config["ckanext.anshan.guard.images"]))


def has_recaptcha() -> bool:
    """Whether CKAN's forms ask Google's reCAPTCHA."""
    return bool(tk.config["ckan.recaptcha.publickey"])


def proxies() -> int:
    """How many proxies before the portal say by whom and how they were asked; with 0 nobody is believed."""
    return tk.config["ckanext.anshan.guard.proxies"]


def is_https() -> bool:
    """Whether the world reaches the portal by HTTPS."""
    return tk.config["ckan.site_url"].lower().startswith("https://")


def check() -> None:
    """Refuse to start with an option that can't be read. Raises ``CkanConfigurationException``."""
    for name in rules.Name:
        _checked(name.value, lambda name=name: limit(name), "a number, a slash and a time, such as 600/minute")
    _checked("unlimited", unlimited, "addresses or networks, such as 10.1.0.0/16 2001:db8::/32, with spaces between")
    _checked("images", images, "hosts, such as img.example.gov.cn https://logos.example:8443, with spaces between")


def _checked(name: str, read: Any, wanted: str) -> None:
    try:
        read()
    except ValueError as error:
        given = tk.config[f"{PREFIX}{name}"]
        raise CkanConfigurationException(f"{PREFIX}{name} = {given} can't be read: write {wanted}.") from error


@lru_cache
def _limit(text: str) -> limits.RateLimitItem | None:
    if not text.strip():
        return None
    found = limits.parse_many(text)
    if len(found) != 1 or not found[0].amount:
        raise ValueError(text)
    return found[0]


@lru_cache
def _networks(texts: tuple[str, ...]) -> Collection[Any]:
    return rules.networks(texts)


@lru_cache
def _hosts(texts: tuple[str, ...]) -> tuple[str, ...]:
    return rules.hosts(texts)

"""Whole addresses of this portal, for programs that don't know where they are."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

LANGUAGES = {"zh_Hans_CN": "zh-Hans", "en": "en"}
"""The portal's languages by the names that CKAN and the web give them."""


def base(locale: str = "default") -> str:
    """The front page in a language, without the last slash: what follows it is a path."""
    return tk.h.url_for("home.index", _external=True, locale=locale).rstrip("/")


def of(path: str, locale: str = "default") -> str:
    return base(locale) + path


def dataset(name: str, locale: str = "default") -> str:
    return of(f"/dataset/{name}", locale)


def bases() -> dict[str, str]:
    """The front page by the web's name of each language, the one without a prefix first."""
    default = tk.config["ckan.locale_default"]
    ordered = sorted(LANGUAGES.items(), key=lambda each: each[0] != default)
    return {web: base("default" if locale == default else locale) for locale, web in ordered}


def language() -> str:
    """The web's name of the language of this page."""
    return LANGUAGES.get(str(tk.h.lang()), "en")

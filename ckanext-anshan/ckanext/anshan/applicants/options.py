"""Options of the applicants: where the keys of their identities lie, and an identity service to log in with."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk


def key_file() -> Path | None:
    """The file of the keys that lock identities; nothing where none is named."""
    given = tk.config["ckanext.anshan.applicants.key_file"]
    return Path(given) if given else None


def issuer() -> str:
    """The address of the identity service as it names itself; empty: there is none."""
    return tk.config["ckanext.anshan.oidc.issuer"].strip()


def client_id() -> str:
    """As what the identity service knows this portal."""
    return tk.config["ckanext.anshan.oidc.client_id"]


def client_secret() -> str:
    """Empty where the identity service gave none."""
    return tk.config["ckanext.anshan.oidc.client_secret"]


def scopes() -> list[str]:
    """What is asked for; ``openid`` always."""
    found = tk.config["ckanext.anshan.oidc.scopes"]
    return found if "openid" in found else ["openid", *found]


def name_claim() -> str:
    """The claim that holds somebody's real name; empty: none does."""
    return tk.config["ckanext.anshan.oidc.name_claim"]


def number_claim() -> str:
    """The claim that holds somebody's resident ID number; empty: none does."""
    return tk.config["ckanext.anshan.oidc.number_claim"]


def code_claim() -> str:
    """The claim that holds the unified social credit code of the organization somebody logs in for; empty: none."""
    return tk.config["ckanext.anshan.oidc.code_claim"]


def button() -> str:
    """What the button on the log-in page says; empty: the portal's own words."""
    return tk.config["ckanext.anshan.oidc.button"]


def is_oidc_on() -> bool:
    return bool(issuer() and client_id())

"""What pages ask about the other log-in."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from . import options

__all__ = ["anshan_identity_service"]


def anshan_identity_service() -> str:
    """What the button of the identity service says; empty where nobody logs in that way."""
    return (options.button() or tk._("Log in with the identity service")) if options.is_oidc_on() else ""

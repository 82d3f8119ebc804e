"""What is asked of somebody before they sign: the password of their account, or a log-in at the identity service."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ..applicants import connecting, proving
from . import signing


def way() -> str:
    """How the reader shows again who they are: ``password``, ``oidc``, or empty where they have neither."""
    user = tk.current_user
    if user.is_anonymous:
        return ""
    if user.password:  # pyright: ignore[reportAttributeAccessIssue]
        return signing.PASSWORD
    return signing.OIDC if connecting.is_bound(user.id) else ""


def is_done() -> bool:
    """Whether they did at the identity service, just now."""
    user = tk.current_user
    return not user.is_anonymous and proving.is_proved(user.id)

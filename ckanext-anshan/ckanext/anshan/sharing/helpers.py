"""What pages ask about sharing."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ..people import roles

__all__ = ["anshan_shares"]


def anshan_shares() -> bool:
    """Whether the reader belongs to an agency or an office, which share data among themselves."""
    return bool(roles.of_reader()) and not getattr(tk.current_user, "sysadmin", False)

"""Bodies of what CKAN asks of its plugins."""

from __future__ import annotations

from typing import Any

from . import tokens

NOBODY: dict[str, Any] = {"grant": True}
"""What a token of a grant says to CKAN: no account, so that nobody is logged in by it and nothing is logged of it."""


def decode_api_token(encoded: str) -> dict[str, Any] | None:
    """None: it isn't one of ours, and CKAN reads it."""
    return NOBODY if tokens.is_ours(encoded) else None

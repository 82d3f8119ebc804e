"""Validators for the schemas in ``config/schemas``; what an entry must be stands in ``rules``."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

from . import messages, uscc
from .rules import Problem

__all__ = ["anshan_list", "anshan_uscc"]


def anshan_list(value: Any) -> str:
    """A list of texts as CKAN stores it: JSON in one string."""
    if isinstance(value, str):
        try:
            parsed = json.loads(value)
        except ValueError:
            parsed = [value]
        value = parsed if isinstance(parsed, list) else [value]
    return json.dumps(value if isinstance(value, list) else [], ensure_ascii=False)


def anshan_uscc(value: str) -> str:
    """18 digits and capital letters; a wrong check character is no reason to refuse."""
    code = value.strip().upper()
    if not uscc.shaped(code):
        raise tk.Invalid(messages.text(Problem("uscc", "uscc_malformed", {"example": "11210300001234567X"})))
    return code

"""The scanner's own sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ..scan import messages, places, policy, remedy_words


def why(finding: Mapping[str, Any]) -> str:
    """Which rule fired on what, and how to mend it."""
    return messages.why(finding, tk._)


def where(finding: Mapping[str, Any]) -> str:
    """Where it stands; nothing for the file as a whole."""
    return "" if finding["where"] == "-" else places.said(finding["where"], tk._)


def article(code: str) -> str:
    return messages.article(code, tk._)


def rule(change: Mapping[str, Any]) -> str:
    """By which rule a column was changed."""
    sentence = remedy_words.WORDS.get(str(change.get("rule")), "")
    facts = {"below": policy.thresholds()["small_cell"], **(change.get("facts") or {})}
    return tk._(sentence).format(**facts) if sentence else ""


def refused(code: str, facts: Mapping[str, Any]) -> str:
    """Why a file can't be changed here."""
    sentence = remedy_words.WORDS.get(code, "")
    return tk._(sentence).format(**facts) if sentence else code


def place(change: Mapping[str, Any]) -> str:
    """Column, and the sheet or file that it is in."""
    parts = (str(change.get("part") or ""), str(change.get("column") or ""))
    return " · ".join(places.said(part, tk._) for part in parts if part)

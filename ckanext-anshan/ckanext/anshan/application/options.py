"""Options of applications, each with its type."""

from __future__ import annotations

from functools import lru_cache

import ckan.plugins.toolkit as tk
import limits


def days_to_supplement() -> int:
    """Working days in which an applicant supplies what was asked for."""
    return tk.config["ckanext.anshan.application.days_to_supplement"]


def days_to_sign() -> int:
    """Working days in which the applicants accept an agreement."""
    return tk.config["ckanext.anshan.application.days_to_sign"]


def days_to_countersign() -> int:
    """Working days in which the provider signs an accepted agreement."""
    return tk.config["ckanext.anshan.application.days_to_countersign"]


def longest_attachment() -> int:
    """Bytes of one attachment."""
    return tk.config["ckanext.anshan.application.longest_attachment"]


def attachments() -> int:
    """Files that may be attached to one application."""
    return tk.config["ckanext.anshan.application.attachments"]


def tries() -> limits.RateLimitItem | None:
    """Wrong verification codes of agreements that may be sent from one address; none: without a limit."""
    return _limit(tk.config["ckanext.anshan.application.tries"])


def misuse_reports() -> limits.RateLimitItem | None:
    """Reports of a misuse that may be sent from one address; none: without a limit."""
    return _limit(tk.config["ckanext.anshan.application.misuse_reports"])


@lru_cache
def _limit(text: str) -> limits.RateLimitItem | None:
    return limits.parse(text) if text.strip() else None

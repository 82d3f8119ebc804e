"""What is done for the people of the portal outside the database."""

from __future__ import annotations

from datetime import date
from typing import Any

from . import mailing

__all__ = ["people_mail"]


def people_mail(payload: dict[str, Any]) -> None:
    """Mail a user what they haven't read. Payload: ``user`` (id), ``notices`` (ids), ``day`` (of the mail)."""
    mailing.send(payload["user"], payload["notices"], date.fromisoformat(payload["day"]))

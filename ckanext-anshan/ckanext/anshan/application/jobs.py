"""Background work of applications: the copies that a grant is read from are made before anybody asks for them."""

from __future__ import annotations

from typing import Any

from ..access import copying
from . import applications, offering

__all__ = ["anshan_application_copies"]


def anshan_application_copies(payload: dict[str, Any]) -> None:
    """:param payload: ``id`` of the application that came into use"""
    row = applications.find(payload["id"])
    for one in offering.matter(row).offered.values():
        for file in one.offer.files:
            copying.make(file.sha256, file.name, file.format)

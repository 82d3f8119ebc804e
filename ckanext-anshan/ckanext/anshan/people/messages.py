"""Roles in words: what somebody is called, and what the portal lets them do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

from .rules import Role

N = Callable[[], str]

ROLES: Mapping[Role, tuple[N, N]] = {
    Role.APPLICANT: (lambda: tk._("Registered user"), lambda: tk._("uses the data and the API")),
    Role.PUBLISHER: (lambda: tk._("Publisher"), lambda: tk._("writes the agency's entries")),
    Role.AGENCY_HEAD: (lambda: tk._("Head of the agency"), lambda: tk._("answers for the agency's entries")),
    Role.CYBERSPACE: (lambda: tk._("Cyberspace office"), lambda: tk._("sees the entries of every agency")),
    Role.BUREAU: (
        lambda: tk._("Data bureau"),
        lambda: tk._("sees the entries of every agency and imports the catalogue"),
    ),
    Role.SYSADMIN: (lambda: tk._("System administrator"), lambda: tk._("runs the portal, signs nothing")),
}
READER: tuple[N, N] = (lambda: tk._("Reader"), lambda: tk._("reads the agency's entries"))


def role(known: Role | None) -> tuple[str, str]:
    """Name and task; ``None`` is a member of an agency without a part of its own."""
    name, task = ROLES[known] if known else READER
    return name(), task()

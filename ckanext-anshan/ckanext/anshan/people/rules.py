"""The roles of the portal, and who may do what with an entry. Plain Python."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum


class Role(Enum):
    APPLICANT = "applicant"  # any registered user
    PUBLISHER = "publisher"  # editor of an agency (数据提供部门)
    AGENCY_HEAD = "agency_head"  # admin of an agency (部门第一责任人, article 9)
    CYBERSPACE = "cyberspace"  # member of the cyberspace office (网信部门, article 8)
    BUREAU = "bureau"  # member of the data bureau (大数据主管部门, article 6)
    SYSADMIN = "sysadmin"  # runs the machine; signs nothing


CAPACITIES = {"editor": Role.PUBLISHER, "admin": Role.AGENCY_HEAD}
WRITERS = frozenset(CAPACITIES)
SEES_ALL_ENTRIES = frozenset({Role.CYBERSPACE, Role.BUREAU})
IMPORTS = frozenset({Role.BUREAU})
INSPECTS = frozenset({Role.CYBERSPACE, Role.BUREAU})  # who searches the log (articles 6, 8 and 46)

BUREAU_LABEL, CYBERSPACE_LABEL = "anshan-bureau", "anshan-cyberspace"


def may_write_entry(capacity: str | None) -> bool:
    """Whether a member of the entry's agency edits it (article 9: each agency answers for its own catalogue)."""
    return capacity in WRITERS


def may_import(roles: Collection[Role]) -> bool:
    return bool(IMPORTS & set(roles))


def entry_labels(owner_org: str | None) -> list[str]:
    """The permission labels of an entry, whatever its state: never ``public``."""
    agency = [f"member-{owner_org}"] if owner_org else []
    return [*agency, BUREAU_LABEL, CYBERSPACE_LABEL]


def labels_of(roles: Collection[Role]) -> list[str]:
    """The labels that a user has beyond CKAN's own."""
    labels = {Role.BUREAU: BUREAU_LABEL, Role.CYBERSPACE: CYBERSPACE_LABEL}
    return [label for role, label in labels.items() if role in roles]

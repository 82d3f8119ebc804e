"""Who sees which package: bodies of CKAN's ``IPermissionLabels``."""

from __future__ import annotations

from typing import Any

from ckan import model

from . import roles, rules


def dataset_labels(package: model.Package, usual: list[str]) -> list[str]:
    """An entry is for its agency and the two offices in every state; anything else is as CKAN has it."""
    return rules.entry_labels(package.owner_org) if package.type == "entry" else usual


def user_labels(user: Any, usual: list[str]) -> list[str]:
    return usual + rules.labels_of(roles.roles_of(user))

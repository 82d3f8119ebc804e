"""What killed processes leave behind in the vault and in the DataStore."""

from __future__ import annotations

from . import datastore, vault

__all__ = ["staging_tables", "vault_incoming"]


def staging_tables() -> int:
    return datastore.remove_staging()


def vault_incoming() -> int:
    return vault.remove_incoming()

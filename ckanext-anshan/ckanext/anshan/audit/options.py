"""Options of the log, each with its type."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk

from . import notes


def writer_key() -> bytes:
    """The key of the marks by which the sealer knows what the portal's own processes wrote."""
    return (tk.config["ckanext.anshan.audit.writer_key"] or tk.config["SECRET_KEY"]).encode()


def address_days() -> int:
    """Days after which nobody can read any longer from which address something was done."""
    return tk.config["ckanext.anshan.audit.address_days"]


def verifier_key() -> str:
    """The public key of the log's checkpoints, as it is published (C2SP signed note)."""
    return notes.current(_key_file())


def former_keys() -> list[str]:
    """The public keys that the log had before, oldest first; the sealer lists them beside the one that it has."""
    return notes.formers(_key_file())


def _key_file() -> Path:
    return Path(tk.config["ckanext.anshan.audit.verifier_key_file"] or "/dev/null")


def late_seconds() -> int:
    """Age of the oldest unsealed event from which the portal says that sealing has stopped."""
    return tk.config["ckanext.anshan.audit.late_seconds"]


def alarm_to() -> list[str]:
    """E-mail addresses of those who are told when something is wrong with the log."""
    return tk.config["ckanext.anshan.audit.alarm_to"]

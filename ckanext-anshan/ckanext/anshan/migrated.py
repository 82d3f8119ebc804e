"""Whether the tables of the extension are there.

CKAN writes without them where a first start was broken off between its own migrations and those of the extension.
"""

from __future__ import annotations

import threading
from typing import Any

ASKED = "SELECT to_regclass('anshan_alembic_version') IS NOT NULL"

_there = threading.Event()


def is_migrated(session: Any) -> bool:
    """Asked until it is so."""
    if not _there.is_set() and session.connection().exec_driver_sql(ASKED).scalar():
        _there.set()
    return _there.is_set()

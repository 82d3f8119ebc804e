"""What the theme sees to at each start, see ``workflow.repair``."""

from __future__ import annotations

from . import scripts

__all__ = ["theme"]


def theme() -> int:
    """Writes the words of the scripts if they are missing or older than the catalogues."""
    if scripts.is_fresh():
        return 0
    scripts.write()
    return 1

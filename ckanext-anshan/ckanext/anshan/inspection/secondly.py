"""What the worker does for scans once a second."""

from __future__ import annotations

from .sketches import look as inspection_sketches
from .supervising import look as inspection_scans

__all__ = ["inspection_scans", "inspection_sketches"]

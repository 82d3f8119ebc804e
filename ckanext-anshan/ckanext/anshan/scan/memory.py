"""How a process that scans keeps its memory: what one stretch of a file needed is ready for the next one.

The C library gives larger blocks back to the system as they are freed; clearing them anew for each stretch would take
as long as looking at it (``./portal bench scan``).
"""

from __future__ import annotations

import ctypes

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3  # as in glibc's malloc.h
LARGEST_KEPT = 32 << 20  # bytes of a block
MOST_KEPT = 128 << 20  # bytes free at the end of the heap
ASKED_AT_ONCE = 16 << 20


def keep_freed() -> None:
    """Set it for the whole process; a C library without such settings costs time alone."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(MMAP_THRESHOLD, LARGEST_KEPT)
    mallopt(TRIM_THRESHOLD, MOST_KEPT)
    mallopt(TOP_PAD, ASKED_AT_ONCE)

"""What is run at each start: finish or take back what a killed process left half done."""

from __future__ import annotations

import ckan.model as model

from .. import rooms
from . import outbox

LONGEST = 3.0  # seconds spent on queued jobs; the worker does the rest


def run(within: float = LONGEST) -> dict[str, int]:
    """Repair every room and do the queued jobs at once. Harmless when nothing is to be done.

    :returns: how many things each room mended, jobs done (``jobs``), jobs still waiting (``waiting``)
    """
    mended = {name: work() for name, work in rooms.repairs().items()}
    done = outbox.drain(limit=10**6, overdue=False, within=within)
    outbox.forget_done()
    waiting = outbox.waiting()
    model.Session.commit()
    return mended | {"jobs": done, "waiting": waiting}

"""A transaction of a workflow: all of it or nothing, and whoever was slower is told in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ckan import model
from sqlalchemy.exc import IntegrityError


@contextmanager
def whole(too_late: Callable[[IntegrityError], Exception]) -> Iterator[None]:
    """Commits at the end; nothing is left of it when anything is raised.

    :param too_late: what is raised where somebody else was faster, past the lock of the row
    """
    try:
        yield
        model.Session.commit()
    except IntegrityError as late:
        model.Session.rollback()
        raise too_late(late) from late
    except BaseException:
        model.Session.rollback()
        raise

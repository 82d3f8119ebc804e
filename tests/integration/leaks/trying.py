"""Whatever is tried is rolled back, commits included: the world stays as it was made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ckan import model
from sqlalchemy import Connection

from tests.integration.application.town import PASSWORD

SAID = {
    **dict.fromkeys(("reason", "article", "text", "question", "answer", "declaration", "explanation", "redress"), "x"),
    "opinion": "agree",
    "ground": "no_basis",
    "password": PASSWORD,
    "why": "x",
}
"""What commands want beside what they are about, called as actions or sent by forms."""


@contextmanager
def rolled_back() -> Iterator[Connection]:
    """The session of the portal works on one connection, and what it commits is a savepoint of ours."""
    model.Session.remove()
    assert model.meta.engine is not None
    with model.meta.engine.connect() as connection:
        outer = connection.begin()
        model.Session.configure(bind=connection, join_transaction_mode="create_savepoint")
        try:
            yield connection
        finally:
            model.Session.remove()
            outer.rollback()
            model.Session.configure(bind=model.meta.engine, join_transaction_mode="conditional_savepoint")


@contextmanager
def once(connection: Connection) -> Iterator[None]:
    """One try; what it did is gone afterwards."""
    model.Session.remove()
    point = connection.begin_nested()
    try:
        yield
    finally:
        model.Session.remove()
        point.rollback()

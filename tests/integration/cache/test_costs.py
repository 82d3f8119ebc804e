"""The recorder that the tests of every page use counts all that a page asks, and nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import make_connection
from ckanext.datastore.backend.postgres import get_write_engine

from ..support import costs


@pytest.fixture(autouse=True)
def _portal(with_plugins):
    """Databases are only read here."""


def test_statements_of_both_databases_are_counted():
    with costs() as cost:
        model.Session.execute(sa.text("SELECT 1"))
        with get_write_engine().connect() as connection:
            connection.execute(sa.text("SELECT 2"))
    assert (cost.statements, cost.sql, cost.solr) == (["SELECT 1", "SELECT 2"], 2, 0)


def test_requests_to_solr_are_counted():
    with costs() as cost:
        make_connection().search("*:*", rows=0)
    assert (cost.sql, cost.solr) == (0, 1)


def test_what_is_outside_the_block_is_not_counted():
    with costs() as outer, costs() as inner:
        model.Session.execute(sa.text("SELECT 1"))
    model.Session.execute(sa.text("SELECT 2"))
    make_connection().search("*:*", rows=0)
    assert (outer.sql, outer.solr) == (inner.sql, inner.solr) == (1, 0)

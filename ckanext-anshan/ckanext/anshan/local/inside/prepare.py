"""Brings the database, the accounts and the index up to date: one process, one JSON line as its answer.

python -m ckanext.anshan.local.inside.prepare '{"accounts": true, "reindex": false, "migrate": true}'
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from ckan.cli.cli import ckan

from ...audit import permissions as log
from ..lifecycle import portal_of
from ..postgres import Postgres
from .worker import call, has

INI = os.environ["CKAN_INI"]


def main(wish: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    with redirect_stdout(sys.stderr), ckan.make_context("ckan", ["-c", INI, "db"]) as context:
        if wish.get("migrate"):
            postgres = Postgres(portal_of(Path(INI).parent))
            main = database()
            postgres.sql(log.given_back(main["db_user"]), main["db_name"])
            migrate()
            postgres.sql(permissions())
            postgres.sql(log.sql(main["db_user"]), main["db_name"])
        with context.meta["flask_app"].test_request_context():
            if has("anshan", "repair"):
                call(context, "anshan", "repair")
            if wish.get("restored"):
                restored(wish["restored"])
            if wish.get("demo") and has("anshan", "demo", "load"):
                call(context, "anshan", "demo", "load")
                told["demo"] = "loaded"
            if wish.get("accounts"):
                from . import accounts

                path = portal_of(Path(INI).parent).layout.accounts
                told["accounts"] = accounts.make(path, wish.get("everybody", True))
            if wish.get("reindex"):
                reindex()
    return told


def migrate() -> None:
    from ckan.cli.db import _migrate_plugins, _run_migrations

    _run_migrations("", "head")
    _migrate_plugins(apply=True)


def restored(moment: str) -> None:
    """Record, once, that the portal was put back as it was at the moment of a backup."""
    from ckanext.anshan.audit import repairs

    repairs.portal_restored(moment)


def database() -> dict[str, str]:
    """The main database's name and the role that the portal uses it as."""
    from ckan.model import parse_db_config

    return parse_db_config("sqlalchemy.url") or {}


def permissions() -> str:
    """The SQL that gives the read-only role its rights in the DataStore."""
    from ckan.common import config
    from ckan.model import parse_db_config
    from ckanext.datastore.cli import permissions_sql

    main, write, read = (
        parse_db_config(name) for name in ("sqlalchemy.url", "ckan.datastore.write_url", "ckan.datastore.read_url")
    )
    assert main and write and read and config
    return permissions_sql(main["db_name"], write["db_name"], main["db_user"], write["db_user"], read["db_user"])


def reindex() -> None:
    from ckan import model
    from ckan.lib.search import clear_all

    from ckanext.anshan.store.index import index

    clear_all()
    index([str(id) for (id,) in model.Session.query(model.Package.id).filter(model.Package.state == "active")])


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))

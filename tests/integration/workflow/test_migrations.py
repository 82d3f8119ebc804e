"""The tables of the rooms that have any: the migrations make what the models say, both ways."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from ckan import model
from ckan.plugins import toolkit as tk

import ckanext.anshan
from ckanext.anshan.access import model as access
from ckanext.anshan.applicants import model as applicants
from ckanext.anshan.application import model as application
from ckanext.anshan.audit import model as audit
from ckanext.anshan.inspection import model as inspection
from ckanext.anshan.people import model as people
from ckanext.anshan.release import model as release
from ckanext.anshan.review import model as review
from ckanext.anshan.sharing import model as sharing
from ckanext.anshan.workflow import model as workflow

from ..audit.support import address, connected

pytestmark = pytest.mark.usefixtures("with_plugins")

FOLDER = Path(str(ckanext.anshan.__file__)).parent / "migration" / "anshan"
SCHEMA = "anshan_scratch"
URL_OPTION = f"options=-csearch_path%3D{SCHEMA}"


def models() -> sa.MetaData:
    merged = sa.MetaData()
    for room in (access, applicants, application, audit, inspection, people, release, review, sharing, workflow):
        for table in room.metadata.tables.values():
            table.to_metadata(merged)
    return merged


@pytest.fixture
def scratch():
    """An empty schema beside the tables of the tests: address and engine."""
    url = tk.config["sqlalchemy.url"]
    assert model.meta.engine is not None
    url += ("&" if "?" in url else "?") + URL_OPTION
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
    engine = sa.create_engine(url)
    yield url, engine
    engine.dispose()
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {SCHEMA} CASCADE"))


def differences(engine: sa.Engine) -> list:
    merged = models()

    def ours(name, kind, parents):
        return kind != "table" or name in merged.tables

    with engine.connect() as connection:
        options = {"include_name": ours, "compare_type": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), merged)


def test_head_equals_the_models_and_base_is_empty(scratch):
    url, engine = scratch
    config = Config(str(FOLDER / "alembic.ini"))
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    for _ in range(2):
        command.upgrade(config, "head")
        assert differences(engine) == []
        command.downgrade(config, "base")
        assert set(sa.inspect(engine).get_table_names()) == {"anshan_alembic_version"}


@pytest.fixture
def newborn(portal_data: Path):
    """The address of a database without a table."""
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("DROP DATABASE IF EXISTS newborn WITH (FORCE)")
        superuser.execute("CREATE DATABASE newborn OWNER ckan")
    yield address(portal_data, "ckan").replace("/ckan_test", "/newborn")
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("DROP DATABASE newborn WITH (FORCE)")


def test_a_first_start_that_was_broken_off_between_the_migrations_goes_on(newborn: str):
    """CKAN adds its own account as soon as its tables are there, whoever runs which command."""

    def ckan(*words: str) -> None:
        command = [str(Path(sys.executable).with_name("ckan")), "-c", os.environ["CKAN_INI"], *words]
        done = subprocess.run(
            command, env=os.environ | {"CKAN_SQLALCHEMY_URL": newborn}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]

    ckan("db", "upgrade", "--skip-plugins")
    ckan("user", "list")
    ckan("db", "upgrade")
    ckan("anshan", "repair")
    engine = sa.create_engine(newborn)
    with engine.connect() as connection:
        told = "SELECT count(*) FROM anshan_audit_event WHERE object_type = 'account'"
        assert connection.execute(sa.text(told)).scalar() == 1
    engine.dispose()

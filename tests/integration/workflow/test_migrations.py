"""The tables of workflow, release, access and the log: what the migrations make is what the models say, both ways."""

from __future__ import annotations

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
from ckanext.anshan.audit import model as audit
from ckanext.anshan.release import model as release
from ckanext.anshan.workflow import model as workflow

pytestmark = pytest.mark.usefixtures("with_plugins")

FOLDER = Path(str(ckanext.anshan.__file__)).parent / "migration" / "anshan"
SCHEMA = "anshan_scratch"
URL_OPTION = f"options=-csearch_path%3D{SCHEMA}"


def models() -> sa.MetaData:
    merged = sa.MetaData()
    for metadata in (access.metadata, audit.metadata, release.metadata, workflow.metadata):
        for table in metadata.tables.values():
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

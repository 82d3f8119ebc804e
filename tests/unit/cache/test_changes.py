"""Which statements change what visitors see."""

from __future__ import annotations

import pytest

from ckanext.anshan.cache.rules import is_shown


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE package SET title=%(title)s WHERE package.id = %(id)s",
        'INSERT INTO "group" (id) VALUES (%(id)s)',
        "DELETE FROM resource WHERE id = 'x'",
        "\n   delete   from member",
        "INSERT INTO anshan_release_release (id) VALUES (%s) RETURNING id",
        "WITH old AS (SELECT 1) UPDATE anshan_release_release SET state = 'suspended' FROM old",
        "WITH gone AS (DELETE FROM package RETURNING id) SELECT * FROM gone",
        'UPDATE "user" SET fullname=%(fullname)s, last_active=%(last_active)s WHERE "user".id = %(id)s',
        "INSERT INTO system_info (key, value) VALUES (%(key)s, %(value)s)",
    ],
)
def test_a_change_of_what_pages_show(statement):
    assert is_shown(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM package",
        "SAVEPOINT a",
        "INSERT INTO anshan_workflow_outbox (kind) VALUES (%s)",
        "INSERT INTO anshan_catalogue_draft (id) VALUES (%s) ON CONFLICT (id) DO UPDATE SET given = %s",
        "INSERT INTO anshan_access_download (n) VALUES (1) ON CONFLICT (day) DO UPDATE SET n = 2",
        'UPDATE "user" SET last_active=%(last_active)s WHERE "user".id = %(user_id)s',
        "UPDATE api_token SET last_access=%(last_access)s WHERE api_token.id = %(api_token_id)s",
    ],
)
def test_what_is_written_while_people_look(statement):
    assert not is_shown(statement)

"""By hand, past every action: the database refuses a grant without an agreement, and a change of what was signed."""

from __future__ import annotations

import uuid
from functools import cache

import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError

from . import town
from .town import do

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]


@cache
def made(state):
    here = town.make()
    found = town.released(here) if state == "dataset" else None
    return found or getattr(town, state)(here, made("dataset"))


def refuses(statement, **values):
    """The message with which the database refuses it."""
    model.Session.rollback()
    assert model.meta.engine is not None
    with pytest.raises(DBAPIError) as refused, model.meta.engine.begin() as connection:
        connection.execute(sa.text(statement), values)
    return str(refused.value.orig)


GRANT = """
INSERT INTO anshan_access_grant (id, application_id, number, kind, dataset_id, provider, holders, scope, agreement,
    daily_quota, mark, starts, ends, state)
SELECT :id, id, number, :kind, :dataset, agency, '[]', '{}', :agreement, 10, '\\x00', now(), now() + interval '1 day',
    'active'
FROM anshan_application_application WHERE id = :application
"""


@pytest.mark.parametrize("state", ["submitted", "approved", "accepted"])
@pytest.mark.parametrize("is_shared", [False, True])
def test_no_grant_before_both_sides_have_signed(state, is_shared):
    found = made(state)
    agreement = "" if is_shared or not found["agreement"] else found["agreement"]["hash"]
    given = {"id": str(uuid.uuid4()), "dataset": "another", "agreement": agreement, "application": found["id"]}
    assert "a grant needs" in refuses(GRANT, **given, kind="sharing" if is_shared else "opening")


def test_no_second_grant_under_another_agreement_or_none():
    found = made("active")
    for agreement in ("", "0" * 64):
        given = {"id": str(uuid.uuid4()), "dataset": "another", "agreement": agreement, "application": found["id"]}
        assert "a grant needs" in refuses(GRANT, **given, kind="opening")


def test_an_application_set_to_in_use_by_hand_gives_no_grant():
    here = town.make()
    found = town.approved(here, made("dataset"))
    assert model.meta.engine is not None
    with model.meta.engine.begin() as connection:
        query = "UPDATE anshan_application_application SET state = 'active' WHERE id = :id"
        connection.execute(sa.text(query), {"id": found["id"]})
    given = {"id": str(uuid.uuid4()), "dataset": "another", "agreement": found["agreement"]["hash"]}
    assert "both sides signed" in refuses(GRANT, **given, application=found["id"], kind="opening")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE anshan_application_agreement SET document = '{}'",
        "DELETE FROM anshan_application_agreement",
        "UPDATE anshan_application_version SET frozen = '{}'",
        "DELETE FROM anshan_application_version",
        "UPDATE anshan_application_event SET facts = '{}'",
        "DELETE FROM anshan_application_event",
        "UPDATE anshan_application_signature SET user_id = 'another'",
        "DELETE FROM anshan_application_signature",
    ],
)
def test_what_was_sent_and_signed_stays(change):
    found = made("active")
    assert "cannot be changed or deleted" in refuses(f"{change} WHERE application_id = :id", id=found["id"])


@pytest.mark.parametrize("name", ["agreement", "version", "event", "signature"])
def test_what_was_sent_and_signed_is_never_emptied(name):
    assert "cannot be changed or deleted" in refuses(f"TRUNCATE anshan_application_{name} CASCADE")


@pytest.mark.parametrize(
    "change",
    [
        "scope = jsonb_set(scope, '{columns}', '[\"单位名称\", \"联系电话\"]')",
        "ends = ends + 1",
        "holders = '[]'",
        "agreement = ''",
        "daily_quota = daily_quota + 1",
        "dataset_id = 'another'",
        "starts = starts - 1",
    ],
)
def test_a_grant_is_never_widened_or_prolonged(change):
    query = f"UPDATE anshan_access_grant SET {change} WHERE application_id = :id"
    assert "a grant" in refuses(query, id=made("active")["id"])


def test_a_grant_that_is_over_and_a_final_application_stay_so():
    here = town.make()
    found = do(here.person, town.active(here, made("dataset")), "end", declaration="已销毁")
    for state in ("active", "suspended"):
        query = "UPDATE anshan_access_grant SET state = :state WHERE application_id = :id"
        assert "stays so" in refuses(query, state=state, id=found["id"])
        query = "UPDATE anshan_application_application SET state = :state WHERE id = :id"
        assert "stays so" in refuses(query, state=state, id=found["id"])
    assert "kept" in refuses("DELETE FROM anshan_access_grant WHERE application_id = :id", id=found["id"])
    assert "kept" in refuses("DELETE FROM anshan_application_application WHERE id = :id", id=found["id"])

"""A company that may use a conditional table, and those who may not: shared by the tests of what is handed out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from tests.integration.applicants import town as applicants
from tests.integration.application import town as towns
from tests.integration.support import as_user, work

Made = dict[str, Any]
FILE = "协议.csv"
COLUMNS = ["单位名称", "区县", "日收运量"]
ROWS = 200


@dataclass(frozen=True)
class Granted:
    town: towns.Town
    dataset: Made
    number: str

    @property
    def holder(self) -> Mapping[str, Any]:
        return self.town.person

    def ask(self, user: Mapping[str, Any] | None = None, **query: Any) -> Made:
        model.Session.rollback()
        return as_user(user or self.holder, "anshan_grant_query", id=self.number, dataset=self.dataset["name"], **query)

    def address(self, name: str = f"{FILE}.csv") -> str:
        return f"/grant/{self.number}/{self.dataset['name']}/{name}"

    def row(self) -> Any:
        model.Session.rollback()
        query = sa.text("SELECT * FROM anshan_access_grant WHERE number = :number")
        return model.Session.execute(query, {"number": self.number}).one()

    def deliveries(self) -> list[Any]:
        model.Session.rollback()
        query = sa.text("SELECT * FROM anshan_access_delivery WHERE grant_id = :id ORDER BY id")
        return list(model.Session.execute(query, {"id": self.row().id}))

    def used(self, method: str) -> Any:
        model.Session.rollback()
        query = sa.text("SELECT * FROM anshan_access_usage WHERE grant_id = :id AND method = :method")
        return model.Session.execute(query, {"id": self.row().id, "method": method}).first()


def within(app: Any, call: Any, *given: Any, **more: Any) -> Any:
    """What needs a request, outside of those that a test makes: they would share what they know of the reader."""
    with app.flask_app.test_request_context():
        return call(*given, **more)


@cache
def make(group: str = "own", content: str = towns.TABLE, **more: Any) -> Granted:
    """One for each group of tests."""
    town = towns.make(group)
    return grant(town, towns.released(town, content))


def grant(town: towns.Town, dataset: Made) -> Granted:
    made = towns.active(town, dataset)
    work()
    return Granted(town, dataset, made["number"])


@cache
def stranger() -> Mapping[str, Any]:
    return factories.User()


@cache
def sysadmin() -> Mapping[str, Any]:
    return factories.Sysadmin()


@cache
def _token(id: str) -> dict[str, str]:
    return applicants.token({"id": id})


def by(user: Mapping[str, Any], **headers: str) -> dict[str, str]:
    """Headers of a program with an API token of CKAN's."""
    return {**_token(user["id"]), **headers}


def rows_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def events(number: str, kind: str) -> list[Any]:
    model.Session.rollback()
    query = sa.text(
        "SELECT body::jsonb AS body FROM anshan_audit_event WHERE kind = :kind"
        " AND body::jsonb #>> '{facts,application}' = :number ORDER BY at"
    )
    return [row.body for row in model.Session.execute(query, {"kind": kind, "number": number})]

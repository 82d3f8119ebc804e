"""An import may say first what it would do; it does it when told to, once."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.anshan.catalogue.exchange import templates

from ..catalogue.conftest import make_agency

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def planned(tmp_path: Any) -> dict[str, Any]:
    """One good row and one with an error, judged and not written."""
    agency = model.Group.get(make_agency().id)
    assert agency
    templates.write(tmp_path / "t.csv")
    row = next(csv.DictReader(io.StringIO((tmp_path / "t.csv").read_text("utf-8-sig"))))
    good = {**row, "目录名称": "停车场", "数据提供部门": agency.title, "提供部门代码": "", "目录编码": ""}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerows([good, {**good, "目录名称": "医院", "开放属性": "看情况"}])
    file = FileStorage(io.BytesIO(text.getvalue().encode()), "目录.csv")
    run = call_action("anshan_catalogue_import", upload=file, plan=True)
    return {**run, "agency": agency.id}


def entries(agency: str) -> list[str]:
    return [row.title for row in model.Session.query(model.Package).filter_by(owner_org=agency, type="entry")]


def test_a_plan_counts_and_names_faults_and_writes_nothing(planned: dict[str, Any]) -> None:
    assert (planned["state"], planned["goes_on"]) == ("planned", False)
    assert (planned["created"], planned["refused"], planned["errors"]) == (1, 1, 1)
    assert [(each["row"], each["code"]) for each in planned["problems"]] == [(3, "unknown_term")]
    assert entries(planned["agency"]) == []


def test_a_plan_is_carried_out_once(planned: dict[str, Any]) -> None:
    done = call_action("anshan_catalogue_import_start", id=planned["id"])
    assert (done["state"], done["created"], done["refused"], done["errors"]) == ("done", 1, 1, 1)
    assert entries(planned["agency"]) == ["停车场"]
    with pytest.raises(tk.ObjectNotFound):
        call_action("anshan_catalogue_import_start", id=planned["id"])


def test_only_the_bureau_carries_a_plan_out(planned: dict[str, Any]) -> None:
    publisher = {"user": make_agency().publisher["name"], "ignore_auth": False}
    with pytest.raises(tk.NotAuthorized):
        call_action("anshan_catalogue_import_start", publisher, id=planned["id"])

"""The list of entries: what is missing, late and released, at a cost that doesn't grow with its rows."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.lib.search import rebuild
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ..support import costs
from .conftest import Agency, create
from .test_views import as_user, page

pytestmark = pytest.mark.usefixtures("with_plugins")
STATEMENTS, REQUESTS = 20, 1
"""Of the page for a publisher with a token (three of them read and note that), whatever it lists."""


def listed(app: Any, agency: Agency, **asked: Any) -> dict[str, Any]:
    context = {"user": agency.publisher["name"], "ignore_auth": False}
    organization = model.Group.get(agency.id)
    assert organization
    with app.flask_app.test_request_context():  # facets are named in a language
        return call_action("anshan_catalogue_entry_list", context, organization=organization.name, **asked)


def titles(found: dict[str, Any]) -> set[str]:
    return {one["title"] for one in found["entries"]}


def incomplete(agency: Agency) -> dict[str, Any]:
    """As an import leaves one: its summary and the type of an item are missing."""
    made = create(agency, title="缺摘要的目录")
    package = model.Package.get(made["id"])
    assert package
    package.notes = ""
    model.Session.commit()
    rebuild(made["id"])
    return made


def test_each_entry_says_what_is_missing_and_whether_it_is_late(app: Any, agency: Agency) -> None:
    create(agency, title="齐全的目录")
    create(agency, title="逾期的目录", next_update_due="2020-01-31")
    incomplete(agency)
    assert titles(listed(app, agency, state="complete")) == {"齐全的目录", "逾期的目录"}
    assert titles(listed(app, agency, state="late")) == {"逾期的目录"}
    (lacks,) = listed(app, agency, state="incomplete")["entries"]
    assert (lacks["title"], lacks["gaps"], lacks["late"]) == ("缺摘要的目录", ["notes"], False)


def test_a_gap_links_to_its_field(app: Any, agency: Agency) -> None:
    made = incomplete(agency)
    link = f"/entry/edit/{made['name']}#field-notes"
    for path in (f"/entry/{made['name']}", "/entry/?state=incomplete"):
        assert page(app.get(path, **as_user(agency.publisher))).find("a", href=link), path


def test_filters_narrow_and_nonsense_is_refused(app: Any, agency: Agency) -> None:
    create(agency, title="停车场", themes=["transport"])
    create(agency, "conditional", title="企业排污", notes="排放口的小时浓度。")
    assert titles(listed(app, agency, theme="transport")) == {"停车场"}
    assert titles(listed(app, agency, opening_class="conditional")) == {"企业排污"}
    assert titles(listed(app, agency, q="企业排污")) == {"企业排污"}
    with pytest.raises(tk.ValidationError):
        listed(app, agency, state="x")


def test_a_filter_that_leaves_nothing_stays_chosen(app: Any, agency: Agency) -> None:
    shown = page(app.get("/entry/?theme=transport&q=没有这样的目录", **as_user(agency.publisher)))
    assert shown.select_one("#by-theme option[selected]")["value"] == "transport"


def test_agencies_see_their_own(app: Any, agency: Agency, other_agency: Agency) -> None:
    made = create(agency, title="自己的目录")
    assert made["name"] in app.get("/entry/?q=自己的目录", **as_user(agency.publisher)).body
    assert made["name"] not in app.get("/entry/?q=自己的目录", **as_user(other_agency.publisher)).body


def test_the_page_costs_the_same_for_one_row_and_for_many(app: Any, agency: Agency) -> None:
    name = model.Group.get(agency.id).name  # type: ignore[union-attr]
    create(agency)
    path = f"/entry/?organization={name}"
    app.get(path, **as_user(agency.publisher))
    with costs() as one:
        app.get(path, **as_user(agency.publisher))
    for number in range(4):
        create(agency, title=f"第{number}份")
    with costs() as many:
        assert app.get(path, **as_user(agency.publisher)).body.count('<th scope="row">') == 5
    assert (many.sql, many.solr) == (one.sql, one.solr) == (STATEMENTS, REQUESTS), "\n".join(
        " ".join(s.split())[:150] for s in many.statements
    )


def test_editors_export_what_is_their_agencys(app: Any, agency: Agency, other_agency: Agency) -> None:
    create(agency, title="要导出的目录")
    name = model.Group.get(agency.id).name  # type: ignore[union-attr]
    path = f"/catalogue/export/own.csv?organization={name}"
    assert "要导出的目录" in app.get(path, **as_user(agency.publisher)).body
    assert app.get(path, **as_user(other_agency.publisher)).status_code == 403
    assert app.get("/catalogue/export/own.csv", **as_user(agency.publisher)).status_code == 403

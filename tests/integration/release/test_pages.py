"""The page of suspensions: for everybody to read, with forms for the offices."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ..catalogue.test_views import as_user as logged_in
from ..support import CSV, agency, as_user, entry, published, release
from .offices import offices

pytestmark = pytest.mark.usefixtures("with_plugins")


def known(user: Any) -> dict[str, Any]:
    return logged_in({"token": factories.APIToken(user=user["name"])["token"]})


def page(app: Any, **given: Any) -> BeautifulSoup:
    return BeautifulSoup(app.get("/en/suspensions", **given).body, "html.parser")


def test_the_page_of_suspensions_is_for_all_and_its_forms_for_the_offices(app: Any, tmp_path: Any) -> None:
    two, found = offices(), entry("unconditional", agency())
    release(tmp_path, found, {"a.csv": CSV})
    public = published(found)
    cyberspace, bureau = known(two.cyberspace), known(two.bureau)
    wrong = app.post("/suspensions", data={"id": public["name"]}, status=400, **cyberspace)
    assert f'value="{public["name"]}"' in wrong.body, "what was typed is still there"
    assert app.post("/suspensions", data={"id": "x", "reason": "x"}, status=404, **cyberspace)
    given = {"id": public["name"], "reason": "待核实坐标"}
    assert app.post("/suspensions", data=given, status=403, **bureau)
    assert app.post("/suspensions", data=given, **cyberspace).status_code == 302
    id = as_user({"name": ""}, "anshan_suspension_list", id=public["id"])["suspensions"][0]["id"]
    lift = f"form[action$='/suspensions/{id}/lift']"
    assert "待核实坐标" in page(app).get_text() and not page(app).select("main form[method=post]")
    assert page(app, **bureau).select(lift) and not page(app, **bureau).select("form[action$='/suspensions']")
    assert app.post(f"/suspensions/{id}/lift", data={"reason": "同意"}, **bureau).status_code == 302
    assert not page(app, **bureau).select(lift) and page(app, **cyberspace).select(lift)
    again = app.post(f"/suspensions/{id}/lift", data={"reason": "同意"}, status=400, **bureau)
    assert "lift" in again.body
    assert app.post(f"/suspensions/{id}/lift", data={"reason": "好"}, **cyberspace).status_code == 302
    assert app.get(f"/dataset/{public['name']}").status_code == 200
    assert (
        id not in page(app).decode() and id in BeautifulSoup(app.get("/suspensions?all=").body, "html.parser").decode()
    )
    assert app.post(f"/suspensions/{id}/lift", data={"reason": "好"}, follow_redirects=False).status_code == 302


def test_a_sysadmin_finds_no_form(app: Any) -> None:
    sysadmin = logged_in(factories.SysadminWithToken())
    assert not page(app, **sysadmin).select("main form[method=post]")
    assert app.post("/suspensions", data={"id": "x", "reason": "x"}, status=403, **sysadmin)


def test_the_cyberspace_office_comes_from_a_dataset_to_the_form_with_its_name(app: Any) -> None:
    two = offices()
    for user, has_link in ((two.cyberspace, True), (two.bureau, False)):
        shown = BeautifulSoup(app.get("/en/about", **known(user)).body, "html.parser")
        assert bool(shown.select(".account a[href='/en/suspensions']")) is has_link
    given = known(two.cyberspace)
    given["headers"] = {**given.get("headers", {}), "Referer": "http://localhost/en/dataset/open-1121?q=1"}
    field = page(app, **given).select_one("#suspend-id")
    assert field and field["value"] == "open-1121"

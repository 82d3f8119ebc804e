"""The pages of those who answer applications, without scripts: desk, one application, several at once, deputies."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from tests.integration.catalogue.test_views import as_user as logged_in

from . import town
from .test_judging import REASONS, dataset, here
from .town import do

pytestmark = pytest.mark.usefixtures("with_plugins")


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.body, "html.parser")


def in_context(app: Any, call: Any, *args: Any, **more: Any) -> Any:
    with app.flask_app.test_request_context():
        return call(*args, **more)


def submitted() -> Any:
    return town.submitted(here(), dataset())


def form_of(page: BeautifulSoup, command: str) -> dict[str, Any]:
    """What a browser sends of the form of a command, as it stands."""
    found: dict[str, Any] = {}
    for field in page.select(f"form#judge-{command} [name]"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.name == "button" or field.has_attr("disabled"):
            continue
        found.setdefault(str(field["name"]), []).append(
            field.get("value", "") if field.name != "textarea" else field.text
        )
    return found


def test_pages_are_for_those_who_judge(app: Any):
    assert app.get("/applications/desk", follow_redirects=False).status_code == 302
    for path in ("/applications/desk", "/applications/deputies"):
        app.get(path, status=403, **logged_in(factories.UserWithToken()))
        app.get(path, status=403, **logged_in(factories.SysadminWithToken()))


def test_a_part_is_approved_on_the_page(app: Any):
    made = in_context(app, submitted)
    known = logged_in(dict(in_context(app, here).editor))
    desk = soup(app.get("/en/applications/desk?group=all", **known))
    assert made["number"] in desk.get_text()
    page = soup(app.get(f"/en/application/{made['number']}/examine", **known))
    form = form_of(page, "approve")
    id = in_context(app, dataset)["id"]
    form[f"column.{id}"] = ["单位名称"]
    form["conditions"] = "每季度报告\n只在本市使用"
    form |= {name: "另一用途" for name in form if name.startswith("seen.")}
    answer = app.post(f"/application/{made['number']}/judge/approve", data=form, **known)
    assert answer.status_code == 302, soup(answer).select(".notice")
    found = in_context(app, lambda: town.show(here().editor, made))
    assert (found["result"], found["items"][0]["decided"]["columns"]) == ("part", ["单位名称"])


def test_a_refusal_comes_back_with_what_is_pointed_out_and_what_was_typed(app: Any):
    in_context(app, lambda: town.approved(here(), dataset()))
    made = in_context(app, submitted)
    known = logged_in(dict(in_context(app, here).editor))
    path = f"/en/application/{made['number']}/judge/refuse"
    form = {**REASONS, "ground": "not_supplemented", "explanation": "说明文字甲"}
    checked = soup(app.post(path, data={**form, "check": "1"}, **known))
    assert len(checked.select("#judge-refuse .judge-remark")) == 2 and "Nothing was sent" in checked.get_text()
    page = soup(app.post(path, data=form, status=400, **known))
    assert len(page.select("#judge-refuse .judge-remark textarea")) == 2 and "说明文字甲" in page.get_text()
    seen = {f"seen.{code}": "另有情形" for code in ("ground_not_stated", "unlike_earlier")}
    assert app.post(path, data={**form, **seen}, **known).status_code == 302
    assert in_context(app, lambda: town.show(here().editor, made))["state"] == "refused"


def test_several_on_the_page_ask_for_each_reason_before_any_is_done(app: Any):
    made = [in_context(app, submitted) for _ in range(2)]
    ids = [one["number"] for one in made]
    known = logged_in(dict(in_context(app, here).editor))
    page = soup(app.get("/en/applications/bulk?command=refuse&" + "&".join(f"id={id}" for id in ids), **known))
    assert len(page.select("section.rvq-back")) == 2
    form = {"command": "extend", "id": ids, f"reason.{ids[0]}": "资料较多"}
    app.post("/en/applications/bulk", data=form, status=400, **known)
    done = soup(app.post("/en/applications/bulk", data={**form, f"reason.{ids[1]}": "需会商"}, **known))
    assert done.h1 and "2 applications answered" in done.h1.get_text()


def test_identity_is_on_the_page_only_after_a_reason(app: Any):
    made = in_context(app, submitted)
    known = logged_in(dict(in_context(app, here).editor))
    page = app.get(f"/en/application/{made['number']}/examine", **known)
    full = in_context(app, lambda: do(here().editor, made, "identify", reason="核对"))[0]["phone"]
    assert full not in page.body
    told = app.post(f"/en/application/{made['number']}/judge/identify", data={"reason": "核对"}, **known)
    assert full in told.body

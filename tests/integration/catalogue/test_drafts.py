"""What is typed into the form of an entry outlives a failed save, a closed tab and another's change."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from tests.unit.catalogue.entries import item

from .conftest import Agency, create, patch
from .test_views import as_user, page, typed

pytestmark = pytest.mark.usefixtures("with_plugins")


def draft(agency: Agency, name: str, user: dict[str, Any] | None = None, **given: Any) -> Any:
    context = {"user": (user or agency.publisher)["name"], "ignore_auth": False}
    return call_action(f"anshan_catalogue_draft_{name}", context, **given)


@pytest.fixture
def new(agency: Agency) -> dict[str, Any]:
    """The draft of a new entry; accounts are shared between tests, so an earlier one goes first."""
    draft(agency, "discard")
    return draft(agency, "save", typed={"title": "写了一半", "information_items-0-name": "站名"})


def test_the_form_brings_back_what_was_left_there(app: Any, agency: Agency, new: dict[str, Any]) -> None:
    shown = page(app.get("/entry/new", **as_user(agency.publisher)))
    assert shown.find(id="field-title")["value"] == "写了一半"
    assert shown.find(id="field-information_items-0-name")["value"] == "站名"
    assert shown.find("input", {"name": "draft_version"})["value"] == str(new["version"]) == "1"


def test_a_draft_is_its_writers_alone(app: Any, agency: Agency, new: dict[str, Any]) -> None:
    assert "写了一半" not in app.get("/entry/new", **as_user(agency.head)).body
    with pytest.raises(tk.ObjectNotFound):
        draft(agency, "show", agency.head)


def test_the_list_names_the_drafts_of_its_reader(app: Any, agency: Agency, new: dict[str, Any]) -> None:
    made = create(agency, title="已有的目录")
    draft(agency, "save", entry=made["id"], typed={"title": "改到一半"})
    shown = page(app.get("/entry/", **as_user(agency.publisher))).find(class_="list-drafts")
    assert shown.find("a")["href"] == f"/entry/edit/{made['name']}"
    assert "改到一半" in shown.text and "写了一半" in shown.text
    assert "写了一半" not in app.get("/entry/", **as_user(agency.head)).body


@pytest.mark.parametrize("name", ["save", "show", "discard"])
def test_who_may_not_write_an_entry_has_no_draft_of_it(agency: Agency, other_agency: Agency, name: str) -> None:
    made = create(agency)
    for user in (other_agency.publisher, agency.reader):
        with pytest.raises(tk.NotAuthorized):
            draft(agency, name, user, entry=made["id"], **({"typed": {}} if name == "save" else {}))


def test_a_failed_save_leaves_the_draft_and_a_save_ends_it(app: Any, agency: Agency, new: dict[str, Any]) -> None:
    assert app.post("/entry/new", data=typed(agency, title=""), **as_user(agency.publisher)).status_code == 200
    assert draft(agency, "show")["typed"]["title"] == "写了一半"
    assert app.post("/entry/new", data=typed(agency), **as_user(agency.publisher)).status_code == 302
    with pytest.raises(tk.ObjectNotFound):
        draft(agency, "show")


def test_a_change_by_api_leaves_the_draft(agency: Agency) -> None:
    made = create(agency)
    draft(agency, "save", entry=made["id"], typed={"title": "别丢"}, based_on=made["metadata_modified"])
    patch(agency, made["id"], source_system="新系统")
    found = draft(agency, "show", entry=made["id"])
    assert (found["typed"]["title"], found["changed"]) == ("别丢", True)


def test_two_windows_dont_write_over_each_other(agency: Agency, new: dict[str, Any]) -> None:
    draft(agency, "save", typed={"title": "第一个窗口"}, version=1)
    with pytest.raises(tk.ValidationError) as refused:
        draft(agency, "save", typed={"title": "第二个窗口"}, version=1)
    assert "another window" in str(refused.value.error_dict["version"]) or "另一个窗口" in str(refused.value.error_dict)
    assert draft(agency, "show")["typed"]["title"] == "第一个窗口"


def test_a_draft_has_a_largest_size(agency: Agency) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        draft(agency, "save", typed={"title": "长" * 400_000})
    assert "typed" in refused.value.error_dict


def test_saving_over_anothers_change_is_told_once_and_then_done(app: Any, agency: Agency) -> None:
    made = create(agency)
    patch(agency, made["id"], source_system="别人改的")
    data = typed(agency, title="我的名称", based_on=made["metadata_modified"])
    path = f"/entry/edit/{made['name']}"
    shown = page(app.post(path, data=data, **as_user(agency.publisher)))
    assert shown.select_one(f'.error-summary a[href$="/entry/{made["name"]}"]')
    assert call_action("package_show", id=made["id"])["title"] != "我的名称"
    data["based_on"] = shown.find("input", {"name": "based_on"})["value"]
    assert app.post(path, data=data, **as_user(agency.publisher)).status_code == 302
    assert call_action("package_show", id=made["id"])["title"] == "我的名称"


def test_a_script_is_told_how_the_form_stands(app: Any, agency: Agency) -> None:
    draft(agency, "discard")
    data = typed(agency, "unconditional", information_items=[item("电话", sensitive="yes")], draft_version=0)
    headers = {"Authorization": agency.publisher["token"], "Accept": "application/json"}
    told = app.post("/en/entry/draft", data=data, headers=headers).json
    assert told["version"] == 1 and "Sensitive items: 1 (电话)" in told["forbidden"]["unconditional"]
    assert told["forbidden"]["conditional"] == ""
    assert "1 item, 1 sensitive" in told["parts"]["counts"]
    assert "is-wrong" in told["parts"]["nav"]
    model.Session.rollback()


def test_without_scripts_a_draft_is_a_button(app: Any, agency: Agency) -> None:
    draft(agency, "discard")
    data = {"title": "没写完", "draft_of": "", "draft_version": "0", "save": "draft"}
    answer = app.post("/entry/draft", data=data, **as_user(agency.publisher))
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/entry/new")
    assert draft(agency, "show")["typed"] == {"title": "没写完"}
    app.post("/entry/draft/discard", data={"draft_of": ""}, **as_user(agency.publisher))
    assert "没写完" not in app.get("/entry/new", **as_user(agency.publisher)).body


def test_pasted_items_are_saved_without_scripts(app: Any, agency: Agency) -> None:
    data = typed(agency, items_pasted="名称\t字段名\t数据类型\n泊位数\tspaces\t整数\n地址\taddress\t字符型\n")
    answer = app.post("/entry/new", data=data, **as_user(agency.publisher))
    assert answer.status_code == 302, page(answer).find(class_="error-summary")
    made = call_action("package_show", id=answer.headers["Location"].rsplit("/", 1)[-1])
    assert [(one["name"], one["type"]) for one in made["information_items"]][1:] == [
        ("泊位数", "integer"),
        ("地址", "text"),
    ]


def test_columns_of_a_file_become_items(app: Any, agency: Agency) -> None:
    file = (BytesIO("站名,人数\n鞍山站,12\n".encode("gb18030")), "a.csv")
    found = app.post("/entry/items", data={"file": file, "draft_of": ""}, **as_user(agency.publisher)).json["items"]
    assert [(one["name"], one["type"]) for one in found] == [("站名", "text"), ("人数", "integer")]
    broken = app.post(
        "/entry/items", data={"file": (BytesIO(b"%PDF-1.7"), "a.csv"), "draft_of": ""}, **as_user(agency.publisher)
    )
    assert broken.status_code == 409 and "PDF" in broken.json["error"]
    assert app.post("/entry/items", data={"text": "甲"}).status_code in (302, 403)

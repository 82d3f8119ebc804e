"""The pages of an entry, as the agency's people and strangers see them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import ckanapi
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.unit.catalogue.entries import entry, item

from .conftest import Agency, create

pytestmark = pytest.mark.usefixtures("with_plugins")
HTML = "<script>alert(1)</script>"


def typed(agency: Agency, kind: str = "unconditional", **more: Any) -> dict[str, Any]:
    """An entry as the browser sends it."""
    data = entry(kind, owner_org=agency.id, save="save", **more)
    for row, each in enumerate(data.pop("information_items")):
        data |= {f"information_items-{row}-{name}": value for name, value in each.items()}
    return data


def as_user(user: dict[str, Any]) -> dict[str, Any]:
    return {"headers": {"Authorization": user["token"]}, "follow_redirects": False}


class Remote:
    """The portal as ckanapi's client calls it, without a socket."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def post(self, url: str, params: Any, headers: Any, expect_errors: bool) -> Any:
        return self.app.post(url, data=params, headers=headers)


def page(response: Any) -> Any:
    return BeautifulSoup(response.body, "html.parser")


@pytest.mark.parametrize(("prefix", "heading"), [("/zh_Hans_CN", "信息项"), ("/en", "Information items")])
def test_the_form_speaks_both_languages(app: Any, agency: Agency, prefix: str, heading: str) -> None:
    shown = page(app.get(f"{prefix}/entry/new", **as_user(agency.publisher)))
    assert heading in [head.text.strip() for head in shown.find_all("h2")]
    assert shown.find("select", {"name": "information_items-0-type"})
    assert [radio["value"] for radio in shown.find_all("input", {"name": "opening_class"})] == [
        "unconditional",
        "conditional",
        "closed",
    ]


@pytest.mark.parametrize("kind", ["unconditional", "conditional", "closed"])
def test_the_form_makes_an_entry_of_each_class(app: Any, agency: Agency, kind: str) -> None:
    answer = app.post(
        "/entry/new",
        data=typed(agency, kind, tag_string="停车,交通", themes=["", "transport"]),
        **as_user(agency.publisher),
    )
    assert answer.status_code == 302, page(answer).find(class_="error-summary")
    made = call_action("package_show", id=answer.headers["Location"].rsplit("/", 1)[-1])
    assert (made["opening_class"], made["state"], made["private"]) == (kind, "active", True)
    assert sorted(tag["name"] for tag in made["tags"]) == ["交通", "停车"]
    assert [group["name"] for group in made["groups"]] == ["transport"]


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(app: Any, agency: Agency) -> None:
    rows = [item(f"第{row}项", column=f"c{row}") for row in range(12)]
    rows[10]["type"] = "text"
    data = typed(agency, "conditional", title="我的目录", opening_safeguards="", information_items=rows)
    shown = page(app.post("/entry/new", data=data, **as_user(agency.publisher)))
    beside = shown.find(id="field-opening_safeguards").find_parent(class_="field").find(class_="why")
    assert "二十七" in beside.text or "27" in beside.text
    assert shown.select_one('.error-summary a[href="#field-opening_safeguards"]')
    assert shown.find(id="field-title")["value"] == "我的目录"
    names = [shown.find("input", {"name": f"information_items-{row}-name"})["value"] for row in range(12)]
    assert names == [f"第{row}项" for row in range(12)]


def test_an_error_of_an_item_stands_in_that_item(app: Any, agency: Agency) -> None:
    data = typed(agency, information_items=[item("甲"), item("甲")])
    shown = page(app.post("/entry/new", data=data, **as_user(agency.publisher)))
    first, second = (shown.find(id=f"field-information_items-{row}-name").find_parent("td") for row in (0, 1))
    assert second.find(class_="why") and not first.find(class_="why")


def test_editing_keeps_the_order_of_many_items_and_a_failed_save_keeps_what_was_typed(app: Any, agency: Agency) -> None:
    rows = [item(f"第{row}项") for row in range(12)]
    made = create(agency, information_items=rows)
    data = typed(agency, title="新的名称", information_items=[*rows[:11], item("改过的项")])
    answer = app.post(f"/entry/edit/{made['name']}", data=data, **as_user(agency.publisher))
    assert answer.status_code == 302, page(answer).find(class_="error-summary")
    stored = call_action("package_show", id=made["id"])
    assert [each["name"] for each in stored["information_items"]] == [f"第{r}项" for r in range(11)] + ["改过的项"]
    assert (stored["title"], stored["code"], stored["name"]) == ("新的名称", made["code"], made["name"])
    data |= {"information_items-3-name": "又改了", "update_cycle": ""}
    shown = page(app.post(f"/entry/edit/{made['name']}", data=data, **as_user(agency.publisher)))
    assert shown.find("input", {"name": "information_items-3-name"})["value"] == "又改了"


def test_html_in_every_field_stays_inert(app: Any, agency: Agency) -> None:
    texts = [
        "title",
        "notes",
        "collecting_agency",
        "source_system",
        "provider_office",
        "sharing_scope",
        "opening_method",
    ]
    texts += ["collection_basis", "sharing_basis", "sharing_conditions", "opening_safeguards", "opening_basis_title"]
    made = create(
        agency, "conditional", information_items=[item(HTML, meaning=HTML, unit=HTML)], **dict.fromkeys(texts, HTML)
    )
    for path in (f"/entry/{made['name']}", f"/entry/edit/{made['name']}", "/entry/"):
        body = app.get(path, **as_user(agency.publisher)).body
        assert HTML not in body and "alert(1)" in body, path
    broken = typed(agency, update_cycle=HTML, title="", notes=HTML, information_items=[item(HTML, type=HTML)])
    assert HTML not in app.post("/entry/new", data=broken, **as_user(agency.publisher)).body


def test_the_page_groups_the_fields(app: Any, agency: Agency) -> None:
    made = create(agency, "conditional", themes=["transport"], district="210302")
    shown = page(app.get(f"/zh_Hans_CN/entry/{made['name']}", **as_user(agency.publisher)))
    assert made["code"] in shown.find(id="section-identity").text
    assert "铁东区" in shown.find(id="section-content").text and "交通运输" in shown.find(id="section-content").text
    assert "第十五条" in shown.find(id="section-opening").text
    assert shown.find("a", href=f"/zh_Hans_CN/entry/edit/{made['name']}")


def test_the_list_leads_the_agency_to_a_new_entry(app: Any, agency: Agency) -> None:
    shown = page(app.get("/entry/", **as_user(agency.publisher)))
    assert shown.find("a", href="/entry/new")
    assert page(app.get("/", **as_user(agency.publisher))).find("a", href="/entry/")


def test_strangers_are_told_nothing_of_an_entry(app: Any, agency: Agency, other_agency: Agency) -> None:
    made = create(agency, title="独一无二的内部目录")
    for user in (None, factories.UserWithToken(), other_agency.publisher):
        who = as_user(user) if user else {"follow_redirects": False}
        assert app.get(f"/entry/{made['name']}", **who).status_code in (403, 404)
        assert made["name"] not in app.get("/entry/", **who).body
        assert made["name"] not in app.get("/dataset/?q=独一无二", **who).body
    assert "/entry/" not in [link.get("href") for link in page(app.get("/")).find_all("a")]


def test_a_file_is_added_on_a_page_of_its_own(app: Any, agency: Agency) -> None:
    made = create(agency, "conditional")
    path = f"/entry/{made['name']}/resource/new"
    assert page(app.get(path, **as_user(agency.publisher))).find("input", {"type": "file"})
    file = (BytesIO("名称,泊位\n一号,3\n".encode()), "parks.csv")
    answer = app.post(
        path, data={"id": "", "save": "go-metadata", "name": "泊位", "upload": file}, **as_user(agency.publisher)
    )
    assert answer.status_code == 302, page(answer).find(class_="error-summary")
    assert [r["url_type"] for r in call_action("package_show", id=made["id"])["resources"]] == ["upload"]
    link = {"id": "", "save": "go-metadata", "name": "链接", "url": "http://example.com/a.csv"}
    assert "“链接”" in page(app.post(path, data=link, **as_user(agency.publisher))).text
    assert len(call_action("package_show", id=made["id"])["resources"]) == 1


def test_ckanapi_makes_and_changes_an_entry_with_a_token(app: Any, agency: Agency) -> None:
    remote = ckanapi.TestAppCKAN(Remote(app), apikey=agency.publisher["token"])
    made = remote.action.package_create(type="entry", owner_org=agency.id, **entry("closed"))
    assert remote.action.package_patch(id=made["id"], title="改过的名称")["title"] == "改过的名称"
    with pytest.raises(ckanapi.ValidationError) as refused:
        remote.action.package_patch(id=made["id"], opening_basis_number="")
    assert list(set(refused.value.error_dict) - {"__type"}) == ["opening_basis_number"]


def test_a_visitor_gets_no_form(app: Any) -> None:
    assert app.get("/entry/new", follow_redirects=False).status_code in (302, 403)

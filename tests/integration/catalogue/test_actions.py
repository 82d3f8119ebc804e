"""CKAN's own actions keep the rules of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.anshan.catalogue import codes
from tests.unit.catalogue.entries import BASIS, item

from .conftest import Agency, create, make_agency, patch, random_uscc

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.mark.parametrize("kind", ["unconditional", "conditional", "closed"])
def test_an_entry_of_each_class_is_made_private_with_a_code(agency: Agency, kind: str) -> None:
    made = create(agency, kind)
    assert made["private"] is True and made["type"] == "entry" and made["state"] == "active"
    assert made["code"] == f"{agency.uscc}{1:015d}" and made["name"] == made["code"].lower()
    assert call_action("package_show", id=made["id"])["opening_class"] == kind


def test_the_entry_comes_back_as_it_was_given(agency: Agency) -> None:
    rows = [item("经度", type="number", unit="度", column="lng"), item("纬度", type="number")]
    given = {"information_items": rows, "data_formats": ["csv", "xlsx"], "related_entries": [f"{agency.uscc}{9:015d}"]}
    shown = call_action("package_show", id=create(agency, **given)["id"])
    assert {name: shown[name] for name in given} == given
    assert not shown.get("extras")


def test_synonyms_are_understood(agency: Agency) -> None:
    made = create(agency, update_cycle="每日", sharing_class="无条件", information_items=[item(type="nvarchar")])
    assert (made["update_cycle"], made["sharing_class"]) == ("daily", "unconditional")
    assert made["information_items"][0]["type"] == "text"


def test_errors_stand_under_their_fields_and_name_the_article(agency: Agency, errors_of: Callable[..., Any]) -> None:
    errors = errors_of(create, agency, "conditional", opening_basis_article="", title="")
    assert set(errors) == {"opening_basis_article", "title"}
    assert "27" in errors["opening_basis_article"][0] or "二十七" in errors["opening_basis_article"][0]


def test_errors_of_an_item_stand_under_the_item(agency: Agency, errors_of: Callable[..., Any]) -> None:
    errors = errors_of(create, agency, information_items=[item(), item("敏感项", type="颜色")])
    assert list(errors) == ["information_items"]
    assert errors["information_items"][0] == {} and list(errors["information_items"][1]) == ["type"]


@pytest.mark.parametrize("items", ["名称", ["名称"], [1], {"name": "名称"}, [], [[]], None])
def test_items_that_are_no_list_of_objects_are_refused_clearly(
    agency: Agency, errors_of: Callable[..., Any], items: Any
) -> None:
    assert list(errors_of(create, agency, information_items=items)) == ["information_items"]


def test_an_update_is_judged_like_a_new_entry(agency: Agency, errors_of: Callable[..., Any]) -> None:
    made = create(agency)
    assert set(errors_of(patch, agency, made["id"], opening_class="closed")) == set(BASIS)
    assert set(errors_of(patch, agency, made["id"], information_items=[item(sensitive="yes")])) == {"opening_class"}
    assert patch(agency, made["id"], opening_class="closed", **BASIS)["opening_class"] == "closed"


def test_a_title_of_ten_thousand_characters_is_refused(agency: Agency, errors_of: Callable[..., Any]) -> None:
    errors = errors_of(create, agency, title="长" * 10_000)
    assert list(errors) == ["title"] and "10000" in errors["title"][0] and "300" in errors["title"][0]


def test_html_is_kept_as_text(agency: Agency) -> None:
    made = create(agency, title="<script>alert(1)</script>", notes="<img src=x onerror=alert(1)>")
    assert call_action("package_show", id=made["id"])["title"] == "<script>alert(1)</script>"


def test_free_extras_do_not_get_round_the_rules(agency: Agency, errors_of: Callable[..., Any]) -> None:
    errors = errors_of(create, agency, "closed", extras=[{"key": "opening_class", "value": "unconditional"}])
    assert list(errors) == ["extras"]


def test_codes_of_an_agency_are_consecutive_and_a_refused_entry_spends_none(
    agency: Agency, errors_of: Callable[..., Any]
) -> None:
    first = create(agency)
    errors_of(create, agency, title="")
    assert [int(code[18:]) for code in (first["code"], create(agency)["code"])] == [1, 2]


def test_a_code_brought_along_is_kept_and_never_given_again(agency: Agency, errors_of: Callable[..., Any]) -> None:
    brought = f"{agency.uscc}{7:015d}"
    assert create(agency, code=brought)["code"] == brought
    assert create(agency)["code"] == f"{agency.uscc}{8:015d}"
    assert list(errors_of(create, agency, code=brought)) == ["code"]


def test_a_deleted_and_purged_entry_keeps_its_code(agency: Agency, errors_of: Callable[..., Any]) -> None:
    made = create(agency)
    context = {"user": factories.Sysadmin()["name"]}
    call_action("package_delete", context, id=made["id"])
    call_action("dataset_purge", context, id=made["id"])
    assert list(errors_of(create, agency, code=made["code"])) == ["code"]
    assert codes.owners([made["code"]]) == {made["code"]: made["id"]}


def test_a_code_begins_with_the_agencys_credit_code(agency: Agency, errors_of: Callable[..., Any]) -> None:
    assert list(errors_of(create, agency, code=f"{random_uscc()}{1:015d}")) == ["code"]


def test_an_agency_without_credit_code_gets_no_code(errors_of: Callable[..., Any]) -> None:
    assert list(errors_of(create, make_agency(uscc=""))) == ["owner_org"]


@pytest.mark.parametrize("uscc", ["1", "11210300001234567", "１1210300001234567X＊", "<b>"])
def test_a_malformed_credit_code_is_refused(errors_of: Callable[..., Any], uscc: str) -> None:
    assert list(errors_of(make_agency, uscc=uscc)) == ["uscc"]


def test_code_owner_type_and_privacy_never_change(
    agency: Agency, other_agency: Agency, errors_of: Callable[..., Any]
) -> None:
    made = create(agency)
    assert list(errors_of(patch, agency, made["id"], code=f"{agency.uscc}{5:015d}")) == ["code"]
    assert list(errors_of(patch, agency, made["id"], owner_org=other_agency.id)) == ["owner_org"]
    assert list(errors_of(patch, agency, made["id"], private=False)) == ["private"]
    assert list(errors_of(create, agency, private=False)) == ["private"]
    assert list(errors_of(patch, agency, made["id"], type="dataset")) == ["type"]
    assert call_action("package_show", id=made["id"])["type"] == "entry"


def test_no_other_action_moves_or_publishes_an_entry(
    agency: Agency, other_agency: Agency, errors_of: Callable[..., Any]
) -> None:
    id = create(agency)["id"]
    context = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    moved = errors_of(call_action, "package_owner_org_update", context, id=id, organization_id=other_agency.id)
    assert list(moved) == ["owner_org"]
    public = errors_of(call_action, "bulk_update_public", context, datasets=[id], org_id=agency.id)
    assert list(public) == ["private"]
    shown = call_action("package_show", id=id)
    assert (shown["owner_org"], shown["private"]) == (agency.id, True)


def test_an_update_without_code_and_name_keeps_them(agency: Agency) -> None:
    made = create(agency)
    kept = {key: made[key] for key in made if key not in ("code", "name", "owner_org", "organization")}
    context = {"user": agency.publisher["name"], "ignore_auth": False}
    updated = call_action("package_update", context, **(kept | {"title": "新名称"}))
    assert (updated["code"], updated["name"], updated["owner_org"]) == (made["code"], made["name"], agency.id)


def test_two_creations_at_once_get_two_codes(agency: Agency) -> None:
    def one(number: int) -> str:
        try:
            given = codes.give(agency.uscc)[0]
            model.Session.commit()
            return given
        finally:
            model.Session.remove()

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(one, range(24)))
    assert sorted(int(code[18:]) for code in given) == list(range(1, 25))


def test_a_rolled_back_claim_leaves_the_code_free(agency: Agency) -> None:
    code = f"{agency.uscc}{3:015d}"
    assert codes.claim(code, "one") and codes.claim(code, "one") and not codes.claim(code, "two")
    assert not codes.claim(f"{agency.uscc}{4:015d}", "one")
    model.Session.rollback()
    assert codes.owners([code]) == {}


def test_claiming_many_names_the_taken_ones_only(agency: Agency) -> None:
    taken, free = (f"{agency.uscc}{number:015d}" for number in (1, 2))
    codes.claim(taken, "one")
    assert codes.claim_all({taken: "two", free: "three"}) == {taken}
    assert codes.code_of("three") == free
    model.Session.rollback()


def test_themes_become_groups_without_a_role_in_them(agency: Agency) -> None:
    made = create(agency, themes=["交通", "ecology"])
    assert sorted(group["name"] for group in made["groups"]) == ["ecology", "transport"]
    assert [group["name"] for group in patch(agency, made["id"], themes=["weather"])["groups"]] == ["weather"]
    assert [group["name"] for group in patch(agency, made["id"], title="别的")["groups"]] == ["weather"]
    assert [group["name"] for group in patch(agency, made["id"], groups=[{"name": "health"}])["groups"]] == ["health"]
    assert patch(agency, made["id"], themes=[])["groups"] == []
    assert call_action("package_search", fq=f"groups:ecology id:{made['id']}", include_private=True)["count"] == 0


def test_other_groups_still_need_a_role(agency: Agency) -> None:
    group = factories.Group()
    with pytest.raises(tk.NotAuthorized):
        create(agency, groups=[{"name": group["name"]}])


def test_restricted_entries_refuse_links_and_keep_uploads(
    agency: Agency, errors_of: Callable[..., Any], create_with_upload: Any
) -> None:
    context = {"user": agency.publisher["name"], "ignore_auth": False}
    closed = create(agency, "closed")
    errors = errors_of(call_action, "resource_create", context, package_id=closed["id"], url="http://example.com/a.csv")
    assert list(errors) == ["url"] and "http://example.com/a.csv" in errors["url"][0]
    kept = create_with_upload("a,b\n1,2\n", "a.csv", context=context, package_id=closed["id"])
    assert (
        kept["url_type"] == "upload" and patch(agency, closed["id"], title="别的")["resources"][0]["id"] == kept["id"]
    )


def test_links_of_an_open_entry_stop_it_from_being_restricted(agency: Agency, errors_of: Callable[..., Any]) -> None:
    made = create(agency, resources=[{"url": "http://example.com/a.csv", "name": "链接"}])
    errors = errors_of(patch, agency, made["id"], opening_class="closed", **BASIS)
    assert list(errors) == ["resources"] and "链接" in errors["resources"][0]["url"][0]


def test_next_update_is_worked_out_once(agency: Agency) -> None:
    made = create(agency)
    assert made["next_update_due"] > made["metadata_created"][:10]
    assert create(agency, update_cycle="never").get("next_update_due", "") == ""


def test_the_register_of_codes_equals_its_model() -> None:
    from ckanext.anshan.catalogue.model import metadata

    inspector = sa.inspect(model.Session.connection())
    for table in metadata.tables.values():
        columns = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}

"""What was granted is handed out to its holders, as far as it goes and on record, and to nobody else."""

from __future__ import annotations

import hashlib
import io
from urllib.parse import unquote

import openpyxl
import pytest
from ckan import model
from ckan.plugins import toolkit as tk

from tests.integration.access import granted
from tests.integration.access.granted import COLUMNS, FILE
from tests.integration.applicants import town as applicants
from tests.integration.application import town as towns
from tests.integration.support import as_user, costs, work

CANARY = "1390412"  # telephone numbers, which nobody may have


@pytest.fixture
def own(app):
    return granted.within(app, granted.make)


def code(error) -> str:
    return str(error.value).strip("'").partition(" · ")[0]


# the API


def test_holder_is_answered_the_granted_columns_alone(own):
    page = own.ask(limit=5)
    assert [one["name"] for one in page["columns"]] == COLUMNS
    assert (len(page["rows"]), page["total"], page["file"]) == (5, 200, FILE)
    assert CANARY not in str(page)


def test_a_column_out_of_scope_is_refused_wherever_it_is_named(own):
    with pytest.raises(tk.NotAuthorized) as refused:
        own.ask(columns=["联系电话"])
    assert code(refused) == "access.columns_out_of_scope"
    with pytest.raises(tk.ValidationError) as wrong:
        own.ask(filters=[{"column": "联系电话", "op": "starts", "value": "1"}])
    assert wrong.value.error_dict["code"] == ["access.no_such_column"]
    with pytest.raises(tk.ValidationError) as wrong:
        own.ask(sort=[{"column": "联系电话"}])
    assert wrong.value.error_dict["code"] == ["access.no_such_column"]


def test_a_query_that_is_wrong_says_which_field_and_takes_nothing_of_the_quota(own):
    before = own.ask(limit=1)["left_today"]
    for given, field, said in (
        ({"limit": 10**6}, "limit", "bad_query"),
        ({"filter": []}, "filter", "bad_query"),
        ({"filters": [{"column": "日收运量", "op": "near", "value": 1}]}, "filters", "bad_op"),
        ({"filters": [{"column": "日收运量", "value": "many"}]}, "filters", "bad_value"),
    ):
        with pytest.raises(tk.ValidationError) as wrong:
            own.ask(**given)
        assert wrong.value.error_dict["code"] == [f"access.{said}"] and field in wrong.value.error_dict, given
    assert own.ask(limit=1)["left_today"] == before - 1


@pytest.mark.parametrize("number", ["own", "AS-0000-000000"])
@pytest.mark.parametrize("who", ["stranger", "sysadmin", "publisher", "head"])
def test_whoever_holds_nothing_is_told_the_same_as_of_a_number_that_isnt_there(own, who, number):
    others = {"stranger": granted.stranger, "sysadmin": granted.sysadmin}
    user = others[who]() if who in others else getattr(own.town, "editor" if who == "publisher" else "head")
    with pytest.raises(tk.ObjectNotFound) as refused:
        as_user(user, "anshan_grant_query", id=own.number if number == "own" else number)
    assert code(refused) == "access.no_grant"


def test_a_refusal_has_its_own_status_and_code_in_the_shape_of_ckan(own, app):
    asked = {"id": own.number, "columns": ["联系电话"]}
    for user, status, said in (
        (own.holder, 403, "access.columns_out_of_scope"),
        (granted.stranger(), 404, "access.no_grant"),
    ):
        answer = app.post("/api/3/action/anshan_grant_query", json=asked, headers=granted.by(user), status=status)
        assert (answer.json["success"], answer.json["error"]["code"]) == (False, said)


def test_a_query_by_address_reads_lists_as_json(own, app):
    url = f"/api/3/action/anshan_grant_query?id={own.number}&limit=2&columns=%5B%22%E5%8C%BA%E5%8E%BF%22%5D"
    answer = app.get(url, headers=granted.by(own.holder))
    assert [len(row) for row in answer.json["result"]["rows"]] == [1, 1]
    assert "private" in answer.headers["Cache-Control"]


def test_each_answer_is_on_record_with_its_application_number(own):
    before = own.used("api")
    page = own.ask(limit=7)
    used, row = own.used("api"), own.deliveries()[-1]
    assert (used.requests, used.rows) == (before.requests + 1, before.rows + 7)
    assert (row.method, row.rows, row.ended, row.columns) == ("api", 7, "whole", COLUMNS)
    assert row.bytes > 100 and page["total"] == 200
    event = granted.events(own.number, "grant.handed_out")[-1]
    assert event["facts"] | {"rows": 7, "columns": 3, "file": FILE, "delivery": row.id} == event["facts"]
    assert CANARY not in str(event) and "鞍山第" not in str(event)


def test_an_answer_costs_few_statements_however_long_the_page(own):
    own.ask(limit=1)
    with costs() as few:
        own.ask(limit=1)
    with costs() as many:
        own.ask(limit=200)
    assert few.sql == many.sql <= 30, few.statements


# downloads


def test_a_download_holds_what_is_granted_and_nothing_else(own, app):
    answer = app.get(own.address(), headers=granted.by(own.holder))
    header, *rows = granted.rows_of(answer.data)
    assert header == COLUMNS and len(rows) == granted.ROWS and CANARY.encode() not in answer.data
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert app.get(own.address(FILE), headers=granted.by(own.holder)).data == answer.data


@pytest.mark.parametrize("suffix", ["xlsx", "json", "parquet"])
def test_a_download_comes_in_each_format(own, app, suffix):
    answer = app.get(own.address(f"{FILE}.{suffix}"), headers=granted.by(own.holder))
    assert CANARY.encode() not in answer.data
    if suffix == "json":
        assert set(answer.json[0]) == set(COLUMNS)
    if suffix == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        assert sheet is not None and [cell.value for cell in sheet[1]] == COLUMNS and sheet.max_row == 201
    assert own.deliveries()[-1].format.lower() == suffix


def test_a_download_is_on_record_before_and_after(own, app):
    answer = app.get(own.address(), headers=granted.by(own.holder))
    assert own.deliveries()[-1].ended == ""
    sent, row = answer.data, own.deliveries()[-1]
    assert (row.ended, row.rows, row.bytes) == ("whole", 200, len(sent))
    assert row.sha256 == hashlib.sha256(sent).hexdigest()
    begun, ended = granted.events(own.number, "grant.handed_out")[-1], granted.events(own.number, "grant.delivered")[-1]
    assert begun["facts"]["delivery"] == ended["facts"]["delivery"] == row.id
    assert begun["facts"]["bytes"] == 0 and ended["facts"]["copy"] == row.sha256
    assert begun["by"]["person"] == ended["by"]["person"]


def test_only_headers_are_no_delivery(own, app):
    before = len(own.deliveries())
    answer = app.test_client().open(own.address(), method="HEAD", headers=granted.by(own.holder))
    assert (answer.status_code, answer.data, len(own.deliveries())) == (200, b"", before)


@pytest.mark.parametrize("name", [f"{FILE}.csv", "no-such.csv.csv", f"{FILE}.pdf", FILE])
def test_a_stranger_learns_nothing_by_any_address(own, app, name):
    answer = app.get(own.address(name), headers=granted.by(granted.stranger()), status=404)
    assert answer.json["error"]["code"] == "access.no_grant"
    missing = own.address(name).replace(own.number, "AS-0000-000000")
    unknown = app.get(missing, headers=granted.by(granted.stranger()), status=404)
    assert unknown.json == answer.json


def test_a_visitor_with_a_browser_is_led_to_the_log_in(own, app):
    for address in (own.address(), f"/grant/{own.number}", "/grant/AS-0000-000000"):
        answer = app.get(address, headers={"Accept": "text/html"}, follow_redirects=False)
        assert answer.status_code == 302 and "/user/login" in answer.location


@pytest.mark.parametrize("name", ["other.csv.csv", f"{FILE}.pdf", "联系电话"])
def test_a_holder_is_told_what_isnt_covered(own, app, name):
    answer = app.get(own.address(name), headers=granted.by(own.holder), status=403)
    assert answer.json["error"]["code"] == "access.file_out_of_scope"


# what stands against it


def test_a_suspended_grant_hands_out_nothing_until_it_is_resumed(app):
    own = granted.within(app, granted.make, "stops")
    given = {"reason": "核查", "article": "第四十三条"}
    granted.within(app, towns.do, own.town.head, {"id": own.number}, "suspend", **given)
    with pytest.raises(tk.NotAuthorized) as refused:
        own.ask()
    assert code(refused) == "access.grant_suspended"
    app.get(own.address(), headers=granted.by(own.holder), status=403)
    granted.within(app, towns.do, own.town.head, {"id": own.number}, "resume", reason="已核查")
    assert own.ask(limit=1)["rows"]


@pytest.mark.usefixtures("with_request_context")
def test_whoever_leaves_the_holder_is_a_stranger():
    own = granted.make("stops")
    member = applicants.user()
    applicants.join(own.town.company, own.town.person, member)
    assert own.ask(member, limit=1)["rows"]
    applicants.act(own.town.person, own.town.company, "remove", "member", user=member["name"])
    with pytest.raises(tk.ObjectNotFound):
        own.ask(member, limit=1)


# who sees the page


def test_holder_provider_and_offices_see_the_use_and_the_others_nothing(own):
    for user, side in ((own.holder, "holder"), (own.town.editor, "provider"), (own.town.review.bureau, "office")):
        told = as_user(user, "anshan_grant_show", id=own.number)
        assert told["side"] == side and told["usage"] and told["deliveries"]
    for user in (granted.stranger(), granted.sysadmin()):
        with pytest.raises(tk.ObjectNotFound):
            as_user(user, "anshan_grant_show", id=own.number)


def test_the_list_is_of_ones_own_side(own):
    def numbers(user, **more):
        return {one["number"] for one in as_user(user, "anshan_grant_list", **more)["results"]}

    assert own.number in numbers(own.holder)
    assert own.number in numbers(own.town.editor, side="provider")
    assert numbers(own.town.editor, side="holder") == set()
    assert own.number not in numbers(granted.stranger(), side="office")
    assert own.number in numbers(own.town.review.bureau, side="office", limit=100)


def test_usage_is_counted_by_the_day_for_both_sides(own):
    own.ask(limit=1)
    for user in (own.holder, own.town.editor):
        days = as_user(user, "anshan_grant_usage", id=own.number)
        assert len(days) == 1 and days[0]["calls"] >= 1 and days[0]["rows"] >= 1
        assert any(one["number"] == own.number for one in as_user(user, "anshan_grant_usage"))
    assert as_user(granted.stranger(), "anshan_grant_usage") == []


def test_the_page_shows_what_may_be_used_to_its_holder_alone(own, app):
    html = app.get(f"/grant/{own.number}", headers=granted.by(own.holder)).body
    assert "anshan_grant_query" in html and f"{FILE}.parquet" in unquote(html)
    judge = app.get(f"/grant/{own.number}", headers=granted.by(own.town.editor)).body
    assert 'name="name"' in html and 'name="name"' not in judge
    app.get(f"/grant/{own.number}", headers=granted.by(granted.stranger()), status=404)
    model.Session.rollback()


# between agencies


def shared():
    """An agency that may have what another one shares unconditionally, at once."""
    town, other = towns.make(), towns.make("sharing")
    items = [{**item, "sharing_class": "unconditional"} for item in towns.ITEMS]
    dataset = towns.released(town, sharing_class="unconditional", information_items=items)
    made = as_user(other.editor, "anshan_application_create", datasets=[dataset["name"]], kind="sharing")[0]
    item = {"dataset_id": dataset["id"], "scope": towns.scope("单位名称", "联系电话")}
    content = {**towns.CONTENT, **towns.days()}
    as_user(other.editor, "anshan_application_update", id=made["id"], content=content, items=[item])
    sent = as_user(other.editor, "anshan_application_submit", id=made["id"])
    work()
    return granted.Granted(town, dataset, sent["number"]), other


def test_an_agency_uses_what_another_one_shares_with_it(app):
    own, other = granted.within(app, shared)
    page = own.ask(other.editor, limit=3)
    assert [one["name"] for one in page["columns"]] == ["单位名称", "联系电话"] and page["total"] == 200
    assert len(granted.rows_of(app.get(own.address(), headers=granted.by(other.head)).data)) == 201
    assert as_user(other.editor, "anshan_grant_show", id=own.number)["side"] == "holder"
    assert as_user(own.town.editor, "anshan_grant_show", id=own.number)["side"] == "provider"
    for user in (own.town.person, own.town.editor, granted.stranger()):
        with pytest.raises(tk.ObjectNotFound):
            own.ask(user, limit=1)

"""What is not released is not there: every place where CKAN portals leaked, asked for words that nobody may find.

Each test asks as everyone at once: a visitor, an applicant, a publisher of another agency; the sysadmin where a
sysadmin has no right either.
"""

from __future__ import annotations

import json
from functools import cache

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .support import CSV, agency, entry, published, release, upload, work

pytestmark = pytest.mark.usefixtures("with_plugins")

SECRET = "zqxsecretmarker"  # in titles, file names and cells of what nobody outside may see
CLASSES = ("unconditional", "conditional", "closed")


@cache
def hidden(folder):
    """One entry of each class with an upload, none released; a conditional release and a closed one with files."""
    owner = agency()
    made = {}
    for opening_class in CLASSES:
        found = entry(opening_class, owner, title=f"{SECRET} {opening_class}", notes=SECRET)
        upload(owner, found, f"{SECRET}.csv", f"{SECRET},n\n1,2\n".encode())
        made[opening_class] = found
    released = entry("conditional", owner, title="有条件", sharing_conditions=SECRET)
    closed = entry("closed", owner, title=f"{SECRET} 不予开放")
    for found in (released, closed):
        upload(owner, found, f"{SECRET}.csv", CSV.encode())
        release(folder, found, {f"{SECRET}-released.csv": f"{SECRET},n\n1,2\n"})
    work()
    ids = [found["id"] for found in (*made.values(), released, closed)]
    shown = [call_action("package_show", {"ignore_auth": True}, id=id) for id in ids]
    files = {one["id"]: one["hash"].removeprefix("sha256:") for each in shown for one in each["resources"]}
    return {"owner": owner, "entries": ids, "files": files, "released": released, "org": owner["org"]["id"]}


@pytest.fixture
def secrets(tmp_path_factory):
    return hidden(tmp_path_factory.getbasetemp())


@cache
def strangers():
    other = agency()
    return {
        "visitor": None,
        "applicant": factories.UserWithToken(),
        "other publisher": {
            **other["publisher"],
            "token": factories.APIToken(user=other["publisher"]["name"])["token"],
        },
    }


def ask(action, data, user=None):
    """The answer as text; what is refused or unknown answers nothing."""
    context = {"user": user["name"] if user else "", "ignore_auth": False}
    try:
        return json.dumps(call_action(action, context, **data), ensure_ascii=False, default=str)
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        return ""


def tells(text, secrets):
    return SECRET in text or any(id in text for id in (*secrets["entries"], *secrets["files"]))


SEARCHES = [
    {"q": SECRET},
    {"q": "*:*", "fq": f"title:{SECRET}*"},
    {"fq": "+dataset_type:entry"},
    {"fq": 'capacity:"private"'},
    {"fq": "permission_labels:*"},
    {"q": f"res_name:{SECRET}* OR res_url:*{SECRET}*"},
    {"q": f"text:{SECRET}", "include_private": True, "include_drafts": True, "include_deleted": True},
    {"q": "*:*", "fl": ["res_url", "validated_data_dict", "data_dict", "res_name"], "rows": 1000},
    {"q": "*:*", "rows": 0, "facet.field": ["res_url", "res_name", "title_string", "name"], "facet.limit": -1},
    {"q": "*:*", "sort": "res_url asc", "rows": 1000},
    {"q": f"extras_sharing_conditions:{SECRET}"},
    {"q": f"sharing_conditions:{SECRET}"},
]


def test_a_search_tells_nothing(secrets):
    for who, user in strangers().items():
        for query in SEARCHES:
            assert not tells(ask("package_search", query, user), secrets), (who, query)


def test_no_query_is_an_oracle(secrets):
    """A search for a secret counts no more than one for nonsense."""
    for word in (
        f"sharing_conditions:{SECRET}",
        f"res_name:{SECRET}*",
        f"res_url:*{SECRET}*",
        f"text:{SECRET}",
        SECRET,
    ):
        for query in ({"q": word}, {"q": "*:*", "fq": word}):
            for who, user in strangers().items():
                found = ask("package_search", {**query, "rows": 0}, user)
                assert not found or json.loads(found)["count"] == 0, (who, query)


LISTS = {
    "package_list": {},
    "package_autocomplete": {"q": SECRET},
    "current_package_list_with_resources": {"limit": 1000},
    "resource_search": {"query": "name:"},
    "format_autocomplete": {"q": SECRET},
    "tag_list": {"query": SECRET},
    "organization_show": {"id": "{org}", "include_datasets": True},
    "recently_changed_packages_activity_list": {},
    "organization_activity_list": {"id": "{org}"},
    "user_activity_list": {"id": "{publisher}"},
    "user_show": {"id": "{publisher}", "include_datasets": True},
    "organization_list_for_user": {"id": "{publisher}", "include_dataset_count": True},
    "anshan_release_list": {"id": "{name}"},
    "anshan_release_show": {"id": "{name}"},
    "anshan_dataset_status": {"id": "{name}"},
    "anshan_suspension_list": {"all": True},
    "datastore_search": {"resource_id": "_table_metadata", "limit": 32000},
    "status_show": {},
}


def test_no_list_tells_anything(secrets):
    public = published(secrets["released"])
    facts = {"org": secrets["org"], "publisher": secrets["owner"]["publisher"]["name"], "name": public["name"]}
    for who, user in strangers().items():
        for action, data in LISTS.items():
            given = {key: one.format(**facts) if isinstance(one, str) else one for key, one in data.items()}
            assert not tells(ask(action, given, user), secrets), (who, action)


OF_AN_ENTRY = {"package_show", "package_activity_list", "package_collaborator_list", "resource_search"}


def test_an_entry_and_its_files_answer_like_what_is_not_there(secrets):
    for who, user in strangers().items():
        for id in secrets["entries"]:
            for action in OF_AN_ENTRY if user else OF_AN_ENTRY - {"package_collaborator_list"}:  # core's wants a login
                assert ask(action, {"id": id, "query": "name:" + SECRET}, user).replace("[]", "") in (
                    "",
                    '{"count": 0, "results": }',
                ), (who, action)
        for id in secrets["files"]:
            for action in ("resource_show", "resource_view_list", "datastore_info", "file_show"):
                assert ask(action, {"id": id}, user) == "", (who, action)
            assert ask("datastore_search", {"resource_id": id}, user) == "", who


def test_a_conditional_dataset_holds_no_file_no_link_no_table_no_view(secrets):
    public = published(secrets["released"])
    assert (public["resources"], public["num_resources"]) == ([], 0)
    text = json.dumps(public, ensure_ascii=False)
    assert not tells(text, secrets) and "/data/" not in text
    rows = model.Session.execute(sa.text("SELECT 1 FROM resource WHERE package_id = :id"), {"id": public["id"]}).all()
    assert rows == []


def test_no_table_of_an_unreleased_file_exists_anywhere(secrets):
    from ckanext.datastore.backend.postgres import get_read_engine

    with get_read_engine().connect() as connection:
        tables = set(connection.execute(sa.text("SELECT tablename FROM pg_tables")).scalars())
    assert not tables & set(secrets["files"])


def test_no_page_tells_anything(app, secrets, monkeypatch):
    public = published(secrets["released"])
    urls = [
        f"/dataset/?q={SECRET}",
        f"/entry/?q={SECRET}",
        f"/dataset/{public['name']}",
        "/feeds/dataset.atom",
        f"/feeds/organization/{secrets['owner']['org']['name']}.atom",
        f"/feeds/custom.atom?q={SECRET}",
        "/feeds/dataset.rss",
        f"/feeds/organization/{secrets['owner']['org']['name']}.rss",
        f"/feeds/custom.rss?q={SECRET}",
        "/data.json",
        "/data.csv",
        "/catalog.ttl",
        "/catalog.jsonld",
        f"/dataset/{public['name']}.rdf",
        "/sitemap-1.xml",
        "/sitemap-pages.xml",
        "/openapi.json",
        "/developers",
        f"/organization/{secrets['owner']['org']['name']}",
        f"/user/{secrets['owner']['publisher']['name']}",
        f"/api/3/action/package_search?q={SECRET}&fl=res_url",
        "/",
        "/open-list",
        "/open-list.csv",
        "/statistics",
    ]
    monkeypatch.setitem(tk.config, "ckanext.anshan.pages.closed_in_list", False)  # on, titles of closed items are told
    for who, user in strangers().items():
        headers = {"Authorization": user["token"]} if user else {}
        for url in urls:
            text = app.get(url, headers=headers).body.replace(f"q={SECRET}", "").replace(f'"{SECRET}"', "")
            assert not any(id in text for id in (*secrets["entries"], *secrets["files"])), (who, url)
            assert f"{SECRET} " not in text and f"{SECRET}.csv" not in text, (who, url)


def test_an_entry_is_no_dataset_in_any_form(app, secrets):
    people = {**strangers(), "sysadmin": factories.SysadminWithToken()}
    for who, user in people.items():
        headers = {"Authorization": user["token"]} if user else {}
        for id in secrets["entries"]:
            for ending in ("ttl", "rdf", "jsonld"):
                assert app.get(f"/dataset/{id}.{ending}", headers=headers).status_code == 404, (who, ending)


def test_no_route_hands_out_an_unreleased_byte(app, secrets):
    public = published(secrets["released"])
    people = {**strangers(), "sysadmin": factories.SysadminWithToken()}
    routes = ["/entry/x/resource/{id}/download", "/dataset/x/resource/{id}/download/a.csv", "/datastore/dump/{id}"]
    routes += ["/file/download/{id}", "/file/public-download/vault/{start}/{sha256}", "/file/download/{sha256}"]
    for who, user in people.items():
        headers = {"Authorization": user["token"]} if user else {}
        for id, sha256 in secrets["files"].items():
            for route in routes:
                url = route.format(id=id, sha256=sha256, start=f"{sha256[:2]}/{sha256[2:4]}")
                answer = app.get(url, headers=headers, follow_redirects=False)
                assert answer.status_code in (302, 403, 404), (who, route)
                assert SECRET.encode() not in answer.data, (who, route)
        url = f"/data/{public['name']}/v1/{SECRET}-released.csv"
        assert app.get(url, headers=headers, follow_redirects=False).status_code == 403, who

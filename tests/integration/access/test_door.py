"""The one door: raw bytes, parts of them, and nothing for those who may not."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.anshan.access import downloads
from ckanext.anshan.release import damages, vault
from ckanext.anshan.release.model import damage

from ..audit.support import events
from ..support import agency, dataset, entry, reclassify, release, upload, work

pytestmark = pytest.mark.usefixtures("with_plugins")

BYTES = "站名,人数\n鞍山站,12\n".encode("gb18030")


@pytest.fixture
def owner():
    return agency()


def get(app, url, token=None, **headers):
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return app.get(url, headers=named | ({"Authorization": token} if token else {}), follow_redirects=False)


@pytest.fixture(params=["on this disk", "elsewhere"])
def where(request, monkeypatch):
    """Where the vault is; elsewhere, as on S3, its files have no path."""
    if request.param == "elsewhere":
        monkeypatch.setattr("ckanext.anshan.release.files.path", lambda sha256: None)


def test_a_released_file_comes_out_as_it_was_released(app, owner, tmp_path, where):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"站点 1.csv": BYTES, "a.html": b"<script>alert(1)</script>"})
    public = dataset(found)
    assert public is not None
    url = f"/data/{public['name']}/v1/站点 1.csv"
    whole, sha256 = get(app, url), hashlib.sha256(BYTES).hexdigest()
    assert (whole.status_code, whole.data) == (200, BYTES)
    assert whole.headers["Content-Type"] == "text/csv"
    assert (whole.headers["ETag"], whole.headers["X-Content-SHA256"]) == (f'"{sha256}"', sha256)
    assert "filename*=UTF-8''%E7%AB%99%E7%82%B9%201.csv" in whole.headers["Content-Disposition"]
    part = get(app, url, Range="bytes=3-7")
    assert (part.status_code, part.data) == (206, BYTES[3:8])
    assert part.headers["Content-Range"] == f"bytes 3-7/{len(BYTES)}"
    assert get(app, url, Range=f"bytes={len(BYTES)}-").status_code == 416
    assert get(app, url, If_None_Match=f'"{sha256}"').status_code == 304
    head = app.test_client().open(url, method="HEAD")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(BYTES)))
    told = [one["facts"] for one in events(kind="file.handed_out", object_id=public["id"])]
    assert [facts.get(downloads.FACT) for facts in told] == [True, None], "later parts, HEAD and 304 are no downloads"
    page = get(app, f"/data/{public['name']}/v1/a.html")
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert (page.headers["X-Content-Type-Options"], "sandbox" in page.headers["Content-Security-Policy"]) == (
        "nosniff",
        True,
    )


def test_old_versions_stay_and_latest_leads_to_the_newest(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": b"a\n1\n"})
    release(tmp_path, found, {"a.csv": b"a\n2\n"}, approval="2号")
    public = dataset(found)
    assert public is not None
    name = public["name"]
    assert [get(app, f"/data/{name}/v{n}/a.csv").data for n in (1, 2)] == [b"a\n1\n", b"a\n2\n"]
    assert get(app, f"/data/{name}/latest/a.csv").headers["Location"].endswith(f"/data/{name}/v2/a.csv")
    resource = public["resources"][0]["id"]
    leads = get(app, f"/dataset/{name}/resource/{resource}/download")
    assert leads.headers["Location"].endswith(f"/data/{name}/v2/a.csv")
    for url in (f"/data/{name}/v3/a.csv", f"/data/{name}/v1/b.csv", "/data/nothing/v1/a.csv", f"/data/{name}/v1/../a"):
        assert get(app, url).status_code == 404, url
    page = get(app, f"/dataset/{name}").body
    assert f"/data/{name}/v1/a.csv" in page and f"/data/{name}/v2/a.csv" in page


def test_a_class_change_takes_the_bytes_of_every_version_away(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": b"a\n1\n"})
    public = dataset(found)
    assert public is not None
    url = f"/data/{public['name']}/v1/a.csv"
    reclassify(found, owner, "conditional")
    assert get(app, url).status_code == 200, "changing the class of an entry changes nothing public by itself"
    release(tmp_path, found, {"a.csv": b"a\n1\n"}, approval="2号")
    answers = [get(app, one) for one in (url, url.replace("v1", "v2"), url.replace("a.csv", "never.csv"))]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert all("access.conditional" in answer.body for answer in answers)
    reclassify(found, owner, "closed")
    release(tmp_path, found, {"a.csv": b"a\n1\n"}, approval="3号")
    assert get(app, url).status_code == 404


def test_files_of_entries_are_for_their_agency_and_the_offices(app, owner):
    found = entry("closed", owner)
    resource = upload(owner, found, "内部.csv", BYTES)["id"]
    bureau, cyberspace = (
        model.Group.get(name) or factories.Organization(name=name) for name in ("data-bureau", "cyberspace-office")
    )
    people = {
        "own publisher": token(owner["publisher"]),
        "bureau": member_token(bureau),
        "cyberspace": member_token(cyberspace),
        "other publisher": token(agency()["publisher"]),
        "applicant": factories.UserWithToken()["token"],
        "sysadmin": factories.SysadminWithToken()["token"],
        "visitor": None,
    }
    for path in (f"/entry/{found['id']}", f"/dataset/{found['id']}", "/dataset/whatever"):
        url = f"{path}/resource/{resource}/download/x.csv"
        answers = {who: get(app, url, known) for who, known in people.items()}
        reads = {who for who, answer in answers.items() if answer.status_code == 200}
        assert reads == {"own publisher", "bureau", "cyberspace"}, path
        assert {answers[who].data for who in reads} == {BYTES}


def token(user):
    return factories.APIToken(user=user["name"])["token"]


def member_token(org):
    user = factories.User()
    id = org["id"] if isinstance(org, dict) else org.id
    from ckan.tests.helpers import call_action

    call_action("organization_member_create", id=id, username=user["name"], role="editor")
    return token(user)


def test_a_file_that_was_tampered_with_is_not_handed_out(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": b"tampered,1\n"})
    work()
    public = dataset(found)
    assert public is not None
    stored = vault.path(hashlib.sha256(b"tampered,1\n").hexdigest())
    assert stored is not None
    for content in (b"tampered,2\n", b"shorter"):
        stored.write_bytes(content)
        answer = get(app, f"/data/{public['name']}/v1/a.csv")
        assert answer.status_code == 503
        assert content not in answer.data
    stored.unlink()
    assert get(app, f"/data/{public['name']}/v1/a.csv").status_code == 503
    told = events(kind="file.damaged", object_id=public["id"])
    assert [one["facts"]["problem"] for one in told] == ["damaged", "damaged", "missing"]
    stored.write_bytes(b"tampered,1\n")
    assert get(app, f"/data/{public['name']}/v1/a.csv").status_code == 200
    damages._again(stored.name)  # as the worker does once a minute
    model.Session.commit()
    assert model.Session.execute(sa.select(damage).where(damage.c.sha256 == stored.name)).all() == []


def test_ckans_file_routes_serve_nothing_of_the_vault(app, owner):
    found = entry("closed", owner)
    sha256 = upload(owner, found, "a.csv", BYTES)["hash"].removeprefix("sha256:")
    sysadmin = factories.SysadminWithToken()["token"]
    for location in (vault.location(sha256), sha256, f"../vault/{vault.location(sha256)}"):
        answer = get(app, f"/file/public-download/vault/{location}", sysadmin)
        assert answer.status_code == 404 and BYTES not in answer.data
    for id in (sha256, found["id"]):
        assert get(app, f"/file/download/{id}", sysadmin).status_code == 404


def test_the_forms_of_datasets_say_who_writes_them(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": BYTES})
    public = dataset(found)
    assert public is not None
    sysadmin = factories.SysadminWithToken()["token"]
    for url in ("/dataset/new", f"/dataset/edit/{public['id']}", f"/dataset/{public['id']}/resource/new"):
        answer = get(app, url, sysadmin)
        assert (answer.status_code, "/entry/" in answer.body) == (403, True), url

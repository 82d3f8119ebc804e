"""Every answer carries the headers, and no page holds a script, a handler or a style of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ckan import model
from ckan.common import config
from ckan.exceptions import CkanConfigurationException
from ckan.lib import app_globals
from ckan.tests import factories
from ckan.tests.helpers import call_action
from werkzeug.routing import BuildError, Rule

from ckanext.anshan.access.door import UNSAFE
from ckanext.anshan.cache import middleware
from ckanext.anshan.guard import headers, options
from ckanext.anshan.theme import sheets
from tests.visited import FIXED

from ..support import agency, as_user, entry, published, release, upload, work

pytestmark = pytest.mark.usefixtures("with_plugins")
HERE = "http://localhost"
CSP = "Content-Security-Policy"
DATA_BLOCKS = {"application/ld+json"}
PATTERN = {"ver": 3, "number": 1, "ending": "ttl", "version": 1, "package_type": "dataset"}
LEAVES_OR_ENDS = re.compile(r"logout|delete|^/testing/")  # the last are CKAN's own tests


class Found(HTMLParser):
    """What a page does in itself rather than in a file."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in DATA_BLOCKS):
            self.wrong.append(f"<{tag}>")
        self.wrong += [f"<{tag} {name}={value}>" for name, value in attrs if _acts(name, value or "")]


def _acts(name: str, value: str) -> bool:
    return name.startswith("on") or name == "style" or value.strip().lower().startswith(("javascript:", "data:text"))


def test_the_reader_of_pages_sees_what_is_wrong():
    page = '<script>1</script><a href=" JavaScript:x" ONclick="x"></a><i style="x"></i><style></style>'
    assert len(Found(page).wrong) == 5
    assert Found('<script src="/a.js"></script><script type="application/ld+json">{}</script>').wrong == []


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One of each thing that a page is about."""
    owner, folder = agency(), tmp_path_factory.mktemp("released")
    found = entry("unconditional", owner)
    file = upload(owner, found, "a.csv", b"name,n\nx,1\n")
    release(folder, found, {"站点.csv": "name,n\nx,1\n"})
    work()
    as_user(owner["publisher"], "package_patch", id=found["id"], title="另一个名称")
    user = factories.Sysadmin()
    activities = call_action("package_activity_list", id=found["id"])
    return {
        "dataset": published(found),
        "entry": found,
        "file": file,
        "org": owner["org"],
        "group": factories.Group(),
        "user": user,
        "activity": activities[0]["id"] if activities else "",
    }


def pages(app: Any, things: dict[str, Any]) -> Iterator[str]:
    """Every address of the portal that shows something, filled with what there is."""
    with app.flask_app.test_request_context():
        for rule in app.flask_app.url_map.iter_rules():
            address = _address(rule, things) if "GET" in (rule.methods or ()) else ""
            if address and not LEAVES_OR_ENDS.search(address):
                yield address


def _address(rule: Rule, things: dict[str, Any]) -> str:
    blueprint = rule.endpoint.split(".")[0]
    given = {name: _value(name, blueprint, things) for name in rule.arguments}
    try:
        built = rule.build({**(rule.defaults or {}), **given}, append_unknown=False)
    except (BuildError, ValueError):
        return ""
    return built[1] if built else ""


def _value(name: str, blueprint: str, things: dict[str, Any]) -> Any:
    of = {"entry": "entry", "anshan_entry": "entry", "entry_resource": "entry", "organization": "org", "group": "group"}
    of |= {"user": "user", "dashboard": "user", "anshan_people": "user"}
    thing = things[of.get(blueprint, "dataset")]
    if name == "resource_id":
        return things["file"]["id"] if "entry" in blueprint else things["dataset"]["resources"][0]["id"]
    if name == "activity_id" or (blueprint == "activity" and name == "id"):
        return things["activity"]
    return thing["name"] if name in ("id", "name", "package_id", "dataset") else PATTERN.get(name, "x")


@pytest.fixture
def sysadmin(app: Any, things: dict[str, Any]) -> Any:
    return app.test_client(user=model.User.get(things["user"]["id"]))


@pytest.mark.slow
def test_no_page_of_the_portal_does_anything_in_itself(app, things, sysadmin):
    wrong, seen = {}, 0
    for address in pages(app, things):
        try:
            answer = sysadmin.get(address, base_url=HERE, follow_redirects=False)
        except Exception:  # CKAN's own, for a thing of the wrong kind
            continue
        missing = {CSP, *headers.EVERYWHERE} - {name for name, _ in answer.headers}
        is_page = (answer.content_type or "").startswith("text/html")
        seen += is_page and answer.status_code == 200
        told = Found(answer.get_data(as_text=True)).wrong if is_page else []
        if told or missing:
            wrong[address] = sorted({*told, *missing})
    assert wrong == {}
    assert seen > 60  # the addresses are filled with what there is


@pytest.mark.parametrize("name", FIXED)
def test_no_page_of_a_visitor_does_anything_in_itself(app, name):
    answer = app.get(FIXED[name])
    assert Found(answer.text).wrong == []
    assert answer.headers[CSP] == headers.PAGE_POLICY


@pytest.mark.parametrize("path", ["", "/versions", "/v1", "?view=map", "?view=chart"])
def test_no_page_of_a_dataset_does_anything_in_itself(app, things, path):
    answer = app.get(f"/dataset/{things['dataset']['name']}{path}")
    assert (answer.status_code, Found(answer.text).wrong) == (200, [])


@pytest.mark.parametrize(
    ("address", "status", "policy"),
    [
        ("/about", 200, headers.PAGE_POLICY),
        ("/nothing-here", 404, headers.PAGE_POLICY),
        ("/desk", 302, headers.PAGE_POLICY),
        ("/anshan/mark.svg", 200, headers.FILE_POLICY),
        ("/api/3/action/status_show", 200, headers.FILE_POLICY),
        ("/api/3/action/nothing", 400, headers.FILE_POLICY),
        ("/api/3/action/user_list", 403, headers.FILE_POLICY),
        ("/robots.txt", 200, headers.FILE_POLICY),
        ("/data.json", 200, headers.FILE_POLICY),
    ],
)
def test_every_kind_of_answer_carries_them(app, address, status, policy):
    answer = app.get(address, follow_redirects=False)
    assert (answer.status_code, answer.headers.getlist(CSP)) == (status, [policy])
    assert {name: answer.headers[name] for name in headers.EVERYWHERE} == headers.EVERYWHERE


def test_a_file_of_the_look_and_the_answer_that_it_is_unchanged_carry_them(app):
    found = sheets.sheet(sheets.LOOK)
    assert found
    first = app.get(f"/anshan/look/{found.version}/{sheets.LOOK}")
    assert first.headers[CSP] == headers.FILE_POLICY
    mark = app.get("/anshan/mark.svg")
    again = app.get("/anshan/mark.svg", headers={"If-None-Match": mark.headers["ETag"]})
    assert (again.status_code, again.headers["X-Content-Type-Options"]) == (304, "nosniff")


def test_a_kept_page_and_the_answer_that_it_is_unchanged_carry_them(app, monkeypatch):
    kept = middleware.PageCache(app.flask_app.wsgi_app.application)
    kept.seconds = 60
    monkeypatch.setattr(app.flask_app, "wsgi_app", kept)
    client = app.flask_app.test_client(use_cookies=False)
    made, hit = (client.get("/accessibility") for _ in range(2))
    known = client.get("/accessibility", headers={"If-None-Match": hit.headers["ETag"]})
    for one, said in ((made, (200, "miss")), (hit, (200, "hit")), (known, (304, "hit"))):
        assert (one.status_code, one.headers[middleware.SAID]) == said
        assert one.headers.getlist(CSP) == [headers.PAGE_POLICY]
        assert {name: one.headers[name] for name in headers.EVERYWHERE} == headers.EVERYWHERE


def test_a_download_keeps_its_own_policy_and_other_sites_may_read_it(app, things):
    path = urlsplit(things["dataset"]["resources"][0]["url"]).path
    answer = app.get(f"{path}?preview")  # which isn't counted as a download
    assert answer.status_code == 200
    assert answer.headers.getlist(CSP) == [UNSAFE]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_an_uploaded_file_is_no_page_of_the_portal(app):
    folder = Path(config["ckan.storage_path"], "storage", "uploads", "group")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "picture.html"
    file.write_text("<script src=/uploads/group/x.js></script>")
    try:
        answer = app.get("/uploads/group/picture.html")
        assert (answer.status_code, answer.headers[CSP]) == (200, headers.FILE_POLICY)
    finally:
        file.unlink()


def sources(answer: Any, name: str) -> set[str]:
    policies = answer.headers[CSP].split("; ")
    return set(next(one for one in policies if one.startswith(f"{name} ")).split()[1:])


def test_pictures_come_from_named_hosts_too(app, monkeypatch):
    monkeypatch.setitem(config, "ckanext.anshan.guard.images", ["img.example.gov.cn"])
    for path in ("/organization/", "/desk", "/nothing-here"):
        answer = app.get(path, follow_redirects=False, status=None)
        assert sources(answer, "img-src") == {"'self'", "data:", "img.example.gov.cn"}, path
    assert "img.example" not in app.get("/openapi.json").headers[CSP]


def test_what_is_no_host_is_told_at_the_start(monkeypatch):
    monkeypatch.setitem(config, "ckanext.anshan.guard.images", ["a.cn;script-src"])
    with pytest.raises(CkanConfigurationException, match=r"guard.images = .* can't be read: write hosts"):
        options.check()


ASKED = ("/user/login", "/user/register", "/user/reset")
OTHERS = ("/", "/dataset/", "/about", "/user/logged_out_redirect")


@pytest.fixture
def recaptcha(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(config, "ckan.recaptcha.publickey", "6Lc-public")
    monkeypatch.setattr(app_globals.app_globals, "recaptcha_publickey", "6Lc-public", raising=False)


@pytest.mark.parametrize("path", ASKED)
def test_the_form_that_asks_whether_somebody_is_human_may_ask_google(app, recaptcha, path):
    answer = app.get(path)
    asked = re.search(r'<script src="(https://[^"?]+)', answer.text)
    assert asked and 'data-sitekey="6Lc-public"' in answer.text
    assert any(asked[1].startswith(source) for source in sources(answer, "script-src"))
    assert "https://www.google.com/recaptcha/" in sources(answer, "frame-src")
    assert [one for one in Found(answer.text).wrong if "recaptcha" not in one] == []


@pytest.mark.parametrize("path", OTHERS)
def test_no_other_page_may(app, recaptcha, path):
    assert "recaptcha" not in app.get(path, status=None).headers[CSP]


@pytest.mark.parametrize("path", ASKED)
def test_without_a_key_no_page_may(app, path):
    assert app.get(path).headers[CSP] == headers.PAGE_POLICY

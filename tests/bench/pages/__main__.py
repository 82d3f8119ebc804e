"""How often a second each page can be had, beside plain CKAN and a static file: ``./portal bench pages``.

The pages of the running portal, for visitors and for somebody logged in; plain CKAN 2.12 with as many datasets and the
same file, on the same services and in the same run; and a static file of the same size from the same kind of web
process.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Collection, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ckanapi import RemoteCKAN

from ckanext.anshan.local import ports
from ckanext.anshan.local.lifecycle import portal_of
from ckanext.anshan.local.service import Portal
from tests.bench import plain

from .load import Measured, measure

TARGETS = {"visitor": 30, "logged in": 2}  # times plain CKAN
NEVER_KEPT = {"download": 1}  # its target: each is decided and counted in the database
BROWSER = {"Accept-Encoding": "gzip", "Accept": "text/html"}
STATIC = """\
import os
def application(environ, start):
    name = environ["PATH_INFO"].strip("/")
    start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(os.path.getsize(name)))])
    return environ["wsgi.file_wrapper"](open(name, "rb"))
"""


def action(url: str, name: str) -> Any:
    with urllib.request.urlopen(f"{url}/api/3/action/{name}", timeout=60) as answer:
        return json.load(answer)["result"]


def datasets(url: str) -> list[dict[str, Any]]:
    return action(url, "package_search?rows=1000&sort=name+asc")["results"]


def pages_of(url: str, dataset: dict[str, Any]) -> dict[str, str]:
    """Name of a page → its address."""
    return {"home": f"{url}/", "search": f"{url}/dataset/", "dataset": f"{url}/dataset/{dataset['name']}"}


def with_file(found: list[dict[str, Any]]) -> dict[str, Any]:
    """A dataset with a file that is handed out."""
    return next(one for one in found if one["resources"])


def final(url: str) -> str:
    """Where an address leads."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.url


def log_in(url: str, name: str, password: str) -> dict[str, str]:
    """The cookie of somebody who has logged in with the form."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{url}/user/login", timeout=60).read().decode()
    token = re.search(r'name="_csrf_token"[^>]*? (?:value|content)="([^"]+)"', page)
    given = {"login": name, "password": password, "_csrf_token": token[1] if token else ""}
    answer = browser.open(f"{url}/user/login", urlencode(given).encode(), timeout=60)
    if "/user/login" in answer.url:
        raise RuntimeError(f"{name} could not log in to {url}")
    return {"Cookie": "; ".join(f"{one.name}={one.value}" for one in jar)}


@contextlib.contextmanager
def static(portal: Portal, sizes: Collection[int]) -> Iterator[str]:
    """Web processes like the portal's that serve nothing but files of these sizes: ``URL/size``."""
    gunicorn, port = str(portal.layout.env / "bin" / "gunicorn"), ports.some_free()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "static.py").write_text(STATIC)
        for size in sizes:
            Path(folder, str(size)).write_bytes(b"x" * size)
        command = [gunicorn, "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "5"]
        command += ["--bind", f"127.0.0.1:{port}", "static:application"]
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
            try:
                time.sleep(2)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def copy(found: list[dict[str, Any]], dataset: dict[str, Any], other: plain.Plain, url: str) -> str:
    """Give plain CKAN as many datasets, with the same words, and one's file; where that file is."""
    kept = ("name", "title", "notes")
    lines = [json.dumps({key: one[key] for key in kept}, ensure_ascii=False) for one in found]
    token = other.sysadmin_token()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "datasets.jsonl")
        path.write_text("\n".join(lines), "utf-8")
        ckanapi = str(other.portal.layout.env / "bin" / "ckanapi")
        command = [ckanapi, "load", "datasets", "-p", "2", "-q", "-I", str(path), "-r", url, "-a", token]
        subprocess.run(command, env=other.env(), check=True, stdout=subprocess.DEVNULL)
        return _upload(dataset, Path(folder), url, token)


def _upload(dataset: dict[str, Any], folder: Path, url: str, token: str) -> str:
    file = dataset["resources"][0]
    path = folder / f"file.{file['format'].lower()}"
    urllib.request.urlretrieve(file["url"], path)
    with RemoteCKAN(url, apikey=token) as remote, path.open("rb") as stream:
        given = {"package_id": dataset["name"], "name": file["name"], "upload": stream}
        return remote.action.resource_create(**given)["url"]


def speeds(addresses: dict[str, str], headers: dict[str, str], seconds: float) -> dict[str, Measured]:
    found = {}
    for name, url in addresses.items():
        measure(url, headers, 0.2)  # each web process fills what it keeps
        found[name] = measure(url, headers, seconds)
        if found[name].failed():
            raise RuntimeError(f"{url} answered {found[name].statuses}")
    return found


def measure_ours(portal: Portal, seconds: float, dataset: dict[str, Any]) -> dict[str, dict[str, Measured]]:
    url = portal.state.url()
    addresses = pages_of(url, dataset)
    account = next(one for one in json.loads(portal.layout.accounts.read_text()) if one["role"] == "applicant")
    user = BROWSER | log_in(url, account["name"], account["password"])
    visitors = addresses | {"download": final(dataset["resources"][0]["url"])}
    return {"visitor": speeds(visitors, BROWSER, seconds), "logged in": speeds(addresses, user, seconds)}


def measure_plain(
    other: plain.Plain, found: list[dict[str, Any]], dataset: dict[str, Any], seconds: float
) -> dict[str, dict[str, Measured]]:
    with other.web() as url:
        download = final(copy(found, dataset, other, url))
        user = BROWSER | log_in(url, "plain-admin", "plain-password")
        addresses = pages_of(url, dataset)
        visitors = addresses | {"download": download}
        return {"visitor": speeds(visitors, BROWSER, seconds), "logged in": speeds(addresses, user, seconds)}


def tell(ours: dict[str, Any], theirs: dict[str, Any], still: dict[int, float]) -> bool:
    """Print the table; whether every target was reached."""
    print(f"{'':<22}{'bytes sent':>11}{'portal':>9}{'plain CKAN':>12}{'ratio':>8}{'static file':>13}")
    good = [
        _line(f"{who} {name}", NEVER_KEPT.get(name, TARGETS[who]), mine, theirs[who][name], still[mine.bytes])
        for who, pages in ours.items()
        for name, mine in pages.items()
    ]
    return all(good)


def _line(name: str, target: int, mine: Measured, other: Measured, still: float) -> bool:
    ratio = mine.per_second / other.per_second
    good = ratio >= target
    beside = f"{other.per_second:>10.0f}/s{ratio:>8.1f}"
    missed = "" if good else f"  MISSED (target {target})"
    print(f"{name:<22}{mine.bytes:>11,}{mine.per_second:>7.0f}/s{beside}{still:>11.0f}/s{missed}", flush=True)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(prog="./portal bench pages", description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each page")
    given = parser.parse_args()
    portal = portal_of(given.data)
    found = datasets(portal.state.url())
    dataset = with_file(found)
    ours = measure_ours(portal, given.seconds, dataset)
    try:
        theirs = measure_plain(plain.make(given.data), found, dataset, given.seconds)
    finally:
        plain.forget(given.data)
    sizes = {one.bytes for pages in ours.values() for one in pages.values()}
    with static(portal, sizes) as url:
        still = {size: measure(f"{url}/{size}", BROWSER, min(given.seconds, 2)).per_second for size in sizes}
    return 0 if tell(ours, theirs, still) else 1


if __name__ == "__main__":
    sys.exit(main())

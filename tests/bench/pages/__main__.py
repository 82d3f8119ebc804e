"""How often a second each page can be had, beside plain CKAN and a constant answer: ``./portal bench pages``.

The pages of the running portal, for visitors and for somebody logged in; plain CKAN 2.12 with as many datasets, on the
same services and in the same run; and a constant answer of the same size from the same kind of web process.
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
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ckanext.anshan.local import ports
from ckanext.anshan.local.lifecycle import portal_of
from ckanext.anshan.local.service import Portal
from tests.bench import plain

from .load import Measured, measure

TARGETS = {"visitor": 30, "logged in": 2}
BROWSER = {"Accept-Encoding": "gzip", "Accept": "text/html"}
CONSTANT = """\
def application(environ, start):
    size = int(environ["QUERY_STRING"])
    start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(size))])
    return [b"x" * size]
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
    return next((one for one in found if one.get("resources")), found[0])


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
def constant(portal: Portal) -> Iterator[str]:
    """Web processes like the portal's that answer with nothing but so many bytes: ``URL?bytes``."""
    gunicorn, port = str(portal.layout.env / "bin" / "gunicorn"), ports.some_free()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "constant.py").write_text(CONSTANT)
        command = [gunicorn, "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "5"]
        command += ["--bind", f"127.0.0.1:{port}", "constant:application"]
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
            try:
                time.sleep(2)
                yield f"http://127.0.0.1:{port}/"
            finally:
                process.terminate()


def copy(found: list[dict[str, Any]], other: plain.Plain) -> None:
    """Give plain CKAN as many datasets, with the same words."""
    kept = ("name", "title", "notes")
    lines = [json.dumps({key: one[key] for key in kept}, ensure_ascii=False) for one in found]
    token = other.sysadmin_token()
    with other.web() as url, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "datasets.jsonl")
        path.write_text("\n".join(lines), "utf-8")
        ckanapi = str(other.portal.layout.env / "bin" / "ckanapi")
        command = [ckanapi, "load", "datasets", "-p", "2", "-q", "-I", str(path), "-r", url, "-a", token]
        subprocess.run(command, env=other.env(), check=True, stdout=subprocess.DEVNULL)


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
    visitors = dict(addresses)
    if dataset.get("resources"):
        visitors["download"] = final(dataset["resources"][0]["url"])
    account = next(one for one in json.loads(portal.layout.accounts.read_text()) if one["role"] == "applicant")
    user = BROWSER | log_in(url, account["name"], account["password"])
    return {"visitor": speeds(visitors, BROWSER, seconds), "logged in": speeds(addresses, user, seconds)}


def measure_plain(
    other: plain.Plain, found: list[dict[str, Any]], dataset: dict[str, Any], seconds: float
) -> dict[str, dict[str, Measured]]:
    copy(found, other)
    with other.web() as url:
        user = BROWSER | log_in(url, "plain-admin", "plain-password")
        addresses = pages_of(url, dataset)
        return {"visitor": speeds(addresses, BROWSER, seconds), "logged in": speeds(addresses, user, seconds)}


def tell(ours: dict[str, Any], theirs: dict[str, Any], still: dict[str, float]) -> bool:
    """Print the table; whether every target was reached."""
    print(f"{'':<22}{'bytes sent':>11}{'portal':>9}{'plain CKAN':>12}{'ratio':>8}{'constant answer':>17}")
    good = [
        _line(f"{who} {name}", TARGETS[who], mine, theirs[who].get(name), still[f"{who} {name}"])
        for who, pages in ours.items()
        for name, mine in pages.items()
    ]
    return all(good)


def _line(name: str, target: int, mine: Measured, other: Measured | None, still: float) -> bool:
    ratio = mine.per_second / other.per_second if other else None
    good = ratio is None or ratio >= target
    beside = f"{other.per_second:>10.0f}/s{ratio:>8.1f}" if other else " " * 20
    missed = "" if good else f"  MISSED (target {target})"
    print(f"{name:<22}{mine.bytes:>11,}{mine.per_second:>7.0f}/s{beside}{still:>15.0f}/s{missed}", flush=True)
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
    with constant(portal) as url:
        still = {
            f"{who} {name}": measure(f"{url}?{one.bytes}", BROWSER, min(given.seconds, 2)).per_second
            for who, pages in ours.items()
            for name, one in pages.items()
        }
    return 0 if tell(ours, theirs, still) else 1


if __name__ == "__main__":
    sys.exit(main())

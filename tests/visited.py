"""Every public page of a portal, each by a name: what pictures, measurements and the tests of all pages visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanapi import RemoteCKAN

FIXED: Mapping[str, str] = {
    "home": "/",
    "search": "/dataset/?q=公交",
    "search-empty": "/dataset/?q=地下管线埋深实测坐标",
    "agencies": "/organization/",
    "themes": "/group/",
    "districts": "/district/",
    "open-list": "/open-list",
    "statistics": "/statistics",
    "results": "/applications/results",
    "regulation": "/regulation",
    "developers": "/developers",
    "console": "/developers/console",
    "help": "/help",
    "about": "/about",
    "log": "/audit/about",
    "accessibility": "/accessibility",
    "agreement-verify": "/agreement/verify",
    "misuse": "/application/misuse",
    "login": "/user/login",
    "not-found": "/nothing-here",
}


def pages(url: str) -> dict[str, str]:
    """Name → path; dataset, agency, theme and district are those of the most wanted dataset."""
    found = dict(FIXED)
    with RemoteCKAN(url, user_agent="tests") as visitor:
        for name in ("conditional", "unconditional"):
            asked = {"fq": f"opening_class:{name}", "sort": "use_count desc", "rows": 1}
            for shown in visitor.action.package_search(**asked)["results"]:
                found |= _around(shown) | {f"dataset-{name}": f"/dataset/{shown['name']}"}
    return found


def _around(dataset: Mapping[str, Any]) -> dict[str, str]:
    found = {"agency": f"/organization/{dataset['organization']['name']}"}
    if dataset["groups"]:
        found["theme"] = f"/group/{dataset['groups'][0]['name']}"
    if dataset.get("district"):
        found["district"] = f"/district/{dataset['district']}"
    return found

"""Finds the datasets that are most like one, with one request to the search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

ROWS = 5
FIELDS = "id,name,title,organization,opening_class,release_date"
MOST_TAGS = 12
KIND_OF_DATA = re.compile(r"(?<=..)(?:名单|清单|名录|目录|列表|信息|数据|情况|统计|一览表?|汇总表?)+$")
"""What titles end with, and what says nothing of their subject."""
WORD = re.compile(r"\w+")
SIGNS = re.compile(r'["\\]')


def to(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    asked = {
        "q": " OR ".join(_alike(package)),
        "fq": f'+dataset_type:dataset -id:"{package["id"]}"',
        "sort": "score desc, metadata_modified desc",
        "rows": ROWS,
        "facet": "false",
    }
    return [_told(one) for one in tk.get_action("package_search")({}, asked)["results"]]


def _alike(package: Mapping[str, Any]) -> Iterator[str]:
    """Subject and theme say most; keywords and agency order what is left."""
    subject = KIND_OF_DATA.sub("", package["title"])
    yield f"title:{_quoted(subject)}^6"
    words = " ".join(WORD.findall(subject))[:120]
    if words:
        yield f"title:({words})^2"
    yield from (f"groups:{_quoted(group['name'])}^4" for group in package["groups"])
    tags = [_quoted(tag["name"]) for tag in package["tags"][:MOST_TAGS]]
    if tags:
        yield f"tags:({' OR '.join(tags)})"
    yield f"organization:{_quoted(package['organization']['name'])}^1.5"


def _quoted(text: str) -> str:
    return f'"{SIGNS.sub(" ", text)}"'


def _told(package: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: package.get(name) or "" for name in ("id", "name", "title", "opening_class", "release_date")}
    return kept | {"agency": (package.get("organization") or {}).get("title", "")}

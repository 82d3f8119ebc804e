"""What a browser that has kept nothing is sent for its first look at each public page, as the portal packs it."""

from __future__ import annotations

import gzip
from http import HTTPStatus
from urllib.parse import quote, urldefrag, urljoin

import pytest
import requests
from bs4 import BeautifulSoup

from tests.browser.test_every_page import AROUND, paths
from tests.conftest import RunningPortal
from tests.visited import FIXED

__all__ = ["paths"]

MOST = 200_000  # bytes
BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip"}
LOADED = {"link[rel=stylesheet], link[rel=icon], svg use": "href", "script[src], img[src]": "src"}


def sent(url: str) -> bytes:
    """As it comes, packed or not."""
    with requests.get(url, headers=BROWSER, timeout=60, stream=True) as answer:
        assert answer.status_code in (HTTPStatus.OK, HTTPStatus.NOT_FOUND), url
        return answer.raw.read(decode_content=False)


def unpacked(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def loaded(url: str, page: bytes) -> set[str]:
    """Addresses of the sheets, scripts and pictures that come with a page by themselves."""
    html = BeautifulSoup(page, "html.parser")
    given = [str(each[name]) for wanted, name in LOADED.items() for each in html.select(wanted)]
    return {urldefrag(urljoin(url, one)).url for one in given if not one.startswith(("data:", "#"))}


@pytest.mark.parametrize("name", [*FIXED, *AROUND])
def test_a_first_view_is_light(running_portal: RunningPortal, paths: dict[str, str], name: str):
    url = running_portal.url + quote(paths[name], safe="/?=&%")
    page = sent(url)
    sizes = {url: len(page)} | {one: len(sent(one)) for one in loaded(url, unpacked(page))}
    assert any(one.endswith("/look.css") for one in sizes)
    assert sum(sizes.values()) < MOST, sizes

"""Takes a picture of every public page into docs/pictures: ``./portal bench pictures``. Needs Chromium.

Each page at a desktop's width in Chinese; the four that people see most also on a phone, in English, dark and in large
text. Pictures have few colours, so 96 of them are enough and a picture stays small.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from ckanext.anshan.local.layout import ROOT
from ckanext.anshan.local.lifecycle import portal_of
from tests.conftest import CHROMIUM
from tests.visited import pages

FOLDER = ROOT / "docs" / "pictures"
MOST_SEEN = ("home", "search", "dataset-unconditional", "dataset-conditional")
TALLEST = 1800  # pixels; what is below shows more of the same
COLOURS = 96


class Way(NamedTuple):
    """One way of looking at a page."""

    ending: str
    width: int = 1280
    prefix: str = ""
    cookie: tuple[str, str] = ("anshan_theme", "light")


DESKTOP = Way("")
OTHERS = (
    Way("-phone", width=390),
    Way("-en", prefix="/en"),
    Way("-dark", cookie=("anshan_theme", "dark")),
    Way("-elder", cookie=("anshan_look", "elder")),
)


def take(browser: Browser, url: str, path: str, way: Way) -> bytes:
    context = browser.new_context(viewport={"width": way.width, "height": 900}, reduced_motion="reduce")
    context.add_cookies([{"name": way.cookie[0], "value": way.cookie[1], "url": url}])
    page = context.new_page()
    page.goto(f"{url}{way.prefix}{path}", wait_until="networkidle")
    height = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
    page.set_viewport_size({"width": way.width, "height": height})
    picture = page.screenshot()
    context.close()
    return picture


def write(picture: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="names of pages")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("This needs Chromium on the PATH.")
    url = portal_of(asked.data).state.url()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        for name, path in pages(url).items():
            for way in (DESKTOP, *OTHERS) if name in MOST_SEEN else (DESKTOP,):
                if not asked.only or name in asked.only:
                    write(take(browser, url, path, way), FOLDER / f"{name}{way.ending}.png")
                    print(f"{name}{way.ending}.png", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Three errands on the demo, done from the home page in a browser: ``./portal bench errands``. Needs Chromium.

Prints clicks, key presses that act (Enter), typed characters and seconds of each. The seconds are the machine's, not a
reader's: what the portal lets somebody wait.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from ckanext.anshan.local.lifecycle import portal_of
from tests.conftest import CHROMIUM


class Errand:
    """A person at the portal: counts what they do."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.enters, self.typed = page, 0, 0, 0

    def search(self, words: str) -> None:
        self.page.goto("/")
        self.page.get_by_role("combobox").first.fill(words)
        self.page.keyboard.press("Enter")
        self.typed, self.enters = self.typed + len(words), self.enters + 1

    def click(self, role: str, name: str, exact: bool = False) -> None:
        self.page.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]
        self.clicks += 1


def bus_stops_on_a_map(errand: Errand) -> str:
    errand.search("公交站点")
    errand.click("link", "公交站点信息")
    errand.click("link", "地图")
    errand.page.wait_for_selector("#preview .leaflet-container, .leaflet-container")
    return errand.page.url


def licensed_companies_as_excel(errand: Errand) -> str:
    errand.search("经营许可企业名单")
    errand.click("link", "道路旅客运输经营许可企业名单")
    with errand.page.expect_download() as started:
        files = errand.page.locator("li, tr, .file").filter(has_text=".xlsx")
        files.get_by_role("link", name="下载").first.click()
        errand.clicks += 1
    size = Path(started.value.path()).stat().st_size
    return f"{started.value.suggested_filename}, {size} bytes"


def a_table_by_api_in_python(errand: Errand) -> str:
    """The example of the page is copied and run as it is."""
    errand.search("公交站点")
    errand.click("link", "公交站点信息")
    api = errand.page.locator("#api")
    api.locator("label", has_text="Python · ckanapi").click()
    shown = api.locator("pre", has_text="RemoteCKAN").inner_text()
    api.locator(".code", has_text="RemoteCKAN").get_by_role("button", name="复制").click()
    errand.clicks += 2
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip().splitlines()[0][:100]


ERRANDS: tuple[Callable[[Errand], str], ...] = (
    bus_stops_on_a_map,
    licensed_companies_as_excel,
    a_table_by_api_in_python,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or sys.exit("This needs Chromium on the PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        for errand in ERRANDS:
            context = browser.new_context(base_url=portal_of(asked.data).state.url(), accept_downloads=True)
            person, start = Errand(context.new_page()), time.monotonic()
            got = errand(person)
            seconds = time.monotonic() - start
            print(errand.__name__.replace("_", " "))
            print(f"  {person.clicks} clicks, {person.enters} Enter, {person.typed} characters, {seconds:.1f} s: {got}")
            context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What Lighthouse says of each public page: ``./portal bench lighthouse``. Needs Node.js and Chromium.

Lighthouse is no part of the project: npx fetches the version named here. A phone and a desktop, out of 100 each.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ckanext.anshan.local.lifecycle import portal_of
from tests.conftest import CHROMIUM
from tests.visited import pages

LIGHTHOUSE = "lighthouse@13.5.0"
LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROME = ("chromium", "chromium-browser", "google-chrome")


def judge(url: str, desktop: bool, why: bool) -> dict[str, int]:
    """Category → points."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        preset = ["--preset=desktop"] if desktop else []
        flags = " ".join(("--headless=new", *CHROMIUM))
        command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}", *preset]
        subprocess.run([*command, f"--chrome-flags={flags}"], check=True, env=os.environ | {"CHROME_PATH": chrome()})
        found = json.loads(report.read_text("utf-8"))
    if why:
        _say_why(found)
    return {name: round(100 * (found["categories"][name]["score"] or 0)) for name in CATEGORIES}


def _say_why(found: dict[str, Any]) -> None:
    for name, audit in found["audits"].items():
        if audit.get("score") is not None and audit["score"] < 0.9:
            print("   ", name, audit["score"], audit.get("displayValue", ""))


def chrome() -> str:
    found = next((path for path in map(shutil.which, CHROME) if path), None)
    if found is None or not shutil.which("npx"):
        sys.exit("This needs Node.js (npx) and Chromium on the PATH.")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="names of pages")
    parser.add_argument("--why", action="store_true", help="say what costs points")
    asked = parser.parse_args()
    url = portal_of(asked.data).state.url()
    print(f"{'page':24}{'':9}" + "".join(f"{name:>16}" for name in CATEGORIES))
    worst = 100
    for name, path in pages(url).items():
        for kind in ("phone", "desktop") if not asked.only or name in asked.only else ():
            points = judge(url + path, kind == "desktop", asked.why)
            worst = min(worst, *(value for key, value in points.items() if key != "seo" or not _is_private(name)))
            print(f"{name:24}{kind:9}" + "".join(f"{points[one]:>16}" for one in CATEGORIES), flush=True)
    print(f"worst {worst}, wanted {LEAST}")
    return 0 if worst >= LEAST else 1


def _is_private(name: str) -> bool:
    """Pages that search engines are not to list."""
    return name in ("login", "not-found", "search-empty")


if __name__ == "__main__":
    sys.exit(main())

"""What Lighthouse says of each public page: ``./portal bench lighthouse``. Needs Node.js and Chromium.

Lighthouse is no part of the project: npx fetches the version named here. A phone and a desktop, out of 100 each, with
what a first view fetches (without the previews of files) and how far anything on it moves by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ckanext.anshan.local.lifecycle import portal_of
from tests.conftest import CHROMIUM
from tests.visited import pages

LIGHTHOUSE = "lighthouse@13.5.0"
LEAST, MOST_KB, MOST_SHIFT = 95, 200, 0.01
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROME = ("chromium", "chromium-browser", "google-chrome")


class Judged(NamedTuple):
    points: Mapping[str, int]  # by category
    kilobytes: float
    shift: float  # cumulative layout shift


def judge(url: str, desktop: bool, why: bool) -> Judged:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        preset = ["--preset=desktop"] if desktop else []
        flags = " ".join(("--headless=new", *CHROMIUM))
        command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}", *preset]
        subprocess.run([*command, f"--chrome-flags={flags}"], check=True, env=os.environ | {"CHROME_PATH": chrome()})
        found = json.loads(report.read_text("utf-8"))
    if why:
        _say_why(found)
    points = {name: round(100 * (found["categories"][name]["score"] or 0)) for name in CATEGORIES}
    weight, shift = (found["audits"][name]["numericValue"] for name in ("total-byte-weight", "cumulative-layout-shift"))
    return Judged(points, weight / 1024, shift)


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
    print(f"{'page':24}{'':9}" + "".join(f"{name:>16}" for name in (*CATEGORIES, "KB", "shift")))
    judged: dict[str, list[Judged]] = {}
    for name, path in pages(url).items():
        for kind in ("phone", "desktop") if not asked.only or name in asked.only else ():
            one = judge(url + path, kind == "desktop", asked.why)
            judged.setdefault(name, []).append(one)
            _say(f"{name:24}{kind:9}", one)
    return 0 if _sum_up(judged) else 1


def _say(name: str, one: Judged) -> None:
    points = "".join(f"{one.points[category]:>16}" for category in CATEGORIES)
    print(f"{name}{points}{one.kilobytes:>16.0f}{one.shift:>16.3f}", flush=True)


def _sum_up(judged: Mapping[str, list[Judged]]) -> bool:
    """Print the worst of each; whether all of it is as wanted."""
    everything = [one for each in judged.values() for one in each]
    listed = [one for name, each in judged.items() for one in each if not _is_private(name)]
    worst = {name: min(one.points[name] for one in (listed if name == "seo" else everything)) for name in CATEGORIES}
    kilobytes, shift = max(one.kilobytes for one in everything), max(one.shift for one in everything)
    _say(f"{'worst':33}", Judged(worst, kilobytes, shift))
    print(f"wanted: {LEAST} or more, {MOST_KB} KB and a shift of {MOST_SHIFT} or less")
    return min(worst.values()) >= LEAST and kilobytes <= MOST_KB and shift <= MOST_SHIFT


def _is_private(name: str) -> bool:
    """Pages that search engines are not to list."""
    return name in ("login", "not-found", "search-empty")


if __name__ == "__main__":
    sys.exit(main())

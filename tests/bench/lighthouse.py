"""What Lighthouse says of each public page: ``./portal bench lighthouse``. Needs Node.js and Chromium.

Lighthouse is no part of the project: npx fetches the version named here. A phone and a desktop: points out of 100,
what a first view loads (KB = 1000 bytes as sent, without a preview's own libraries, table and map), and how far the
page shifts while it loads.
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
from statistics import median
from typing import Any, NamedTuple

from ckanext.anshan.local.lifecycle import portal_of
from tests.conftest import CHROMIUM
from tests.visited import pages

LIGHTHOUSE = "lighthouse@13.5.0"
LEAST, MOST_KB, MOST_SHIFT = 95, 200, 0.01
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROME = ("chromium", "chromium-browser", "google-chrome")
PREVIEWS = ("/anshan/libraries/", "/preview/")


class Judged(NamedTuple):
    points: Mapping[str, float]
    kb: float
    shift: float

    def line(self) -> str:
        return "".join(f"{self.points[one]:>16.0f}" for one in CATEGORIES) + f"{self.kb:>8.1f}{self.shift:>8.3f}"

    def is_enough(self, private: bool) -> bool:
        points = [value for name, value in self.points.items() if name != "seo" or not private]
        return min(points) >= LEAST and self.kb <= MOST_KB and self.shift < MOST_SHIFT


def judge(url: str, desktop: bool, why: bool) -> Judged:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        preset = ["--preset=desktop"] if desktop else []
        flags = " ".join(("--headless=new", *CHROMIUM))
        command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}", *preset]
        env = os.environ | {"CHROME_PATH": chrome(), "npm_config_loglevel": "error"}
        subprocess.run([*command, f"--chrome-flags={flags}"], check=True, env=env)
        found = json.loads(report.read_text("utf-8"))
    if why:
        _say_why(found)
    points = {name: 100 * (found["categories"][name]["score"] or 0) for name in CATEGORIES}
    return Judged(points, _kb(found), found["audits"]["cumulative-layout-shift"]["numericValue"])


def middle(runs: list[Judged]) -> Judged:
    """The median of each figure."""
    points = {name: median(run.points[name] for run in runs) for name in CATEGORIES}
    return Judged(points, median(run.kb for run in runs), median(run.shift for run in runs))


def worst(found: list[Judged]) -> Judged:
    points = {name: min(one.points[name] for one in found) for name in CATEGORIES}
    return Judged(points, max(one.kb for one in found), max(one.shift for one in found))


def _kb(found: dict[str, Any]) -> float:
    requests = found["audits"]["network-requests"]["details"]["items"]
    own = [one for one in requests if not any(part in one["url"] for part in PREVIEWS)]
    return sum(one.get("transferSize") or 0 for one in own) / 1000


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
    asked = _asked()
    url = portal_of(asked.data).state.url()
    print(f"{'page':24}{'':9}" + "".join(f"{name:>16}" for name in CATEGORIES) + f"{'KB':>8}{'CLS':>8}")
    found: list[Judged] = []
    low: list[str] = []
    for name, path in pages(url).items():
        if name == "not-found":  # Lighthouse judges no page with an error's status
            continue
        for kind in ("phone", "desktop") if not asked.only or name in asked.only else ():
            judged = middle([judge(url + path, kind == "desktop", asked.why) for _ in range(asked.runs)])
            print(f"{name:24}{kind:9}{judged.line()}", flush=True)
            low += [] if judged.is_enough(_is_private(name)) else [f"{name} ({kind})"]
            found.append(judged if not _is_private(name) else judged._replace(points={**judged.points, "seo": 100}))
    print(f"{'worst':33}{worst(found).line()}")
    print(f"wanted: {LEAST} points, {MOST_KB} KB, CLS under {MOST_SHIFT}; missed by: {', '.join(low) or 'none'}")
    return 1 if low else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="names of pages")
    parser.add_argument("--runs", type=int, default=1, help="how often each page is judged; the median counts")
    parser.add_argument("--why", action="store_true", help="say what costs points")
    return parser.parse_args()


def _is_private(name: str) -> bool:
    """Pages that search engines are not to list."""
    return name in ("login", "console", "search-empty")


if __name__ == "__main__":
    sys.exit(main())

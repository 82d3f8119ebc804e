"""How long a portal takes to start and how much memory it needs: ``./portal bench start``.

A portal of its own in a new folder: cold (nothing there but the shared environment and its downloads), with the demo
loaded and clicked through, then warm. ``--fresh`` fetches and makes the environment too, in a clone of the checkout.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from ckanext.anshan.local.layout import ROOT
from ckanext.anshan.local.lifecycle import memory_mib, portal_of

LIMITS = {"cold_s": 180, "warm_s": 12, "memory_mib": 1536}
PAGES = (
    "/",
    "/dataset/",
    "/organization/",
    "/group/",
    "/dataset/?q=%E5%85%AC%E4%BA%A4",
    "/about",
    "/api/3/action/package_list",
)


def portal(root: Path, *words: str) -> float:
    """Run ``./portal`` and give the seconds it took."""
    start = time.monotonic()
    subprocess.run([sys.executable, str(root / "portal"), *words], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def click_through(url: str) -> int:
    """Look at every kind of page and at 60 datasets; gives the number of pages seen."""
    asked = urllib.request.urlopen(f"{url}/api/3/action/package_search?rows=60&fl=name", timeout=60)
    names = [row["name"] for row in json.load(asked)["result"]["results"]]
    pages = [*PAGES, *(f"/dataset/{name}" for name in names)]
    for page in pages:
        urllib.request.urlopen(f"{url}{page}", timeout=60).read()
    return len(pages)


def measure(root: Path, data: Path, demo: bool) -> dict[str, object]:
    where = ("--data", str(data))
    cold = portal(root, "up", *where, "--port", "5600", *([] if demo else ["--no-demo"]))
    try:
        running = portal_of(data)
        pages = click_through(running.state.url())
        memory = memory_mib(running)
        portal(root, "down", *where)
        warm = portal(root, "up", *where)
    finally:
        portal(root, "down", *where)
    total = round(sum(memory.values()))
    found = {"cold_s": round(cold, 1), "warm_s": round(warm, 1), "memory_mib": total}
    return found | {"pages_seen": pages, "memory_of": memory}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="unused: the measurement has a folder of its own")
    parser.add_argument("--fresh", action="store_true", help="fetch and make the environment too")
    parser.add_argument("--no-demo", action="store_true", help="leave out the demo")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="start-", dir=ROOT / ".portal"))
    folder.chmod(0o755)
    try:
        root = ROOT
        if options.fresh:
            root = folder / "clone"
            subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(root)], check=True)
        found = measure(root, folder / "data", not options.no_demo)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found, indent=2))
    for name, limit in LIMITS.items():
        print(f"{name:<12} {found[name]:>8}   limit {limit}   {float(str(found[name])) / limit:.2f} of it")


if __name__ == "__main__":
    main()

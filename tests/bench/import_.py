"""How fast a catalogue and its releases come in beside plain CKAN: ``./portal bench import [--entries 10000]``.

The same synthetic entries, once in the 1272 template through ``ckan anshan catalogue import``, once as JSON lines
through ``ckanapi load datasets -p 2`` into plain CKAN on the same services; then a release of every entry with a file
of its own through ``ckan anshan release import``, held against a list that was signed before. Each is measured from the
start of its command until a search finds the last one. The target is 8 times as many per second as plain CKAN takes
entries.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ckanext.anshan.local.lifecycle import portal_of
from ckanext.anshan.local.service import Portal
from ckanext.anshan.local.solr import Solr

from . import plain

TARGET = 8.0
ITEMS = 5
"""Information items of an entry, as in the real catalogue on average."""
AGENCIES = 60
HEADINGS = [
    *("信息资源目录提供方", "信息资源目录提供方代码", "审批结果", "信息资源目录名称", "信息资源目录摘要", "共享条件"),
    *("开放条件", "其他更新周期", "信息项名称", "数据类型", "数据长度", "来源系统名称", "目录编码"),
]
PLACES = ["铁东", "铁西", "立山", "千山", "海城", "台安", "岫岩", "市级", "高新区", "经开区"]
THINGS = [
    "公交站点",
    "停车场",
    "养老机构",
    "医疗机构",
    "学校",
    "水质监测",
    "空气质量",
    "不动产登记",
    "道路运输许可",
    "食品经营许可",
    "社会团体",
]
KINDS = ["基本信息", "名录", "统计", "许可结果", "监测数据", "检查结果", "办理情况"]
FIELDS = [
    "名称",
    "地址",
    "统一社会信用代码",
    "法定代表人",
    "有效期",
    "发证机关",
    "经度",
    "纬度",
    "联系电话",
    "数量",
    "日期",
    "备注",
    "等级",
    "面积",
]


def entries(count: int) -> Iterator[dict[str, Any]]:
    """Entries that are the same in every run on a machine, and new in every run of this command."""
    dice, serial = random.Random(count), int(time.time()) % 10**6
    for number in range(count):
        agency = number % AGENCIES
        title = f"{dice.choice(PLACES)}{dice.choice(THINGS)}{dice.choice(KINDS)}{number}"
        uscc = f"112103{agency:012d}"
        yield {
            "agency": f"某市第{agency}局",
            "uscc": uscc,
            "title": title,
            "notes": f"{title}，包括{'、'.join(dice.sample(FIELDS, 6))}等信息。",
            "items": dice.sample(FIELDS, ITEMS),
            "code": f"{uscc}{serial:06d}{number:09d}",
        }


def write_template(path: Path, given: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerows([["" if name.startswith(("信息项", "数据")) else name for name in HEADINGS], HEADINGS])
        for one in given:
            fixed = [one["agency"], one["uscc"], "*", one["title"], one["notes"], "依申请", "无条件开放", "每年"]
            rows.writerows([*fixed, item, "nvarchar", "255", "业务系统", one["code"]] for item in one["items"])


def write_lines(path: Path, given: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_dataset(one), ensure_ascii=False) + "\n" for one in given)


def _dataset(one: dict[str, Any]) -> dict[str, Any]:
    items = [{"name": item, "type": "text", "length": "255"} for item in one["items"]]
    extras = {"code": one["code"], "opening_class": "unconditional", "update_cycle": "yearly", "agency": one["agency"]}
    extras |= {"source_system": "业务系统", "information_items": json.dumps(items, ensure_ascii=False)}
    pairs = [{"key": key, "value": value} for key, value in extras.items()]
    return {"name": one["code"].lower(), "title": one["title"], "notes": one["notes"], "extras": pairs}


def write_releases(folder: Path, given: list[dict[str, Any]]) -> Path:
    """A manifest of one table of 20 rows for each entry."""
    manifest = folder / "manifest.jsonl"
    with manifest.open("w", encoding="utf-8") as lines:
        for number, one in enumerate(given):
            with (folder / f"{number}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([one["items"], *([f"{number}-{row}"] * ITEMS for row in range(20))])
            line = {"code": one["code"], "files": [{"path": f"{number}.csv", "name": f"{one['title']}.csv"}]}
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")
    return manifest


def catalogue_import(portal: Portal, path: Path, last: str) -> float:
    told, start = _ckan(portal, "catalogue", "import", str(path), "--create-agencies", "--json")
    if told["created"] != told["total"] or not told["indexed"]:
        raise RuntimeError(f"the import went wrong: {told}")
    return _found(portal, last) - start


def release_import(portal: Portal, manifest: Path, count: int, last: str) -> float:
    told, start = _ckan(portal, "release", "import", str(manifest), "--list", sign(portal, manifest), "--json")
    if told["released"] != count:
        raise RuntimeError(f"the import went wrong: {told}")
    return _found(portal, f"open-{last}") - start


def sign(portal: Portal, manifest: Path) -> str:
    """The number of a list that both offices signed, as they do before anything is imported."""
    command = [str(portal.layout.env / "bin" / "python"), "-m", "tests.listed", str(manifest), "鞍数发〔2026〕1号"]
    return subprocess.run(command, env=portal.env(), stdout=subprocess.PIPE, text=True, check=True).stdout.split()[-1]


def _ckan(portal: Portal, *words: str) -> tuple[dict[str, Any], float]:
    return _run(portal, [str(portal.layout.env / "bin" / "ckan"), "-c", str(portal.layout.ini), "anshan", *words])


def _run(portal: Portal, command: list[str]) -> tuple[dict[str, Any], float]:
    """What a command printed last, and when it was started."""
    start = time.monotonic()
    done = subprocess.run(command, env=portal.env(), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stdout[-500:]}")
    return json.loads(done.stdout.splitlines()[-1]), start


def _found(portal: Portal, name: str) -> float:
    """When a search found it."""
    _wait(Solr(portal).url("ckan"), name)
    return time.monotonic()


def theirs(other: plain.Plain, path: Path, last: str) -> float:
    token = other.sysadmin_token()
    with other.web() as url:
        start = time.monotonic()
        ckanapi = str(other.portal.layout.env / "bin" / "ckanapi")
        command = [ckanapi, "load", "datasets", "-p", "2", "-q", "-I", str(path), "-r", url, "-a", token]
        subprocess.run(command, env=other.env(), check=True, stdout=subprocess.DEVNULL)
        _wait(other.solr_url, last)
        return time.monotonic() - start


def _wait(solr: str, name: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{solr}/select?q=name:{name}&rows=0&wt=json", timeout=60) as answer:
            if json.load(answer)["response"]["numFound"]:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{name} is not in the index")


def main() -> None:
    options = argparse.ArgumentParser(prog="./portal bench import", description=__doc__)
    options.add_argument("--data", required=True, type=Path)
    options.add_argument("--entries", type=int, default=10_000)
    options.add_argument("--plain-entries", type=int, help="fewer for plain CKAN, for a quick look (default: the same)")
    options.add_argument("--only-ours", action="store_true")
    given = options.parse_args()
    made, slow = list(entries(given.entries)), 0.0
    few = made[: given.plain_entries or len(made)]
    portal, last = portal_of(given.data), made[-1]["code"].lower()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template, lines, manifest = folder / "catalogue.csv", folder / "datasets.jsonl", write_releases(folder, made)
        write_template(template, made)
        write_lines(lines, few)
        if not given.only_ours:  # first, while no worker makes tables of what ours has released
            slow = len(few) / theirs(plain.make(given.data), lines, few[-1]["code"].lower())
            _tell("ckanapi load datasets -p 2 into plain CKAN", slow, few)
        fast = {"catalogue import": len(made) / catalogue_import(portal, template, last)}
        _tell("catalogue import", fast["catalogue import"], made)
        fast["release import"] = len(made) / release_import(portal, manifest, len(made), last)
        _tell("release import", fast["release import"], made)
    if given.only_ours:
        return
    for what, speed in fast.items():
        verdict = "reached" if speed / slow >= TARGET else "MISSED"
        print(f"{what}, ratio: {speed / slow:.1f} (target {TARGET:.0f}): {verdict}")


def _tell(what: str, speed: float, made: list[dict[str, Any]]) -> None:
    print(f"{what}: {speed:.1f} a second ({len(made)}, index included)", flush=True)


if __name__ == "__main__":
    main()

"""Speaks as the scanner does, and does what the file's first line says: tests of the supervision need a bad one.

``slow`` goes on until it is ended, ``die`` ends itself by SIGKILL, ``nothing`` ends without a word, ``told CODE`` says
why it can't, ``hog`` takes memory beyond its limit, ``spoil`` reports about another file.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def finding(column: str) -> dict[str, Any]:
    return {
        "where": column,
        "kind": "mobile",
        "count": 3,
        "share": 1.0,
        "severity": "block",
        "confidence": 0.99,
        "examples_masked": ["138********"],
        "why": "checks",
        "remedies": ["drop", "mask"],
        "rule": "mobile.column",
        "articles": ["regulation:30", "pipl:4"],
        "part": "",
        "column": column,
        "facts": {"count": 3},
    }


def report(asked: dict[str, Any], content: bytes) -> dict[str, Any]:
    heads = content.split(b"\n", 1)[0].decode("utf-8", "replace").strip().split(",")
    found = [finding(head) for head in heads if head == "phone"]
    found += [finding(one["word"]) for one in asked["words"]]
    told = {"file": asked["name"], "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "type": "csv"}
    return {**told, "readable": True, "scanner": "stand-in", "findings": found}


def job(asked: dict[str, Any]) -> None:
    content = Path(asked["path"]).read_bytes()
    order = content.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    say(progress=0.25, part="表\0一")
    Path("left behind").write_text("unpacked")
    if order == "slow":
        time.sleep(600)
    elif order == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif order.startswith("told "):
        say(error=order.removeprefix("told "))
    elif order == "hog":
        resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
        try:
            bytearray(asked["memory"])
        except MemoryError:
            say(error="too_big")
    elif order == "spoil":
        say(report=report(asked, content) | {"sha256": "0" * 64})
    elif order != "nothing":
        say(progress=1.0)
        say(report=report(asked, content))


def remedy(asked: dict[str, Any]) -> None:
    content = Path(asked["path"]).read_bytes()
    if content.startswith(b"stubborn"):
        say(refused="encrypted", facts={})
        return
    made = content.replace(b"phone,", b"").replace(b"1,", b"")
    if "to" in asked:
        Path(asked["to"]).write_bytes(made)
    change = {**asked["asked"][0], "cells": 3, "rows": 3, "before": ["138********"], "after": [], "rule": "drop"}
    told = {"name": asked["name"], "sha256": hashlib.sha256(made).hexdigest(), "size": len(made)}
    say(changes={**told, "changes": [change]})


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    {"--job": job, "--remedy": remedy}[sys.argv[1]](given)

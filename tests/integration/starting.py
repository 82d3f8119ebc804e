"""Programs in processes of their own that don't load CKAN anew: one process has it loaded and forks for each of them.

A start costs half a second in place of three. What is started shares no connection with anybody and may be killed.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from ckan.plugins import toolkit as tk

ROOT = Path(__file__).resolve().parents[2]
CKAN = "ckan"


def start(module: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m MODULE WORDS``, or ``ckan WORDS``, to its end."""
    with tempfile.TemporaryDirectory() as folder:
        streams = [os.path.join(folder, name) for name in ("out", "err")]
        request = {"argv": [module, *words], "env": _environment() | env, "streams": streams}
        code = _ask(_loaded(), request)
        said = [Path(path).read_text("utf-8") for path in streams]
    return subprocess.CompletedProcess([module, *words], code, *said)


def ckan(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return start(CKAN, "-c", tk.config["__file__"], *words, **env)


def _environment() -> dict[str, str]:
    return {**os.environ, "CKAN_INI": tk.config["__file__"]}


@cache
def _loaded() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", __name__]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(), cwd=ROOT, text=True
    )
    atexit.register(process.communicate)
    return process


def _ask(process: subprocess.Popen[str], request: dict[str, Any]) -> int:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(request) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def serve() -> dict[str, Any] | None:
    """Fork for each request: the child comes back with it, the parent when there are no more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    _load()
    for line in iter(sys.stdin.readline, ""):
        if not (pid := os.fork()):
            return json.loads(line)
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
        answers.flush()
    return None


def _load() -> None:
    """Load CKAN and hang up: a connection would be everybody's."""
    from ckan import model
    from ckan.cli.cli import ckan
    from ckan.lib.redis import connect_to_redis
    from ckanext.datastore.backend import postgres

    with ckan.make_context(CKAN, ["-c", os.environ["CKAN_INI"], "config"]):
        model.Session.remove()
        connect_to_redis().connection_pool.disconnect()
    for engine in filter(None, (model.meta.engine, *postgres._engines.values())):
        engine.dispose()


def become(request: dict[str, Any]) -> None:
    for number, path in enumerate([os.devnull, *request["streams"]]):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = request["argv"]
    if sys.argv[0] == CKAN:
        from ckan.cli.cli import ckan

        sys.exit(ckan())
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__" and (asked := serve()):
    become(asked)

"""Gunicorn's settings: CKAN is loaded once, then forked, so that the web processes share their memory."""

from __future__ import annotations

import gc
import os
from typing import Any

workers = int(os.environ.get("ANSHAN_WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 4
preload_app = True
timeout = 180
graceful_timeout = 15
keepalive = 5
limit_request_line = 8190  # a search may be long; the most that gunicorn takes
worker_tmp_dir = os.environ.get("TMPDIR", "/tmp")
errorlog = "-"
loglevel = "warning"


def when_ready(server: Any) -> None:
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """A connection belongs to one process: each worker opens its own."""
    from ckan.model import meta
    from ckanext.datastore.backend import postgres

    engines = [meta.engine, *postgres._engines.values()]
    for engine in engines:
        if engine is not None:
            engine.dispose(close=False)

"""The web processes (gunicorn), the background worker, and the sealer of the log."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from . import files
from .postgres import Postgres
from .service import Service


class Web(Service):
    name = "web"

    def address(self) -> str:
        return f"http://{self._host()}:{self.port}"

    def command(self) -> list[str]:
        return [
            str(self.portal.layout.env / "bin" / "gunicorn"),
            "--config", "python:ckanext.anshan.local.inside.gunicorn_conf",
            "--bind", f"{self.portal.state.listen}:{self.port}", "ckanext.anshan.local.inside.wsgi:application",
        ]  # fmt: skip

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address()}/api/3/action/status_show", timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    def _host(self) -> str:
        listen = self.portal.state.listen
        return "127.0.0.1" if listen in ("0.0.0.0", "") else listen


class Worker(Service):
    name = "worker"

    def address(self) -> str:
        return ""

    def command(self) -> list[str]:
        self.forget()
        return [str(self.portal.layout.python), "-m", "ckanext.anshan.local.inside.worker"]

    def healthy(self) -> bool:
        """It has no address to ask: it leaves a note once it has repaired what was broken and begins to work."""
        return self.process.pid() is not None and self.works()

    def works(self) -> bool:
        return self._ready().exists()

    def forget(self) -> None:
        self._ready().unlink(missing_ok=True)

    def _ready(self) -> Path:
        return self.portal.data / "run" / "worker.ready"


class Sealer(Service):
    """Seals the log, with a database role and a key that no other process has."""

    name = "sealer"

    @property
    def folder(self) -> Path:
        """Its own: key and memory, which no other process needs."""
        return self.portal.data / "sealer"

    def address(self) -> str:
        return ""

    def command(self) -> list[str]:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.forget()
        config = {
            "database": Postgres(self.portal).url("ckan", "anshan_sealer"),
            "writer_key": self.portal.keys["audit_writer"],
            "verifier_key_file": str(self.portal.data / "verifier_key"),
        }
        files.write(self.folder / "config.json", json.dumps(config))
        return [str(self.portal.layout.python), "-m", "ckanext.anshan.audit.sealer", str(self.folder)]

    def healthy(self) -> bool:
        return self.process.pid() is not None and self.works()

    def works(self) -> bool:
        return (self.folder / "ready").exists()

    def forget(self) -> None:
        (self.folder / "ready").unlink(missing_ok=True)

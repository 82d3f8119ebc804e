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


class AtWork(Service):
    """A process that has no address to ask: it leaves a note once it has begun to work."""

    @property
    def note(self) -> Path:
        raise NotImplementedError

    def address(self) -> str:
        return ""

    def healthy(self) -> bool:
        return self.process.pid() is not None and self.works()

    def works(self) -> bool:
        return self.note.exists()

    def forget(self) -> None:
        self.note.unlink(missing_ok=True)


class Worker(AtWork):
    """Repairs what was broken, then does the work in the background."""

    name = "worker"

    @property
    def note(self) -> Path:
        return self.portal.data / "run" / "worker.ready"

    def command(self) -> list[str]:
        self.forget()
        return [str(self.portal.layout.python), "-m", "ckanext.anshan.local.inside.worker"]


class Sealer(AtWork):
    """Seals the log, with a database role and a key that no other process has."""

    name = "sealer"

    @property
    def folder(self) -> Path:
        """Its own: key and memory, which no other process needs."""
        return self.portal.data / "sealer"

    @property
    def note(self) -> Path:
        return self.folder / "ready"

    def broken(self) -> str:
        refused = self.folder / "refused"
        return refused.read_text("utf-8") if refused.exists() else ""

    def forget(self) -> None:
        super().forget()
        (self.folder / "refused").unlink(missing_ok=True)

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

"""The web processes (gunicorn) and the background worker."""

from __future__ import annotations

import urllib.request
from pathlib import Path

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

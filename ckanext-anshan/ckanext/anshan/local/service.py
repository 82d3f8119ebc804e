"""What all services share: begin, wait until it answers, end, tell how it is."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from . import keys
from .layout import Layout
from .problems import N_, Problem
from .processes import Process, wait_until
from .state import State

START_SECONDS = 120


@dataclass(frozen=True)
class Portal:
    """One portal: its folders, what it remembers, its secrets."""

    layout: Layout
    state: State
    keys: dict[str, str]

    @property
    def data(self) -> Path:
        return self.layout.data

    def env(self, **more: str) -> dict[str, str]:
        """The environment of CKAN's processes: nothing of another CKAN leaks in."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CKAN_", "CKAN__", "PYTHON"))}
        kept["PATH"] = f"{self.layout.env / 'bin'}:{kept.get('PATH', '')}"
        return kept | {"CKAN_INI": str(self.layout.ini), "PYTHONUNBUFFERED": "1"} | more


class Service:
    """A service of the portal. ``outside`` holds its address when somebody else runs it."""

    name = ""
    waits = START_SECONDS

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.process = Process(self.name, portal.data)
        self.outside = keys.fill(portal.state.outside.get(self.name, ""), portal.keys)

    @property
    def port(self) -> int:
        return self.portal.state.ports.get(self.name, 0)

    def address(self) -> str:
        raise NotImplementedError

    def command(self) -> list[str]:
        """What is to be run, with everything laid that it needs."""
        raise NotImplementedError

    def env(self) -> dict[str, str]:
        return self.portal.env()

    def launch(self) -> None:
        self.process.start(self.command(), self.env())

    def healthy(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        """Start it unless it runs, and wait until it answers."""
        if self.outside:
            return self._need_outside()
        if not (self.process.pid() and self.healthy()):
            self.process.stop()
            self.launch()
            self.wait()
        return None

    def broken(self) -> str:
        """Why it will never answer, if it says so itself."""
        return ""

    def wait(self) -> None:
        wait_until(lambda: self.process.pid() is None or self.healthy() or bool(self.broken()), self.waits)
        if self.process.pid() is None or not self.healthy():
            words = self.broken() or self.process.last_words()
            raise Problem(
                N_("{service} did not start; its log is {log}."),
                N_("Mend what its last words say, then run ./portal up again:\n{words}"),
                service=self.name, log=self.process.log, words=words,
            )  # fmt: skip

    def stop(self) -> bool:
        return self.process.stop()

    def status(self) -> dict[str, object]:
        pid = self.process.pid()
        health = ("ok" if self.healthy() else "ailing") if pid or self.outside else "down"
        return {"address": _without_password(self.outside) or self.address(), "pid": pid, "health": health}

    def _need_outside(self) -> None:
        if not wait_until(self.healthy, 10):
            raise Problem(
                N_("The outside {service} at {address} does not answer."),
                N_("Start it, or correct its address ({variable} or --{service}; empty for the portal's own)."),
                service=self.name, address=_without_password(self.outside), variable=f"ANSHAN_{self.name.upper()}_URL",
            )  # fmt: skip


def _without_password(address: str) -> str:
    return re.sub(r"//([^/@:]*):[^/@]*@", r"//\1:***@", address)

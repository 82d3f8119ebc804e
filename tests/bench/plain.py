"""Plain CKAN 2.12 beside the portal, for comparisons: the same services, but a database and a Solr core of its own.

plain = make(Path(data))        # nothing of ours in it: no plugin, CKAN's schema, two web processes
plain.run("search-index", "rebuild")
with plain.web() as url: ...
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ckanext.anshan.local import files, ports
from ckanext.anshan.local.lifecycle import portal_of
from ckanext.anshan.local.postgres import Postgres
from ckanext.anshan.local.redis import Redis
from ckanext.anshan.local.service import Portal
from ckanext.anshan.local.solr import Solr, plain_configset

NAME = "plain"
INI = """\
[DEFAULT]
debug = false
[app:main]
use = egg:ckan
ckan.site_id = plain
ckan.site_url = {site_url}
SECRET_KEY = {session}
WTF_CSRF_SECRET_KEY = {session}
sqlalchemy.url = {database_url}
ckan.redis.url = {redis_url}
solr_url = {solr_url}
ckan.plugins =
ckan.storage_path = {data}/storage
ckan.auth.create_unowned_dataset = true
[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = WARNING
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic
[formatter_generic]
format = %(asctime)s %(levelname)-5.5s %(message)s
"""


@dataclass(frozen=True)
class Plain:
    portal: Portal
    ini: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def solr_url(self) -> str:
        return Solr(self.portal).url(NAME)

    def env(self) -> dict[str, str]:
        return self.portal.env(CKAN_INI=str(self.ini))

    def run(self, *words: str) -> str:
        """``ckan -c plain.ini ...``"""
        ckan = str(self.portal.layout.env / "bin" / "ckan")
        command = [ckan, "-c", str(self.ini), *words]
        return subprocess.run(command, env=self.env(), check=True, capture_output=True, text=True).stdout

    def sysadmin_token(self) -> str:
        """An API token of a sysadmin, who is made if missing."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.run("user", "add", "plain-admin", "email=plain@example.com", "password=plain-password")
        self.run("sysadmin", "add", "plain-admin")
        return self.run("user", "token", "add", "-q", "plain-admin", "bench").strip().splitlines()[-1]

    @contextlib.contextmanager
    def web(self, workers: int = 2) -> Iterator[str]:
        """Its web processes while the block runs; gives the address."""
        command = [
            str(self.portal.layout.env / "bin" / "gunicorn"),
            "--config", "python:ckanext.anshan.local.inside.gunicorn_conf",
            "--bind", f"127.0.0.1:{self.port}", "ckanext.anshan.local.inside.wsgi:application",
        ]  # fmt: skip
        env = self.env() | {"ANSHAN_WEB_WORKERS": str(workers)}
        with subprocess.Popen(command, env=env, cwd=self.ini.parent, stdout=subprocess.DEVNULL) as process:
            try:
                self._wait(process)
                yield self.url
            finally:
                process.terminate()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + 90
        while time.monotonic() < end and process.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/api/3/action/status_show", timeout=20)
                return
            time.sleep(0.3)
        raise RuntimeError(f"Plain CKAN did not start: see {self.ini.parent}")


def make(data: Path) -> Plain:
    """An empty plain CKAN on the services of the running portal in ``data``."""
    portal = portal_of(data)
    folder, port = data / NAME, ports.some_free()
    folder.mkdir(exist_ok=True)
    (folder / "storage").mkdir(exist_ok=True)
    _empty_database(Postgres(portal))
    _empty_core(Solr(portal))
    ini = folder / "plain.ini"
    values = {
        "site_url": f"http://127.0.0.1:{port}",
        "session": portal.keys["session"],
        "database_url": Postgres(portal).url(NAME),
        "redis_url": Redis(portal).url(2),
        "solr_url": Solr(portal).url(NAME),
        "data": str(folder),
    }
    files.write(ini, INI.format(**values))
    plain = Plain(portal, ini, port)
    plain.run("db", "upgrade")
    return plain


def _empty_database(postgres: Postgres) -> None:
    postgres.sql(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
    postgres.make_databases(NAME)


def _empty_core(solr: Solr) -> None:
    """Lay the core anew while Solr runs, through its own command."""
    base = solr.url(NAME).rsplit("/", 1)[0]
    with contextlib.suppress(OSError):
        urllib.request.urlopen(
            f"{base}/admin/cores?action=UNLOAD&core={NAME}&deleteInstanceDir=true", timeout=60
        ).read()
    folder = solr.home / NAME
    shutil.rmtree(folder, ignore_errors=True)
    plain_configset(solr.portal.layout, folder / "conf")
    address = f"{base}/admin/cores?action=CREATE&name={NAME}&instanceDir={folder}"
    urllib.request.urlopen(address, timeout=60).read()


def forget(data: Path) -> None:
    """Take database and core away again."""
    portal = portal_of(data)
    Postgres(portal).sql(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
    base = Solr(portal).url(NAME).rsplit("/", 1)[0]
    with contextlib.suppress(OSError):
        urllib.request.urlopen(
            f"{base}/admin/cores?action=UNLOAD&core={NAME}&deleteInstanceDir=true", timeout=60
        ).read()
    shutil.rmtree(data / NAME, ignore_errors=True)

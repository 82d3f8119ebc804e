"""Renders CKAN's configuration from the template config/ckan.ini."""

from __future__ import annotations

import os
from pathlib import Path
from string import Template

from . import files
from .keys import APPLICANTS
from .layout import Layout
from .postgres import Postgres
from .redis import Redis
from .service import Portal
from .solr import Solr

PLUGINS = "anshan anshan_datasets scheming_organizations datastore activity"
TEST_OPTIONS = """\
testing = true
WTF_CSRF_ENABLED = false
ckan.locale_default = en
ckanext.anshan.cache.seconds = 0
ckanext.anshan.guard.unlimited = 127.0.0.1
"""
UNLIMITED = "ANSHAN_UNLIMITED"  # addresses that no limit is counted for
VAULT_OPTION = "ckan.files.storage.vault."


def render(portal: Portal) -> bool:
    """Write DIR/ckan.ini: addresses and secrets of this portal, the options of DIR/local.ini. True if it changed."""
    template = (portal.layout.root / "config" / "ckan.ini").read_text(encoding="utf-8")
    text = _without_repeats(Template(template).substitute(values(portal)), own_options(portal.data))
    before = portal.layout.ini.read_text(encoding="utf-8") if portal.layout.ini.exists() else ""
    files.write(portal.layout.ini, text)
    return text != before


def _without_repeats(text: str, own: str) -> str:
    """An option of local.ini takes the place of the template's."""
    head, tail = text.rsplit(own, 1) if own.strip() else (text, "")
    given = {line.split("=")[0].strip() for line in own.splitlines() if "=" in line}
    kept = [line for line in head.splitlines(keepends=True) if line.split("=")[0].strip() not in given]
    return "".join(kept) + (own + tail if own.strip() else "")


def render_tests(portal: Portal, path: Path) -> None:
    """Write the configuration of the tests: databases, core and folder of their own, so that they may wipe them."""
    postgres, data = Postgres(portal), portal.data / "test"
    data.mkdir(exist_ok=True)
    own = {
        "database_url": postgres.url("ckan_test"),
        "datastore_write_url": postgres.url("datastore_test"),
        "datastore_read_url": postgres.url("datastore_test", "datastore_read"),
        "redis_url": Redis(portal).url(1),
        "solr_url": Solr(portal).url("ckan_test"),
        "site_url": "http://test.ckan.net",
        "data": str(data),
        "vault": vault_options(data),
        "own": TEST_OPTIONS,
    }
    template = (portal.layout.root / "config" / "ckan.ini").read_text(encoding="utf-8")
    files.write(path, _without_repeats(Template(template).substitute(values(portal) | own), TEST_OPTIONS))


def values(portal: Portal) -> dict[str, str]:
    postgres, keys = Postgres(portal), portal.keys
    found = {
        "site_url": portal.state.url(),
        "session": keys["session"],
        "token": keys["token"],
        "audit_writer": keys["audit_writer"],
        "applicant_keys": str(portal.data / APPLICANTS),
        "data": str(portal.data),
        "database_url": postgres.url("ckan"),
        "datastore_write_url": postgres.url("datastore"),
        "datastore_read_url": postgres.url("datastore", "datastore_read"),
        "redis_url": Redis(portal).url(),
        "solr_url": Solr(portal).url(),
        "plugins": plugins(portal.layout),
        "libraries": str(portal.layout.libraries),
        "proxies": os.environ.get("ANSHAN_PROXIES") or "0",
        "unlimited": os.environ.get(UNLIMITED, ""),
    }
    safe = {name: value.replace("%", "%%") for name, value in found.items()}
    return safe | {"vault": vault_options(portal.data), "own": own_options(portal.data)}


def plugins(layout: Layout) -> str:
    """The plugins; those that read a schema only once its validators are there."""
    ready = (layout.root / "ckanext-anshan/ckanext/anshan/catalogue/validators.py").exists()
    return " ".join(
        name for name in PLUGINS.split() if ready or name not in ("anshan_datasets", "scheming_organizations")
    )


def vault_options(data: Path) -> str:
    """A folder, or what ANSHAN_VAULT_TYPE=..., ANSHAN_VAULT_BUCKET=... say (S3 and others)."""
    prefix = "ANSHAN_VAULT_"
    said = {name: value for name, value in os.environ.items() if name.startswith(prefix) and value}
    given = {name.removeprefix(prefix).lower(): value for name, value in said.items()}
    options = given or {"type": "ckan:fs", "path": str(data / "vault"), "initialize": "true"}
    return "\n".join(f"{VAULT_OPTION}{name} = {value.replace('%', '%%')}" for name, value in sorted(options.items()))


def own_options(data: Path) -> str:
    path = data / "local.ini"
    return path.read_text(encoding="utf-8") if path.exists() else ""

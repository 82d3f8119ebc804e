"""The configuration that Solr searches with: the extension's own, or plain CKAN's where it has none."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from . import files, locks
from .layout import Layout
from .problems import N_, Problem
from .service import Portal
from .solr import PLAIN_CONFIG, plain_configset

MODULE = "ckanext.anshan.search.configset"
SHAPING = ("configset.py", "documents.py", "synonyms.py", "agencies.py", "pinyin.py")
"""Files of the search that decide what the index holds."""


def _room(layout: Layout) -> Path:
    return layout.root / "ckanext-anshan" / "ckanext" / "anshan" / "search"


def own(layout: Layout) -> bool:
    """ANSHAN_CONFIGSET=plain asks for plain CKAN's."""
    if os.environ.get("ANSHAN_CONFIGSET") == "plain":
        return False
    needed = (_room(layout) / "configset.py", layout.root / "config" / "search" / "solrconfig.xml")
    return all(path.exists() for path in needed)


def mark(layout: Layout) -> str:
    """Changes whenever the configuration may have: another CKAN, another word list, another derivation."""
    parts: list[Path | str] = [locks.hash_of(layout, "portal"), locks.hash_of(layout, "solr"), PLAIN_CONFIG]
    if own(layout):
        parts += [*(_room(layout) / name for name in SHAPING), layout.root / "config" / "search"]
    return files.digest(*parts)


def write(portal: Portal, out: Path) -> None:
    if not own(portal.layout):
        return plain_configset(portal.layout, out)
    return derive(portal.layout, out)


def derive(layout: Layout, out: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CKAN_", "PYTHON"))}
    command = [str(layout.python), "-m", MODULE, "--out", str(out)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(
            N_("Solr's configuration could not be derived from config/search."),
            N_("Mend what the end of the messages says, then run ./portal up again:\n{words}"),
            words=done.stderr[-2000:],
        )

"""Two cores for a measurement, beside the portal's own in the same Solr."""

from __future__ import annotations

import configparser
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pysolr
import requests

from ckanext.anshan.local.solr import PLAIN_CONFIG
from ckanext.anshan.search import configset

BATCH = 500


@dataclass(frozen=True)
class Core:
    url: str

    def add(self, documents: Sequence[dict[str, Any]]) -> None:
        solr = pysolr.Solr(self.url, timeout=120)
        for start in range(0, len(documents), BATCH):
            solr.add(list(documents[start : start + BATCH]), commit=False)
        solr.commit()


def plain(out: Path) -> None:
    out.mkdir(parents=True)
    shutil.copy(configset.installed_schema(), out / "schema.xml")
    (out / "solrconfig.xml").write_text(PLAIN_CONFIG)
    for name in ("synonyms.txt", "stopwords.txt", "protwords.txt"):
        (out / name).touch()


@contextmanager
def cores(data: Path | None, solr: str | None = None) -> Iterator[tuple[Core, Core]]:
    """Ours and plain CKAN's, empty; both are gone afterwards."""
    address = solr or _address()
    home = requests.get(f"{address}/admin/info/system?wt=json", timeout=30).json()["solr_home"]
    with tempfile.TemporaryDirectory(prefix="bench-", dir=home) as folder:
        os.chmod(folder, 0o755)
        made = []
        try:
            for name, write in (("ours", configset.write), ("plain", plain)):
                write(Path(folder) / name / "conf")
                made.append(f"{Path(folder).name}-{name}")
                _admin(address, action="CREATE", name=made[-1], instanceDir=str(Path(folder) / name))
            yield Core(f"{address}/{made[0]}"), Core(f"{address}/{made[1]}")
        finally:
            for name in made:
                _admin(address, action="UNLOAD", core=name, deleteIndex="true")


def _address() -> str:
    """Solr of the portal whose environment this is."""
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(os.environ["CKAN_INI"])
    url = urlsplit(ini["app:main"]["solr_url"])
    return f"{url.scheme}://{url.netloc}{url.path.rsplit('/', 1)[0]}"


def _admin(address: str, **params: str) -> None:
    answer = requests.get(f"{address}/admin/cores", params={"wt": "json", **params}, timeout=120)
    if not answer.ok:
        raise RuntimeError(answer.json().get("error", {}).get("msg", answer.text[:500]))

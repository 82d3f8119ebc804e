"""Finds the jars that Solr needs by reading Maven's POM files, and writes them down with size and SHA-256.

Only what ``./portal lock`` needs of Maven: parents, properties, managed versions, imported lists of versions,
exclusions, and the rule that the nearest version wins.
"""

from __future__ import annotations

import hashlib
import re
import urllib.request
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

from .downloads import TIMEOUT_SECONDS

SOLR, LUCENE, JETTY = "9.10.1", "9.12.3", "10.0.26"
ROOTS = (
    ("org.apache.solr", "solr-core", SOLR),
    ("org.apache.lucene", "lucene-analysis-smartcn", LUCENE),
    ("org.apache.lucene", "lucene-analysis-icu", LUCENE),
)
RUNNER = ("org.eclipse.jetty", "jetty-runner", JETTY)
LEFT_OUT = re.compile(
    r"org\.eclipse\.jetty:jetty-server$|javax\.servlet:|jakarta\.servlet:|.*:jetty-servlet-api$|"
    r".*:jersey-container-jetty-http$|.*:lucene-analysis-(kuromoji|nori)$|.*:netty-transport-native-(kqueue|unix-.*osx)|"
    r".*:netty-tcnative"
)


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    classifier: str = ""

    @property
    def key(self) -> str:
        return f"{self.group}:{self.artifact}" + (f":{self.classifier}" if self.classifier else "")

    def path(self, ending: str = "jar") -> str:
        tail = f"-{self.classifier}" if self.classifier and ending == "jar" else ""
        folder = f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}"
        return f"{folder}/{self.artifact}-{self.version}{tail}.{ending}"


@dataclass
class Pom:
    properties: dict[str, str] = field(default_factory=dict)
    managed: dict[str, str] = field(default_factory=dict)
    dependencies: list[ET.Element] = field(default_factory=list)

    def fill(self, text: str | None) -> str:
        for _ in range(8):
            filled = re.sub(r"\$\{([^}]+)\}", lambda m: self.properties.get(m[1], m[0]), text or "")
            if filled == text:
                break
            text = filled
        return (text or "").strip()


class Repository:
    """Reads POMs below one base address."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.pom = lru_cache(maxsize=None)(self._pom)

    def read(self, path: str) -> bytes:
        with urllib.request.urlopen(f"{self.base}/{path}", timeout=TIMEOUT_SECONDS) as answer:
            return answer.read()

    def resolve(self) -> list[Jar]:
        """All jars that the roots need at run time, the nearest version of each."""
        found: dict[str, Jar] = {}
        queue = deque((Jar(*root), frozenset[str]()) for root in ROOTS)
        while queue:
            jar, excluded = queue.popleft()
            if jar.key in found or LEFT_OUT.match(jar.key):
                continue
            found[jar.key] = jar
            queue.extend(self._needs(jar, excluded))
        return sorted(found.values(), key=lambda jar: jar.path())

    def lock_lines(self) -> list[str]:
        jars = [Jar(*RUNNER), *self.resolve()]
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(self._line, jars))

    def _line(self, jar: Jar) -> str:
        content = self.read(jar.path())
        return f"{hashlib.sha256(content).hexdigest()} {len(content):>9} {jar.path()}"

    def _pom(self, jar: Jar) -> Pom:
        tree = ET.fromstring(re.sub(rb'xmlns="[^"]+"', b"", self.read(jar.path("pom")), count=1))
        parent = tree.find("parent")
        pom = Pom()
        if parent is not None:
            above = self.pom(_named(parent, Pom()))
            pom = Pom(dict(above.properties), dict(above.managed), list(above.dependencies))
        self._own(pom, tree, jar)
        return pom

    def _own(self, pom: Pom, tree: ET.Element, jar: Jar) -> None:
        pom.properties |= {e.tag: e.text or "" for e in tree.iterfind("properties/*")}
        own = {"groupId": jar.group, "artifactId": jar.artifact, "version": jar.version}
        pom.properties |= {f"{prefix}{k}": v for k, v in own.items() for prefix in ("project.", "pom.", "")}
        for entry in tree.iterfind("dependencyManagement/dependencies/dependency"):
            one = _named(entry, pom)
            if entry.findtext("scope") == "import":
                pom.managed = self.pom(one).managed | pom.managed
            else:
                pom.managed[one.key] = one.version
        pom.dependencies += tree.iterfind("dependencies/dependency")

    def _needs(self, jar: Jar, excluded: frozenset[str]) -> Iterable[tuple[Jar, frozenset[str]]]:
        pom = self.pom(Jar(jar.group, jar.artifact, jar.version))
        for entry in pom.dependencies:
            scope = pom.fill(entry.findtext("scope")) or "compile"
            kind = pom.fill(entry.findtext("type")) or "jar"
            if scope not in ("compile", "runtime") or entry.findtext("optional") == "true" or kind != "jar":
                continue
            one = _named(entry, pom)
            if {f"{one.group}:{one.artifact}", f"{one.group}:*", "*:*"} & excluded:
                continue
            yield one, excluded | {_exclusion(e, pom) for e in entry.iterfind("exclusions/exclusion")}


def _named(entry: ET.Element, pom: Pom) -> Jar:
    group, artifact = pom.fill(entry.findtext("groupId")), pom.fill(entry.findtext("artifactId"))
    bare = Jar(group, artifact, "", pom.fill(entry.findtext("classifier")))
    version = pom.fill(entry.findtext("version")) or pom.managed.get(bare.key, "")
    return Jar(group, artifact, version.strip("[]()").split(",")[0], bare.classifier)


def _exclusion(entry: ET.Element, pom: Pom) -> str:
    return f"{pom.fill(entry.findtext('groupId'))}:{pom.fill(entry.findtext('artifactId'))}"

"""Solr 9 from its jars, served by jetty-runner, with one home for each portal."""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
from pathlib import Path

from . import files, locks
from .layout import Layout
from .ports import LOOPBACK
from .service import Service

MEMORY = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-Xss512k", "-XX:MaxMetaspaceSize=192m")
LIB, APP = "lib", "app"
"""Below the folder of Solr: its jars, and a web application without any, so that Java's own class loader loads them."""
WEB_XML = """\
<web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="4.0" metadata-complete="true">
  <listener><listener-class>org.apache.solr.servlet.CoreContainerProvider</listener-class></listener>
  <filter>
    <filter-name>solr</filter-name>
    <filter-class>org.apache.solr.servlet.SolrDispatchFilter</filter-class>
  </filter>
  <filter-mapping><filter-name>solr</filter-name><url-pattern>/*</url-pattern></filter-mapping>
</web-app>
"""
SOLR_XML = '<solr><metrics enabled="false"/></solr>\n'
LOG4J = """\
status = warn
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %-5p %c{1} %m%n
"""
PLAIN_CONFIG = """\
<config>
  <luceneMatchVersion>9.12</luceneMatchVersion>
  <schemaFactory class="ClassicIndexSchemaFactory"/>
  <updateHandler class="solr.DirectUpdateHandler2">
    <updateLog/>
    <autoCommit><maxTime>15000</maxTime><openSearcher>false</openSearcher></autoCommit>
  </updateHandler>
  <query>
    <filterCache size="512" initialSize="512"/>
    <queryResultCache size="512" initialSize="512"/>
    <documentCache size="512" initialSize="512"/>
    <enableLazyFieldLoading>true</enableLazyFieldLoading>
  </query>
  <requestHandler name="/select" class="solr.SearchHandler">
    <lst name="defaults"><str name="echoParams">explicit</str><int name="rows">10</int></lst>
  </requestHandler>
  <requestHandler name="/query" class="solr.SearchHandler"/>
</config>
"""


class Solr(Service):
    name = "solr"
    listen = LOOPBACK

    @property
    def home(self) -> Path:
        return self.portal.data / "solr"

    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/solr/ckan"

    def url(self, core: str = "ckan") -> str:
        return self.outside or f"http://{LOOPBACK}:{self.port}/solr/{core}"

    def command(self) -> list[str]:
        logs, java = self.portal.data / "logs", self.portal.layout.java
        config = self.portal.data / "run" / "log4j2.properties"
        files.write(config, LOG4J)
        files.write(self.home / "solr.xml", SOLR_XML)
        options = {
            "solr.solr.home": self.home, "solr.log.dir": logs, "solr.install.dir": self.portal.layout.webapp,
            "log4j2.configurationFile": config, "java.io.tmpdir": self._temporary(), "jetty.host": self.listen,
            "java.awt.headless": "true",
        }  # fmt: skip
        return [
            str(java), *MEMORY, *_more_memory(), *self._archive(), "--enable-native-access=ALL-UNNAMED",
            *(f"-D{name}={value}" for name, value in options.items()),
            "-cp", self._jars(), "org.eclipse.jetty.runner.Runner", "--host", self.listen, "--port", str(self.port),
            "--path", "/solr", str(self.portal.layout.webapp / APP),
        ]  # fmt: skip

    def env(self) -> dict[str, str]:
        return {"LANG": "C.UTF-8", "TZ": "UTC", "PATH": os.environ["PATH"]}

    def _jars(self) -> str:
        """Solr's before the server's, which brings older versions of some."""
        jars = sorted((self.portal.layout.webapp / LIB).glob("*.jar"))
        return os.pathsep.join(map(str, [*jars, locks.runner_jar(self.portal.layout)]))

    def _archive(self) -> tuple[str, ...]:
        """Java keeps its loaded classes when it ends, and starts with half the work the next time."""
        return "-XX:+AutoCreateSharedArchive", f"-XX:SharedArchiveFile={self.portal.data / 'run' / 'solr.jsa'}"

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url()}/select?q=*:*&rows=0", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def documents(self) -> int:
        """How many the index holds; 0 where it can't tell."""
        try:
            with urllib.request.urlopen(f"{self.url()}/select?q=*:*&rows=0&wt=json", timeout=5) as answer:
                return json.load(answer)["response"]["numFound"]
        except (OSError, ValueError, KeyError):
            return 0

    def broken(self) -> str:
        """Why a core could not be loaded, in Solr's words; empty while all is well or Solr does not answer yet."""
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}/solr/admin/cores?wt=json", timeout=5) as answer:
                return "\n".join(json.load(answer).get("initFailures", {}).values())
        except (OSError, ValueError):
            return ""

    def put_core(self, core: str, conf: Path) -> None:
        """Lay a core with this configuration; its index begins empty. Solr must be down."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        folder = self.home / core
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copytree(conf, folder / "conf")
        files.write(folder / "core.properties", f"name={core}\n")

    def _temporary(self) -> Path:
        folder = self.portal.data / "run" / "solr.tmp"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        return folder


def _more_memory() -> tuple[str, ...]:
    """ANSHAN_SOLR_MEMORY=2g: what Java may take, where 512 MB are too little."""
    wanted = os.environ.get("ANSHAN_SOLR_MEMORY", "")
    return (f"-Xmx{wanted}",) if wanted else ()


def make_webapp(layout: Layout, jars: list[Path]) -> None:
    """The jars, and the folder that jetty-runner serves; whole or not there."""
    half = layout.webapp.with_name("solr.new")
    shutil.rmtree(half, ignore_errors=True)
    lib, web_xml = half / LIB, half / APP / "WEB-INF" / "web.xml"
    lib.mkdir(parents=True)
    web_xml.parent.mkdir(parents=True)
    web_xml.write_text(WEB_XML)
    for jar in jars:
        os.link(jar, lib / jar.name)
    shutil.rmtree(layout.webapp, ignore_errors=True)
    os.replace(half, layout.webapp)


def plain_configset(layout: Layout, out: Path) -> None:
    """CKAN's own schema with the least configuration that it needs: what plain CKAN searches with."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(layout.site_packages / "ckan" / "config" / "solr" / "schema.xml", out / "schema.xml")
    (out / "solrconfig.xml").write_text(PLAIN_CONFIG)
    for name in ("synonyms.txt", "stopwords.txt", "protwords.txt"):
        (out / name).touch()

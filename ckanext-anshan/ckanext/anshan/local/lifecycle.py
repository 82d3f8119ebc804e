"""Up, down, status: the order in which a portal's parts come and go."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from . import config, configset, downloads, environment, files, keys, locks, ports, witnessing
from .layout import Layout
from .postgres import LOGINS, ROLES, Postgres
from .problems import N_, Problem
from .processes import memory_kib, wait_until
from .redis import Redis
from .service import Portal, Service
from .solr import Solr
from .state import State
from .steps import Steps
from .web import Sealer, Web, Worker

WEB_PORT = 5000
PORT_SECONDS = 2  # what a killed process leaves behind may hold its port that long
ROOM_TO_MAKE, ROOM_TO_RUN = 300_000_000, 60_000_000  # bytes
STORES: tuple[type[Service], ...] = (Postgres, Redis, Solr)
PROCESSES: tuple[type[Service], ...] = (Web, Worker, Sealer)
SERVICES = (*STORES, *PROCESSES)
OWN = ("portal.json", "secrets.json", "local.ini", "up.lock")
"""One of these is in each portal's folder; local.ini may be there before its first start."""
DATABASES = ("ckan", "datastore")
CORES, TEST_CORES = ("ckan",), ("ckan_test",)


@dataclass(frozen=True)
class Wish:
    """What the caller of ``up`` wants."""

    port: int | None = None
    demo: bool = True
    listen: str | None = None
    site_url: str | None = None
    outside: tuple[tuple[str, str], ...] = ()
    only_stores: bool = False
    test: bool = False


def portal_of(data: Path) -> Portal:
    return Portal(Layout(data), State.load(data), keys.load(data))


def up(data: Path, wish: Wish, steps: Steps) -> Portal:
    """Bring everything up, from whatever state the folder is in."""
    layout = Layout(data)
    need_own(data)
    layout.make()
    with files.alone(data / "up.lock"):
        cores = CORES + TEST_CORES if wish.test else CORES
        steps.total = _count(portal_of(data), wish, cores)
        with steps.step("Python environment and programs") as percent:
            environment.make(layout, lambda text: steps.say(f"      {text}"), percent, test=wish.test)
        downloads.need_room(data, ROOM_TO_RUN if (data / "portal.json").exists() else ROOM_TO_MAKE)
        with steps.step("Ports and configuration"):
            portal = configure(data, wish, steps)
        if not wish.only_stores and _is_prepared(portal, cores):
            _start_at_once(portal, steps)
        else:
            _start_in_turn(portal, cores, wish, steps)
        _load_demo_once(portal, wish, steps)
    return portal


def stores_of(data: Path, wish: Wish, steps: Steps) -> Portal:
    """A portal whose stores run, its own or those outside, with databases that may be empty."""
    layout = Layout(data)
    need_own(data)
    layout.make()
    if not layout.python.exists():
        environment.make(layout, steps.say, lambda done, total: None)
    with files.alone(data / "up.lock"):
        portal = configure(data, wish, steps)
        start_stores(portal, CORES)
    return portal


def need_own(data: Path) -> None:
    """Refuse a folder that holds something else than a portal."""
    if data.is_dir() and any(data.iterdir()) and not any((data / name).exists() for name in OWN):
        what, mend = N_("{folder} holds other things than a portal."), N_("Name an empty or a new folder with --data.")
        raise Problem(what, mend, folder=data)


def need_stores(portal: Portal) -> None:
    """CKAN's command line cannot even begin without its database."""
    away = [kind.name for kind in STORES if not kind(portal).healthy()]
    if away:
        raise Problem(
            N_("Not running: {services}."),
            N_("Start the portal with ./portal up --data {folder}, then run the command again."),
            services=", ".join(away),
            folder=portal.data,
        )


def _count(portal: Portal, wish: Wish, cores: Sequence[str]) -> int:
    """How many steps there will be."""
    if wish.only_stores:
        return 3
    return (3 if _is_prepared(portal, cores) else 5) + _needs_demo(portal, wish)


def _needs_demo(portal: Portal, wish: Wish) -> bool:
    return wish.demo and not wish.only_stores and portal.state.marks.get("demo") != "loaded"


def _is_prepared(portal: Portal, cores: Sequence[str]) -> bool:
    """Whether nothing has changed since the last start: then nobody need wait for anybody."""
    known = portal.state.marks
    same = known.get("configset") == _index_mark(portal, cores) and known.get("databases") == _databases_mark(portal)
    return same and known.get("index") == "whole" and not any(_to_prepare(portal).values())


def _start_at_once(portal: Portal, steps: Steps) -> None:
    def ckan() -> None:
        together([Postgres(portal).start, Redis(portal).start])
        together([kind(portal).start for kind in PROCESSES])

    with steps.step("PostgreSQL, Redis, Solr, web processes and worker"):
        together([Solr(portal).start, ckan])


def _start_in_turn(portal: Portal, cores: Sequence[str], wish: Wish, steps: Steps) -> None:
    with steps.step("PostgreSQL, Redis and Solr"):
        start_stores(portal, cores)
    if wish.only_stores:
        return
    with steps.step("Databases and accounts"):
        prepare(portal)
    with steps.step("Web processes and worker"):
        together([kind(portal).start for kind in PROCESSES])


def _load_demo_once(portal: Portal, wish: Wish, steps: Steps) -> None:
    if _needs_demo(portal, wish):
        with steps.step("Demo"):
            load_demo(portal, lambda line: steps.say(f"      {line}"))


def configure(data: Path, wish: Wish, steps: Steps) -> Portal:
    portal = portal_of(data)
    state = portal.state
    state.listen = wish.listen or state.listen
    state.site_url = wish.site_url or state.site_url
    state.outside |= dict(wish.outside)
    _choose_ports(portal, wish, steps)
    state.save(data)
    if config.render(portal):
        for kind in PROCESSES:
            kind(portal).stop()
    return portal


def _choose_ports(portal: Portal, wish: Wish, steps: Steps) -> None:
    state = portal.state
    for service in (kind(portal) for kind in STORES):
        known = state.ports.get(service.name)
        if known and (service.process.pid() or wait_until(lambda port=known: ports.is_free(port), PORT_SECONDS)):
            continue
        state.ports[service.name] = ports.some_free(set(state.ports.values()))
        if known:
            steps.say(f"      Port {known} of {service.name} is busy: it moves to {state.ports[service.name]}.")
    web, known = Web(portal), state.ports.get("web")
    wanted = wish.port or known or WEB_PORT
    if web.process.pid() and wanted == known:
        return
    web.stop()
    wait_until(lambda: ports.is_free(wanted, state.listen), PORT_SECONDS)
    state.ports["web"] = ports.next_free(wanted, set(state.ports.values()) - {wanted}, state.listen)
    if state.ports["web"] != wanted:
        steps.say(f"      Port {wanted} is busy: the portal moves to {state.ports['web']}.")


def start_stores(portal: Portal, cores: Sequence[str]) -> None:
    """Start the three stores side by side, with databases and cores."""
    wanted, mark = _index_mark(portal, cores), _databases_mark(portal)
    fresh = portal.state.marks.get("configset") != wanted

    def databases() -> None:
        Postgres(portal).start()
        if portal.state.marks.get("databases") != mark:
            Postgres(portal).make_databases(*DATABASES)

    def index() -> None:
        if fresh:
            mark_as(portal, configset="", index="empty")
            _put_cores(portal, cores)
        Solr(portal).start()

    together([databases, Redis(portal).start, index])
    mark_as(portal, databases=mark, configset=wanted)


def _put_cores(portal: Portal, cores: Sequence[str]) -> None:
    """New configuration, empty index. An outside Solr gets its configuration from whoever runs it."""
    solr, conf = Solr(portal), portal.data / "run" / "configset"
    if solr.outside:
        return
    solr.stop()
    shutil.rmtree(conf, ignore_errors=True)
    configset.write(portal, conf)
    for core in cores:
        solr.put_core(core, conf)


def _index_mark(portal: Portal, cores: Sequence[str]) -> str:
    return files.digest(configset.mark(portal.layout), Solr(portal).outside, *cores)


def _databases_mark(portal: Portal) -> str:
    passwords = (portal.keys[name] for name in LOGINS)
    return files.digest(ROLES, *DATABASES, *passwords, Postgres(portal).outside)


def prepare(portal: Portal, everybody: bool = True) -> None:
    """Migrations, accounts, index; left out where nothing has changed since the last time.

    :param everybody: accounts of all roles, to try the portal with; else the administrator's alone
    """
    wanted = _to_prepare(portal)
    if wanted["migrate"]:
        _stop([kind(portal) for kind in PROCESSES])
    if any(wanted.values()):
        restored = portal.state.marks.get("restored", "")
        inside(portal, "prepare", json.dumps(wanted | {"everybody": everybody, "restored": restored}))
        mark_as(portal, schema=schema_mark(portal), index="whole", accounts="made", restored="")


def _to_prepare(portal: Portal) -> dict[str, bool]:
    known = portal.state.marks
    return {
        "migrate": known.get("schema") != schema_mark(portal),
        "accounts": known.get("accounts") != "made" or not portal.layout.accounts.exists(),
        "reindex": known.get("index") != "whole",
    }


def schema_mark(portal: Portal) -> str:
    """Changes whenever the tables may have to."""
    layout = portal.layout
    package = layout.root / "ckanext-anshan" / "ckanext" / "anshan"
    tables = package / "migration", package / "audit" / "permissions.py"
    known = portal.state.marks.get("databases", "")
    return files.digest(locks.hash_of(layout, "portal"), *tables, config.plugins(layout), known)


def load_demo(portal: Portal, told: Callable[[str], None]) -> None:
    answer = json.loads(inside(portal, "prepare", json.dumps({"demo": True, "accounts": True}), told=told))
    if answer.get("demo"):
        mark_as(portal, demo="loaded")


def inside(portal: Portal, module: str, *words: str, told: Callable[[str], None] | None = None, **env: str) -> str:
    """Run a module of ``local.inside`` in the portal's environment: its notes go to a log, its answer comes back."""
    log = portal.layout.logs / f"{module}.log"
    command = [str(portal.layout.python), "-m", f"ckanext.anshan.local.inside.{module}", *words]
    with log.open("a", encoding="utf-8") as notes, subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=portal.env(**env), cwd=portal.data, text=True
    ) as process:  # fmt: skip
        assert process.stderr is not None and process.stdout is not None
        last = _pass_on(process.stderr, notes, told)
        answer = process.stdout.read().strip()
    if process.returncode:
        raise Problem(
            N_("CKAN could not be prepared; the log is {log}."),
            N_("Mend what its end says, then run the same command again:\n{words}"),
            log=log, words=last,
        )  # fmt: skip
    return answer.splitlines()[-1] if answer else ""


def _pass_on(lines: Iterable[str], notes: TextIO, told: Callable[[str], None] | None) -> str:
    """Write lines to a log, say those that are no log entries, and give the last ones."""
    last: deque[str] = deque(maxlen=15)
    for line in lines:
        notes.write(line)
        last.append(line)
        if told and not line[:4].isdigit() and not line.startswith((" ", "Traceback")):
            told(line.rstrip())
    return "".join(last)


def mark_as(portal: Portal, **marks: str) -> None:
    portal.state.marks.update(marks)
    portal.state.save(portal.data)


def together(jobs: Sequence[Callable[[], None]]) -> None:
    """Run jobs side by side and raise the first one's error once all have ended."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        running = [pool.submit(job) for job in jobs]
    for job in running:
        job.result()


def down(data: Path) -> list[str]:
    """End everything of this portal; gives the names of what was running."""
    if not (data / "run").is_dir():
        return []
    portal = portal_of(data)
    with files.alone(data / "up.lock"):
        first = [kind(portal) for kind in PROCESSES]
        then = [kind(portal) for kind in STORES]
        ended = [service.name for service in (*first, *then) if service.process.pid()]
        _stop(first)
        _stop(then)
    return ended


def _stop(services: Sequence[Service]) -> None:
    together([lambda one=one: (one.stop(), None)[1] for one in services])


def status(data: Path) -> dict[str, Any]:
    portal = portal_of(data) if (data / "portal.json").exists() else Portal(Layout(data), State(), {})
    services = {kind.name: kind(portal).status() if portal.keys else _nothing() for kind in SERVICES}
    return {
        "url": portal.state.url() if portal.keys else "",
        "data": str(data),
        "services": services,
        "witnesses": witnessing.status(portal) if portal.keys else [],
        "accounts": str(portal.layout.accounts),
    }


def _nothing() -> dict[str, object]:
    return {"address": "", "pid": None, "health": "down"}


def memory_mib(portal: Portal) -> dict[str, float]:
    pids = {kind.name: kind(portal).process.pid() for kind in SERVICES}
    return {name: round(memory_kib(pid) / 1024, 1) for name, pid in pids.items() if pid}


def say_accounts(portal: Portal) -> None:
    for entry in files.read_json(portal.layout.accounts, []):
        print(f"  {entry['role']:<12} {entry['name']:<40} {entry['password']}", file=sys.stdout)

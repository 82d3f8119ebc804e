"""PostgreSQL from a wheel: makes the cluster, the roles and the databases, starts and ends the server."""

from __future__ import annotations

import locale
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from . import files
from .ports import LOOPBACK
from .problems import N_, Problem
from .processes import Account, born, wait_until
from .service import Service

ACCOUNT = "anshan-postgres"
LEAVING_SECONDS = 15  # what a killed server leaves behind notices it within seconds
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "shared_buffers": "96MB",
    "max_connections": "120",
    "work_mem": "8MB",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "track_commit_timestamp": "on",  # the order in which the log is sealed
}

LOGINS = ("ckan", "datastore_read", "anshan_sealer")
ROLES = """
SELECT format('CREATE ROLE %I LOGIN', name)
  FROM (VALUES ('ckan'), ('datastore_read'), ('anshan_sealer')) AS wanted(name)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \\gexec
SELECT 'CREATE ROLE anshan_audit NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'anshan_audit') \\gexec
ALTER ROLE ckan PASSWORD :'ckan';
ALTER ROLE datastore_read PASSWORD :'datastore_read';
ALTER ROLE anshan_sealer PASSWORD :'anshan_sealer';
"""
DATABASE = """
SELECT format('CREATE DATABASE %I OWNER ckan', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
"""


class Postgres(Service):
    name = "postgres"

    @property
    def cluster(self) -> Path:
        return self.portal.data / "postgres"

    def address(self) -> str:
        return f"postgresql://{LOOPBACK}:{self.port}"

    def launch(self) -> None:
        account = account_for_root(self.cluster.parent, self.portal.layout.postgres_bin)
        self._make_cluster(account)
        self._forget_dead_server()
        wait_until(lambda: not self._left_over(), LEAVING_SECONDS)
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [self._tool("postgres"), "-D", str(self.cluster), "-p", str(self.port), *settings]
        self.process.start(command, {"LANG": "C.UTF-8", "TZ": "UTC"}, account)

    def healthy(self) -> bool:
        # pg_isready tells a server that is still recovering from one that takes connections
        done = subprocess.run(
            [self._tool("pg_isready"), "-q", "-h", self._host(), "-p", str(self._port())],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        return done.returncode == 0

    def stop(self) -> bool:
        return self.process.stop(signal.SIGINT)  # "fast": ends the sessions, writes everything down

    def make_databases(self, *names: str) -> None:
        """Have the roles and these databases; what is there already stays."""
        self.sql(ROLES, **{name: self.portal.keys[name] for name in LOGINS})
        for name in names:
            self.sql(DATABASE, name=name)

    def sql(self, script: str, database: str = "postgres", **values: str) -> str:
        """Run a psql script as the server's owner; ``values`` are its variables, read from standard input."""
        quoted = [f"\\set {name} '{value}'\n" for name, value in values.items()]
        done = subprocess.run(
            [self._tool("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self._admin_url(database)],
            input="".join(quoted) + script, env={"PGPASSWORD": self._password(), "PATH": os.environ["PATH"]},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Problem(
                N_("PostgreSQL refused a command: {reason}"),
                N_("Look into its log {log}, then run ./portal up again."),
                reason=done.stderr.strip(), log=self.process.log,
            )  # fmt: skip
        return done.stdout

    def client(self, tool: str, database: str, *words: str) -> tuple[list[str], dict[str, str]]:
        """The words and the environment of a program that works on a database as the server's owner."""
        env = {"PGPASSWORD": self._password(), "PATH": os.environ["PATH"], "LC_ALL": "C"}
        return [self._tool(tool), "-d", self._admin_url(database), *words], env

    def url(self, database: str, role: str = "ckan") -> str:
        """The address that CKAN uses."""
        return f"postgresql://{role}:{self.portal.keys[role]}@{self._host()}:{self._port()}/{database}"

    def _tool(self, name: str) -> str:
        return str(self.portal.layout.postgres_bin / name)

    def _host(self) -> str:
        return (urlsplit(self.outside).hostname or LOOPBACK) if self.outside else LOOPBACK

    def _port(self) -> int:
        return (urlsplit(self.outside).port or 5432) if self.outside else self.port

    def _password(self) -> str:
        return (urlsplit(self.outside).password or "") if self.outside else self.portal.keys["postgres"]

    def _admin_url(self, database: str) -> str:
        user = (urlsplit(self.outside).username or "postgres") if self.outside else "postgres"
        return f"postgresql://{user}@{self._host()}:{self._port()}/{database}"

    def _make_cluster(self, account: Account | None) -> None:
        """initdb into a folder beside it, then rename: a cluster is whole or not there."""
        if (self.cluster / "PG_VERSION").exists():
            return
        half, password = self.cluster.with_name("postgres.new"), self.cluster.with_name("postgres.pw")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        files.write(password, self.portal.keys["postgres"] + "\n")
        if account:
            os.chown(half, account.uid, account.gid)
            os.chown(password, account.uid, account.gid)
        command = [
            self._tool("initdb"), "-D", str(half), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={password}",
            "-E", "UTF8", f"--locale={_locale()}", "--no-instructions",
        ]  # fmt: skip
        try:
            self._run(command, account)
        finally:
            password.unlink()
        os.replace(half, self.cluster)

    def _run(self, command: list[str], account: Account | None) -> None:
        before = account.before if account else ()
        who = {} if account is None or before else {"user": account.uid, "group": account.gid, "extra_groups": []}
        done = subprocess.run(
            [*before, *command], stdin=subprocess.DEVNULL, env={"LANG": "C.UTF-8", "PATH": os.environ["PATH"]}, cwd="/",
            capture_output=True, text=True, check=False, **who,
        )  # fmt: skip
        if done.returncode:
            raise Problem(
                N_("PostgreSQL's files could not be made in {folder}: {reason}"),
                N_("Mend what it says, or name another folder with --data."),
                folder=self.cluster.parent, reason=done.stderr.strip() or done.stdout.strip(),
            )  # fmt: skip

    def _left_over(self) -> list[Path]:
        """Processes of a server that was killed: until they have ended too, a new one can't have its memory."""
        here = self.cluster.resolve()
        return [process for process in Path("/proc").glob("[0-9]*") if _works_in(process, here)]

    def _forget_dead_server(self) -> None:
        """After a crash the pid in postmaster.pid may be somebody else's by now; the server would refuse to start."""
        note = self.cluster / "postmaster.pid"
        if not note.exists():
            return
        pid = int(note.read_text().splitlines()[0] or 0)
        command = Path(f"/proc/{pid}/comm")
        if not born(pid) or command.read_text().strip() != "postgres":
            note.unlink()


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "comm").read_text().strip() == "postgres" and (process / "cwd").resolve() == folder
    except OSError:  # it ended meanwhile, or is somebody else's
        return False


def _locale() -> str:
    """C.UTF-8 where the system has it: the same order of words on every machine, and case beyond ASCII."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def account_for_root(data: Path, programs: Path) -> Account | None:
    """PostgreSQL refuses to run as root: an account of its own does it then. None for everybody else."""
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam(ACCOUNT)
    except KeyError:
        found = _make_account()
    before = () if _reaches(found, data) and _reaches(found, programs) else _passing_closed_folders(found)
    return Account(found.pw_uid, found.pw_gid, before)


def _make_account() -> pwd.struct_passwd:
    tool = shutil.which("useradd") or "/usr/sbin/useradd"
    try:
        subprocess.run(
            [tool, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
            check=True, capture_output=True,
        )  # fmt: skip
        return pwd.getpwnam(ACCOUNT)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise Problem(
            N_("PostgreSQL refuses to run as root, and the account {account} could not be made: {reason}"),
            N_("Run ./portal as an ordinary user."),
            account=ACCOUNT,
            reason=error,
        ) from error


def _reaches(account: pwd.struct_passwd, folder: Path) -> bool:
    """Whether the account may walk down to ``folder``."""
    for one in (folder, *folder.resolve().parents):
        found = one.stat()
        shift = 6 if found.st_uid == account.pw_uid else 3 if found.st_gid == account.pw_gid else 0
        if not found.st_mode >> shift & 1:
            return False
    return True


def _passing_closed_folders(account: pwd.struct_passwd) -> tuple[str, ...]:
    """A folder above (say /root) is closed to the account: it gets the one capability of walking through."""
    tool = shutil.which("setpriv")
    if tool is None:
        raise Problem(
            N_("The account {account} may not enter a folder above the portal's, and setpriv is missing."),
            N_("Use --data with a folder that everybody may pass, or run ./portal as an ordinary user."),
            account=account.pw_name,
        )
    return (
        tool, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups",
        "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--",
    )  # fmt: skip

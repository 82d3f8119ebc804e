"""Two portals side by side, killed and brought back: nothing is lost, nobody else is touched."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ckanext.anshan.local import files, lifecycle
from ckanext.anshan.local.layout import ROOT, Layout
from ckanext.anshan.local.lifecycle import Wish
from ckanext.anshan.local.postgres import Postgres
from ckanext.anshan.local.problems import Problem
from ckanext.anshan.local.processes import Process, born
from ckanext.anshan.local.redis import Redis
from ckanext.anshan.local.service import Portal
from ckanext.anshan.local.solr import Solr
from ckanext.anshan.local.state import State
from ckanext.anshan.local.steps import Steps
from tests.conftest import RunningPortal

STORES = Wish(only_stores=True)


def up(data: Path, wish: Wish = STORES) -> Portal:
    return lifecycle.up(data, wish, Steps(6, quiet=True))


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A second portal's stores, beside those that the tests run on, in a folder whose name is no plain word."""
    data = tmp_path_factory.mktemp("第二 portal's")
    for folder in (data, *data.parents[:2]):
        folder.chmod(0o755)
    up(data)
    yield data
    lifecycle.down(data)


def pids(data: Path) -> dict[str, int]:
    found = lifecycle.status(data)["services"]
    return {name: one["pid"] for name, one in found.items() if one["pid"]}


def test_a_second_portal_stands_beside_the_first(second: Path, portal_data: Path):
    ours, theirs = lifecycle.status(second)["services"], lifecycle.status(portal_data)["services"]
    for name in ("postgres", "redis", "solr"):
        assert ours[name]["health"] == theirs[name]["health"] == "ok"
        assert ours[name]["address"] != theirs[name]["address"]


def test_up_again_leaves_what_runs_alone(second: Path):
    before = pids(second)
    up(second)
    assert pids(second) == before


def test_secrets_and_configuration_are_for_their_owner_alone(second: Path):
    for name in ("secrets.json", "ckan.ini", "portal.json"):
        assert stat.S_IMODE((second / name).stat().st_mode) == 0o600, name


def test_only_loopback_is_listened_on(second: Path):
    ports = set(lifecycle.portal_of(second).state.ports.values())
    table = Path("/proc/net/tcp").read_text().splitlines()[1:] + Path("/proc/net/tcp6").read_text().splitlines()[1:]
    listening = [line.split()[1].split(":") for line in table if line.split()[3] == "0A"]
    ours = [(address, int(port, 16)) for address, port in listening if int(port, 16) in ports]
    assert len(ours) >= 3
    assert {address for address, _ in ours} <= {"0100007F", "0000000000000000FFFF00000100007F"}


def test_strangers_without_the_password_are_refused(second: Path):
    portal = lifecycle.portal_of(second)
    with socket.create_connection(("127.0.0.1", portal.state.ports["redis"]), 5) as link:
        link.sendall(b"KEYS *\r\n")
        assert link.recv(100).startswith(b"-NOAUTH")
    wrong = Portal(portal.layout, portal.state, portal.keys | {"postgres": "wrong"})
    with pytest.raises(Exception, match="password authentication failed"):
        Postgres(wrong).sql("SELECT 1")


def kill_all(data: Path) -> None:
    for pid in pids(data).values():
        os.kill(pid, signal.SIGKILL)


def redis_says(portal: Portal, *words: str) -> str:
    with socket.create_connection(("127.0.0.1", portal.state.ports["redis"]), 5) as link:
        link.sendall(f"AUTH {portal.keys['redis']}\r\n{' '.join(words)}\r\n".encode())
        answer = b""
        while answer.count(b"\r\n") < 2:
            answer += link.recv(1000)
        return answer.decode()


def test_nothing_is_lost_when_everything_is_killed(second: Path):
    portal = lifecycle.portal_of(second)
    Postgres(portal).sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)", "ckan")
    assert "OK" in redis_says(portal, "SET", "kept", "7")
    (second / "run" / "redis.json").unlink()  # and the note of one process is gone too
    redis = Process("redis", second)
    assert redis.pid() is None
    kill_all(second)
    up(second)
    portal = lifecycle.portal_of(second)
    assert Postgres(portal).sql("SELECT n FROM kept", "ckan").strip() == "7"
    assert Redis(portal).healthy() and Solr(portal).healthy()
    Postgres(portal).sql("DROP TABLE kept", "ckan")


def test_a_crashed_server_s_note_with_a_stranger_s_number_does_not_stop_it(second: Path):
    portal = lifecycle.portal_of(second)
    postgres = Postgres(portal)
    os.kill(postgres.process.pid() or 0, signal.SIGKILL)
    note = postgres.cluster / "postmaster.pid"
    lines = note.read_text().splitlines()
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    up(second)
    assert postgres.healthy() and born(os.getpid())


def test_a_port_taken_while_down_is_replaced_and_told(second: Path, capsys: pytest.CaptureFixture[str]):
    lifecycle.down(second)
    port = lifecycle.portal_of(second).state.ports["redis"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        lifecycle.up(second, STORES, Steps(6))
    assert f"Port {port} of redis is busy" in capsys.readouterr().out
    assert lifecycle.portal_of(second).state.ports["redis"] != port


def test_a_half_made_cluster_is_made_anew(tmp_path_factory: pytest.TempPathFactory, second: Path):
    portal = lifecycle.portal_of(second)
    half = portal.data / "postgres.new"
    half.mkdir(exist_ok=True)
    (half / "PG_VERSION").write_text("16")
    up(second)
    assert Postgres(portal).healthy()


def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return RunningPortal("", data).run(*words)


def test_logs_are_shown_service_by_service(second: Path):
    done = run(second, "logs", "redis")
    assert done.returncode == 0 and "Ready to accept connections" in done.stdout
    wrong = run(second, "logs", "kafka")
    assert wrong.returncode == 1
    assert "There are: postgres, redis, solr." in wrong.stderr and "可用的有" in wrong.stderr


def test_down_during_an_up_is_told_to_wait_and_ends_nothing(second: Path):
    before = pids(second)
    with files.alone(second / "up.lock"):
        done = run(second, "down")
    assert done.returncode == 1 and "Another ./portal is at work" in done.stderr and "请等它结束" in done.stderr
    assert pids(second) == before


def test_a_third_portal_lives_on_the_stores_of_others(second: Path, tmp_path: Path):
    theirs = lifecycle.portal_of(second)
    password = theirs.keys["postgres"]
    outside = {
        "postgres": f"postgresql://postgres:{password}@127.0.0.1:{theirs.state.ports['postgres']}",
        "redis": Redis(theirs).url(3),
        "solr": Solr(theirs).url(),
    }
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    third = up(tmp_path, Wish(only_stores=True, outside=tuple(outside.items())))
    assert pids(tmp_path) == {}, "it starts none of its own"
    assert {one["health"] for name, one in lifecycle.status(tmp_path)["services"].items() if name in outside} == {"ok"}
    assert Postgres(third).sql("SELECT current_user", "datastore").strip() == "postgres"
    ini = third.layout.ini.read_text()
    assert f"ckan.redis.url = {outside['redis']}" in ini and f"solr_url = {outside['solr']}" in ini
    assert f":{theirs.state.ports['postgres']}/ckan" in ini
    assert lifecycle.down(tmp_path) == [] and pids(second), "what is another's is not ended"


def test_an_outside_service_that_is_away_is_named_without_its_password(tmp_path: Path):
    outside = (("redis", "redis://:secret@127.0.0.1:1/0"),)
    with pytest.raises(Problem) as told:
        Redis(Portal(Layout(tmp_path), State(outside=dict(outside)), {})).start()
    assert "outside redis at redis://:***@127.0.0.1:1/0 does not answer" in str(told.value)
    assert "ANSHAN_REDIS_URL" in str(told.value) and "secret" not in str(told.value)


def test_status_shows_no_password_of_an_outside_service(second: Path):
    outside = {"redis": "redis://:secret@127.0.0.1:1/0"}
    told = Redis(Portal(Layout(second), State(outside=outside), {})).status()
    assert told["address"] == "redis://:***@127.0.0.1:1/0"


def test_reset_ends_everything_and_leaves_no_file(second: Path):
    running = pids(second)
    done = run(second, "reset", "--yes")
    assert done.returncode == 0, done.stderr
    assert not second.exists() and not any(born(pid) for pid in running.values())


def test_two_ups_at_once_on_one_folder_end_clearly(running_portal: Any):
    words = [sys.executable, str(ROOT / "portal"), "up", "--data", str(running_portal.data), "--no-demo", "--test"]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [one.communicate(timeout=120)[1] for one in both]
    for one, words_said in zip(both, said, strict=True):
        assert one.returncode == 0 or "Another ./portal is at work" in words_said
    assert 0 in [one.returncode for one in both]


def test_pages_and_worker_killed_come_back_with_the_next_up(running_portal: Any):
    for name, pid in pids(running_portal.data).items():
        if name in ("web", "worker"):
            os.kill(pid, signal.SIGKILL)
    done = running_portal.run("up", "--no-demo", "--test")
    assert done.returncode == 0, done.stderr
    told = json.loads(running_portal.run("status", "--json").stdout)
    assert {one["health"] for one in told["services"].values()} == {"ok"}
    assert told["url"] == running_portal.url


def test_the_accounts_have_every_role_and_two_of_each_office(running_portal: Any):
    entries = json.loads((running_portal.data / "accounts.json").read_text())
    assert stat.S_IMODE((running_portal.data / "accounts.json").stat().st_mode) == 0o600
    roles = [entry["role"] for entry in entries]
    assert {"applicant", "publisher", "agency_head", "cyberspace", "bureau", "sysadmin"} == set(roles)
    assert roles.count("cyberspace") == roles.count("bureau") == 2
    assert len({entry["password"] for entry in entries}) == len({entry["token"] for entry in entries}) == len(entries)


def test_every_account_s_token_is_good(running_portal: Any):
    from ckanapi import RemoteCKAN

    for entry in json.loads((running_portal.data / "accounts.json").read_text()):
        with RemoteCKAN(running_portal.url, apikey=entry["token"]) as remote:
            assert remote.action.user_show(id=entry["name"])["name"] == entry["name"]


def test_status_tells_each_service_for_programs(running_portal: Any):
    told = json.loads(running_portal.run("status", "--json").stdout)
    assert told["url"] == running_portal.url and told["accounts"].endswith("accounts.json")
    assert set(told["services"]) == {"postgres", "redis", "solr", "web", "worker", "sealer"}
    for name, one in told["services"].items():
        assert one["health"] == "ok" and born(one["pid"]), name


def test_the_command_line_of_ckan_is_there(running_portal: Any):
    done = running_portal.run("ckan", "user", "list")
    assert done.returncode == 0, done.stderr
    assert "name=portal-admin" in done.stdout

"""The launcher's small parts: files, ports, secrets, processes, locks, and that it needs nothing but Python."""

from __future__ import annotations

import ast
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.anshan.local import cli, files, keys, lifecycle, locks, ports, problems
from ckanext.anshan.local.configset import mark
from ckanext.anshan.local.layout import ROOT, Layout
from ckanext.anshan.local.maven import Repository
from ckanext.anshan.local.problems import Problem
from ckanext.anshan.local.processes import Process, born
from ckanext.anshan.local.state import State

LOCAL = ROOT / "ckanext-anshan" / "ckanext" / "anshan" / "local"


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", sorted(LOCAL.glob("*.py")), ids=lambda path: path.name)
def test_the_launcher_needs_nothing_but_python(path: Path):
    assert imports(path) <= set(sys.stdlib_module_names)


def test_the_launcher_starts_without_any_package():
    done = subprocess.run([sys.executable, "-S", "-E", str(ROOT / "portal"), "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "status" in done.stdout


def test_secrets_are_generated_once_and_only_their_owner_reads_them(tmp_path: Path):
    os.umask(0o022)
    first = keys.load(tmp_path)
    assert keys.load(tmp_path) == first
    assert set(first) == set(keys.NAMES) and len(set(first.values())) == len(first)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_two_portals_share_no_secret(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert not set(keys.load(tmp_path / "a").values()) & set(keys.load(tmp_path / "b").values())


def test_secrets_that_others_could_read_are_closed(tmp_path: Path):
    files.write(tmp_path / "secrets.json", json.dumps({"ckan": "kept"}), 0o644)
    assert keys.load(tmp_path)["ckan"] == "kept"
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_file_broken_off_is_read_as_missing(tmp_path: Path):
    (tmp_path / "portal.json").write_text('{"ports": {"web"')
    assert State.load(tmp_path) == State()


def test_what_is_remembered_comes_back(tmp_path: Path):
    State({"web": 5000}, {"demo": "loaded"}).save(tmp_path)
    assert State.load(tmp_path).url() == "http://127.0.0.1:5000"


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path):
    files.write(tmp_path / "a", "old")
    with pytest.raises(UnicodeEncodeError):
        files.write(tmp_path / "a", "\ud800")
    assert (tmp_path / "a").read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_a_second_launcher_is_told_to_wait(tmp_path: Path):
    lock = tmp_path / "up.lock"
    told = pytest.raises(Problem, match=r"Another \./portal is at work")
    with files.alone(lock), told, files.alone(lock):
        pass


def test_a_busy_port_is_replaced_by_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.next_free(port) > port


def test_a_port_promised_to_another_service_is_not_given_away():
    wanted = ports.some_free()
    assert ports.next_free(wanted, {wanted}) != wanted


@pytest.fixture
def sleeper(tmp_path: Path) -> Process:
    for name in ("run", "logs"):
        (tmp_path / name).mkdir()
    return Process("sleeper", tmp_path)


def test_a_process_is_known_while_it_lives(sleeper: Process):
    pid = sleeper.start(["sleep", "60"], {"PATH": os.environ["PATH"]})
    assert sleeper.pid() == pid
    assert sleeper.stop(seconds=5) and sleeper.pid() is None and born(pid) is None


def test_a_process_that_does_not_listen_is_ended_all_the_same(sleeper: Process):
    script = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); time.sleep(60)"
    pid = sleeper.start([sys.executable, "-c", script], {})
    while not sleeper.last_words():
        pass
    sleeper.stop(signal.SIGTERM, seconds=0.5)
    assert born(pid) is None


def test_a_stranger_with_the_same_number_is_left_alone(sleeper: Process):
    files.write_json(sleeper.file, {"pid": os.getpid(), "born": "another time"})
    assert sleeper.pid() is None
    assert not sleeper.stop()
    assert not sleeper.file.exists()


def test_every_jar_has_a_size_and_a_sum_and_comes_once():
    jars = locks.jars(Layout(ROOT))
    assert len({jar.name for jar in jars}) == len(jars) > 100
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in jars)
    assert jars[0].name.startswith("jetty-runner-")


def test_jars_come_from_the_mirror_that_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAVEN_MIRROR", "https://mirror.example/maven/")
    assert all(jar.url.startswith("https://mirror.example/maven/") for jar in locks.jars(Layout(ROOT)))


@pytest.mark.parametrize("kind", ["portal", "test", "runtime"])
def test_every_pin_of_a_lock_carries_sums(kind: str):
    text = (ROOT / "config" / "locks" / f"{kind}.lock").read_text()
    pins = [block for block in text.replace("\\\n", "").splitlines() if block and not block.startswith("#")]
    assert pins and all("==" in pin and "--hash=sha256:" in pin for pin in pins)


def test_the_locks_of_portal_and_tests_agree():
    found = {}
    for kind in ("portal", "test"):
        lines = (ROOT / "config" / "locks" / f"{kind}.lock").read_text().splitlines()
        found[kind] = {line.rstrip(" \\") for line in lines if "==" in line and not line.startswith(" ")}
    assert found["portal"] <= found["test"]


POMS = {
    "org/apache/solr/solr-core": """
      <properties><v>2.0</v></properties>
      <dependencies>
        <dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency>
        <dependency><groupId>g</groupId><artifactId>t</artifactId><version>1</version><scope>test</scope></dependency>
        <dependency><groupId>javax.servlet</groupId><artifactId>api</artifactId><version>4</version></dependency>
      </dependencies>""",
    "g/a/2.0": """
      <dependencyManagement><dependencies>
        <dependency><groupId>g</groupId><artifactId>b</artifactId><version>7</version></dependency>
      </dependencies></dependencyManagement>
      <dependencies>
        <dependency><groupId>g</groupId><artifactId>b</artifactId>
          <exclusions><exclusion><groupId>g</groupId><artifactId>c</artifactId></exclusion></exclusions></dependency>
        <dependency><groupId>g</groupId><artifactId>o</artifactId><version>1</version><optional>true</optional></dependency>
      </dependencies>""",
    "g/b/7": "<dependencies><dependency><groupId>g</groupId><artifactId>c</artifactId><version>1</version></dependency>"
    "</dependencies>",
}


class Shelf(Repository):
    def read(self, path: str) -> bytes:
        inner = next((text for start, text in POMS.items() if path.startswith(start)), "")
        return f"<project xmlns='http://maven.apache.org/POM/4.0.0'>{inner}</project>".replace("'", '"').encode()


def test_jars_are_found_as_maven_finds_them():
    found = {jar.key: jar.version for jar in Shelf("https://unused.example").resolve()}
    assert found["g:a"] == "2.0", "a property is filled in"
    assert found["g:b"] == "7", "a managed version counts"
    assert not {"g:t", "g:o", "g:c", "javax.servlet:api"} & set(found), "test, optional, excluded, left out"


def test_the_index_is_made_anew_when_the_word_list_changes(tmp_path: Path):
    for part in ("config/locks", "config/search", "ckanext-anshan/ckanext/anshan/search"):
        (tmp_path / part).mkdir(parents=True)
    for kind in locks.KINDS:
        (tmp_path / "config" / "locks" / f"{kind}.lock").write_text(kind)
    (tmp_path / "ckanext-anshan/ckanext/anshan/search/configset.py").touch()
    (tmp_path / "config/search/solrconfig.xml").touch()
    before = mark(Layout(tmp_path / "data", tmp_path))
    (tmp_path / "config/search/synonyms.txt").write_text("公交, 公共交通")
    assert mark(Layout(tmp_path / "data", tmp_path)) != before


def test_status_of_no_portal_makes_nothing(tmp_path: Path):
    told = lifecycle.status(tmp_path / "none")
    assert {one["health"] for one in told["services"].values()} == {"down"}
    assert not (tmp_path / "none").exists()


def test_reset_spares_a_folder_that_is_no_portal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "letter.txt").write_text("dear")
    assert cli.main(["reset", "--yes", "--data", str(tmp_path)]) == 1
    assert "holds other things than a portal" in capsys.readouterr().err
    assert (tmp_path / "letter.txt").exists()


def test_ckan_without_a_portal_says_how_to_make_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["ckan", "--data", str(tmp_path), "db", "upgrade"]) == 1
    assert "./portal up makes one" in capsys.readouterr().err


def test_an_unknown_measurement_names_those_that_there_are(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["bench", "nothing"]) == 1
    assert "start" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["up", "--no-demo"], ["reset", "--yes"]])
def test_a_file_in_place_of_the_folder_is_told_in_both_languages(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "portal"
    file.write_text("dear")
    assert cli.main([*command, "--data", str(file)]) == 1
    told = capsys.readouterr().err
    assert f"{file} cannot be used" in told and f"无法使用 {file}" in told
    assert file.read_text() == "dear"


def test_up_leaves_a_folder_of_others_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "letter.txt").write_text("dear")
    assert cli.main(["up", "--no-demo", "--data", str(tmp_path)]) == 1
    assert "holds other things than a portal" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web"])
def test_a_number_that_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        cli.main(["up", f"--port={port}"])
    assert "is no port: 1 to 65535" in capsys.readouterr().err


def test_every_problem_has_its_sentence_in_chinese():
    chinese = problems.chinese()
    sentences = {
        node.args[0].value
        for path in LOCAL.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"
        if isinstance(node.args[0], ast.Constant)
    }
    assert len(sentences) > 40
    assert [sentence for sentence in sentences if chinese.gettext(str(sentence)) == sentence] == []

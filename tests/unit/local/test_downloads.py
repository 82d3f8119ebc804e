"""Downloads: resumed, checked, side by side, with clear words when they fail."""

from __future__ import annotations

import errno
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ckanext.anshan.local import downloads
from ckanext.anshan.local.downloads import Item, fetch_all
from ckanext.anshan.local.problems import Problem

CONTENT = bytes(range(256)) * 4000


class Shop(BaseHTTPRequestHandler):
    """Serves CONTENT; may break off once, ignore ranges, or hand out something else."""

    protocol_version = "HTTP/1.0"
    ranges: list[str | None] = []
    break_off_at: int | None = None
    honours_ranges = True
    false_content = False

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        type(self).ranges.append(asked)
        if self.path == "/missing":
            return self.send_error(404)
        start = int(asked.split("=")[1].rstrip("-")) if asked and self.honours_ranges else 0
        body = (b"?" * len(CONTENT) if self.false_content else CONTENT)[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cut, type(self).break_off_at = self.break_off_at, None
        self.wfile.write(body[:cut])
        return None

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[tuple[type[Shop], str]]:
    kind = type("OneShop", (Shop,), {"ranges": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kind, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def item(base: str, name: str = "a.jar") -> Item:
    return Item(name, f"{base}/{name}", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def test_a_file_arrives_whole_and_is_not_fetched_twice(shop: tuple[type[Shop], str], tmp_path: Path):
    kind, base = shop
    assert fetch_all([item(base)], tmp_path)[0].read_bytes() == CONTENT
    fetch_all([item(base)], tmp_path)
    assert kind.ranges == [None]


def test_what_an_earlier_try_left_is_gone_on_with(shop: tuple[type[Shop], str], tmp_path: Path):
    kind, base = shop
    (tmp_path / "a.jar.part").write_bytes(CONTENT[:1000])
    assert fetch_all([item(base)], tmp_path)[0].read_bytes() == CONTENT
    assert kind.ranges == ["bytes=1000-"]


def test_a_connection_that_breaks_off_is_taken_up_again(shop: tuple[type[Shop], str], tmp_path: Path):
    kind, base = shop
    kind.break_off_at = 5000
    assert fetch_all([item(base)], tmp_path)[0].read_bytes() == CONTENT
    assert kind.ranges == [None, "bytes=5000-"]


def test_a_server_without_ranges_begins_anew(shop: tuple[type[Shop], str], tmp_path: Path):
    kind, base = shop
    kind.honours_ranges = False
    (tmp_path / "a.jar.part").write_bytes(b"x" * 1000)
    assert fetch_all([item(base)], tmp_path)[0].read_bytes() == CONTENT


def test_a_spoilt_beginning_is_thrown_away(shop: tuple[type[Shop], str], tmp_path: Path):
    _, base = shop
    (tmp_path / "a.jar.part").write_bytes(b"x" * 1000)
    assert fetch_all([item(base)], tmp_path)[0].read_bytes() == CONTENT


def test_a_false_file_is_refused_and_not_kept(shop: tuple[type[Shop], str], tmp_path: Path):
    kind, base = shop
    kind.false_content = True
    with pytest.raises(Problem, match="its SHA-256 differs"):
        fetch_all([item(base)], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_names_its_address_and_the_mirror_option(shop: tuple[type[Shop], str], tmp_path: Path):
    kind, base = shop
    with pytest.raises(Problem, match=r"/missing could not be fetched(.|\n)*MAVEN_MIRROR"):
        fetch_all([item(base, "missing")], tmp_path)
    assert len(kind.ranges) == 1


def test_progress_ends_at_the_whole_size(shop: tuple[type[Shop], str], tmp_path: Path):
    told: list[tuple[int, int]] = []
    names = [item(shop[1], name) for name in ("a.jar", "b.jar", "c.jar")]
    fetch_all(names, tmp_path, lambda done, total: told.append((done, total)))
    assert told[-1] == (3 * len(CONTENT), 3 * len(CONTENT))


def test_a_disk_too_small_is_told_before_the_first_byte(shop: tuple[type[Shop], str], tmp_path: Path):
    kind, base = shop
    huge = Item("huge.jar", f"{base}/huge.jar", 2**60, "0" * 64)
    with pytest.raises(Problem, match=rf"The disk is full: \d+ MiB more are needed in {tmp_path}"):
        fetch_all([huge], tmp_path)
    assert kind.ranges == []


def test_a_disk_that_fills_up_is_told_with_its_folder(
    shop: tuple[type[Shop], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_space(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(downloads, "_copy", no_space)
    with pytest.raises(Problem, match=f"The disk is full(.|\n)*{tmp_path}"):
        fetch_all([item(shop[1])], tmp_path)

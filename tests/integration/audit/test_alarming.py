"""When sealing stops, a witness fails or somebody writes past the portal, people hear of it at once and daily."""

from __future__ import annotations

import email
import email.policy
import logging
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.common import config
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories

from ckanext.anshan import rooms
from ckanext.anshan.audit import alarming, events, recording, watching
from ckanext.anshan.audit.events import Event
from ckanext.anshan.audit.sealing import Sealer
from ckanext.anshan.audit.witnesses import Sender, Witness
from ckanext.anshan.people import options as offices
from ckanext.anshan.workflow import clock
from ckanext.anshan.workflow import mails as delivery
from tests.integration.catalogue.conftest import make_agency
from tests.integration.catalogue.test_views import as_user
from tests.integration.people.test_reading import office_member

from ..conftest import made
from .support import address, connected
from .support import events as recorded

TO = ["duty@anshan.example", "bureau@anshan.example"]
FORGED = (
    "INSERT INTO anshan_audit_event (id, at, kind, outcome, body, leaf, mark) SELECT gen_random_uuid(), now(),"
    " 'log.begun', 'done', '{}', sha256('\\x007b7d'), sha256('guess') FROM generate_series(1, %s) RETURNING id"
)


class Talk(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over a mail."""

    def handle(self) -> None:
        self.say("220 tests")
        while line := self.rfile.readline().decode("ascii").strip():
            word = line.upper().partition(" ")[0]
            if word == "DATA":
                self.say("354 go on")
                self.server.mails.append(self.mail())  # type: ignore[attr-defined]
            self.say("221 bye" if word == "QUIT" else self.reply(line))

    def reply(self, line: str) -> str:
        """Nobody of that name takes mail."""
        return "550 unknown" if line.startswith("rcpt") and "nobody" in line else "250 well"

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def mail(self) -> EmailMessage:
        lines = b"".join(iter(self.rfile.readline, b".\r\n"))
        found = email.message_from_bytes(lines, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EmailMessage]]:
    """What a mail server has been given."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as served:
        served.mails = []  # type: ignore[attr-defined]
        threading.Thread(target=served.serve_forever, daemon=True).start()
        monkeypatch.setitem(config, "smtp.server", f"127.0.0.1:{served.server_address[1]}")
        monkeypatch.setitem(config, "smtp.mail_from", "portal@anshan.example")
        monkeypatch.setitem(config, "ckanext.anshan.audit.alarm_to", TO)
        yield served.mails  # type: ignore[attr-defined]
        served.shutdown()


@pytest.fixture
def memory(with_plugins: None) -> Iterator[alarming.Memory]:
    found = alarming.Memory(connect_to_redis())
    forget(found)
    yield found
    forget(found)


def forget(memory: alarming.Memory, what: str = "") -> None:
    """As Redis does when the time is over."""
    for key in memory.redis.keys(f"{memory.prefix}/{what}*"):
        memory.redis.delete(key)


@pytest.fixture
def check(app: Any, memory: alarming.Memory, sealer: Sealer) -> Callable[[], int]:
    """What the worker does each minute."""

    def run() -> int:
        with made().test_request_context():
            return rooms.minutely()["audit_alarm"]()

    return run


@pytest.fixture
def hours_ago(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Records something as it would have been two hours ago."""

    def record() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(events, "now", lambda: datetime.now(timezone.utc) - timedelta(hours=2))
            recording.happened(Event("mail.sent"))

    return record


def told(kind: str) -> list[dict[str, Any]]:
    return [one["facts"] for one in recorded(kind=kind)]


def test_while_all_is_well_nobody_is_told(check, sealer, mails):
    sealer.seal()
    assert check() == 0
    assert (mails, told("log.alarm"), told("log.well")) == ([], [], [])


def test_a_sealer_that_has_stopped_is_told_once_daily_and_when_it_is_back(
    check, sealer, memory, mails, hours_ago, monkeypatch
):
    sealer.seal()
    hours_ago()
    assert [check(), check()] == [1, 1]
    assert [one["To"] for one in mails] == TO
    assert mails[0]["Subject"] == "审计日志的封存已经停止。 · The log is no longer sealed."
    text = mails[0].get_content()
    then = clock.now() - timedelta(hours=2)
    dates = (f"最早一条未封存的记录写于 {then.year}年", f"was recorded on {then.day} ")
    for part in (*dates, "./portal logs sealer", "/audit/about"):
        assert part in text, text
    assert [one["cause"] for one in told("log.alarm")] == ["late"]
    by = recorded(kind="log.alarm")[0]["by"]
    assert (by, recorded(kind="log.alarm")[0]["action"]) == ({"via": "job"}, "audit_alarm")
    times = [memory.redis.ttl(key) for key in memory.redis.keys(f"{memory.prefix}/*ed/late:*")]
    assert len(times) == 3 and all(alarming.DAY - 60 < time <= alarming.DAY for time in times)
    forget(memory, "recorded")
    forget(memory, "mailed")
    check()
    assert (len(mails), len(told("log.alarm"))) == (4, 2)
    sealer.seal()
    assert check() == 0 and told("log.well") == []  # it may come back at once
    hours_ago()
    assert check() == 1 and len(mails) == 4
    sealer.seal()
    monkeypatch.setattr(alarming, "CALM", 0)
    assert [check(), check()] == [0, 0]
    assert [one["cause"] for one in told("log.well")] == ["late"]
    assert [one["Subject"] for one in mails[4:]] == ["审计日志恢复封存。 · The log is sealed again."] * 2
    sealer.seal()
    hours_ago()
    check()
    assert len(mails) == 8  # a new time is told at once


def test_several_workers_tell_it_once(check, sealer, mails, hours_ago):
    sealer.seal()
    hours_ago()
    together, failed = threading.Barrier(5), []

    def work() -> None:
        together.wait()
        try:
            check()
        except Exception as error:
            failed.append(error)

    workers = [threading.Thread(target=work) for _ in range(5)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert failed == []
    assert sorted(one["To"] for one in mails) == sorted(TO) and len(told("log.alarm")) == 1


def test_a_mail_server_that_is_away_breaks_nothing_and_is_tried_again(
    check, sealer, memory, mails, hours_ago, monkeypatch, caplog
):
    sealer.seal()
    hours_ago()
    there = config["smtp.server"]
    monkeypatch.setitem(config, "smtp.server", "127.0.0.1:9")
    with caplog.at_level(logging.ERROR):
        assert check() == 1
    assert caplog.text.count("COULD NOT BE SENT to duty@anshan.example") == 1
    assert all(memory.redis.ttl(key) <= alarming.AGAIN for key in memory.redis.keys(f"{memory.prefix}/mailed/*"))
    monkeypatch.setitem(config, "smtp.server", there)
    check()
    assert mails == []  # not each minute
    forget(memory, "mailed")
    check()
    assert len(mails) == 2 and len(told("log.alarm")) == 1


def test_a_mail_server_that_says_nothing_does_not_hold_the_worker_up(check, sealer, hours_ago, mails, monkeypatch):
    sealer.seal()
    hours_ago()
    monkeypatch.setattr(delivery, "PATIENCE", 0.3)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        monkeypatch.setitem(config, "smtp.server", f"127.0.0.1:{served.server_address[1]}")
        assert check() == 1
        served.shutdown()
    assert len(told("log.alarm")) == 1


class Silent(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(1)


def test_without_addresses_it_stands_on_record_all_the_same(check, sealer, hours_ago):
    sealer.seal()
    hours_ago()
    assert check() == 1 and len(told("log.alarm")) == 1


def test_a_witness_that_fails_is_named_and_one_that_is_back_too(
    check, sealer, mails, monkeypatch, portal_data: Path, tmp_path: Path
):
    monkeypatch.setattr(alarming, "CALM", 0)
    sealer.seal()
    url = address(portal_data, "anshan_sealer")

    def look(where: str) -> None:
        sender = Sender(url, [Witness("网信办", where, 0)], threading.Event())
        with closing(sender.connect()) as connection:
            sender.look(connection)

    look("http://127.0.0.1:9")
    assert check() == 1
    assert "见证方 网信办" in mails[0]["Subject"] and "witness 网信办" in mails[0]["Subject"]
    assert told("log.alarm") == [{"cause": "witness", "witness": "网信办"}]
    sealer.seal()
    look((tmp_path / "share.jsonl").as_uri())
    assert check() == 0
    assert told("log.well") == [{"cause": "witness", "witness": "网信办"}] and len(mails) == 4


def test_a_witness_that_has_not_got_what_was_sealed_an_hour_ago_is_told(check, sealer, monkeypatch, portal_data: Path):
    sealer.seal()
    with connected(portal_data, "postgres") as superuser:
        superuser.execute(
            "INSERT INTO anshan_audit_witness (name, size, answered, asked, answer, failing)"
            " VALUES ('tsa', %s, now() - interval '9 hours', now(), 'ok', false)",
            [sealer.seal().size],
        )
        assert check() == 0  # nothing was sealed since
        recording.happened(Event("mail.sent"))
        sealer.seal()
        assert check() == 0  # it may still be asked
        monkeypatch.setattr(watching, "SILENT_FOR", timedelta(0))
        assert check() == 1
        superuser.execute(
            "UPDATE anshan_audit_witness SET failing = true, answered = now() - interval '1 minute' WHERE name = 'tsa'"
        )
        assert check() == 0  # it may have been away for a moment
        superuser.execute("UPDATE anshan_audit_witness SET answered = now() - interval '6 minutes'")
        assert check() == 1


def forge(data: Path, number: int = 1) -> list[str]:
    """Somebody has the database password of the web processes."""
    with connected(data, "ckan") as thief:
        thief.execute(FORGED, [number])
        return sorted(str(row[0]) for row in thief.fetchall())


@pytest.mark.parametrize("is_sealed_over", [False, True])
def test_what_was_written_past_the_portal_is_told_until_it_is_gone(
    check, sealer, memory, mails, monkeypatch, portal_data: Path, is_sealed_over: bool
):
    monkeypatch.setattr(alarming, "CALM", 0)
    sealer.seal()
    assert check() == 0
    ids = forge(portal_data, 2)
    if is_sealed_over:
        recording.happened(Event("mail.sent"))
        sealer.seal()
    assert check() == 1
    assert told("log.alarm") == [{"cause": "strange", "events": ids}]
    assert "Somebody wrote into the log past the portal" in mails[0]["Subject"]
    assert ids[0] in mails[0].get_content() and "2 events were left unsealed" in mails[0].get_content()
    sealer.seal()
    assert [check(), check()] == [1, 1] and len(mails) == 2
    forget(memory, "looked")
    assert check() == 1 and told("log.well") == []  # all of it was looked at again
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("DELETE FROM anshan_audit_event WHERE id = ANY(%s::uuid[])", [ids])
    assert check() == 0 and told("log.well") == [{"cause": "strange"}]


def test_what_nobody_of_the_portal_wrote_is_not_waited_for(check, sealer, monkeypatch, portal_data: Path):
    sealer.seal()
    forge(portal_data)
    monkeypatch.setattr(watching.options, "late_seconds", lambda: -1)
    assert check() == 1 and [one["cause"] for one in told("log.alarm")] == ["strange"]


def test_a_crowd_of_forged_events_does_not_hide_that_sealing_has_stopped(
    check, sealer, hours_ago, monkeypatch, portal_data: Path
):
    sealer.seal()
    forge(portal_data, watching.MOST + 1)
    hours_ago()
    monkeypatch.setattr(watching.options, "late_seconds", lambda: -1)
    assert check() == 2 and {one["cause"] for one in told("log.alarm")} == {"late", "strange"}


# pages


def alarms(app: Any, path: str, user: dict[str, Any]) -> list[str]:
    soup = BeautifulSoup(app.get(path, **as_user(user)).body, "html.parser")
    return [one.get_text(" ", strip=True) for one in soup.select("main [role=alert]")]


def test_those_who_look_after_the_log_see_it_at_the_top_of_their_pages(app, sealer, memory, hours_ago):
    bureau, sysadmin = office_member(offices.bureau_org()), factories.SysadminWithToken()
    sealer.seal()
    places = (("/en/desk", bureau), ("/en/desk", sysadmin), ("/en/audit/", bureau))
    assert [alarms(app, path, reader) for path, reader in places] == [[], [], []]
    sealer.seal()
    hours_ago()
    for path, reader in places:
        (said,) = alarms(app, path, reader)
        assert said.startswith("The log is no longer sealed.") and "./portal logs sealer" in said
    assert alarms(app, "/en/desk", make_agency().publisher) == []


def test_a_page_without_redis_says_what_the_database_says(app, sealer, hours_ago, monkeypatch):
    def away() -> Any:
        raise alarming.redis.ConnectionError("away")

    sealer.seal()
    hours_ago()
    monkeypatch.setattr(alarming, "connect_to_redis", away)
    with made().test_request_context():
        assert [one.title for one in alarming.shown()]


def test_a_sentence_of_each_cause_stands_in_the_log():
    from ckanext.anshan.audit import sentences

    assert set(sentences.ALARMS) == {(kind, cause) for kind in ("log.alarm", "log.well") for cause in watching.CAUSES}
    assert set(alarming.WRONG) == set(alarming.WELL) == set(watching.CAUSES)

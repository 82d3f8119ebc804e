"""One mail a day for each user of what they haven't read, on a real mail server; nothing is lost without one."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import ckan.plugins as p
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.plugins import core
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.anshan import rooms
from ckanext.anshan.people import mailing
from ckanext.anshan.people.model import notice
from ckanext.anshan.workflow import clock, outbox
from tests.integration.audit.test_alarming import mails
from tests.integration.catalogue.test_views import as_user, page
from tests.integration.conftest import made
from tests.integration.people.test_notices import read, tell, told

__all__ = ["mails"]

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture(autouse=True)
def _nothing_else(app: Any) -> None:
    """Only what a test tells is mailed."""
    model.Session.execute(sa.delete(notice))
    model.Session.commit()


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """It is so late in the city, so many days from now: the mails' hour, unless a test says another."""
    today = clock.now()

    def move(hour: int = 9, days: int = 0) -> None:
        there = today.replace(hour=hour, minute=30) + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda: there)

    move()
    return move


def hour() -> int:
    """What the worker does in an hour: queues mails and sends those that can be sent; returns how many it queued."""
    with made().test_request_context():
        queued = rooms.hourly()["people_mail_daily"]()
        outbox.drain(kinds=[mailing.JOB], overdue=False)
    return queued


def address(name: str) -> str:
    """Of nobody else."""
    return f"{name}.{uuid.uuid4().hex[:8]}@anshan.example"


def set_address(user: dict[str, Any], email: str | None) -> str | None:
    account = model.User.get(user["id"])
    assert account is not None
    account.email = email  # type: ignore[assignment]
    model.Session.commit()
    return email


def text(mail: EmailMessage) -> str:
    return mail.get_content()


def test_one_mail_a_day_tells_all_that_is_unread_in_both_languages_chinese_first(mails, at, monkeypatch):
    monkeypatch.setitem(config, "ckan.locale_default", "zh_Hans_CN")
    user = factories.UserWithToken(email=address("duty"))
    tell(user, about="submission:a", facts={"title": "公交站点"})
    tell(user, about="submission:b", facts={"title": "养老机构"})
    assert hour() == 1
    (mail,) = mails
    assert user["email"] in mail["To"]
    assert mail["Subject"].index(str(config["ckan.site_title"])) < mail["Subject"].index("2 unread notices")
    body = text(mail)
    assert body.count("公交站点") == body.count("养老机构") == 2
    assert body.index("/review/SS-2026-000001") < body.index("/en/review/SS-2026-000001")
    assert "http://test.ckan.net/en/notices" in body
    tell(user, about="submission:c")
    assert [hour(), len(mails)] == [0, 1]
    at(days=1)
    assert [hour(), len(mails)] == [1, 2]
    assert text(mails[1]).count("/en/review/") == 1
    at(days=2)
    assert hour() == 0


def test_nothing_is_mailed_before_the_hour(mails, at, monkeypatch):
    monkeypatch.setitem(config, "ckanext.anshan.people.digest_hour", 14)
    tell(factories.User())
    at(hour=13)
    assert [hour(), mails] == [0, []]
    at(hour=14)
    assert [hour(), len(mails)] == [1, 1]


def test_what_was_read_in_the_portal_is_not_mailed(mails):
    user = factories.User()
    tell(user)
    read(user, all=True)
    assert [hour(), mails] == [0, []]


def test_what_is_read_between_queue_and_mail_is_left_out(mails):
    user = factories.User()
    tell(user, facts={"title": "已读"})
    tell(user, facts={"title": "未读"})
    with made().test_request_context():
        rooms.hourly()["people_mail_daily"]()
    read(user, ids=[told(user)["notices"][1]["id"]])
    hour()
    (mail,) = mails
    assert "未读" in text(mail).replace("条未读", "") and "已读" not in text(mail)


@pytest.mark.parametrize("server", ["", "127.0.0.1:9"])
def test_without_a_mail_server_nothing_is_lost_and_the_log_says_so_once(mails, monkeypatch, caplog, server):
    tell(factories.User())
    there = config["smtp.server"]
    monkeypatch.setitem(config, "smtp.server", server)
    with caplog.at_level(logging.WARNING, mailing.__name__):
        assert [hour(), hour()] == [0, 0]
    assert [one.message for one in caplog.records if one.name == mailing.__name__] == [
        "no mail server answers at smtp.server: notices wait in the portal's list, and are mailed later"
    ]
    monkeypatch.setitem(config, "smtp.server", there)
    assert [hour(), len(mails)] == [1, 1]


def test_a_recipient_whose_mail_fails_does_not_stop_the_others_and_is_tried_again(mails, at):
    refused, other = factories.User(email=address("nobody")), factories.User(email=address("there"))
    tell(refused, other)
    assert hour() == 2
    assert [other["email"] in mail["To"] for mail in mails] == [True]
    assert outbox.waiting([mailing.JOB]) == 1
    model.Session.rollback()
    found = set_address(refused, address("found"))
    assert hour() == 0  # a mail of today is on its way
    assert [str(found) in mail["To"] for mail in mails] == [False, True]
    assert outbox.waiting([mailing.JOB]) == 0


def test_what_could_not_be_sent_that_day_is_in_the_mail_of_the_next(mails, at):
    user = factories.User(email=address("nobody"))
    tell(user, facts={"title": "昨天"})
    hour()
    assert mails == []
    set_address(user, address("found"))
    at(days=1)
    tell(user, facts={"title": "今天"})
    hour()
    hour()
    told = [one for mail in mails for one in ("昨天", "今天") if one in text(mail)]
    assert sorted(told) == ["今天", "昨天"]


def test_a_server_that_goes_away_between_keeps_the_mail_for_later(mails, monkeypatch):
    tell(factories.User())
    with made().test_request_context():
        rooms.hourly()["people_mail_daily"]()
    there = config["smtp.server"]
    monkeypatch.setitem(config, "smtp.server", "127.0.0.1:9")
    with made().test_request_context():
        outbox.drain(kinds=[mailing.JOB], overdue=False)
    assert (mails, outbox.waiting([mailing.JOB])) == ([], 0)
    monkeypatch.setitem(config, "smtp.server", there)
    assert [hour(), len(mails)] == [1, 1]


def test_a_mail_and_its_mark_are_one_transaction(mails, monkeypatch):
    tell(factories.User())

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(outbox, "queue_all", killed)
        hour()
    model.Session.rollback()
    assert [hour(), len(mails)] == [1, 1]


def test_whoever_wants_no_mail_gets_none_and_is_told_in_the_portal_all_the_same(app, mails):
    user = factories.UserWithToken()
    shown = page(app.get("/en/notices", **as_user(user)))
    assert user["email"] in shown.find(attrs={"aria-labelledby": "mail-head"}).get_text()
    app.post("/notices/mail", data={"wanted": "false"}, **as_user(user))
    tell(user)
    assert [hour(), mails, told(user)["unread"], told(user)["is_mailed"]] == [0, [], 1, False]
    call_action("user_patch", {"user": user["name"], "ignore_auth": False}, id=user["id"], fullname="某某")
    assert told(user)["is_mailed"] is False
    app.post("/notices/mail", data={"wanted": "true"}, **as_user(user))
    assert [hour(), len(mails)] == [1, 1]


def test_an_account_that_is_gone_or_has_no_address_is_not_mailed(mails):
    gone, silent = factories.User(), factories.User()
    tell(gone, silent)
    call_action("user_delete", id=gone["id"])
    set_address(silent, None)
    assert [hour(), mails] == [0, []]


class Elsewhere(p.SingletonPlugin):
    """Another channel, as a plugin of a city may bring it."""

    p.implements(p.INotifier, inherit=True)
    taken: list[str] = []

    def notify_recipient(self, already_notified: bool, recipient_name: str, *rest: Any, **more: Any) -> bool:
        self.taken.append(recipient_name)
        return True


def test_another_channel_takes_the_mail_where_a_plugin_brings_one(monkeypatch):
    user = factories.User()
    tell(user)
    monkeypatch.setitem(config, "smtp.server", "")
    monkeypatch.setitem(core._PLUGINS_SERVICE, "elsewhere", Elsewhere(name="elsewhere"))
    assert hour() == 1
    assert Elsewhere.taken == [user["display_name"]]

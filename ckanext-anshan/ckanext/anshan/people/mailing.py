"""One mail a day for each user, of what they haven't read in the portal yet, in both languages."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import date
from itertools import groupby
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import mailer

from ..workflow import clock, mails, outbox
from . import notices, options

log = logging.getLogger(__name__)

JOB = "people_mail"
EXTRA = "anshan_no_mail"
"""In a user's ``plugin_extras``: they want none."""
SHOWN = 50  # notices that one mail names

ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext('anshan:people_mail_daily'))")
TAKE = sa.text(
    'UPDATE anshan_people_notice AS taken SET mailed = now() FROM "user"'
    ' WHERE "user".id = taken.user_id AND taken.read IS NULL AND taken.mailed IS NULL'
    " AND \"user\".state = 'active' AND coalesce(\"user\".email, '') <> ''"
    f" AND NOT coalesce((\"user\".plugin_extras ->> '{EXTRA}')::boolean, false)"
    " AND NOT EXISTS (SELECT FROM anshan_people_notice AS mailed"
    " WHERE mailed.user_id = taken.user_id AND mailed.mailed >= :midnight)"
    " RETURNING taken.user_id, taken.id"
)

_silent = False  # whether the log was told that no mail server is there


def send_out() -> int:
    """Queue a mail for everybody who has something to read and was sent none today; returns how many.

    What is in a mail is marked in the same transaction, so that neither a second worker nor a killed one doubles it.
    """
    now = clock.now()
    if now.hour < options.digest_hour() or not _can_be_sent():
        return 0
    model.Session.execute(ONE_AT_A_TIME)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    taken = sorted(tuple(row) for row in model.Session.execute(TAKE, {"midnight": midnight}))
    payloads = [
        {"user": user, "notices": [id for _, id in rows], "day": now.date().isoformat()}
        for user, rows in groupby(taken, lambda row: row[0])
    ]
    outbox.queue_all(JOB, payloads)
    model.Session.commit()
    return len(payloads)


def send(user_id: str, ids: Collection[int], day: date) -> None:
    """Send one mail; what can't be sent that day waits for the next, beside what is new then."""
    user = model.User.get(user_id)
    rows = notices.unread_of(user_id, ids)
    if user is None or user.state != "active" or not user.email or not rows or not wants(user):
        return
    if day < clock.today() or not _can_be_sent():
        notices.unmail(ids)
        return
    subject, body = words(rows)
    with mails.patience():
        mailer.mail_user(user, subject, body)


def wants(user: Any) -> bool:
    """Whether a user wants to be mailed; everybody does until they say otherwise."""
    return not (user.plugin_extras or {}).get(EXTRA)


def set_wanted(user: Any, wanted: bool) -> None:
    """The caller commits."""
    kept = {name: value for name, value in (user.plugin_extras or {}).items() if name != EXTRA}
    user.plugin_extras = kept if wanted else {**kept, EXTRA: True}


def words(rows: Collection[Any]) -> tuple[str, str]:
    """Subject and text, each in both languages."""
    told = []
    for language in mails.LANGUAGES:
        with mails.spoken(language):
            told.append((_subject(len(rows)), _body(list(rows))))
    subjects, bodies = zip(*told, strict=True)
    return " · ".join(subjects), "\n\n—\n\n".join(bodies) + "\n"


def _subject(count: int) -> str:
    said = tk.ungettext("{site}: {count} unread notice", "{site}: {count} unread notices", count)
    return said.format(site=tk.h.anshan_site_name(), count=count)


def _body(rows: list[Any]) -> str:
    lines = [_line(row) for row in rows[:SHOWN]]
    url = tk.h.url_for("anshan_people.notice_list", qualified=True)
    lines.append(tk._("All notices: {url}").format(url=url))
    lines.append(tk._("At most one such mail is sent a day. On that page you can switch it off."))
    return "\n\n".join(lines)


def _line(row: Any) -> str:
    said = f"· {notices.sentence(row)}"
    return f"{said}\n  {tk.h.url_for(row.link, qualified=True)}" if row.link else said


def _can_be_sent() -> bool:
    """Said in the log once when it begins and once when it is over."""
    global _silent
    there = mails.has_other_way() or mails.answers()
    if there and _silent:
        log.warning("the mail server answers again: notices are mailed")
    if not there and not _silent:
        log.warning("no mail server answers at smtp.server: notices wait in the portal's list, and are mailed later")
    _silent = not there
    return there

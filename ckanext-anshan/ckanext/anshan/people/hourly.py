"""What the worker does for the people of the portal once an hour."""

from __future__ import annotations

from . import mailing, notices

__all__ = ["people_forget_notices", "people_mail_daily"]


def people_mail_daily() -> int:
    return mailing.send_out()


def people_forget_notices() -> int:
    return notices.forget_old()

"""What every mail of the portal needs: both languages, and a mail server that never keeps the worker waiting."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from flask import current_app
from flask_babel import force_locale

PATIENCE = 20.0  # seconds for each answer of the mail server
LANGUAGES = ("zh_Hans_CN", "en")
"""In the order in which a mail speaks them."""


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Words, dates and addresses are in this language inside."""
    overrides = {"CKAN_LANG": language, "CKAN_LANG_IS_DEFAULT": language == tk.config["ckan.locale_default"]}
    with current_app.test_request_context(environ_overrides=overrides), force_locale(language):
        yield


@contextmanager
def patience() -> Iterator[None]:
    """CKAN's mailer sets no limit of its own, and a server that never answers would stop the worker."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def has_other_way() -> bool:
    """Whether a plugin takes messages (``INotifier``) before CKAN's mailer does."""
    return any(True for _ in p.PluginImplementations(p.INotifier))


def answers() -> bool:
    """Whether there is a mail server; where it is named nowhere, CKAN's mailer would drop a mail without a word."""
    server = tk.config["smtp.server"]
    place = urlsplit(server if "://" in server else f"//{server}")
    try:
        with patience(), smtplib.SMTP(place.hostname or "", place.port or smtplib.SMTP_PORT) as found:
            return bool(place.hostname) and found.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False

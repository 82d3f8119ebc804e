"""Gives a reader with an account the page that every visitor gets, with the reader's own parts put into its frame.

What a public page says is the same for all; only its frame knows who reads it. The middleware hands over the visitor's
page, and once CKAN knows the reader, this answers before any view is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang
from flask import Response, session
from flask_wtf.csrf import generate_csrf

from . import rules

VISITORS_PAGE = "anshan.visitors_page"
"""Where a request carries the visitor's page, as a ``Shown``."""
TEMPLATES = {name: f"look/reader/{name.decode()}.html" for name in rules.READERS_PARTS}
READERS = 500  # whose parts one web process keeps
TOKEN = b"<!--token-->"


class Shown(NamedTuple):
    """The page that a visitor gets, and the generation for which it is good."""

    generation: bytes
    body: bytes


def framed() -> Response | None:
    """The visitor's page with this reader's account in it; None where the view has to answer."""
    shown: Shown | None = tk.request.environ.get(VISITORS_PAGE)
    if shown is None or "_flashes" in session:
        return None
    body = shown.body
    if tk.current_user.is_authenticated:
        parts = _parts(shown.generation, tk.current_user.id, str(lang()), tk.h.anshan_unread())
        token = generate_csrf().encode()
        body = rules.put_in(body, {name: part.replace(TOKEN, token) for name, part in parts.items()})
    tk.request.environ["__no_cache__"] = True
    return Response(body, content_type="text/html; charset=utf-8")


@lru_cache(maxsize=READERS)
def _parts(generation: bytes, reader: str, language: str, unread: int) -> Mapping[bytes, bytes]:
    """A reader's parts for as long as nothing changes, with a mark where the token of each of their forms belongs.

    :param reader: id of the account that CKAN knows now · :param language: of this request
    :param unread: notices, whose number is shown and which make no page anew
    """
    token = generate_csrf().encode()
    return {name: tk.render(path).encode().replace(token, TOKEN) for name, path in TEMPLATES.items()}

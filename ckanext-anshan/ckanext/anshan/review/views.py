"""The pages of the review: the queue, one submission with all that decides about it, and submitting an entry."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ..theme.errors import error_page

__all__ = ["review"]

review = Blueprint("anshan_review", __name__)


@review.before_request
def _never_kept() -> None:
    """Who looks decides what is shown."""
    tk.request.environ["__no_cache__"] = True


@review.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; who may not even know of it reads that there is nothing."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    code, _, sentence = str(error.message).partition(" · ")
    return error_page(404 if code.endswith(".unknown") else 403, sentence or None)


@review.errorhandler(tk.ValidationError)
def _not_like_this(error: Any) -> Any:
    return error_page(400, words(error))


def words(error: Any) -> str:
    """What is wrong, in one text."""
    return " ".join(str(text) for name, texts in error.error_dict.items() if name != "code" for text in texts)

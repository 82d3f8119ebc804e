"""Where the guard stands: before every view of every blueprint, and after it. It has no page of its own."""

from __future__ import annotations

from flask import Blueprint, Response

from . import hooks

__all__ = ["guard"]

guard = Blueprint("anshan_guard", __name__)


@guard.before_app_request
def refuse() -> Response | None:
    """Before all others' hooks: what is refused costs nothing else."""
    return hooks.refuse()


@guard.after_app_request
def add_headers(answer: Response) -> Response:
    return hooks.add_headers(answer)

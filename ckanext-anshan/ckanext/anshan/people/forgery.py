"""Forms that another site sends in a reader's name are refused, whoever asked for the same page before.

CKAN lets a request without a session go without the token of a form, since a program's has none. It does so by taking
the view out of the protection for good, so that from then on the process asks nobody for the token. Here the view is
taken out for that request alone.
"""

from __future__ import annotations

from typing import Any

from ckan.config.middleware.flask_app import csrf
from flask import g, has_request_context

EXEMPT = "anshan_exempt_view"


class Exempt(set[str]):
    """Names of views that need no token: those that are named outside a request, and the one of this request."""

    def add(self, view: str, /) -> None:
        if has_request_context():
            setattr(g, EXEMPT, view)
        else:
            super().add(view)

    def __contains__(self, view: Any, /) -> bool:
        return super().__contains__(view) or (has_request_context() and g.get(EXEMPT) == view)


def guard() -> None:
    """Put this in the place of the set that CKAN's protection keeps."""
    csrf._exempt_views = Exempt(csrf._exempt_views)

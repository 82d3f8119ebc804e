"""The page that says what went wrong, for an error handler, which can't ``abort``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def error_page(code: int, sentence: str | None = None) -> tuple[str, int]:
    """CKAN's own page for an error; a visitor who may not is shown the way to the login."""
    told = {"code": code, "content": sentence, "show_login_redirect_link": code == 403 and tk.current_user.is_anonymous}
    return tk.render("error_document_template.html", told), code

"""Dates on CKAN's pages read as on the portal's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

pytestmark = pytest.mark.usefixtures("with_plugins")

EVENING = datetime(2026, 11, 28, 16, 19, 5)  # UTC


@pytest.mark.parametrize(
    ("language", "given", "shown"),
    [
        ("zh_Hans_CN", {}, "2026年11月29日"),
        ("zh_Hans_CN", {"with_hours": True}, "2026年11月29日 00:19"),
        ("zh_Hans_CN", {"with_seconds": True}, "2026年11月29日 00:19:05"),
        ("en", {"with_hours": True}, "29 Nov 2026 00:19"),
        ("zh_Hans_CN", {"date_format": "%Y"}, "2026"),
    ],
)
@pytest.mark.parametrize("when", [EVENING, EVENING.isoformat()])
def test_dates_are_written_in_the_readers_habit(
    app: Any, language: str, given: dict[str, Any], shown: str, when: Any
) -> None:
    spoken = {"CKAN_LANG": language}
    with app.flask_app.test_request_context(environ_overrides=spoken), pytest.MonkeyPatch.context() as patch:
        patch.setitem(tk.config, "ckan.display_timezone", "Asia/Shanghai")
        assert tk.h.render_datetime(when, **given) == shown


@pytest.mark.parametrize("when", [None, "", "nonsense", "nonsense that is longer"])
def test_what_is_no_date_is_not_shown(app: Any, when: Any) -> None:
    with app.flask_app.test_request_context("/"):
        assert tk.h.render_datetime(when, with_hours=True) == ""

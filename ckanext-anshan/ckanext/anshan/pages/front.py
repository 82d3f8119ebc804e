"""What stands on the home page beside the counts: the newest datasets and those that are used most."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..access import downloads

SHOWN = 5


def front() -> dict[str, Any]:
    """``total`` datasets, the ``newest``, and the most ``wanted`` with their ``downloads``; two questions to Solr."""
    newest, wanted = (
        _ordered("release_date desc, metadata_modified desc"),
        _ordered("use_count desc, release_date desc"),
    )
    counted = downloads.counted([each["id"] for each in wanted["results"]])
    used = [{**each, "downloads": counted[each["id"]]} for each in wanted["results"] if counted.get(each["id"])]
    return {"total": newest["count"], "newest": newest["results"], "wanted": used}


def _ordered(sort: str) -> dict[str, Any]:
    """As a visitor sees them: the page is the same for everybody."""
    anonymous = Context(user="", auth_user_obj=None, ignore_auth=False)
    asked = {"fq": "dataset_type:dataset", "rows": SHOWN, "sort": sort, "facet": "false"}
    return tk.get_action("package_search")(anonymous, asked)

"""What is limited here, as this portal is configured."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ..guard import messages as guard
from ..guard.rules import Name
from ..release import options as release


@dataclass(frozen=True)
class Limits:
    """Each a number that the portal really keeps to."""

    search_rows: int  # of one package_search
    table_rows: int  # of one datastore_search
    table_rows_default: int
    feed_items: int
    upload_bytes: int
    table_bytes: int  # of a file that becomes a table
    table_length: int  # rows of it
    calls: str  # of one address; empty without a limit
    calls_with_key: str  # of one account
    has_sql: bool


def limits() -> Limits:
    return Limits(
        search_rows=tk.config["ckan.search.rows_max"],
        table_rows=tk.config["ckan.datastore.search.rows_max"],
        table_rows_default=tk.config["ckan.datastore.search.rows_default"],
        feed_items=tk.config["ckan.feeds.limit"],
        upload_bytes=int(tk.config["ckan.max_resource_size"]) << 20,
        table_bytes=release.largest_table(),
        table_length=release.longest_table(),
        calls=guard.told(Name.READING),
        calls_with_key=guard.told(Name.TOKEN),
        has_sql=tk.config["ckan.datastore.sqlsearch.enabled"],
    )

"""What callers of the actions of previews may send."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator


@tk.validator_args
def preview(not_empty: Validator, ignore_missing: Validator, unicode_safe: Validator) -> Schema:
    return {"id": [not_empty, unicode_safe], "query": [ignore_missing, unicode_safe]}

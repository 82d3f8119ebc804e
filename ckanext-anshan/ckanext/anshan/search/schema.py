"""What callers may send."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator


@tk.validator_args
def complete(ignore_missing: Validator, unicode_safe: Validator) -> Schema:
    return {"q": [ignore_missing, unicode_safe]}

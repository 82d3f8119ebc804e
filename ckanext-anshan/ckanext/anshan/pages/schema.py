"""What callers may send."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator


@tk.validator_args
def open_list(
    ignore_missing: Validator, ignore_empty: Validator, unicode_safe: Validator, natural_number_validator: Validator
) -> Schema:
    text = [ignore_missing, unicode_safe]
    number = [ignore_empty, natural_number_validator]
    return {"agency": text, "opening_class": text, "theme": text, "start": number, "limit": number}

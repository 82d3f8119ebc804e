"""What callers of the actions of releases may send."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator


@tk.validator_args
def release_list(not_empty: Validator, unicode_safe: Validator) -> Schema:
    return {"id": [not_empty, unicode_safe]}


@tk.validator_args
def release_show(
    not_empty: Validator, unicode_safe: Validator, ignore_empty: Validator, natural_number_validator: Validator
) -> Schema:
    return {"id": [not_empty, unicode_safe], "version": [ignore_empty, natural_number_validator]}

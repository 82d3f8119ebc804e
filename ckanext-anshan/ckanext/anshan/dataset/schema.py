"""What callers of the actions of datasets may send."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator


@tk.validator_args
def show(
    not_empty: Validator, unicode_safe: Validator, ignore_empty: Validator, natural_number_validator: Validator
) -> Schema:
    return {"id": [not_empty, unicode_safe], "version": [ignore_empty, natural_number_validator]}


@tk.validator_args
def compare(not_empty: Validator, unicode_safe: Validator, natural_number_validator: Validator) -> Schema:
    version = [not_empty, natural_number_validator]
    return {"id": [not_empty, unicode_safe], "before": [*version], "after": [*version]}


@tk.validator_args
def status(not_empty: Validator, unicode_safe: Validator) -> Schema:
    return {"id": [not_empty, unicode_safe]}

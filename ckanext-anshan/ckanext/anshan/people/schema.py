"""What callers of the actions of notices may send."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

LIST, MOST = 20, 100
LARGEST = 2**63 - 1  # of a number that the database takes


@tk.validator_args
def notice_list(default: Any, natural_number_validator: Any, boolean_validator: Any) -> Schema:
    return {
        "limit": [default(LIST), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator],
        "only_unread": [default(False), boolean_validator],
    }


@tk.validator_args
def notice_read(default: Any, ignore_missing: Any, boolean_validator: Any) -> Schema:
    return {"ids": [ignore_missing, _numbers], "all": [default(False), boolean_validator]}


@tk.validator_args
def notice_mail(not_missing: Any, boolean_validator: Any) -> Schema:
    return {"wanted": [not_missing, boolean_validator]}


def _at_most(value: int) -> int:
    return min(value, MOST)


def _numbers(value: Any) -> list[int]:
    given = value if isinstance(value, list) else [value]
    if len(given) > MOST or not all(str(one).isascii() and str(one).isdigit() for one in given):
        raise tk.Invalid(
            tk._("Send a list of at most {most} ids, as the list of notices gives them.").format(most=MOST)
        )
    return [int(one) for one in given if int(one) <= LARGEST]

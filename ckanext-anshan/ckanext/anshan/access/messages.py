"""The words for what the one door refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk

from .rules import GrantState, Method, Refusal

WORDS: Mapping[str, Callable[[], str]] = {
    "no_such_file": lambda: tk._("There is no such file: it was withdrawn, or the address is not right."),
    "conditional": lambda: tk._(
        "This dataset is open on conditions (article 27): its files are not handed out here. Its page tells the"
        " conditions and whom to ask."
    ),
    "suspended": lambda: tk._(
        "{office} suspended this on {day} (articles 8 and 46), so it is not handed out. Reason: {reason}"
    ),
    "retired": lambda: tk._(
        "This dataset was withdrawn on {day}: its files are not handed out any more. Reason: {reason}"
    ),
    "lapsed": lambda: tk._(
        "This was opened in an emergency and was not confirmed (article 20): it is not handed out any more."
    ),
    "damaged": lambda: tk._(
        "The stored file is not the one that was released, so it is not handed out. The operator has been told;"
        " please try again later."
    ),
    "no_copy_yet": lambda: tk._("The table is being prepared. Please try again in some minutes."),
    "no_table": lambda: tk._("This file can't be read as a table, so no columns or rows of it can be handed out."),
    "no_such_sheet": lambda: tk._("There is no sheet “{sheet}” in this file."),
    "columns_not_offered": lambda: tk._("None of the granted columns is in this file any more."),
    "bad_query": lambda: tk._("“{name}” can't be read. The description of the API tells what may stand there."),
    "no_such_column": lambda: tk._("There is no column “{column}” in what was granted."),
    "bad_op": lambda: tk._(
        "“{op}” is no comparison. There are: eq, ne, lt, le, gt, ge, in, contains, starts, is_null."
    ),
    "bad_value": lambda: tk._("“{value}” can't be a value of “{column}”, whose type is {type}."),
    "bad_function": lambda: tk._("“{function}” is no function. There are: count, sum, avg, min, max."),
    "not_numbers": lambda: tk._("“{column}” doesn't hold numbers, so it can't be added up."),
    "query_too_slow": lambda: tk._(
        "This would take longer than {seconds} seconds. Ask for fewer rows: with a filter, or without sorting."
    ),
    "query_too_large": lambda: tk._("This would take too much memory. Ask for fewer rows or groups: with a filter."),
    "query_out_of_range": lambda: tk._("The numbers are too large to be added up."),
    "no_such_format": lambda: tk._("“{format}” is no format that can be made. There are: CSV, XLSX, JSON, Parquet."),
    "too_many_rows": lambda: tk._(
        "{rows} rows don't fit in {format}, which holds {most}. Please choose CSV, JSON or Parquet."
    ),
    "too_long_cell": lambda: tk._(
        "Some texts are longer than the {most} characters that a cell of {format} holds. Please choose CSV, JSON or"
        " Parquet."
    ),
}
STATUS = {"no_such_file": 404, "conditional": 403, "suspended": 451, "retired": 410, "lapsed": 410, "damaged": 503}
STATUS |= {"no_copy_yet": 503, "query_too_slow": 503, "query_too_large": 503, "no_such_sheet": 404}
STATUS |= dict.fromkeys(WORDS.keys() - STATUS.keys(), 400)  # what was asked can't be answered as it is


def words(refusal: Refusal) -> str:
    facts = {"office": tk._("The cyberspace office"), "reason": "", **_given(refusal)}
    day = tk.h.anshan_day_long(facts["since"]) if facts.get("since") else ""
    return WORDS[refusal.code]().format(**facts, day=day)


def _given(refusal: Refusal) -> dict[str, Any]:
    return {name: value for name, value in refusal.facts.items() if value}


USES: Mapping[str, Callable[[], str]] = {
    "no_grant": lambda: tk._(
        "There is no grant of this number for you. Look at the number on the page of the application, and log in with"
        " the account that acts for who applied."
    ),
    "bad_token": lambda: tk._(
        "This token isn't valid: it was revoked, has expired, or is mistyped. Make a new one on the page of the grant."
    ),
    "no_account": lambda: tk._(
        "The account that made this token isn't in use any more. Another holder makes a new one."
    ),
    "no_profile": lambda: tk._("The account that made this token has no applicant profile any more. Fill it in again."),
    "not_a_member": lambda: tk._(
        "The account that made this token doesn't act for a holder of grant {number} any more. Somebody who does makes"
        " a new one."
    ),
    "not_verified": lambda: tk._(
        "The organization that holds grant {number} isn't verified at the moment. Its representative submits it to the"
        " data bureau again."
    ),
    "barred": lambda: tk._(
        "The organization that holds grant {number} is barred from applying and using. Its page says why, and until"
        " when."
    ),
    "grant_suspended": lambda: tk._(
        "Grant {number} is suspended: nothing is handed out until it is resumed. The page of the application says why."
    ),
    "grant_revoked": lambda: tk._(
        "Grant {number} was revoked. The page of the application says why, and on what ground."
    ),
    "grant_ended": lambda: tk._(
        "Grant {number} has ended. What is still needed can be applied for again, as a renewal."
    ),
    "no_agreement": lambda: tk._(
        "The agreement of {number} isn't signed by both sides for this use, so nothing is handed out. Sign it on the"
        " page of the application, or apply again."
    ),
    "not_begun": lambda: tk._("Grant {number} begins on {day}. Please come back then."),
    "over": lambda: tk._("Grant {number} ended on {day}. What is still needed can be applied for again, as a renewal."),
    "suspended": lambda: tk._(
        "This dataset or file is suspended (articles 8 and 46), so it is not handed out for now. Its page says why."
    ),
    "retired": lambda: tk._("This dataset was withdrawn: its files are not handed out any more. Its page says why."),
    "class_changed": lambda: tk._(
        "The class of this dataset has changed since grant {number} was given, so it is not handed out under it. Ask"
        " the agency that provides it."
    ),
    "method_out_of_scope": lambda: tk._(
        "This grant doesn't cover the way “{method}” of using the data. Its page says which it covers; an amendment can"
        " be applied for."
    ),
    "file_out_of_scope": lambda: tk._(
        "This grant doesn't cover “{file}”, or what is published now doesn't offer it. Its page lists what it covers."
    ),
    "rows_not_offered": lambda: tk._(
        "The version published now has no column by which the granted rows are told apart, so none are handed out. Ask"
        " the agency that provides it."
    ),
    "columns_out_of_scope": lambda: tk._(
        "This grant doesn't cover: {columns}. Its page lists the columns that it covers; an amendment can be applied"
        " for."
    ),
    "no_aggregates": lambda: tk._("This grant doesn't cover counting and adding up. Ask for rows, without groups."),
    "quota_used": lambda: tk._(
        "All {quota} requests of today are used. The next day begins at midnight; a larger quota can be applied for as"
        " an amendment."
    ),
    "too_many_calls": lambda: tk._(
        "More than {most} calls were made in this minute. Wait {wait} seconds, then go on; larger pages need fewer"
        " calls."
    ),
    "no_dataset_named": lambda: tk._("Several datasets were granted under this number. Name one of them: dataset."),
    "no_such_token": lambda: tk._("There is no such token of this grant, or it was revoked already."),
    "too_many_tokens": lambda: tk._("There are {most} tokens of this grant already. Revoke one that isn't needed."),
}
"""What stands against the use of what was granted."""
USE_STATUS: Mapping[str, int] = {
    **dict.fromkeys(("no_grant", "no_such_token", "no_such_sheet", "no_such_format", "no_such_file"), 404),
    **dict.fromkeys(("grant_revoked", "grant_ended", "over", "retired", "lapsed"), 410),
    **dict.fromkeys(("quota_used", "too_many_calls"), 429),
    **dict.fromkeys(("no_table", "too_many_rows", "too_long_cell", "no_dataset_named", "too_many_tokens"), 409),
    **dict.fromkeys(("no_copy_yet", "query_too_slow", "query_too_large", "damaged"), 503),
    "suspended": 451,
    "bad_token": 401,
}
"""Every other one is 403."""


def use_status(refusal: Refusal) -> int:
    return USE_STATUS.get(refusal.code, 403)


def use_words(refusal: Refusal) -> str:
    """In the reader's language: what is wrong, and how to mend it."""
    told = USES.get(refusal.code) or WORDS[refusal.code]
    facts = {name: _told(value) for name, value in refusal.facts.items()}
    return told().format(**{"office": tk._("The cyberspace office"), "reason": "", "day": "", "number": "", **facts})


def _told(value: Any) -> Any:
    if isinstance(value, date):
        return tk.h.anshan_day_long(value.isoformat())
    return tk._(", ").join(value) if isinstance(value, tuple) else value


METHODS: Mapping[Method, Callable[[], str]] = {
    Method.DOWNLOAD: lambda: tk._("Download"),
    Method.API: lambda: tk._("API"),
}
GRANT_STATES: Mapping[GrantState, Callable[[], str]] = {
    GrantState.ACTIVE: lambda: tk._("In use"),
    GrantState.SUSPENDED: lambda: tk._("Use suspended"),
    GrantState.REVOKED: lambda: tk._("Revoked"),
    GrantState.ENDED: lambda: tk._("Ended"),
}
UNUSUAL: Mapping[str, Callable[[], str]] = {
    "more_than_declared": lambda: tk._("more than twice the requests that were declared"),
    "more_requests": lambda: tk._("many more requests than on other days"),
    "more_rows": lambda: tk._("many more rows than on other days"),
    "many_addresses": lambda: tk._("from many networks"),
}
"""In what the usage of a day is unlike what was declared or what is usual; codes of ``rules.unusual``."""

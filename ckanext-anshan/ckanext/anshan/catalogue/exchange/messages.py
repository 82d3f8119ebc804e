"""The words for what is wrong with a file or a row, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from flask import current_app, has_app_context
from flask_babel import force_locale, get_locale

from .. import messages as catalogue
from ..messages import N_
from ..rules import Problem as Broken
from .forms import FORMS
from .problems import FileRefused, Problem

FORM_NAMES: Mapping[str, str] = {
    "1272": N_("the 1272 template"),
    "plan": N_("the open plan"),
    "own": N_("the portal's own template"),
}

FILES: Mapping[str, str] = {
    "empty": N_("The file is empty. Choose the file again, or save it again from your program."),
    "too_big": N_("The file has {megabytes} MB; at most {limit} MB are imported. Split it into several files."),
    "broken": N_("The workbook is damaged ({reason}). Open it in your spreadsheet program and save it again as XLSX."),
    "broken_csv": N_(
        "The CSV breaks off at row {row}, line {line} ({reason}). Most often a quotation mark there isn't closed."
    ),
    "encrypted": N_("The workbook has a password. Remove the password, save it, and upload it again."),
    "zip_bomb": N_(
        "The workbook unpacks to more than {limit} MB. Remove pictures and empty formatted cells, or split it."
    ),
    "too_many_cells": N_(
        "The workbook has too many cells to read. Delete formatted but empty rows and columns, or save it as CSV."
    ),
    "not_a_table": N_("This is a {kind} file, not a table. Save the catalogue as CSV, XLSX or XLS."),
    "wrong_encoding": N_(
        "The text is neither UTF-8 nor GB18030 (line {line} is not {encoding}). Save it as “CSV UTF-8” and try again."
    ),
    "unknown_form": N_(
        "The first rows have the headings of none of the three templates. Download the template and copy your rows in."
    ),
    "missing_columns": N_(
        "This looks like {form}, but these columns are missing: {columns}. Add them with these headings."
    ),
    "no_entries": N_("There are headings but no entries below them. Check that you chose the right file."),
    "import_running": N_("Another import is running. Wait until it has ended, then start yours again."),
    "too_long_for_xlsx": N_(
        "A cell of entry {code} is longer than XLSX allows (32,767 characters). Export as CSV instead."
    ),
    "failed": N_("The import broke off ({reason}). What was done is kept; start it again with the same file to go on."),
    "disk_full": N_(
        "The disk is full ({file}). Make room there, then start again with the same file: what was done is kept."
    ),
    "not_usable": N_("{file} cannot be read or written ({reason}). Check the path and who may use it."),
    "database_full": N_(
        "The database's disk is full. Make room there, then start again with the same file: what was done is kept."
    ),
    "database_failed": N_(
        "The database does not answer or refused ({reason}). See that it runs, then start again with the same file: "
        "what was done is kept."
    ),
    "no_file": N_("Choose a file first."),
}
ROWS: Mapping[str, str] = {
    "unknown_term": N_("“{value}” is not one of the choices of this column. See the list in the portal's template."),
    "unknown_cycle": N_("“{value}” is not a known update cycle; “irregular” was taken. Correct it in the entry."),
    "not_a_date": N_("“{value}” is not a date. Write it as year-month-day, for example 2026-11-24."),
    "keyword_malformed": N_(
        "“{value}” is not a keyword. Write 2 to 100 letters, digits, spaces, hyphens, underscores or dots."
    ),
    "item_twice": N_("The information item “{value}” stands twice in one entry; the first one counts."),
    "entry_twice": N_("“{value}” already stands in row {first}; this one was left out. Remove one of the two."),
    "title_taken": N_("No title was given; “{title}” was taken from another column. Correct it in the entry."),
    "uscc_malformed": N_(
        "“{value}” is not a unified social credit code (18 digits or capital letters). In a spreadsheet, format the "
        "column as text."
    ),
    "agency_missing": N_("No providing agency is given. Fill it in."),
    "agency_unknown": N_("There is no agency “{value}”. Correct its name, or let the import create missing agencies."),
    "agency_has_another_code": N_("{agency} has the credit code {other}, not {value}. Correct one of the two."),
    "code_replaced": N_("“{value}” is not a code of 18 characters and 15 digits; the entry got a new one."),
    "no_code_yet": N_(
        "{value} has no unified social credit code yet, so the entry has no code. Add the credit code on the agency's "
        "page and import the file again."
    ),
    "entry_deleted": N_("This entry was deleted in the portal; the import leaves it deleted. Restore it there."),
    "incomplete": N_(
        "Imported, but not complete: {fields}. Fill it in before submitting the entry (Articles 10, 20 and 27)."
    ),
}
LEVELS = {"error": N_("left out"), "notice": N_("imported, please check")}


def problem(found: Problem) -> str:
    """The sentence for one finding."""
    if found.code in ROWS:
        facts = {"value": found.value, **found.facts}
        if found.code == "incomplete":
            facts["fields"] = tk._(", ").join(field_label(name) for name in facts["fields"])
        return tk._(ROWS[found.code]).format(**facts)
    given = found.facts.get("facts", {})
    return catalogue.text(Broken("", found.code, given, int(found.facts.get("article", 0))))


def refused(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence for a file that wasn't read."""
    told = dict(facts)
    if "form" in told:
        told["form"] = form_name(told["form"])
    if isinstance(told.get("columns"), list):
        told["columns"] = tk._(", ").join(told["columns"])
    return tk._(FILES[code]).format(**told)


def refusal(error: FileRefused) -> str:
    return refused(error.code, error.facts)


def summary(outcome: Mapping[str, Any]) -> str:
    """One sentence on what an import did."""
    told = tk._(
        "{total} entries: {created} created, {updated} updated, {unchanged} unchanged, {refused} left out; "
        "{agencies} agencies created; {errors} errors, {notices} notices."
    ).format(**outcome)
    if outcome.get("dry_run"):
        told = tk._("Nothing was written.") + " " + told
    if not outcome.get("indexed", True):
        told += " " + tk._("The search index cannot be reached; the entries are found as soon as it is back.")
    return told


def more(count: int) -> str:
    return tk._("… and {count} more. Use --report FILE to have all of them.").format(count=count)


def exported(count: int, file: str) -> str:
    return tk._("{count} entries were written to {file}.").format(count=count, file=file)


def form_name(form: str) -> str:
    return tk._(FORM_NAMES[form])


def level(name: str) -> str:
    return tk._(LEVELS[name])


def field_label(name: str) -> str:
    """What a field is called in the portal's own template."""
    columns = {column.id: column for column in FORMS["own"].columns}
    names = {"name": "item_name", "type": "item_type", "sensitive": "item_sensitive", "information_items": "item_name"}
    column = columns.get(names.get(name, name))
    if column is None:
        return name
    return column.zh if _speaks_chinese() else column.en


def _speaks_chinese() -> bool:
    locale = get_locale() if has_app_context() else None
    return locale is None or locale.language == "zh"


@contextmanager
def spoken(language: str | None) -> Iterator[None]:
    """Speak this language inside; without an application, the words stay as they are written here."""
    if not language or not has_app_context():
        yield
        return
    with current_app.test_request_context(), force_locale(language):
        yield

"""The words of the catalogue's problems: an English sentence per code, translated by gettext.

A sentence says what is wrong and how to mend it, and names the article where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from .rules import Problem

NUMERALS = "〇一二三四五六七八九"


def N_(msgid: str) -> str:
    """Marks a sentence for translation where it stands; ``text`` translates it."""
    return msgid


WORDS: Mapping[str, str] = {
    # values
    "missing": N_("Fill this in."),
    "missing_article": N_("Fill this in ({article})."),
    "too_long": N_("{count} characters are too many. Shorten this to {most} or fewer."),
    "too_many": N_("{count} values are too many. Give {most} or fewer."),
    "not_text": N_("This must be text."),
    "not_a_list": N_("This must be a list of texts."),
    "not_a_term": N_("“{value}” is not one of the choices. Choose one from the list."),
    "not_a_date": N_("“{value}” is not a date. Write it as year-month-day, for example 2026-11-24."),
    "not_in_range": N_("“{value}” doesn't fit here. Enter a whole number from {least} to {most}."),
    "ends_before_start": N_("The data ends on {end}, before it begins on {start}. Correct one of the two dates."),
    "street_elsewhere": N_("{street} is not in {district}. Choose a street of that district, or change the district."),
    "changed_meanwhile": N_(
        "Somebody changed this entry while it was open here. Compare with the entry as it is now; saving once more "
        "replaces that change."
    ),
    "unknown_extra": N_("An entry has no field “{name}”. Leave it out."),
    # identity
    "code_malformed": N_("“{value}” is not a code of an entry: 18 characters of the provider and 15 digits."),
    "code_fixed": N_("The code of an entry never changes. Leave it as {code}."),
    "code_taken": N_("Code {code} belongs or once belonged to another entry. Leave the code empty to get a new one."),
    "code_of_another_agency": N_("Code {code} begins with another agency's credit code. It must begin with {uscc}."),
    "uscc_check_digit": N_("The check character of credit code {value} is wrong. Compare it with the certificate."),
    "uscc_malformed": N_("A unified social credit code has 18 digits or capital letters, for example {example}."),
    "agency_without_uscc": N_(
        "{agency} has no unified social credit code, so no entry code can be given. Add it on the agency's page first."
    ),
    "owner_fixed": N_("An entry stays with the agency that made it. Make a new entry at the other agency."),
    "type_fixed": N_(
        "An entry can't become “{value}”: its type never changes. Leave the type out, or make it “entry”."
    ),
    "always_private": N_("An entry is never public itself; what is released becomes a dataset. Leave it private."),
    "sub_elsewhere": N_("“{sub}” does not belong to “{library}”. Choose a sub-class of that library ({article})."),
    "base_library_missing": N_("Choose which of the five base libraries this belongs to ({article})."),
    # information items
    "items_missing": N_("Name at least one information item ({article})."),
    "items_malformed": N_("Information items must be a list of objects, each with name, type and sensitive."),
    "items_too_many": N_("{count} information items are too many. Give {most} or fewer."),
    "item_name_twice": N_("“{name}” is also the name of item {row}. Give each item a name of its own."),
    "item_column_twice": N_("“{name}” is also the column of item {row}. Give each item a column of its own."),
    "subfield_unknown": N_("An information item has no field “{name}”. Leave it out."),
    "opening_class_item_more_open": N_(
        "An item can't be more open than its entry. Choose the entry's class ({article})."
    ),
    "opening_class_item_less_open": N_(
        "In an entry that is open unconditionally every item is. Leave the item out, or open the entry on conditions "
        "({article})."
    ),
    "sharing_class_item_more_open": N_(
        "An item can't be shared more freely than its entry. Choose the entry's class ({article})."
    ),
    "sharing_class_item_less_open": N_(
        "In an entry that is shared unconditionally every item is. Leave the item out, or share the entry on "
        "conditions ({article})."
    ),
    "sensitive_item_open": N_("A sensitive item can't be open unconditionally ({article})."),
    "filter_without_column": N_(
        "Rows are offered by the values of this item, so its column in the file must be known. Enter the column, or "
        "offer no choice of rows by it ({article})."
    ),
    "reason_without_class": N_(
        "The reason is told of an item that isn't given to anybody. Choose “Not open” as its opening class, or remove "
        "the reason ({article})."
    ),
    # sharing
    "sharing_basis_missing": N_("Name the act or regulation that limits sharing ({article})."),
    "sharing_conditions_missing": N_("List the conditions of applying for this data ({article})."),
    # opening
    "sensitive_items": N_(
        "Sensitive items: {count} ({names}). With them this can't be open unconditionally. Leave them out, or choose "
        "another class ({article})."
    ),
    "level_too_high": N_("“{level}” is above general, so this can't be open unconditionally ({article})."),
    "core_is_closed": N_("Core data is never open. Choose “Not open” and name the legal basis ({article})."),
    "opening_basis_title_missing": N_("Enter the title of the act or document that this class rests on ({article})."),
    "opening_basis_number_missing": N_("Enter the number of that document ({article})."),
    "opening_basis_article_missing": N_("Enter the article of the basis, for example “Article 15” ({article})."),
    "opening_method_missing": N_("Say in which way the data is opened, for example download on request ({article})."),
    "opening_requirements_missing": N_("Say what an applicant may and may not do with the data ({article})."),
    "opening_safeguards_missing": N_("Name at least one safeguard: storage, people, or end of term ({article})."),
    "sample_column_unknown": N_(
        "The sample has a column “{name}”, which is no information item. Begin with a line of items' names or columns."
    ),
    "sample_column_closed": N_("“{name}” isn't open, so the sample can't show it. Leave that column out ({article})."),
    "sample_without_rows": N_("The sample has a head line alone. Add a made-up row below it, or empty the field."),
    "sample_too_long": N_("{count} rows are too many for a sample. Leave {most} or fewer."),
    "sample_row_uneven": N_("Row {row} of the sample has {count} cells under {columns} headings. Make them the same."),
    "link_refused": N_(
        "“{name}” is a link. Data that is open on conditions or not at all may hold uploaded files only. Upload the "
        "file, or remove it ({article})."
    ),
}


def text(problem: Problem) -> str:
    """The sentence for ``problem`` in the language of whoever reads it."""
    code = "missing_article" if problem.code == "missing" and problem.article else problem.code
    facts = {name: _fact(value) for name, value in problem.facts.items()}
    return tk._(WORDS[code]).format(article=article(problem.article), **facts)


def article(number: int) -> str:
    """How the regulation's article is named: Article 27, 《办法》第二十七条."""
    return tk._("Article {number}").format(number=number, numeral=numeral(number)) if number else ""


def numeral(number: int) -> str:
    """1-99 in Chinese, as the regulation numbers its articles."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def _fact(value: Any) -> Any:
    """A term of a vocabulary comes with its words in each language."""
    if isinstance(value, Mapping):
        return value.get(_lang(), value.get("en", ""))
    return value


def _lang() -> str:
    return str(tk.h.lang())


def errors(problems: list[Problem]) -> dict[str, list[Any]]:
    """As CKAN's ``ValidationError`` wants them; errors of an item stand under the item."""
    found: dict[str, list[Any]] = {}
    for problem in problems:
        if problem.warning:
            continue
        if problem.item is None:
            found.setdefault(problem.field, []).append(text(problem))
            continue
        rows = found.setdefault(problem.field, [])
        rows.extend({} for _ in range(problem.item + 1 - len(rows)))
        rows[problem.item].setdefault(problem.subfield, []).append(text(problem))
    return found

"""The sentences of findings: what was seen by which rule, and how to mend it. English here, translated by gettext.

``why`` takes the stored form of a finding, so that a page says it in its reader's language.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from . import notices, places
from .marking import N_

I18N = Path(__file__).parents[1] / "i18n"
Translate = Callable[[str], str]


RULES: Mapping[str, str] = {
    # numbers that a person bears
    "resident_id.named": N_(
        "“{column}” is named as a column of ID numbers and holds {count} values of that form; "
        "the check character is right in {rate} % of them."
    ),
    "resident_id.check": N_(
        "“{column}” holds {count} numbers with a province, a day of birth and a check character as resident IDs have "
        "them; the check character is right in {rate} % of such numbers, by chance it would be in 9 %."
    ),
    "resident_id.few": N_(
        "“{column}” holds {count} numbers with a province, a day of birth and the right check character, as resident "
        "IDs have them."
    ),
    "resident_id.some": N_(
        "“{column}” holds {count} valid resident ID numbers among other numbers of the same length; {rate} % of all "
        "have the right check character, by chance 9 % would."
    ),
    "resident_id.old": N_("“{column}” holds {count} numbers of 15 digits that fit the resident IDs given until 1999."),
    "resident_id.scientific": N_(
        "“{column}” is named as a column of ID numbers, and {count} of them were turned into numbers like 2.1E+17 by a "
        "spreadsheet program: their last digits are lost, the first ones still tell district and birth."
    ),
    "mobile.named": N_("“{column}” holds {count} mobile numbers ({rate} % of its numbers of 11 digits are)."),
    "mobile.in_file": N_("“{column}” holds {count} names of files with a mobile number in them."),
    "mobile.shape": N_(
        "“{column}” holds {count} numbers of 11 digits that begin as mobile numbers do "
        "({rate} % of all of that length)."
    ),
    "landline.area": N_("“{column}” holds {count} telephone numbers behind an area code that exists."),
    "landline.named": N_("“{column}” is named as a column of telephone numbers and holds {count}."),
    "bank_card.named": N_(
        "“{column}” is named as a column of accounts and holds {count} numbers that begin as bank cards do; the check "
        "digit is right in {rate} % of them."
    ),
    "bank_card.check": N_(
        "“{column}” holds {count} numbers that begin as bank cards do and have the right check digit ({rate} % of such "
        "numbers have it, by chance 10 % would)."
    ),
    "email.shape": N_("“{column}” holds {count} e-mail addresses."),
    "plate.shape": N_(
        "“{column}” holds {count} number plates: a province, a letter of a city and five or six characters."
    ),
    "passport.named": N_(
        "“{column}” is named as a column of passports or permits and holds {count} numbers of that form."
    ),
    "passport.among_ids": N_(
        "“{column}” is named as a column of ID numbers; {count} of them have the form of passports."
    ),
    "passport.shape": N_(
        "“{column}” holds {count} values in several of the forms that passport numbers have, and nearly "
        "nothing else."
    ),
    "passport.alone": N_(
        "“{column}” holds {count} values in several of the forms that passport numbers have, and nearly "
        "nothing else."
    ),
    "passport.told": N_("“{column}” holds {count} texts with the word passport and a number of that form."),
    "uscc.for_a_person": N_(
        "“{column}” is named as a column of persons' numbers, and {count} values are credit codes of organizations: "
        "the "
        "column may hold both, or bear the wrong name."
    ),
    # names, addresses, attributes
    "person_name.named": N_("“{column}” is named as a column of persons and holds {count} names."),
    "person_name.shape": N_(
        "“{column}” holds {count} values of two to four characters that begin with a family name and go on as given "
        "names do, with many different family names."
    ),
    "person_name.among": N_("“{column}” holds {count} names of persons among names of organizations."),
    "person_name.glued": N_(
        "“{column}” holds {count} texts that begin with the same words and end with ever other names of persons."
    ),
    "person_name.listed": N_("{count} lines of the text are names, or hold some."),
    "person_name.told": N_(
        "“{column}” holds {count} texts in which a name follows a word like “contact” or stands before “Mr”."
    ),
    "home_address.named": N_(
        "“{column}” is named as a column of homes and holds {count} addresses with a road or village and a "
        "number."
    ),
    "home_address.of_persons": N_("“{column}” holds {count} addresses, and the rows of this table are persons."),
    "home_address.shape": N_("“{column}” holds {count} addresses down to the flat, and its name doesn't say whose."),
    "home_address.told": N_("“{column}” holds {count} texts with an address that is somebody's home."),
    "medical.named": N_(
        "“{column}” is named as a column about health, and the rows of this table are persons ({count} filled"
        " cells)."
    ),
    "medical.values": N_(
        "“{column}” holds {count} names of diseases, disabilities or treatments, and the rows of this table "
        "are persons."
    ),
    "medical.told": N_("“{column}” holds {count} texts that say what a person suffers from."),
    "religion.named": N_(
        "“{column}” is named as a column about belief, and the rows of this table are persons ({count} filled"
        " cells)."
    ),
    "religion.told": N_("“{column}” holds {count} texts that say what a person believes in."),
    "religion.values": N_("“{column}” holds {count} names of religions, and the rows of this table are persons."),
    "minor.named": N_("“{column}” is named as a column about children or their guardians ({count} filled cells)."),
    "minor.class": N_(
        "“{column}” holds {count} classes of nurseries or of schools up to the ninth year, and the rows of this table"
        " are persons."
    ),
    "minor.school": N_(
        "“{column}” holds {count} names of nurseries or primary schools, and the rows of this table are their pupils."
    ),
    "minor.names": N_("“{column}” holds {count} names, and by other columns the rows of this table are children."),
    "minor.told": N_("“{column}” holds {count} texts that tell of a child and its age."),
    "minor.age": N_(
        "By “{column}”, about {count} of the persons are under 14 ({rate} % of those whose birth or age can "
        "be read)."
    ),
    "coordinates.of_persons": N_(
        "“{column}” holds {count} positions with four decimals or more, exact to about ten metres, and the rows "
        "of this "
        "table are persons or their homes."
    ),
    # secrets
    "secrecy_mark.word": N_("“{column}” holds {count} marks of secrecy or of internal use."),
    "credential.named": N_("“{column}” is named as a column of passwords or keys and holds {count}."),
    "credential.shape": N_(
        "“{column}” holds {count} values of letters of both cases, digits and signs, as passwords are made."
    ),
    "credential.pattern": N_(
        "“{column}” holds {count} texts with a password, a key or an address that contains a password."
    ),
    "own_word": N_("“{column}” holds {count} times a word that your agency put on its list."),
    "file_name": N_("The name of the file itself holds {count} such values."),
    # how the file is made
    "partial_mask.some": N_("“{column}” is masked in {masked} rows, but {count} others show the value."),
    "formula.cell": N_(
        "“{column}” holds {count} cells that a spreadsheet program would run as a formula when the file is "
        "opened."
    ),
    # who can be told apart
    "k_anonymity.groups": N_(
        "By {column} together, {count} of {rows} persons are in groups of fewer than {k}, and {alone} stand alone: who "
        "knows these facts about somebody finds the row, even without name and number."
    ),
    "l_diversity.alike": N_(
        "In {groups} groups with equal {column}, all {count} persons share the same “{sensitive}”: who knows the group "
        "knows that about each of them."
    ),
    "small_cells.counts": N_(
        "{count} counts of people from 1 to below {below} stand in {column}: behind such a number a person can "
        "often be "
        "recognised."
    ),
    "join_risk.shared": N_(
        "{rate} % of the different values of {column} also stand in the column “{published}” of the published "
        "“{title}”: "
        "the two can be joined row by row."
    ),
}  # fmt: skip
"""What was seen. ``{column}`` and ``{count}`` and the finding's facts fill the braces."""

LABELLED = N_("Beside the label “{column}” stand {count} values of this kind.")
"""Of a form, which has no columns."""

MEND: Mapping[str, str] = {
    "resident_id": N_("Remove the column, or mask it; then submit again."),
    "mobile": N_("Remove the column, or mask it; a public hotline may stay if a reviewer gives the reason."),
    "landline": N_("Numbers of offices may stay; remove those of homes."),
    "bank_card": N_("Remove the column, or mask it; then submit again."),
    "passport": N_("Remove the column, or mask it; then submit again."),
    "plate": N_("Remove the column, or mask it, unless a law has these plates published."),
    "email": N_("Addresses of offices may stay; remove or mask those of persons."),
    "person_name": N_("Mask the given names, or say which rule has these names published."),
    "home_address": N_("Cut the addresses to the street, or remove the column."),
    "medical": N_("Remove the column, or publish numbers instead of persons."),
    "religion": N_("Remove the column."),
    "minor": N_("Remove what tells of children, or publish numbers instead of persons."),
    "coordinates": N_("Round to three decimals (about a hundred metres), or remove the columns."),
    "uscc": N_("Look whether the column bears the right name."),
    "secrecy_mark": N_("Have the office for secrecy look at the file before anybody else does."),
    "credential": N_("Change the password or key at once, then remove it from the file."),
    "partial_mask": N_("Mask every row by the same rule."),
    "formula": N_("Replace the formulas by their values."),
    "k_anonymity": N_(
        "Make these facts coarser, such as a month for a day of birth or a street for an address, or remove one of the "
        "columns."
    ),
    "l_diversity": N_("Remove the sensitive column, or make the others coarser."),
    "small_cells": N_("Replace small counts by “<5” where persons could be recognised."),
    "join_risk": N_(
        "Remove the shared column if the two tables together would tell more about a person than each alone."
    ),
}
"""How to mend it; a notice says it in its own sentence."""

MEND_TEXT: Mapping[str, str] = dict.fromkeys(
    (
        "resident_id", "mobile", "bank_card", "passport", "plate", "email", "person_name", "home_address", "medical",
        "religion",
    ),
    N_("Remove these values from the text, or write asterisks over them; then submit again."),
)  # fmt: skip
"""How to mend it where there is no column."""

ARTICLES: Mapping[str, str] = {
    "regulation": N_("art. {number} of the regulation"),
    "pipl": N_("Personal Information Protection Law, art. {number}"),
    "secrecy": N_("Law on Guarding State Secrets, art. {number}"),
    "security": N_("Data Security Law, art. {number}"),
    "deid": N_("GB/T 37964-2019, clause {number}"),
}
BRACKETED = N_("{sentence} ({articles})")
BETWEEN = N_("; ")
BOTH = N_("{seen} {mend}")


def why(finding: Mapping[str, Any], translate: Translate = lambda sentence: sentence) -> str:
    """Which rule fired on what evidence, how to mend it, and by which article.

    :param finding: as ``Finding.as_dict`` gives it (``why`` itself isn't needed)
    """
    rule = finding["rule"]
    sentence = RULES.get(rule) or notices.WORDS.get(rule) or N_("“{column}”: {count} places.")
    column = places.said(finding.get("column") or finding["where"], translate)
    facts = {**finding.get("facts", {}), "count": finding["count"], "column": column}
    if finding.get("facts", {}).get("labelled") and rule in RULES:
        sentence = LABELLED
    text = translate(sentence).format_map(_Facts(facts))
    if rule in RULES and finding["kind"] in MEND:
        mend = MEND[finding["kind"]] if finding.get("column") else MEND_TEXT.get(finding["kind"], MEND[finding["kind"]])
        text = translate(BOTH).format(seen=text, mend=translate(mend))
    cited = translate(BETWEEN).join(article(one, translate) for one in finding.get("articles", ()))
    return translate(BRACKETED).format(sentence=text, articles=cited) if cited else text


def article(code: str, translate: Translate = lambda sentence: sentence) -> str:
    """``pipl:28`` in words."""
    law, _, number = code.partition(":")
    return translate(ARTICLES[law]).format(number=number, numeral=_numeral(int(number)))


def _numeral(number: int) -> str:
    """1 to 99 in Chinese, as laws number their articles."""
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones or not tens else "")


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "?"


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation("ckanext-anshan", I18N, [lang], fallback=True)


def translator(lang: str) -> Translate:
    """:param lang: ``zh_Hans_CN`` or ``en``"""
    return _catalogue(lang).gettext

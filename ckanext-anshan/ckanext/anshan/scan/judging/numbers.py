"""Numbers: by the share of right check digits against chance, the column's name and the other columns."""

from __future__ import annotations

import re

from ..tally import DISTINCT_OF, Column
from .table import Found, Table, answer, is_code_like, percent

BY_CHANCE = 1 / 11
"""Share of random numbers whose check character fits."""
NEARLY_ALL = 0.95
"""Of random numbers behind an area code eight in ten could be landlines."""
NAMELESS = re.compile(r"|(?:col|column|field|字段|列|f|c|v|unnamed)[ _:]*\d*")


def resident_id(column: Column, table: Table) -> Found | None:
    """Codes with a day of birth inside pass the check by chance, one in eleven: the share of those that do decides."""
    named = column.has("resident_id") and not column.has("uscc")
    return (_named_ids(column) if named else None) or _checked_ids(column, table, named)


def _named_ids(column: Column) -> Found | None:
    good, bad, old = (column.signals[signal] for signal in ("resident_id", "resident_id?", "old_resident_id"))
    if good + bad + old:
        rate = good / (good + bad) if good else 0.0
        signals = ("resident_id", "resident_id?", *(("old_resident_id",) if old else ()))
        sure = 0.99 if rate > 0.5 else 0.8
        return answer("resident_id", "resident_id.named", column, good + bad + old, sure, *signals, rate=percent(rate))
    if column.share("scientific") > 0.3 and (lost := column.estimated("scientific")):
        return answer("resident_id", "resident_id.scientific", column, lost, 0.8, "look:scientific")
    return None


def _checked_ids(column: Column, table: Table, named: bool) -> Found | None:
    good, bad = column.signals["resident_id"], column.signals["resident_id?"]
    old = _old_ids(column, named)
    if not good:
        many = old and column.signals["digits15"] >= 5
        return answer("resident_id", "resident_id.old", column, old, 0.7, "old_resident_id") if many else None
    rate, code_like = good / (good + bad), is_code_like(column)
    if rate >= (0.5 if good + bad >= 4 else 0.3) and (good + bad >= 3 or not code_like or table.is_text):
        signals = (
            "resident_id",
            *(("resident_id?",) if named or rate > 0.5 else ()),
            *(("old_resident_id",) if old else ()),
        )
        count = good + (bad if rate > 0.5 else 0) + old
        rule, sure = ("resident_id.check", 0.97) if good >= 3 else ("resident_id.few", 0.9)
        return answer("resident_id", rule, column, count, sure, *signals, rate=percent(rate))
    if rate > 3 * BY_CHANCE and good >= 5 and not code_like:
        return answer("resident_id", "resident_id.some", column, good, 0.7, "resident_id", rate=percent(rate))
    return None


def _old_ids(column: Column, named: bool) -> int:
    """IDs of 15 digits, which have no check character: by the name, else if nearly all numbers of 15 digits fit."""
    old, fifteen = column.signals["old_resident_id"], column.signals["digits15"]
    if not old or named:
        return old
    fits = old / fifteen > 0.8 and (column.signals["resident_id"] or (old >= 5 and len(column.births) >= FEWEST_BIRTHS))
    return old if fits and not is_code_like(column) else 0


FEWEST_BIRTHS = 4
"""Years in which people of one list are born; numbers of one examination have its own year in that place."""


def mobile(column: Column, table: Table) -> Found | None:
    commas, joined, files = _in_thousands(column), _behind_houses(column), column.estimated("mobile_in_file")
    good, all_of_11 = (column.signals[signal] + commas + joined for signal in ("mobile", "digits11"))
    if not good and files:
        return answer("mobile", "mobile.in_file", column, files, 0.8, "look:mobile_in_file")
    if not good:
        return None
    rate = good / max(all_of_11 - column.signals["landline"], good)
    if column.has("mobile", "phone", "person_name", "home_address") or (
        column.surest("phone", "mobile", "code") in ("phone", "mobile")
    ):
        signals = (
            "mobile",
            *(("look:mobile_in_thousands",) if commas else ()),
            *(("look:mobile_behind_house",) if joined else ()),
        )
        sure = 0.98 if rate > 0.5 else 0.8
        return answer("mobile", "mobile.named", column, good, sure, *signals, rate=percent(rate))
    if _are_codes(column, good, rate):
        return None
    if column.share("number") > 0.8 and good >= 10 and len({one[1:2] for one in column.beginnings}) < 2:
        return None  # all begin alike: numbers of one series
    varied = len(column.beginnings) >= min(4, good) or column.signals["mobile_in_text"] > 0.5 * good
    if varied and rate >= (0.95 if column.share("number") > 0.8 and good >= 5 else 0.8):
        return answer("mobile", "mobile.shape", column, good, 0.93 if good >= 5 else 0.85, "mobile", rate=percent(rate))
    return None


def _in_thousands(column: Column) -> int:
    """Mobiles that a spreadsheet wrote as 13,812,345,678; 0 if other such numbers among them say that it's amounts."""
    found = column.estimated("mobile_in_thousands") if column.has("mobile", "phone") else 0
    return found if found >= 0.8 * column.estimated("in_thousands") else 0


def _behind_houses(column: Column) -> int:
    return column.estimated("mobile_behind_house") if column.has("home_address", "address") else 0


def _are_codes(column: Column, good: int, rate: float) -> bool:
    """Whether numbers that look like mobiles are rather amounts, or codes some of which begin so."""
    told = column.signals["mobile_in_text"] or column.has("mobile", "phone")
    if column.share("number") > 0.5 and good < 0.3 * column.present and not told:
        return True
    return (column.has("amount") or is_code_like(column)) and not _are_of_all_series(column, rate)


def _are_of_all_series(column: Column, rate: float) -> bool:
    """Whether they begin as those of many people do: 13, 15, 18 and others, and many more digits behind."""
    return rate > 0.95 and len(column.beginnings) >= 8 and len({one[1:2] for one in column.beginnings}) >= 4


def landline(column: Column, table: Table) -> Found | None:
    count, short = column.signals["landline"], _short_phones(column, table)
    if not count + short or (is_code_like(column) and not column.has("phone")):
        return None
    phones = column.has("phone", "mobile") or "mobile" in table.found.get(column.number, ())
    if not phones and not short and column.share("number") > 0.8 and count < NEARLY_ALL * column.present:
        return None
    signals = ("landline", *(("look:short_phone", "look:local_phone") if short else ()))
    rule = "landline.area" if count else "landline.named"
    return answer("landline", rule, column, min(count + short, column.present), 0.9, *signals)


def _short_phones(column: Column, table: Table) -> int:
    """Numbers without an area code: under a header for telephones, or all of a nameless column beside persons."""
    if column.has("phone") or (column.has("mobile") and column.signals["mobile"]):
        return column.estimated("short_phone") if column.share("short_phone") > 0.05 else 0
    nameless = _bare(column) and column.share("local_phone") >= 0.8 and _beside_people(column, table)
    return column.estimated("local_phone") if nameless else 0


def bank_card(column: Column, table: Table) -> Found | None:
    good, bad = column.signals["bank_card"], column.signals["bank_card?"]
    if not good and not (column.has("bank_card") and bad):
        return None
    rate = good / (good + bad)
    if column.has("bank_card") and column.surest("bank_card", "code", "phone", "mobile") == "bank_card":
        return answer(
            "bank_card",
            "bank_card.named",
            column,
            good + bad,
            0.97 if rate > 0.5 else 0.75,
            "bank_card",
            "bank_card?",
            rate=percent(rate),
        )
    ids = column.signals["resident_id"] + column.signals["resident_id?"]
    sure = rate >= 0.9 and good >= 10
    alone = good >= 0.3 * column.signals["digits16"]
    if rate >= 0.5 and (sure or not is_code_like(column)) and good > ids * 0.2 and alone:
        return answer(
            "bank_card", "bank_card.check", column, good, 0.9 if good >= 3 else 0.75, "bank_card", rate=percent(rate)
        )
    return None


def email(column: Column, table: Table) -> Found | None:
    count = column.signals["email"]
    return answer("email", "email.shape", column, count, 0.97, "email") if count else None


def plate(column: Column, table: Table) -> Found | None:
    count = max(column.signals["plate"], column.estimated("plate_written"))
    return answer("plate", "plate.shape", column, count, 0.95, "plate", "look:plate_written") if count else None


def passport(column: Column, table: Table) -> Found | None:
    looked, told = column.estimated("passport"), column.signals["passport_in_text"]
    inside = column.estimated("passport_inside")
    permits = column.estimated("permit") if column.share("permit", "passport") > 0.3 else 0
    if looked + inside + permits and column.has("passport"):
        signals = ("look:passport", "look:passport_inside", *(("look:permit",) if permits else ()))
        return answer("passport", "passport.named", column, looked + inside + permits, 0.95, *signals)
    if looked and column.has("resident_id") and not column.has("uscc"):
        return answer("passport", "passport.among_ids", column, looked, 0.85, "look:passport")
    if told:
        return answer("passport", "passport.told", column, told, 0.9, "passport_in_text")
    forms = {one[:1] for one in column.passports} | {one[:2] for one in column.passports if one[1:2].isalpha()}
    if (
        column.share("passport") >= 0.9
        and len(forms) >= 2
        and looked >= 5
        and all(one[0] in "EG" for one in column.passports)
        and _bare(column)
        and _beside_people(column, table)
    ):
        return answer("passport", "passport.shape", column, looked, 0.75, "look:passport")
    if _are_passports_alone(column):
        return answer("passport", "passport.alone", column, looked, 0.6, "look:passport")
    return None


MANY_BEGINNINGS = 6


def _are_passports_alone(column: Column) -> bool:
    """Whether a nameless column holds what people of several years bear: two of the series E1, EA, G1, many beginnings.

    Orders and devices have one series and, where they are counted upwards, one beginning; and a passport comes once.
    """
    series = {(one[:1], one[1:2].isdigit()) for one in column.passports}
    distinct = len(column.distinct) >= 0.8 * min(column.looked, DISTINCT_OF)
    return (
        _bare(column)
        and column.share("passport") >= 0.9
        and len(series) > 1
        and {letter for letter, _ in series} <= {"E", "G"}
        and len(column.passports) >= MANY_BEGINNINGS
        and distinct
    )


def _bare(column: Column) -> bool:
    """Whether the column has no name, or one that only numbers it."""
    return bool(NAMELESS.fullmatch(column.header.strip().lower()))


def _beside_people(column: Column, table: Table) -> bool:
    others = (one for one in table.columns if one is not column)
    return any(one.signals["mobile"] or one.signals["resident_id"] or one.share("called") > 0.4 for one in others)


def uscc(column: Column, table: Table) -> Found | None:
    """Where a person's number is announced: companies' codes among them, or instead."""
    if column.share("uscc") > 0.02 and column.has("resident_id", "person_name", "passport") and not column.has("uscc"):
        return answer("uscc", "uscc.for_a_person", column, column.estimated("uscc"), 0.95, "look:uscc")
    return None

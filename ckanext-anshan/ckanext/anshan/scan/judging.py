"""What the counts of a piece mean. Each kind has one function that looks at a column and its table, and answers once.

A number that random digits would give too is judged by its column: of codes with a day of birth inside one in eleven
has the right check character, of resident IDs nearly all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .tally import DISTINCT_OF, Column, Tally

BY_CHANCE = 1 / 11
"""Share of random numbers whose check character fits."""


@dataclass(frozen=True)
class Found:
    """A judgement on a column (``column``) or on some together (``names``). ``signals`` say which cells it is about."""

    kind: str
    rule: str
    count: int
    confidence: float
    column: Column | None = None
    total: int = 0
    signals: tuple[str, ...] = ()  # as Column.rows has them
    examples: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()


class Table:
    """A piece as the judge sees it: its columns, and whether they speak of persons or of organizations."""

    def __init__(self, tally: Tally) -> None:
        self.tally, self.is_text = tally, tally.is_text
        self.columns = sorted(tally.columns.values(), key=lambda one: one.number)
        self.found: dict[int, set[str]] = {}

    @cached_property
    def organizations(self) -> bool:
        """Whether a row is an organization: its name or its code stands in it, and hardly an attribute of a person."""
        named = [
            one
            for one in self.columns
            if (one.share("organization") > 0.5 or (one.has("organization") and not one.share("called") > 0.5))
            and not one.has("employer", "school")
        ]
        coded = [one for one in self.columns if one.has("uscc") or one.share("uscc") > 0.5]
        return self.attributes == 0 and (bool(coded) or bool(named and not self._plain_names))

    @cached_property
    def _plain_names(self) -> bool:
        """Whether a column names persons as such, and not whoever stands for an organization."""
        people = (one for one in self.columns if one.has("person_name") and one.share("maybe_name") > 0.5)
        return any(not any(word in one.header.lower() for word in STANDING_FOR) for one in people)

    @cached_property
    def attributes(self) -> int:
        """How many columns say something that only a person has."""
        roles = ("birth", "age", "sex", "ethnicity", "marital", "education", "political")
        return sum(1 for one in self.columns if one.has(*roles) and one.present and not one.has("count"))

    @property
    def direct(self) -> bool:
        """Whether numbers stand in it that only a person has."""
        return any(kinds & {"resident_id", "passport"} for kinds in self.found.values())

    @property
    def mobiles(self) -> bool:
        return any("mobile" in kinds for kinds in self.found.values())

    @property
    def persons(self) -> bool:
        """Whether a row is a person, with or without a name."""
        named = any("person_name" in kinds for kinds in self.found.values())
        return (
            self.direct
            or self.attributes >= 2
            or (named and not self.organizations)
            or (self._lives and self.attributes >= 1)
        )

    @cached_property
    def _lives(self) -> bool:
        return any(one.has("home_address") for one in self.columns)


STANDING_FOR = (
    "代表", "负责", "联系", "经营", "法人", "经理", "长", "店主", "股东", "主任", "责任", "投资", "发起", "监理",
    "legal", "contact",
    "管理", "经办", "承办", "填", "审核", "联络", "法定", "设计",
)  # fmt: skip
"""In a header: the person acts for an organization, whose row this is."""

Judge = Callable[[Column, Table], Found | None]


def judge(tally: Tally) -> list[Found]:
    """Everything that the columns of a piece are found to hold, each and together."""
    from . import grouping  # it builds on Found and Table

    table = Table(tally)
    found: list[Found] = []
    for judges in (FIRST, THEN):
        for column in table.columns:
            for one in judges:
                if answer := one(column, table):
                    found.append(answer)
                    table.found.setdefault(column.number, set()).add(answer.kind)
    own = (one for column in table.columns for one in _own_words(column))
    return [*found, *own, *grouping.judge(table)]


def _code_like(column: Column) -> bool:
    """Whether the header speaks of codes, and more clearly than of anything that a person bears."""
    persons = ("resident_id", "passport", "bank_card", "mobile", "phone", "plate")
    return column.surest("code", "amount", "date", "uscc", *persons) in ("code", "amount", "date", "uscc")


def _answer(kind: str, rule: str, column: Column, count: int, confidence: float, *signals: str, **facts: Any) -> Found:
    examples = column.examples.get(kind, []) or [
        one for signal in signals for one in column.examples.get(signal.removeprefix("look:"), ())
    ]
    first = min((column.first_row[signal] for signal in signals if signal in column.first_row), default=None)
    more = {} if first is None else {"row": first + 1}
    return Found(kind, rule, count, confidence, column, column.present, signals, tuple(examples[:3]), {**more, **facts})


# numbers


def _resident_id(column: Column, table: Table) -> Found | None:
    good, bad = column.signals["resident_id"], column.signals["resident_id?"]
    old, fifteen = column.signals["old_resident_id"], column.signals["digits15"]
    named = column.has("resident_id") and not column.has("uscc")
    rate = good / (good + bad) if good else 0.0
    old_counts = (
        old if old and (named or (old / fifteen > 0.8 and (good or old >= 5) and not _code_like(column))) else 0
    )
    signals = (
        "resident_id",
        *(("resident_id?",) if named or rate > 0.5 else ()),
        *(("old_resident_id",) if old_counts else ()),
    )
    if named and good + bad + old:
        count = good + bad + old_counts
        return _answer(
            "resident_id",
            "resident_id.named",
            column,
            count,
            0.99 if rate > 0.5 else 0.8,
            *signals,
            rate=_percent(rate),
        )
    if named and (lost := column.estimated("scientific")) and column.share("scientific") > 0.3:
        return _answer("resident_id", "resident_id.scientific", column, lost, 0.8, "look:scientific")
    if not good:
        if old_counts and fifteen >= 5:
            return _answer("resident_id", "resident_id.old", column, old_counts, 0.7, "old_resident_id")
        return None
    if rate >= (0.5 if good + bad >= 4 else 0.3) and not (_code_like(column) and good + bad < 3 and not table.is_text):
        confidence = 0.97 if good >= 3 else 0.9
        return _answer(
            "resident_id",
            "resident_id.check",
            column,
            good + (bad if rate > 0.5 else 0) + old_counts,
            confidence,
            *signals,
            rate=_percent(rate),
        )
    if rate > 3 * BY_CHANCE and good >= 5 and not _code_like(column):
        return _answer("resident_id", "resident_id.some", column, good, 0.7, "resident_id", rate=_percent(rate))
    return None


def _mobile(column: Column, table: Table) -> Found | None:
    commas = column.estimated("mobile_in_thousands") if column.has("mobile", "phone") else 0
    if commas < 0.8 * column.estimated("in_thousands"):
        commas = 0  # amounts
    joined = column.estimated("mobile_behind_house") if column.has("home_address", "address") else 0
    good, all_of_11 = (column.signals[signal] + commas + joined for signal in ("mobile", "digits11"))
    if not good:
        return None
    rate = good / max(all_of_11, good)
    if column.has("mobile", "phone", "person_name", "home_address") or column.surest("phone", "mobile", "code") in (
        "phone",
        "mobile",
    ):
        return _answer(
            "mobile",
            "mobile.named",
            column,
            good,
            0.98 if rate > 0.5 else 0.8,
            "mobile",
            *(("look:mobile_in_thousands",) if commas else ()),
            *(("look:mobile_behind_house",) if joined else ()),
            rate=_percent(rate),
        )
    varied = len(column.beginnings) >= min(4, good)
    if (
        column.share("number") > 0.5
        and good < 0.3 * column.present
        and not column.has("mobile", "phone")
        and not column.signals["mobile_in_text"]
    ):
        return None  # codes, some of which begin so
    if column.has("amount") or (_code_like(column) and not (rate > 0.95 and len(column.beginnings) >= 8)):
        return None
    if rate >= (0.95 if column.share("number") > 0.8 and good >= 5 else 0.8) and (
        varied or column.signals["mobile_in_text"] > 0.5 * good
    ):
        return _answer(
            "mobile", "mobile.shape", column, good, 0.93 if good >= 5 else 0.85, "mobile", rate=_percent(rate)
        )
    return None


def _landline(column: Column, table: Table) -> Found | None:
    count = column.signals["landline"]
    short = column.estimated("short_phone") if column.has("phone") and column.share("short_phone") > 0.05 else 0
    if not count + short or (_code_like(column) and not column.has("phone")):
        return None
    if not column.has("phone", "mobile") and column.share("number") > 0.8 and count < 0.5 * column.present:
        return None
    signals = ("landline", *(("look:short_phone",) if short else ()))
    return _answer(
        "landline",
        "landline.area" if count else "landline.named",
        column,
        min(count + short, column.present),
        0.9,
        *signals,
    )


def _bank_card(column: Column, table: Table) -> Found | None:
    good, bad = column.signals["bank_card"], column.signals["bank_card?"]
    if not good and not (column.has("bank_card") and bad):
        return None
    rate = good / (good + bad)
    if column.has("bank_card") and column.surest("bank_card", "code", "phone", "mobile") == "bank_card":
        return _answer(
            "bank_card",
            "bank_card.named",
            column,
            good + bad,
            0.97 if rate > 0.5 else 0.75,
            "bank_card",
            "bank_card?",
            rate=_percent(rate),
        )
    ids = column.signals["resident_id"] + column.signals["resident_id?"]
    sure = rate >= 0.9 and good >= 10
    alone = column.share("number") < 0.5 or good >= 0.3 * column.signals["digits16"]
    if rate >= 0.5 and (sure or not _code_like(column)) and good > ids * 0.2 and alone:
        return _answer(
            "bank_card", "bank_card.check", column, good, 0.9 if good >= 3 else 0.75, "bank_card", rate=_percent(rate)
        )
    return None


def _email(column: Column, table: Table) -> Found | None:
    count = column.signals["email"]
    return _answer("email", "email.shape", column, count, 0.97, "email") if count else None


def _plate(column: Column, table: Table) -> Found | None:
    count = max(column.signals["plate"], column.estimated("plate_written"))
    return _answer("plate", "plate.shape", column, count, 0.95, "plate", "look:plate_written") if count else None


def _passport(column: Column, table: Table) -> Found | None:
    looked, told = column.estimated("passport"), column.signals["passport_in_text"]
    inside = column.estimated("passport_inside")
    if looked + inside and column.has("passport"):
        return _answer(
            "passport", "passport.named", column, looked + inside, 0.95, "look:passport", "look:passport_inside"
        )
    if looked and column.has("resident_id") and not column.has("uscc"):
        return _answer("passport", "passport.among_ids", column, looked, 0.85, "look:passport")
    if told:
        return _answer("passport", "passport.told", column, told, 0.9, "passport_in_text")
    forms = {one[:1] for one in column.passports} | {one[:2] for one in column.passports if one[1:2].isalpha()}
    if (
        column.share("passport") >= 0.9
        and len(forms) >= 2
        and looked >= 5
        and all(one[0] in "EG" for one in column.passports)
        and _bare(column)
        and _beside_people(column, table)
    ):
        return _answer("passport", "passport.shape", column, looked, 0.75, "look:passport")
    if _are_passports_alone(column):
        return _answer("passport", "passport.alone", column, looked, 0.6, "look:passport")
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


def _uscc(column: Column, table: Table) -> Found | None:
    """Where a person's number is announced: companies' codes among them, or instead."""
    if column.share("uscc") > 0.02 and column.has("resident_id", "person_name", "passport") and not column.has("uscc"):
        return _answer("uscc", "uscc.for_a_person", column, column.estimated("uscc"), 0.95, "look:uscc")
    return None


# names and addresses


VAGUE = frozenset({"name", "owner", "contact", "person", "名称", "对象", "使用人", "管理员"})
"""Headers that stand over persons and over things."""


NAMELESS = re.compile(r"|(?:col|column|field|字段|列|f|c|v|unnamed)[ _:]*\d*")
ENDINGS = frozenset("人员者师主户表长")


def _of_people(column: Column, table: Table) -> bool:
    """Whether a vague header stands over people: characters of given names, or foreign names beside passports."""
    beside = any(one.has("passport", "resident_id", "sex", "mobile") for one in table.columns)
    return column.share("called") >= 0.4 or (column.share("foreign_name") >= 0.6 and beside)


def _person_name(column: Column, table: Table) -> Found | None:
    told = max(column.signals["name_in_text"], column.estimated("name_begins"))
    if table.is_text:
        return (
            _answer("person_name", "person_name.told", column, told, 0.8, "name_in_text", "look:name_begins")
            if told
            else None
        )
    strict, loose = column.share_of_shown("name"), column.share_of_shown("maybe_name", "foreign_name")
    vague = column.header.strip().lower() in VAGUE
    named = (
        column.surest(
            "person_name",
            "organization",
            "code",
            "phone",
            "mobile",
            "amount",
            "count",
            "date",
            "address",
            "home_address",
        )
        == "person_name"
    )
    named |= column.has("person_name") and loose >= 0.5 and column.share_of_shown("called") >= 0.3
    named |= (
        column.header.strip()[-1:] in ENDINGS
        and strict + loose > 0.8
        and column.share_of_shown("called") > 0.3
        and not _code_like(column)
    )
    if (
        named
        and loose >= (0.6 if vague else 0.15)
        and column.share_of_shown("organization") < 0.85
        and column.share_of_shown("called") >= 0.4 * strict
        and (not vague or _of_people(column, table))
    ):
        count = column.estimated("maybe_name", "foreign_name")
        if strict > 0.2 and column.share_of_shown("word") < 0.3:
            count = min(count + column.estimated("word"), column.present)
        return _answer(
            "person_name",
            "person_name.named",
            column,
            count,
            0.96 if strict > 0.5 else 0.85,
            "look:maybe_name",
            "look:foreign_name",
            "look:word",
        )
    quiet = not column.has("organization", "place", "code", "count", "amount") or column.has("person_name")
    quiet |= strict >= 0.9 and len(column.surnames) >= 8 and not column.has("place")
    said = column.shown
    varied = len(column.surnames) >= min(4, max(2, said // 3))
    if (
        said >= 3
        and strict >= 0.05
        and strict + column.share_of_shown("organization") > 0.8
        and column.share_of_shown("called") > 0.7 * strict
        and column.share_of_shown("organization") > 0.2
    ):
        return _answer("person_name", "person_name.among", column, column.estimated("name"), 0.8, "look:name")
    varied &= len(column.distinct) >= 0.3 * min(said, DISTINCT_OF)
    if said >= 5 and strict >= 0.6 and column.share_of_shown("called") >= 0.6 * strict and varied and quiet:
        return _answer(
            "person_name",
            "person_name.shape",
            column,
            column.estimated("maybe_name"),
            0.85 if strict > 0.8 else 0.7,
            "look:maybe_name",
        )
    if told:
        return _answer("person_name", "person_name.told", column, told, 0.8, "name_in_text", "look:name_begins")
    return None


def _of_business(column: Column) -> bool:
    return any(
        word in column.header
        for word in ("单位", "企业", "公司", "机构", "办公", "经营", "注册", "店", "厂", "项目", "工程")
    )


def _home_address(column: Column, table: Table) -> Found | None:
    share = column.share("address")
    if not share and not (column.has("home_address") and column.share_of_shown("settlement") > 0.3):
        return None
    told = column.estimated("home_told")
    loose = column.estimated("address", "settlement")
    if table.is_text:
        return _answer("home_address", "home_address.told", column, told, 0.75, "look:home_told") if told else None
    count = column.estimated("address")
    home = column.has("home_address") and not column.has("business_address")
    if home and column.share_of_shown("address", "settlement") >= 0.1 and not _of_business(column):
        return _answer("home_address", "home_address.named", column, loose, 0.95, "look:address", "look:settlement")
    if (column.has("business_address", "employer", "school", "organization") or _of_business(column)) and not home:
        return None
    if (
        table.persons
        and not table.organizations
        and share >= 0.3
        and (column.has("address", "place") or column.share("detail") >= 0.3)
    ):
        return _answer("home_address", "home_address.of_persons", column, count, 0.85, "look:address")
    alone = not column.roles or (column.has("address") and not any(one.has("organization") for one in table.columns))
    if share >= 0.6 and column.share("detail") >= 0.5 and count >= 3 and alone and not table.organizations:
        return _answer("home_address", "home_address.shape", column, count, 0.7, "look:address")
    if told and not column.has("address", "place") and not (table.organizations and column.share("home_told") < 0.05):
        return _answer(
            "home_address",
            "home_address.told",
            column,
            max(told, column.estimated("detail")),
            0.75,
            "look:home_told",
            "look:detail",
        )
    return None


# what is sensitive


def _medical(column: Column, table: Table) -> Found | None:
    values = column.share("medical")
    if table.is_text or column.has("count", "organization", "employer") or column.share("organization") > 0.3:
        return None
    if not column.present or (column.share("small_number") > 0.8 and not values):
        return None
    if (
        column.has("medical")
        and column.surest("medical", "organization", "person_name", "date", "amount", "count") == "medical"
        and (table.persons or table.attributes or table.mobiles)
    ):
        count = max(column.estimated("medical"), column.present)
        return _answer("medical", "medical.named", column, count, 0.95 if values > 0.2 else 0.85, "look:said")
    if _of_things(column):
        return None
    if (
        column.share("medical_told") > 0.01
        and table.persons
        and column.share("address") < 0.5
        and not table.organizations
    ):
        return _answer("medical", "medical.values", column, column.estimated("medical"), 0.75, "look:medical")
    if values >= 0.1 and (table.persons or table.attributes >= 1) and not column.has("address", "home_address"):
        return _answer("medical", "medical.values", column, column.estimated("medical"), 0.85, "look:medical")
    return None


def _of_things(column: Column) -> bool:
    """Whether the header speaks of what a hospital has or teaches, not of what somebody suffers from."""
    return any(word in column.header for word in THINGS) and not column.has("medical")


THINGS = (
    "设备",
    "课程",
    "物资",
    "药品",
    "产品",
    "科室",
    "科目",
    "项目",
    "耗材",
    "器械",
    "讲座",
    "标题",
    "专业",
    "部门",
    "名称",
)


def _religion(column: Column, table: Table) -> Found | None:
    of_places = table.organizations and not table.direct and not any(word in column.header for word in ("信仰", "信教"))
    if table.is_text or not (table.persons or table.mobiles) or of_places or column.has("organization", "count"):
        return None
    values = column.share("religion")
    if column.has("religion") and column.present:
        return _answer("religion", "religion.named", column, column.present, 0.95, "look:said")
    if values >= 0.3 and not column.has("address"):
        return _answer("religion", "religion.values", column, column.estimated("religion"), 0.85, "look:religion")
    return None


def _minor(column: Column, table: Table) -> Found | None:
    """Columns that speak of children, and births that lie less than fourteen years back (PIPL art. 28)."""
    if table.is_text or not table.persons:
        return None
    young, of = column.youngest["under_14"], column.youngest["of"]
    if (
        of >= 3
        and young / of >= 0.3
        and (column.has("birth", "age") or "resident_id" in table.found.get(column.number, ()))
    ):
        return _answer(
            "minor",
            "minor.age",
            column,
            round(young / of * column.present),
            0.9,
            "look:said",
            rate=_percent(young / of),
        )
    if (
        column.has("minor")
        and column.present
        and not column.has("count")
        and (not _of_guardian(column) or _tells_of_children(table))
    ):
        adult = any(
            one.youngest["of"] >= 5 and one.youngest["under_14"] / one.youngest["of"] < 0.05 and _is_grown(one)
            for one in table.columns
        )
        if not adult:
            return _answer("minor", "minor.named", column, column.present, 0.85, "look:said")
    return None


def _is_grown(column: Column) -> bool:
    return column.has("birth", "age", "resident_id") and not _of_guardian(column)


def _of_guardian(column: Column) -> bool:
    return any(word in column.header.lower() for word in ("监护人", "家长", "父", "母", "guardian", "parent"))


def _tells_of_children(table: Table) -> bool:
    """Whether another column does: named so, or with births that lie less than 14 years back."""
    young = (one.youngest["under_14"] > 0.3 * max(one.youngest["of"], 1) for one in table.columns)
    return any(young) or any(one.has("minor") and not _of_guardian(one) for one in table.columns)


def _coordinates(column: Column, table: Table) -> Found | None:
    """Positions of four decimals (about ten metres) in a table about persons or homes."""
    if table.is_text or not (table.persons or any("home_address" in kinds for kinds in table.found.values())):
        return None
    if table.organizations:
        return None
    if column.share("position") > 0.3:
        return _answer(
            "coordinates", "coordinates.of_persons", column, column.estimated("position"), 0.9, "look:position"
        )
    if column.share("longitude") > 0.3 and (column.has("longitude") or _beside(column, table, "latitude")):
        return _answer(
            "coordinates", "coordinates.of_persons", column, column.estimated("longitude"), 0.9, "look:longitude"
        )
    if column.share("latitude") > 0.3 and (column.has("latitude") or _beside(column, table, "longitude")):
        return _answer(
            "coordinates", "coordinates.of_persons", column, column.estimated("latitude"), 0.9, "look:latitude"
        )
    return None


def _beside(column: Column, table: Table, other: str) -> bool:
    return any(abs(one.number - column.number) == 1 and one.share(other) > 0.3 for one in table.columns)


# secrets, and how the file is made


def _secrecy_mark(column: Column, table: Table) -> Found | None:
    count = column.signals["secrecy_mark"]
    return _answer("secrecy_mark", "secrecy_mark.word", column, count, 0.9, "secrecy_mark") if count else None


def _credential(column: Column, table: Table) -> Found | None:
    count = column.signals["credential"]
    named = column.estimated("password") if column.has("password") and not table.is_text else 0
    if named and column.share("password") >= 0.3:
        return _answer("credential", "credential.named", column, max(named, count), 0.9, "look:password", "credential")
    return _answer("credential", "credential.pattern", column, count, 0.95, "credential") if count else None


def _partial_mask(column: Column, table: Table) -> Found | None:
    """Some rows are masked, others of the same column hold the value."""
    masked = column.share("masked")
    whole = max(column.present - column.estimated("masked"), 0)
    kinds = table.found.get(column.number, set()) & {
        "resident_id",
        "mobile",
        "landline",
        "bank_card",
        "person_name",
        "email",
        "plate",
        "passport",
        "home_address",
    }
    some = column.looks["masked_value"] >= 2 or (column.looks["masked"] >= 2 and masked >= 0.02)
    if table.is_text or not kinds or not some or not whole:
        return None
    return _answer(
        "partial_mask", "partial_mask.some", column, whole, 0.9, "look:masked", masked=column.estimated("masked")
    )


def _formula(column: Column, table: Table) -> Found | None:
    count = column.signals["formula"]
    return _answer("formula", "formula.cell", column, count, 0.9, "formula") if count and not table.is_text else None


def _own_words(column: Column) -> Iterator[Found]:
    """What an agency put on its list, each kind for itself."""
    for signal, count in column.signals.items():
        if signal.startswith("own:"):
            yield _answer(signal.removeprefix("own:"), "own_word", column, count, 0.9, signal)


FIRST: Sequence[Judge] = (_resident_id, _mobile, _landline, _bank_card, _email, _plate, _passport, _uscc, _person_name)
THEN: Sequence[Judge] = (
    _home_address, _medical, _religion, _minor, _coordinates, _secrecy_mark, _credential,
    _partial_mask, _formula,
)  # fmt: skip


def _percent(share: float) -> int:
    return round(100 * share)


def rows_of(found: Found) -> np.ndarray:
    """The rows (0-based, header counted) whose cells a judgement is about, as far as they were kept."""
    if found.column is None:
        return np.zeros(0, np.int64)
    parts = [rows for signal in found.signals for rows in found.column.rows.get(signal, ())]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)

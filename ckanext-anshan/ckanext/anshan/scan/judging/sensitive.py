"""What the law calls sensitive: health, religion, children, and where somebody is to the metre."""

from __future__ import annotations

import re

from .. import headers
from ..tally import Column
from .table import Found, Table, answer, percent


def medical(column: Column, table: Table) -> Found | None:
    if table.is_text:
        return _illness_told(column)
    values = column.share("medical")
    if column.has("count", "organization", "employer") or column.share("organization") > 0.3:
        return None
    measured = column.has("medical") and (table.direct or table.persons)
    if not column.present or (column.share("small_number") > 0.8 and not values and not measured):
        return None
    if table.animals or "treated" in column.about or _are_samples(table):
        return None
    if (
        column.has("medical")
        and column.surest("medical", "organization", "person_name", "date", "amount", "count") == "medical"
        and (table.persons or table.attributes or table.mobiles)
        and _is_plain(column, table)
    ):
        count = max(column.estimated("medical"), column.present)
        return answer("medical", "medical.named", column, count, 0.95 if values > 0.2 else 0.85, "look:said")
    if column.share("blood_pressure") >= 0.8 and table.persons:
        return answer("medical", "medical.values", column, column.present, 0.85, "look:blood_pressure")
    if column.share("blood_letter") >= 0.9 and len(column.distinct) in (3, 4) and table.persons:
        return answer("medical", "medical.values", column, column.present, 0.85, "look:blood_letter")
    if _is_measure(column, table):
        return answer("medical", "medical.named", column, column.present, 0.75, "look:said")
    if _tells_disability(column, table):
        return answer("medical", "medical.named", column, column.present, 0.85, "look:said")
    if _of_things(column):
        return None
    if column.estimated("illness_of"):
        return answer("medical", "medical.told", column, column.estimated("illness_of"), 0.75, "look:illness_of")
    if (
        column.share("medical_told") > 0.01
        and table.persons
        and column.share("address") < 0.5
        and not table.organizations
    ):
        return answer("medical", "medical.values", column, column.estimated("medical"), 0.75, "look:medical")
    if values >= 0.1 and (table.persons or table.attributes >= 1) and not column.has("address", "home_address"):
        return answer("medical", "medical.values", column, column.estimated("medical"), 0.85, "look:medical")
    return None


def _is_plain(column: Column, table: Table) -> bool:
    """Whether the header is no mere initials, or its cells or another column tell of health too."""
    surely = column.roles["medical"] > WHOLE_NAME or not SPELLED.fullmatch(column.header.strip())
    return surely or column.share("medical") > 0.05 or any("medical" in kinds for kinds in table.found.values())


WHOLE_NAME = 100
"""As ``headers.roles`` counts a word that is all of a header."""
SPELLED = re.compile(r"[A-Za-z]{2,7}(?:[._][A-Za-z]{1,5})?")
"""A header of a few letters, which may stand for many words: the cells must say it."""


def _illness_told(column: Column) -> Found | None:
    """In running text: a disease and who has it in one line, or in a line of its own where a person is named."""
    named = sum(column.signals[signal] for signal in ("name_in_text", "resident_id", "mobile"))
    labelled = column.estimated("illness_labelled") if named else 0
    if not (count := column.estimated("illness_of") + labelled):
        return None
    return answer("medical", "medical.told", column, count, 0.75, "look:illness_of", "look:illness_labelled")


MEASURES = re.compile(r"(?:身高|体重|左眼|右眼|胸围|腰围|脉搏|心率|肺活量|bmi|龋齿|体温)(?:[(（]?[a-z次/分μ]*[)）]?)?")


OF_CHECK_UP = re.compile("检|诊|病|意见|结论|龋")


def _is_measure(column: Column, table: Table) -> bool:
    """Whether it holds what a check-up measured: height, weight, sight, beside other columns about health."""
    if not MEASURES.fullmatch(column.header.strip().lower()) or not table.persons:
        return False
    return any(one.has("medical") and OF_CHECK_UP.search(one.header) for one in table.columns)


def _are_samples(table: Table) -> bool:
    """Whether the rows are of goods or water, and whoever is named there deals with them."""
    return not table.direct and not table.attributes and any("sample" in one.about for one in table.columns)


def _tells_disability(column: Column, table: Table) -> bool:
    """Whether the header is 等级 or 类别, and that of another column says whose: of disabled persons."""
    header = column.header.strip()
    return (
        header in ("等级", "级别", "类别", "类型", "鉴定等级")
        and table.persons
        and any("残疾" in one.header or "伤" in one.header for one in table.columns)
    )


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


def religion(column: Column, table: Table) -> Found | None:
    if table.is_text:
        count = column.estimated("belief_of")
        return answer("religion", "religion.told", column, count, 0.75, "look:belief_of") if count else None
    of_places = table.organizations and not table.direct and not any(word in column.header for word in ("信仰", "信教"))
    if not (table.persons or table.mobiles) or of_places or column.has("organization", "count"):
        return None
    values, told = column.share("religion"), column.estimated("religion_told")
    if column.has("religion") and column.present and (values or not SPELLED.fullmatch(column.header.strip())):
        return answer("religion", "religion.named", column, column.present, 0.95, "look:said")
    if told:
        return answer("religion", "religion.told", column, told, 0.85, "look:religion_told")
    if values >= 0.3 and not column.has("address"):
        return answer("religion", "religion.values", column, column.estimated("religion"), 0.85, "look:religion")
    return None


def minor(column: Column, table: Table) -> Found | None:
    """Columns that speak of children, and births that lie less than fourteen years back (PIPL art. 28)."""
    if table.is_text:
        return _told_of_child(column) if column.signals["name_in_text"] else None
    if not table.persons or table.animals:
        return None
    return (
        _of_young_age(column, table)
        or _of_children(column, table)
        or _of_schools(column, table)
        or _names_of_children(column, table)
        or _told_of_child(column)
    )


def _told_of_child(column: Column) -> Found | None:
    count = column.estimated("child_told")
    return answer("minor", "minor.told", column, count, 0.75, "look:child_told") if count else None


def _of_young_age(column: Column, table: Table) -> Found | None:
    young, of = column.youngest["under_14"], column.youngest["of"]
    if of < 3 or young / of < 0.3 or not table.tells_age(column):
        return None
    count = round(young / of * column.present)
    return answer("minor", "minor.age", column, count, 0.9, "look:said", rate=percent(young / of))


def _of_children(column: Column, table: Table) -> Found | None:
    names = "person_name" in table.found.get(column.number, ()) or column.share("masked") > 0.5
    named = _is_named(column) and (not _of_guardian(column) or (names and _tells_of_children(table)))
    classes = column.share("class_of_pupils") >= 0.6 and "teaching" not in column.about
    if not column.present or column.has("count") or not (named or classes) or _are_grown(table):
        return None
    if named:
        return answer("minor", "minor.named", column, column.present, 0.85, "look:said")
    return answer("minor", "minor.class", column, column.estimated("class_of_pupils"), 0.85, "look:class_of_pupils")


def _of_schools(column: Column, table: Table) -> Found | None:
    """Where persons, not teachers, go to nursery or primary school."""
    pupils = any("keeper" not in one.about for one in table.people)
    if (
        column.share("school_of_children") < 0.6
        or "单位" in column.header
        or not pupils
        or table.organizations
        or _are_grown(table)
    ):
        return None
    if _tells_of_teachers(table) or _tells_without_schools(table):
        return None
    return answer(
        "minor", "minor.school", column, column.estimated("school_of_children"), 0.8, "look:school_of_children"
    )


def _names_of_children(column: Column, table: Table) -> Found | None:
    """The names in a table of children, not those of who teaches or keeps them."""
    named = "person_name" in table.found.get(column.number, ())
    if not named or not table.of_children or _are_grown(table) or _tells_of_teachers(table):
        return None
    if (column.roles and not column.has("person_name")) or "standing_for" in column.about or "keeper" in column.about:
        return None
    return answer("minor", "minor.names", column, column.present, 0.8, "look:maybe_name")


def _tells_of_teachers(table: Table) -> bool:
    """Whether the rows are rather the staff of schools."""
    return any(one.has("occupation", "education") or _of_teacher(one) for one in table.columns)


def _of_teacher(column: Column) -> bool:
    return column.has("person_name") and any(
        word in column.header and not any(word in column.header for word in ("指导", "班主任", "辅导"))
        for word in ("教师", "老师", "教职", "校长", "园长")
    )


def _is_named(column: Column) -> bool:
    """Whether the header says so; of a header in two rows the lower, unless that says nothing."""
    own = headers.roles(column.header.rpartition("/")[2])
    return column.has("minor") and ("minor" in own or not own)


def _are_grown(table: Table) -> bool:
    if any(one.share("class_of_pupils") >= 0.6 for one in table.columns):
        return False
    if any("grown" in one.about or one.share("grown_class") > 0.5 for one in table.columns):
        return True
    return any(
        one.youngest["of"] >= 5 and one.youngest["under_14"] / one.youngest["of"] < 0.05 and _is_grown(one)
        for one in table.columns
    )


def _is_grown(column: Column) -> bool:
    return column.has("birth", "age", "resident_id") and not _of_guardian(column)


def _of_guardian(column: Column) -> bool:
    header = column.header.lower()
    spelled = SPELLED.fullmatch(header) and header.startswith(("mq", "fq", "jhr", "fm", "jz"))
    return bool(spelled) or any(word in header for word in ("监护人", "家长", "父", "母", "guardian", "parent"))


def _tells_of_children(table: Table) -> bool:
    """Whether another column does, or the table's title."""
    return table.of_children or _tells_without_schools(table)


def _tells_without_schools(table: Table) -> bool:
    """Whether a column is named so, or holds their classes or births that lie less than 14 years back."""
    ages = (one.youngest for one in table.columns if table.tells_age(one))
    young = (one["under_14"] > 0.3 * max(one["of"], 1) for one in ages)
    classes = (one.share("class_of_pupils") >= 0.6 for one in table.columns)
    named = (one.has("minor") and not _of_guardian(one) for one in table.columns)
    return any(young) or any(classes) or any(named)


def coordinates(column: Column, table: Table) -> Found | None:
    """Positions of four decimals (about ten metres) in a table about persons or homes."""
    if table.is_text or not (table.persons or any("home_address" in kinds for kinds in table.found.values())):
        return None
    if table.organizations:
        return None
    if column.share("position") > 0.3:
        return answer(
            "coordinates", "coordinates.of_persons", column, column.estimated("position"), 0.9, "look:position"
        )
    if column.share("longitude") > 0.3 and (column.has("longitude") or _beside(column, table, "latitude")):
        return answer(
            "coordinates", "coordinates.of_persons", column, column.estimated("longitude"), 0.9, "look:longitude"
        )
    if column.share("latitude") > 0.3 and (column.has("latitude") or _beside(column, table, "longitude")):
        return answer(
            "coordinates", "coordinates.of_persons", column, column.estimated("latitude"), 0.9, "look:latitude"
        )
    return None


def _beside(column: Column, table: Table, other: str) -> bool:
    return any(abs(one.number - column.number) == 1 and one.share(other) > 0.3 for one in table.columns)

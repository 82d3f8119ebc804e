"""Children under 14: columns about them, their births, classes, schools and names, and texts (PIPL art. 28)."""

from __future__ import annotations

import re

from .. import headers
from ..tally import Column
from .table import Found, Table, answer, is_of_schools, is_spelled, percent


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
    schools = column.share("school_of_children") >= 0.6 and is_of_schools(column) and "单位" not in column.header
    pupils = any("keeper" not in one.about for one in table.people)
    if not schools or not pupils or table.organizations:
        return None
    if _are_grown(table) or _tells_of_teachers(table) or _tells_without_schools(table):
        return None
    count = column.estimated("school_of_children")
    return answer("minor", "minor.school", column, count, 0.8, "look:school_of_children")


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
    guides = any(word in column.header for word in ("指导", "班主任", "辅导"))
    return column.has("person_name") and not guides and bool(STAFF.search(column.header))


STAFF = re.compile("教师|老师|教职|校长|园长")


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
    spelled = is_spelled(column) and header.startswith(("mq", "fq", "jhr", "fm", "jz"))
    return spelled or any(word in header for word in ("监护人", "家长", "父", "母", "guardian", "parent"))


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

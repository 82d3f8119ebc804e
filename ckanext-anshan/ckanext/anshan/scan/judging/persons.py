"""Names of persons: by dictionaries, the column's name, what else the table tells, and the words around them."""

from __future__ import annotations

import re

from ..tally import DISTINCT_OF, Column
from .table import WHOLE_NAME, Found, Table, answer, is_code_like, is_spelled

VAGUE = frozenset({"name", "owner", "contact", "person", "名称", "对象", "使用人", "管理员"})
"""Headers that stand over persons and over things."""
LAST_PART = re.compile(r"[./\\|]")
ENDINGS = frozenset("人员者师主户表长官生队友")
"""Last characters of headers that name persons by their part in a matter."""
OTHERS = ("organization", "code", "phone", "mobile", "amount", "count", "date", "address", "home_address")
"""Roles that a header with a word for persons may rather have."""


def person_name(column: Column, table: Table) -> Found | None:
    if _is_of_history(column, table):
        return None
    if table.is_text:
        return _listed(column) or _told(column, is_text=True)
    return (
        _named(column, table)
        or _among_organizations(column)
        or _shaped(column)
        or _told(column)
        or _glued(column)
        or _in_remarks(column)
    )


def _is_of_history(column: Column, table: Table) -> bool:
    """Whether who is named wrote an old book or fell in a war."""
    old = any("historic" in one.about for one in table.columns)
    return old and ("historic" in column.about or any(word in column.header for word in ("著", "作者", "撰")))


def _named(column: Column, table: Table) -> Found | None:
    """The header says so, and enough cells can be names."""
    strict, loose = column.share_of_shown("name"), column.share_of_shown("maybe_name", "foreign_name")
    vague = LAST_PART.split(column.header.strip().lower())[-1] in VAGUE
    if is_spelled(column) and column.roles.get("person_name", 0) < WHOLE_NAME and strict < 0.5:
        return None
    if (
        not _is_header_of_names(column)
        or loose < (0.6 if vague else 0.15)
        or column.share_of_shown("organization") >= 0.85
        or column.share_of_shown("called") < 0.4 * strict
        or (vague and not _of_people(column, table))
    ):
        return None
    count = column.estimated("maybe_name", "foreign_name")
    if strict > 0.2 and column.share_of_shown("word") < 0.3:
        count = min(count + column.estimated("word"), column.present)
    signals = ("look:maybe_name", "look:foreign_name", "look:word")
    return answer("person_name", "person_name.named", column, count, 0.96 if strict > 0.5 else 0.85, *signals)


def _is_header_of_names(column: Column) -> bool:
    strict, loose = column.share_of_shown("name"), column.share_of_shown("maybe_name", "foreign_name")
    called = column.share_of_shown("called")
    ends = column.header.strip()[-1:] in ENDINGS
    return (
        column.surest("person_name", *OTHERS) == "person_name"
        or (column.has("person_name") and loose >= 0.5 and called >= 0.3)
        or (ends and strict + loose > 0.8 and called > 0.3 and not is_code_like(column))
    )


def _of_people(column: Column, table: Table) -> bool:
    """Whether a vague header stands over people: characters of given names, or foreign names beside passports."""
    beside = any(one.has("passport", "resident_id", "sex", "mobile") for one in table.columns)
    return column.share("called") >= 0.4 or (column.share("foreign_name") >= 0.6 and beside)


def _among_organizations(column: Column) -> Found | None:
    """Persons in a column of organizations, such as parties to a case."""
    strict, organizations = column.share_of_shown("name"), column.share_of_shown("organization")
    if (
        column.shown >= 3
        and strict >= 0.05
        and strict + organizations > 0.8
        and column.share_of_shown("called") > 0.7 * strict
        and organizations > 0.2
    ):
        return answer("person_name", "person_name.among", column, column.estimated("name"), 0.8, "look:name")
    return None


def _shaped(column: Column) -> Found | None:
    """Whatever the header says: most cells have the form of a name, of many families."""
    strict = column.share_of_shown("name")
    if column.shown < 5 or strict < 0.6 or column.share_of_shown("called") < 0.6 * strict:
        return None
    if not _is_varied(column) or not _may_hold_names(column, strict):
        return None
    sure = 0.85 if strict > 0.8 else 0.7
    return answer("person_name", "person_name.shape", column, column.estimated("maybe_name"), sure, "look:maybe_name")


def _is_varied(column: Column) -> bool:
    families = len(column.surnames) >= min(4, max(2, column.shown // 3))
    return families and len(column.distinct) >= 0.3 * min(column.shown, DISTINCT_OF)


def _may_hold_names(column: Column, strict: float) -> bool:
    """Whether the header doesn't speak of something else, or the cells speak more clearly."""
    if column.has("person_name") or not column.has("organization", "place", "code", "count", "amount"):
        return True
    return strict >= 0.9 and len(column.surnames) >= 8 and not column.has("place")


FEWEST_LISTED = 3
"""Lines of a text that are a list of names if most of them are one."""


def _listed(column: Column) -> Found | None:
    """Running text most of whose lines are a name."""
    if column.shown < FEWEST_LISTED or column.share("called") < 0.5:
        return None
    count = max(column.estimated("called"), column.signals["name_in_text"])
    return answer("person_name", "person_name.listed", column, count, 0.8, "look:called", "name_in_text")


def _told(column: Column, is_text: bool = False) -> Found | None:
    """In running text, behind a word that names stand behind."""
    told = max(column.signals["name_in_text"], column.estimated("name_begins"), column.estimated("names_listed"))
    if is_text and not told and any(column.signals[signal] for signal in ("mobile", "landline", "email")):
        told = column.estimated("called")  # who signed
    if not told:
        return None
    signals = ("name_in_text", "look:name_begins", "look:names_listed", *(("look:called",) if is_text else ()))
    return answer("person_name", "person_name.told", column, told, 0.8, *signals)


FEWEST_BEHIND = 3
"""Different names behind the same words that show that they are names."""
FEWEST_GLUED = 5


REMARKS = ("备注", "说明", "附注", "其他", "备用", "情况", "remark", "note", "memo")
"""In a header: anything may stand in the cells."""


def _in_remarks(column: Column) -> Found | None:
    """Cells of a column of remarks that are nothing but a name."""
    count = column.estimated("called")
    if count < 2 or len(column.surnames) < 2 or not any(word in column.header.lower() for word in REMARKS):
        return None
    return answer("person_name", "person_name.told", column, count, 0.7, "look:called")


def _glued(column: Column) -> Found | None:
    """Cells that begin alike and end with ever other names: 语文王建国, 数学李明, 语文张丽."""
    glued = sum(map(len, column.stems.values()))
    most = column.share_of_shown("name_glued") >= 0.5
    behind = 2 if most else FEWEST_BEHIND
    shown = sum(len(names) for names in column.stems.values() if len(names) >= behind)
    if shown < FEWEST_GLUED or shown < 0.5 * glued:
        return None
    count = column.estimated("name_glued")
    return answer("person_name", "person_name.glued", column, count, 0.75, "look:name_glued")

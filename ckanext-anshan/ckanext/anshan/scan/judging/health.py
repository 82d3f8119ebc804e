"""Health: what the header says, what was measured, and what the cells and sentences tell of somebody (PIPL art. 28)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..tally import Column
from .table import WHOLE_NAME, Found, Table, answer, is_spelled


def medical(column: Column, table: Table) -> Found | None:
    if table.is_text:
        return _told_in_text(column)
    if not _may_tell(column, table):
        return None
    return next((found for rule in RULES if (found := rule(column, table))), None)


def _may_tell(column: Column, table: Table) -> bool:
    """Whether the rows aren't animals, goods or doctors, and the column no count or name of an office."""
    if not column.present or table.animals or "treated" in column.about or _are_samples(table):
        return False
    of_others = column.has("count", "employer") or (column.has("organization") and not is_spelled(column))
    if of_others or column.share("organization") > 0.3:
        return False
    numbers = column.share("small_number") > 0.8 and not column.share("medical")
    return not numbers or (column.has("medical") and table.persons) or bool(MEASURES.fullmatch(_bare(column)))


def _are_samples(table: Table) -> bool:
    """Whether the rows are of goods or water, and whoever is named there deals with them."""
    return not table.direct and not table.attributes and any("sample" in one.about for one in table.columns)


def _named(column: Column, table: Table) -> Found | None:
    """The header says so, in a table of persons."""
    surest = column.surest("medical", "organization", "person_name", "date", "amount", "count") == "medical"
    of_persons = (table.persons or table.attributes or table.mobiles) and column.share("healthy") < NEARLY_ALL
    if not (column.has("medical") and surest and of_persons and _is_plain(column, table)):
        return None
    count = max(column.estimated("medical"), column.present)
    return answer(
        "medical", "medical.named", column, count, 0.95 if column.share("medical") > 0.2 else 0.85, "look:said"
    )


def _is_plain(column: Column, table: Table) -> bool:
    """Whether the header is no mere initials, or its cells or another column tell of health too."""
    surely = column.roles["medical"] > WHOLE_NAME or not is_spelled(column)
    return surely or column.share("medical") > 0.05 or any("medical" in kinds for kinds in table.found.values())


def _measured(column: Column, table: Table) -> Found | None:
    """Blood pressure and groups by their form, heights and weights beside other columns of a check-up."""
    if not table.persons:
        return None
    if column.share("blood_pressure") >= 0.8:
        return answer("medical", "medical.values", column, column.present, 0.85, "look:blood_pressure")
    if column.share("blood_letter") >= 0.9 and len(column.distinct) in (3, 4):
        return answer("medical", "medical.values", column, column.present, 0.85, "look:blood_letter")
    checked = any(one.has("medical") and OF_CHECK_UP.search(one.header) for one in table.columns)
    if checked and MEASURES.fullmatch(_bare(column)):
        return answer("medical", "medical.named", column, column.present, 0.75, "look:said")
    return None


MEASURES = re.compile(r"(?:身高|体重|左眼|右眼|胸围|腰围|脉搏|心率|肺活量|bmi|龋齿|体温)(?:[(（]?[a-z次/分μ]*[)）]?)?")
NEARLY_ALL = 0.95
"""Of the cells say that somebody is well: that tells nothing of illness."""
OF_CHECK_UP = re.compile("检|诊|病|意见|结论|龋")


def _bare(column: Column) -> str:
    return column.header.strip().lower()


def _of_disability(column: Column, table: Table) -> Found | None:
    """The header is 等级 or 类别, and that of another column says whose: of disabled or injured persons."""
    disabled = any("残疾" in one.header or "伤" in one.header for one in table.columns)
    told = _bare(column) in GRADES or (_bare(column) in KINDS and column.share("disability", "medical") >= 0.3)
    if not (disabled and table.persons and told):
        return None
    return answer("medical", "medical.named", column, column.present, 0.85, "look:said")


GRADES = ("等级", "级别", "鉴定等级")
KINDS = ("类别", "类型")


def _told(column: Column, _: Table) -> Found | None:
    """Texts that say of somebody what that person has."""
    count = 0 if _of_things(column) else column.estimated("illness_of")
    return answer("medical", "medical.told", column, count, 0.75, "look:illness_of") if count else None


def _valued(column: Column, table: Table) -> Found | None:
    """Names of diseases in a table of persons."""
    if _of_things(column):
        return None
    count, told = column.estimated("medical"), column.share("medical_told") > 0.01
    if told and table.persons and not table.organizations and column.share("address") < 0.5:
        return answer("medical", "medical.values", column, count, 0.75, "look:medical")
    of_persons = (table.persons or table.attributes) and not column.has("address", "home_address")
    if column.share("medical") >= (0.3 if is_spelled(column) else 0.1) and of_persons:
        return answer("medical", "medical.values", column, count, 0.85, "look:medical")
    return None


def _of_things(column: Column) -> bool:
    """Whether the header speaks of what a hospital has or teaches, not of what somebody suffers from."""
    return "thing" in column.about and not column.has("medical")


def _told_in_text(column: Column) -> Found | None:
    """A disease and who has it in one line, or in a line of its own where a person is named."""
    named = sum(column.signals[signal] for signal in ("name_in_text", "resident_id", "mobile"))
    labelled = column.estimated("illness_labelled") if named else 0
    if not (count := column.estimated("illness_of") + labelled):
        return None
    return answer("medical", "medical.told", column, count, 0.75, "look:illness_of", "look:illness_labelled")


RULES: Sequence[Callable[[Column, Table], Found | None]] = (_named, _measured, _of_disability, _told, _valued)
"""The first that answers."""

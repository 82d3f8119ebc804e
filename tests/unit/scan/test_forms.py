"""Forms, where a label stands left of each value: its values are judged as those of columns are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ckanext.anshan.scan import forms, scanning
from ckanext.anshan.scan.findings import Finding
from ckanext.anshan.scan.scanning import Asked

from .made import TODAY, Invented, written

PEOPLE = Invented(31)
ADDRESS = "鞍山市铁东区解放路12号3单元501室"


def person() -> list[list[str]]:
    return [
        ["姓名", PEOPLE.name(), "性别", "男"],
        ["出生日期", "1980-02-03", "民族", "汉族"],
        ["身份证号", PEOPLE.resident_id(), "联系电话", PEOPLE.mobile()],
        ["家庭住址", ADDRESS, "", ""],
    ]


def found(path: Path, rows: list[list[str]], **asked: Any) -> dict[tuple[str, str], Finding]:
    made = scanning.report(written(path / "a.csv", rows), asked=Asked(today=TODAY, **asked))
    return {(one.where, one.kind): one for one in made.findings}


PERSONAL = {
    ("姓名", "person_name"), ("身份证号", "resident_id"), ("联系电话", "mobile"), ("家庭住址", "home_address"),
}  # fmt: skip


@pytest.mark.parametrize("above", [[], [["人员登记表", "", "", ""]], [["填报单位：民政局"], []]])
@pytest.mark.parametrize("sign", ["", "：", ":"])
def test_each_value_is_judged_by_the_label_beside_it(above, sign, tmp_path):
    rows = [[f"{cell}{sign}" if at % 2 == 0 and cell else cell for at, cell in enumerate(row)] for row in person()]
    assert found(tmp_path, [*above, *rows]).keys() >= PERSONAL


def test_labels_may_all_stand_in_one_column(tmp_path):
    rows = [row[at : at + 2] for row in person() for at in (0, 2)]
    assert found(tmp_path, rows).keys() >= PERSONAL


def test_merged_cells_leave_gaps_between_a_label_and_its_value(tmp_path):
    rows = [[row[0], "", row[1], row[2], "", row[3]] for row in person()]
    assert found(tmp_path, rows).keys() >= PERSONAL


def test_forms_below_each_other_are_one_table_of_as_many_persons(tmp_path):
    rows = [row for _ in range(12) for row in [*person(), []]]
    made = found(tmp_path, rows)
    assert {made[one].count for one in PERSONAL} == {12}


def test_no_remedy_is_offered_since_there_is_no_column(tmp_path):
    for one in found(tmp_path, person()).values():
        assert (one.column, one.remedies) == ("", ()) and "row" not in one.facts


def test_what_is_no_value_is_still_read(tmp_path):
    number = PEOPLE.mobile()
    made = found(
        tmp_path, [["人员登记表"], *person(), [f"填表说明：有疑问请拨打{number}"]], words=(("登记表", "secrecy_mark"),)
    )
    assert {("text", "mobile"), ("text", "secrecy_mark")} <= made.keys()


def test_a_small_table_on_a_form_has_its_own_header(tmp_path):
    family = [["姓名", "关系", "联系电话"], *([PEOPLE.name(), "子女", PEOPLE.mobile()] for _ in range(3))]
    made = found(tmp_path, [*person(), *family])
    assert made["姓名", "person_name"].count == 4 and made["联系电话", "mobile"].count == 4


@pytest.mark.parametrize(
    "rows",
    [
        [["姓名", "性别", "电话"], *([PEOPLE.name(), "男", PEOPLE.mobile()] for _ in range(5))],
        [
            ["职务", "姓名", "证件类型", "证件号码"],
            *(["主任", PEOPLE.name(), "身份证", PEOPLE.resident_id()] for _ in range(5)),
        ],
        [["父亲", PEOPLE.name()], ["母亲", PEOPLE.name()], ["校长", PEOPLE.name()]],
        [["指标", "数值"], ["人口", "100"], ["面积", "300"], ["户数", "20"]],
        [["字段", "类型", "说明"], ["姓名", "字符串", "人员姓名"], ["性别", "字符串", "男或女"]],
        [["姓名", PEOPLE.name(), "性别", "男"]],
        [],
        [[]],
    ],
)
def test_a_table_is_no_form(rows):
    assert not forms.is_form(rows)


def test_values_that_could_be_labels_are_values():
    made = forms.read([["性别", "男", "政治面貌", "党员"], ["职业", "教师", "联系人", "李明"]])
    assert (list(made.given), made.rows) == (["性别", "政治面貌", "职业", "联系人"], [["男", "党员", "教师", "李明"]])
    assert made.rest == ["性别", "政治面貌", "职业", "联系人"]


def test_a_label_without_a_value_takes_none_from_its_neighbour():
    made = forms.read([["电话", "", "性别", "男"]])
    assert (list(made.given), made.rows, made.rest) == (["性别"], [["男"]], ["电话", "性别"])


def test_a_long_form_of_many_persons_is_read_in_one_go():
    made = forms.read([row for number in range(20_000) for row in (["姓名", f"王{number}"], ["性别", "男"])])
    assert len(made.rows) == 20_000 and made.rows[19_999] == ["王19999", "男"]


def test_what_has_no_room_among_the_labels_is_kept_as_text():
    made = forms.read([[f"姓名{number}", "王伟"] for number in range(forms.MOST_LABELS + 1)])
    assert len(made.given) == forms.MOST_LABELS and made.rest[-2:] == [f"姓名{forms.MOST_LABELS}", "王伟"]

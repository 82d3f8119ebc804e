"""The row, or the two, from which columns take their names."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan import heading

from .made import Invented, given

PEOPLE = Invented()
DATA = [[str(number), PEOPLE.name(), PEOPLE.mobile(), PEOPLE.day()] for number in range(1, 12)]
HEADER = ["序号", "姓名", "手机号", "出生日期"]


def test_the_first_row_is_the_header():
    found = heading.find([HEADER, *DATA])
    assert (found.names, found.first, found.row) == (HEADER, 1, 0)


@pytest.mark.parametrize(
    "above",
    [
        [["鞍山市低保人员名单", "", "", ""]],
        [["鞍山市低保人员名单"]],
        [["鞍山市低保人员名单", "", "", ""], ["填报单位：民政局", "", "", ""]],
        [["附件1", "", "", ""], ["", "", "", ""], ["低保人员名单", "", "", ""]],
        [["", "", "", ""]],
        [],
    ],
)
def test_lines_above_the_table_are_no_header(above):
    found = heading.find([*above, HEADER, *DATA])
    assert (found.names, found.first, found.row) == (HEADER, len(above) + 1, len(above))


def test_two_rows_make_one_header_where_the_first_has_gaps():
    rows = [["序号", "申请人", "", "出生日期"], ["", "姓名", "手机号", ""], *DATA]
    found = heading.find(rows)
    assert (found.names, found.first) == (["序号", "申请人/姓名", "申请人/手机号", "出生日期"], 2)


def test_a_cell_of_both_rows_that_says_the_same_says_it_once():
    rows = [["序号", "申请人", "", "电话"], ["序号", "姓名", "手机号", "电话"], *DATA]
    assert heading.find(rows).names == ["序号", "申请人/姓名", "申请人/手机号", "电话"]


def test_names_that_only_the_upper_row_gives_reach_over_the_columns_below():
    rows = [["身份证号", "联系电话", ""], ["", "固定", "移动"]]
    data = [[PEOPLE.resident_id(), f"5{PEOPLE.digits(6)}", PEOPLE.mobile()] for _ in range(9)]
    found = heading.find([*rows, *data])
    assert (found.names, found.first) == (["身份证号", "联系电话/固定", "联系电话/移动"], 2)


def test_a_merged_title_that_is_written_in_each_of_its_cells_is_one_too():
    rows = [["序号", "联系方式", "联系方式"], ["", "电话", "邮箱"]]
    found = heading.find([*rows, *([str(row), PEOPLE.mobile(), f"a{row}@b.cn"] for row in range(9))])
    assert (found.names, found.first) == (["序号", "联系方式/电话", "联系方式/邮箱"], 2)


def test_titles_of_few_groups_above_a_wide_header_join_it():
    above = ["", "", "", "紧急联系人", "", "", "", ""]
    names = ["序号", "姓名", "性别", "称呼", "号码", "区", "街", "备注"]
    data = [[str(row), PEOPLE.name(), "男", PEOPLE.name(), PEOPLE.mobile(), "铁东", "解放", "x"] for row in range(9)]
    found = heading.find([above, names, *data])
    assert (found.names[:5], found.first) == ([*names[:3], "紧急联系人/称呼", "紧急联系人/号码"], 2)


@pytest.mark.parametrize("above", [["低保名单", "", "", "单位：元"], ["", "", "", "单位：元"], ["户主", "", "", ""]])
def test_a_title_and_a_unit_above_the_header_are_no_groups(above):
    assert heading.find([above, HEADER, *DATA]).names == HEADER


def test_a_remark_with_a_colon_in_a_name_leaves_it_a_name():
    header = ["姓名", "金额（单位：万元）"]
    assert heading.find([header, *([PEOPLE.name(), str(row)] for row in range(9))]).names == header


@pytest.mark.parametrize(
    "rows",
    [
        DATA,
        DATA[:2],
        [["1", "2"], ["3", "4"]],
        [[PEOPLE.resident_id()] for _ in range(5)],
        [["王建国"], ["李淑兰"], ["张伟"]],
    ],
)
def test_data_alone_has_no_header(rows):
    assert (heading.find(rows).names, heading.find(rows).first) == ((), 0)


@pytest.mark.parametrize("rows", [[], [[]], [["", ""]], [[""]] * 5])
def test_nothing_has_no_header(rows):
    assert heading.find(rows).first == 0


@given(
    st.lists(
        st.sampled_from(["备注", "数量", "单位", "类别", "街道", "金额", "状态"]), min_size=3, max_size=6, unique=True
    )
)
def test_short_words_above_numbers_are_a_header(names):
    found = heading.find([names, *([str(1000 * row + column) for column in range(len(names))] for row in range(8))])
    assert (found.names, found.first) == (names, 1)


def test_a_row_with_a_number_of_a_person_is_never_a_header():
    for value in (PEOPLE.resident_id(), PEOPLE.mobile()):
        assert heading.find([["姓名", "电话", value], ["甲", "乙", "丙"], ["丁", "戊", "己"]]).first != 1


def test_one_column_of_numbers_has_the_word_above_it_as_a_header():
    found = heading.find([["用户"], *([PEOPLE.mobile()] for _ in range(8))])
    assert (list(found.names), found.first) == (["用户"], 1)


def test_years_may_stand_in_a_header():
    names = ["地区", "2023年", "2024年", "2025年"]
    assert heading.find([names, *([f"区{row}", "12.5", "13.75", "14.25"] for row in range(8))]).names == names


@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=12), tries=80)
def test_any_rows_have_a_header_within_them_or_none(rows):
    found = heading.find(rows)
    assert 0 <= found.first <= len(rows) and (found.first == 0 or found.row == found.first - 1)

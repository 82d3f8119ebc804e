"""Judgements on several columns at once: groups of persons, and small counts."""

from __future__ import annotations

import pytest

from .made import Invented, judged

PEOPLE = Invented(3)
HEADER = ["姓名", "性别", "出生日期", "街道", "诊断"]


def table(*rows: list[str], header: list[str] = HEADER) -> list[list[str]]:
    return [header, *rows]


def person(sex: str, birth: str, street: str, disease: str) -> list[str]:
    return [PEOPLE.name(), sex, birth, street, disease]


ALIKE = [person("女", "1980-01-01", "胜利街道", PEOPLE.random.choice(["高血压", "糖尿病"])) for _ in range(20)]
ALONE = [person("男", f"19{row}-03-0{row % 9 + 1}", "千山街道", "冠心病") for row in range(50, 60)]


def of_kind(kind: str, rows: list[list[str]]):
    return [one for (_, found), one in judged(rows).items() if found == kind]


def test_persons_who_stand_alone_by_their_attributes_are_counted():
    (found,) = of_kind("k_anonymity", table(*ALIKE, *ALONE))
    assert found.count == 10 and found.facts["rows"] == 30
    assert {"出生日期", "街道"} & set(found.names)


def test_groups_of_at_least_k_are_no_finding():
    assert not of_kind("k_anonymity", table(*ALIKE))


def test_a_table_of_few_rows_is_no_finding():
    assert not of_kind("k_anonymity", table(*ALONE[:8]))


def test_a_group_that_shares_one_disease_is_told():
    same = [person("女", "1970-05-05", "立山街道", "肺结核") for _ in range(8)]
    (found,) = of_kind("l_diversity", table(*ALIKE, *same))
    assert found.facts["sensitive"] == "诊断" and found.count == 8


def test_groups_with_several_diseases_are_no_finding():
    assert not of_kind("l_diversity", table(*ALIKE))


def test_a_table_of_things_has_no_groups_of_persons():
    rows = [[f"第{row}站", f"19{row}-03-01", "千山街道"] for row in range(50, 90)]
    assert not of_kind("k_anonymity", table(*rows, header=["站名", "启用日期", "街道"]))


@pytest.mark.parametrize(("counts", "small"), [([1, 2, 3, 4, 5, 60, 0], 4), ([5, 60, 700, 0], 0)])
def test_counts_from_one_to_below_five_are_small(counts, small):
    rows = [[f"街道{row}", str(count)] for row, count in enumerate(counts)]
    found = of_kind("small_cells", table(*rows, header=["街道", "残疾人数"]))
    assert [one.count for one in found] == ([small] if small else [])


def test_small_numbers_that_count_no_people_are_none():
    rows = [[f"街道{row}", str(row % 4 + 1)] for row in range(20)]
    assert not of_kind("small_cells", table(*rows, header=["街道", "楼层"]))

"""What a column's counts mean: numbers that random digits would give too are judged by the whole column."""

from __future__ import annotations

import pytest

from ckanext.anshan.scan import policy
from ckanext.anshan.scan.findings import Severity

from .made import Invented, column, judged, kinds, uscc

MANY = 1000
PEOPLE = Invented(11)


def many(make, count: int = MANY) -> list[str]:
    return [make() for _ in range(count)]


# resident IDs


def test_codes_with_a_day_inside_are_no_resident_ids_though_one_in_eleven_passes():
    assert "resident_id" not in kinds("业务流水", many(PEOPLE.dated_code))
    assert "resident_id" not in kinds("", many(PEOPLE.dated_code))


def test_resident_ids_are_found_under_any_header():
    for header in ("业务流水", "备注", "字段3"):
        assert "resident_id" in kinds(header, many(PEOPLE.resident_id))


def test_all_resident_ids_of_a_column_are_counted():
    found = judged(column("备注", many(PEOPLE.resident_id)))["备注", "resident_id"]
    assert (found.count, found.total, found.rule) == (MANY, MANY, "resident_id.check")


def test_resident_ids_with_some_wrong_check_characters_are_counted_with_those():
    cells = [*many(PEOPLE.resident_id, 90), *many(PEOPLE.dated_code, 10)]
    found = judged(column("备注", cells))["备注", "resident_id"]
    assert found.count == 100


def test_a_header_that_names_ids_is_believed_though_no_check_character_fits():
    wrong = [number[:17] + ("1" if number[17] != "1" else "2") for number in many(PEOPLE.resident_id, 50)]
    assert judged(column("身份证号", wrong))["身份证号", "resident_id"].rule == "resident_id.named"


def test_one_resident_id_in_a_text_is_found():
    cells = [*["正常办理"] * 20, f"经核实身份证号{PEOPLE.resident_id()}属实", *["转办"] * 20]
    assert "resident_id" in kinds("备注", cells)


def test_ids_that_a_spreadsheet_made_numbers_are_told():
    cells = [f"{PEOPLE.random.uniform(2.1, 2.2):.5f}E+17" for _ in range(20)]
    assert judged(column("身份证号码", cells))["身份证号码", "resident_id"].rule == "resident_id.scientific"


def test_old_resident_ids_are_found_under_their_name_and_not_among_codes():
    old = [f"2103{PEOPLE.digits(2)}{PEOPLE.day()[2:]}{PEOPLE.digits(3)}" for _ in range(50)]
    assert "resident_id" in kinds("身份证号", old)
    assert "resident_id" not in kinds("流水号", many(lambda: PEOPLE.digits(15), 50))


def test_credit_codes_are_no_resident_ids():
    codes = [uscc("91210300" + PEOPLE.digits(9)) for _ in range(200)]
    assert not kinds("统一社会信用代码", codes) & {"resident_id", "bank_card", "uscc", "mobile"}
    assert not kinds("编码", codes) & {"resident_id", "bank_card", "mobile"}


def test_credit_codes_where_ids_are_announced_are_told():
    assert "uscc" in kinds(
        "身份证号", [*many(PEOPLE.resident_id, 30), *(uscc("91210300" + PEOPLE.digits(9)) for _ in range(10))]
    )


# telephones


def test_serial_numbers_that_begin_with_one_are_no_mobile_numbers():
    assert "mobile" not in kinds("设备编号", [str(13900000000 + 7 * number) for number in range(MANY)])
    assert "mobile" not in kinds("流水号", many(lambda: "1" + PEOPLE.digits(10)))


def test_numbers_that_all_begin_alike_are_no_mobile_numbers_unless_the_header_says_so():
    alike = [str(13900000000 + 7919 * number) for number in range(MANY)]
    assert "mobile" not in kinds("数值", alike) and "mobile" in kinds("联系电话", alike)


def test_random_numbers_of_eleven_digits_are_no_mobile_numbers():
    assert "mobile" not in kinds("数值", many(lambda: str(PEOPLE.random.randint(10**10, 10**11 - 1))))


@pytest.mark.parametrize("header", ["手机", "联系电话", "备注", "字段1"])
def test_mobile_numbers_are_found_under_any_header(header):
    found = judged(column(header, many(PEOPLE.mobile)))[header, "mobile"]
    assert found.count == MANY


def test_some_mobile_numbers_among_texts_are_found():
    cells = [*["无"] * 50, *(f"请联系{PEOPLE.mobile()}" for _ in range(3)), *["已办结"] * 50]
    assert judged(column("处理意见", cells))["处理意见", "mobile"].count == 3


def test_landlines_are_found_and_numbers_without_an_area_only_under_their_name():
    assert "landline" in kinds("值班", [f"0412-{PEOPLE.random.randint(2, 8)}{PEOPLE.digits(6)}" for _ in range(20)])
    short = [f"{PEOPLE.random.randint(2, 8)}{PEOPLE.digits(6)}" for _ in range(20)]
    assert "landline" in kinds("办公电话", short) and "landline" not in kinds("产量", short)


@pytest.mark.parametrize("header", ["金额", "数值", "字段2", "联系电话", "电话费"])
def test_amounts_with_separators_are_no_telephone_numbers(header):
    amounts = [f"{PEOPLE.random.randint(10**10, 2 * 10**10):,}" for _ in range(50)]
    assert not kinds(header, amounts) & {"mobile", "landline"}


def test_mobile_numbers_in_thousands_are_found_under_their_name_only():
    cells = [f"{int(PEOPLE.mobile()):,}" for _ in range(50)]
    assert "mobile" in kinds("联系电话", cells) and "mobile" not in kinds("金额", cells)


def test_a_mobile_number_behind_a_house_is_found_and_is_no_resident_id():
    joined = lambda: PEOPLE.random.choice(["1302", "3单元1302", "1302室"]) + PEOPLE.random.choice(["", "-", " "])  # noqa: E731
    cells = [f"鞍山市铁东区胜利路{PEOPLE.random.randint(1, 300)}号{joined()}{PEOPLE.mobile()}" for _ in range(500)]
    found = judged(column("收货地址", cells))
    assert found["收货地址", "mobile"].count == 500 and ("收货地址", "resident_id") not in found


# cards, plates, passports, e-mail


def test_bank_cards_are_found_under_any_header():
    for header in ("银行卡号", "备注"):
        assert "bank_card" in kinds(header, many(PEOPLE.card, 100))


def test_random_numbers_that_begin_like_cards_are_none():
    assert "bank_card" not in kinds("备注", many(lambda: "6222" + PEOPLE.digits(15)))


def test_numbers_of_another_beginning_are_no_cards_though_one_in_ten_passes():
    assert "bank_card" not in kinds("SIM卡", many(lambda: "8986" + PEOPLE.digits(15)))


def test_plates_and_addresses_are_found_each_for_itself():
    assert "plate" in kinds("备注", [*["正常"] * 30, PEOPLE.plate()])
    assert "email" in kinds("备注", [*["正常"] * 30, "zhang.wei@example.org"])


def test_passports_are_found_under_their_name_or_behind_the_word():
    numbers = [f"E{PEOPLE.digits(8)}" for _ in range(20)]
    assert "passport" in kinds("护照号码", numbers)
    assert "passport" not in kinds("批次", numbers)
    assert "passport" in kinds("备注", [*["正常"] * 30, f"护照号{numbers[0]}"])


def of_several_years(rows: int = 60) -> list[str]:
    """Passports as they were given before 2012, before 2017 and since."""
    begin = lambda: PEOPLE.random.choice(["G", "E", *(f"E{letter}" for letter in "ABCDEFGHJ")])  # noqa: E731
    return [(start := begin()) + PEOPLE.digits(9 - len(start)) for _ in range(rows)]


def test_passports_of_several_years_are_found_without_any_name_and_weigh_less():
    found = judged([[str(row), number] for row, number in enumerate(of_several_years(), 1)])["", "passport"]
    assert (found.rule, found.confidence) == ("passport.alone", 0.6)
    assert policy.kinds()["passport"].weighs(found.rule) is Severity.REASON


@pytest.mark.parametrize(
    "codes",
    [
        [f"E{12345678 + 3 * row}" for row in range(200)],
        [f"{'EG'[row % 2]}{12345678 + row}" for row in range(200)],
        [f"EA{1234567 + row}" for row in range(200)],
        [f"E{number}" for number in range(10_000_000, 99_000_000, 450_001)],
        of_several_years(20) * 10,
    ],
)
def test_codes_of_one_series_counted_upwards_or_often_repeated_are_no_passports(codes):
    assert "passport" not in kinds("字段3", codes)


# names, homes, what is sensitive


def test_names_are_found_under_their_header_and_without_one():
    names = many(PEOPLE.name, 100)
    assert "person_name" in kinds("姓名", names) and "person_name" in kinds("字段2", names)


def test_a_guide_to_services_names_nobody():
    sentences = [
        "申请人持有效证件到窗口提交申请材料",
        "户主：常住户口登记",
        "责任人：单位主要负责人",
        "负责人：应当具有相应资质",
        "监护人：代为申请",
        "经办人：受理、审核、决定、送达",
        "当事人应在十日内办理",
        "申请人：公民、法人和其他组织",
    ]
    for header in ("说明", "办理流程", "备注"):
        assert "person_name" not in kinds(header, sentences * 5)


def test_names_of_things_are_no_names_of_persons():
    assert "person_name" not in kinds("名称", ["铁东区", "立山区", "千山区", "海城市", "台安县", "岫岩县"] * 5)
    assert "person_name" not in kinds("单位名称", ["鞍山钢铁有限公司", "鞍山市民政局", "第一中学"] * 5)
    assert "person_name" not in kinds("审核人", ["已审核", "待审核"] * 10)


def people(*more: str, make=None, rows: int = 30) -> list[list[str]]:
    header = ["姓名", "身份证号", *more]
    return [header, *([PEOPLE.name(), PEOPLE.resident_id(1950, 1990), *(make() if make else [])] for _ in range(rows))]


def test_an_address_in_a_table_of_persons_is_a_home_and_in_one_of_companies_is_not():
    address = lambda: f"鞍山市铁东区解放路{PEOPLE.random.randint(1, 300)}号{PEOPLE.random.randint(1, 9)}单元"  # noqa: E731
    assert ("家庭住址", "home_address") in judged(people("家庭住址", make=lambda: [address()]))
    companies = [
        ["企业名称", "统一社会信用代码", "注册地址"],
        *([f"鞍山第{row}钢铁有限公司", uscc("91210300" + PEOPLE.digits(9)), address()] for row in range(30)),
    ]
    assert not [kind for _, kind in judged(companies) if kind == "home_address"]


def test_diseases_are_medical_data_of_persons_only():
    disease = lambda: PEOPLE.random.choice(["高血压", "糖尿病", "冠心病"])  # noqa: E731
    assert ("诊断", "medical") in judged(people("诊断", make=lambda: [disease()]))
    statistics = [["疾病", "病例数"], *([disease(), str(PEOPLE.random.randint(50, 900))] for _ in range(30))]
    assert not [kind for _, kind in judged(statistics) if kind == "medical"]


def test_belief_is_religion_of_persons_only():
    assert ("宗教信仰", "religion") in judged(
        people("宗教信仰", make=lambda: [PEOPLE.random.choice(["佛教", "无", "道教"])])
    )
    places = [["场所名称", "宗教", "地址"], *([f"第{row}寺", "佛教", f"解放路{row}号"] for row in range(1, 20))]
    assert not [kind for _, kind in judged(places) if kind == "religion"]


def test_births_of_less_than_fourteen_years_are_children():
    children = [["姓名", "身份证号"], *([PEOPLE.name(), PEOPLE.resident_id(2015, 2024)] for _ in range(30))]
    assert ("身份证号", "minor") in judged(children)
    assert not [kind for _, kind in judged(people()) if kind == "minor"]


def test_positions_are_told_in_tables_of_persons_only():
    place = lambda: [f"122.{PEOPLE.digits(6)}", f"41.{PEOPLE.digits(6)}"]  # noqa: E731
    found = judged(people("经度", "纬度", make=place))
    assert {("经度", "coordinates"), ("纬度", "coordinates")} <= found.keys()
    stops = [["站名", "经度", "纬度"], *([f"第{row}站", *place()] for row in range(30))]
    assert not [kind for _, kind in judged(stops) if kind == "coordinates"]


# secrets, and how the file is made


def test_marks_of_secrecy_are_found_in_any_column():
    assert "secrecy_mark" in kinds("备注", [*["正常"] * 30, "机密★10年"])
    assert "secrecy_mark" not in kinds("备注", ["商业秘密保护宣传", "保密局", "依法公开"] * 10)


def test_passwords_are_found_by_header_and_by_form():
    assert "credential" in kinds("登录密码", [f"Ab{PEOPLE.digits(6)}!" for _ in range(10)])
    assert "credential" in kinds("配置", ["port=80", "password=Xy12345!", "host=a"])
    assert "credential" not in kinds("是否设置密码", ["是", "否"] * 10)


def test_a_column_that_is_masked_in_some_rows_only_is_told_with_both_numbers():
    cells = [*many(PEOPLE.mobile, 30), *(f"139****{PEOPLE.digits(4)}" for _ in range(20))]
    found = judged(column("手机号", cells))["手机号", "partial_mask"]
    assert (found.count, found.facts["masked"]) == (30, 20)


@pytest.mark.parametrize(
    ("header", "make", "mask"),
    [
        ("姓名", PEOPLE.name, lambda name: f"{name[0]}*{name[2:]}"),
        ("姓名", PEOPLE.name, lambda name: name[0] + "*" * (len(name) - 1)),
        ("手机号", PEOPLE.mobile, lambda number: f"{number[:3]}****{number[7:]}"),
        ("身份证号", PEOPLE.resident_id, lambda number: f"{number[:6]}********{number[14:]}"),
    ],
)
@pytest.mark.parametrize("hidden", [2, 498])
def test_two_of_500_that_are_masked_or_shown_make_it_masked_in_part(header, make, mask, hidden):
    cells = [*(mask(make()) for _ in range(hidden)), *(make() for _ in range(500 - hidden))]
    found = judged(column(header, cells))
    masked = found[header, "partial_mask"]
    assert (masked.count, masked.facts["masked"]) == (500 - hidden, hidden) and len(found) > 1


def test_two_homes_among_masked_ones_are_found():
    cells = ["鞍山市铁东区***"] * 498 + ["鞍山市铁东区解放路12号3单元501室"] * 2
    assert {"home_address", "partial_mask"} <= kinds("家庭住址", cells)


def test_names_that_are_masked_in_every_row_name_nobody():
    assert not kinds("姓名", [f"{PEOPLE.name()[0]}*明" for _ in range(50)]) & {"person_name", "partial_mask"}


def test_asterisks_in_two_of_many_remarks_are_no_mask():
    cells = [f"已回访{PEOPLE.mobile()}" for _ in range(498)] + ["**注意**联系人已变更"] * 2
    assert "partial_mask" not in kinds("备注", cells)


@pytest.mark.parametrize("cells", [[f"139****{number}" for number in range(1000, 1040)], many(PEOPLE.mobile, 40)])
def test_a_column_that_is_masked_everywhere_or_nowhere_is_not_told_as_masked_in_part(cells):
    assert "partial_mask" not in kinds("手机号", cells)


def test_formulas_are_told_in_tables_and_not_in_running_text():
    assert "formula" in kinds("备注", ["x", "=1+1", "y"])
    assert not judged([["=1+1 是公式"], ["正文"]], is_text=True)


def test_running_text_is_judged_by_what_stands_in_it():
    found = judged(
        [[f"联系人：王建国，电话{PEOPLE.mobile()}"], ["第二行没有什么"], [f"身份证号{PEOPLE.resident_id()}"]],
        is_text=True,
    )
    assert {"person_name", "mobile", "resident_id"} <= {kind for _, kind in found}


@pytest.mark.parametrize(
    "cells",
    [[""] * 10, ["无"] * 10, ["-"] * 10, [str(number) for number in range(50)], ["2026-01-01"] * 20, ["12.5%"] * 20],
)
@pytest.mark.parametrize("header", ["数量", "备注", "日期", ""])
def test_an_ordinary_column_is_no_finding(header, cells):
    assert kinds(header, cells) <= {"small_cells"}


def test_every_finding_names_the_row_of_its_first_cell():
    cells = [*["无"] * 7, PEOPLE.mobile(), PEOPLE.mobile()]
    assert judged(column("电话", cells))["电话", "mobile"].facts["row"] == 9


@pytest.mark.parametrize(
    "classes", [["七年1班", "八年12班"], ["三年级2班", "三年级（4）班"], ["小二3班", "小一4班"], ["大1班", "小二班"]]
)
def test_classes_of_pupils_beside_names_tell_of_children_and_their_parents(classes):
    rows = [[f"{at}", PEOPLE.name(), PEOPLE.name(), classes[at % 2]] for at in range(40)]
    found = judged([["考号", "姓名", "家长姓名", "录取去向"], *rows])
    assert found["录取去向", "minor"].rule == "minor.class" and ("家长姓名", "minor") in found


@pytest.mark.parametrize(
    ("header", "value"), [("任教去向", "七年1班"), ("录取去向", "高一3班"), ("单位", "运维三班"), ("文化程度", "小学")]
)
def test_teachers_and_grown_ups_are_no_children(header, value):
    rows = [[str(at), PEOPLE.name(), value] for at in range(40)]
    assert not [kind for _, kind in judged([["编号", "姓名", header], *rows]) if kind == "minor"]

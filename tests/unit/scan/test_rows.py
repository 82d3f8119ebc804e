"""What a row is decides what its columns say: persons, organizations, animals, groups of people, settings, children."""

from __future__ import annotations

import json
from email.message import EmailMessage

import pytest

from ckanext.anshan.scan import scanning

from .made import Invented, column, judged, kinds, uscc

PEOPLE = Invented(23)
Rows = list[list[str]]


def table(header: list[str], make, rows: int = 30) -> Rows:
    return [header, *(make() for _ in range(rows))]


def code() -> str:
    return uscc("91210300" + PEOPLE.digits(9))


def home() -> str:
    house, stairs, flat = (PEOPLE.random.randint(first, last) for first, last in ((1, 300), (1, 9), (101, 909)))
    return f"鞍山市铁东区解放路{house}号{stairs}单元{flat}室"


def found(rows: Rows) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for where, kind in judged(rows):
        told.setdefault(where, set()).add(kind)
    return told


# persons and organizations


@pytest.mark.parametrize("header", ["用人单位信用代码", "医院代码"])
def test_the_code_of_an_employer_or_hospital_makes_no_organization_of_a_person(header):
    told = found(
        table(["姓名", "诊断", "住址", header], lambda: [PEOPLE.name(), "肺结核", home(), code()]),
    )
    assert {"medical"} <= told["诊断"] and {"home_address"} <= told["住址"]


def test_who_stands_for_an_organization_lives_elsewhere():
    told = found(
        table(
            ["单位名称", "统一社会信用代码", "法定代表人", "地址"],
            lambda: [f"鞍山{PEOPLE.digits(3)}钢铁有限公司", code(), PEOPLE.name(), home()],
        )
    )
    assert told["法定代表人"] == {"person_name"} and "地址" not in told


def test_whoever_looks_after_a_thing_is_not_where_it_stands():
    told = found(
        table(
            ["点位", "管理员", "经度", "纬度"],
            lambda: ["站前广场", PEOPLE.name(), f"122.{PEOPLE.digits(6)}", f"41.{PEOPLE.digits(6)}"],
        )
    )
    assert told == {"管理员": {"person_name"}}


# animals, doctors, statistics


def test_animals_have_no_health_data_and_are_no_children():
    told = found(
        table(
            ["畜主姓名", "耳标号", "品种", "月龄", "性别", "免疫疫苗", "疫病名称"],
            lambda: [
                PEOPLE.name(),
                PEOPLE.digits(15),
                "西门塔尔牛",
                str(PEOPLE.random.randint(2, 13)),
                "母",
                "口蹄疫疫苗",
                "布鲁氏菌病",
            ],
        )
    )
    assert told == {"畜主姓名": {"person_name"}}


def test_what_a_doctor_treats_is_nobodys_illness():
    told = found(
        table(["姓名", "性别", "职称", "擅长"], lambda: [PEOPLE.name(), "女", "主任医师", "高血压、糖尿病的诊治"])
    )
    assert "擅长" not in told


@pytest.mark.parametrize("header", ["体检日期", "是否进入体检", "就诊时间"])
def test_a_day_or_a_yes_is_no_health_data(header):
    told = found(table(["姓名", "身份证号", header], lambda: [PEOPLE.name(), PEOPLE.resident_id(), "2026-03-01"]))
    assert header not in told


def test_counts_by_age_and_sex_are_no_persons():
    rows = table(
        ["街道", "性别", "年龄段", "常住人口数"],
        lambda: [f"第{PEOPLE.digits(2)}街道", "男", "60-69岁", str(PEOPLE.random.randint(100, 9000))],
    )
    assert not {kind for _, kind in judged(rows)} & {"k_anonymity", "minor"}


def test_what_is_wanted_of_applicants_are_no_persons():
    rows = table(
        ["岗位名称", "性别要求", "年龄要求", "学历要求"], lambda: [f"岗位{PEOPLE.digits(3)}", "不限", "18-45岁", "本科"]
    )
    assert not {kind for _, kind in judged(rows)} & {"k_anonymity", "minor"}


# numbers


def test_codes_of_twenty_digits_are_no_certificates_and_certificates_are_resident_ids():
    codes = [PEOPLE.dated_code() + PEOPLE.digits(2) for _ in range(300)]
    assert not kinds("订单编码", codes) and not kinds("", codes)
    certificates = [
        PEOPLE.resident_id() + PEOPLE.random.choice("1234567") + PEOPLE.random.choice("1234") for _ in range(30)
    ]
    assert "resident_id" in kinds("残疾证号", certificates)


def test_numbers_of_an_examination_are_no_old_resident_ids():
    numbers = [f"210302{26}{PEOPLE.random.choice(['0607', '0608'])}{PEOPLE.digits(3)}" for _ in range(60)]
    assert not kinds("准考证号", numbers) and not kinds("", numbers)


@pytest.mark.parametrize(
    "cell", ["T025-37422618", "编号0281724310", "https://a.cn/x/0241234567.html", "鞍交许0262345678"]
)
def test_numbers_in_codes_and_links_are_no_landlines(cell):
    assert "landline" not in kinds("内容", [*["正常"] * 50, cell])


@pytest.mark.parametrize("cell", ["咨询电话：5512345", "传真 2223456", "值班电话:0412-5512345"])
def test_local_numbers_behind_a_word_are_landlines(cell):
    assert "landline" in kinds("内容", [*["正常"] * 50, cell])


def test_some_landlines_among_mobiles_are_found():
    calls = [
        *(PEOPLE.mobile() for _ in range(90)),
        *(f"0412{PEOPLE.random.choice('5268')}{PEOPLE.digits(6)}" for _ in range(10)),
    ]
    assert {"mobile", "landline"} <= kinds("来电", calls)


@pytest.mark.parametrize("make", ["C{8}", "CB{7}", "SE{7}", "PE{7}", "K{8}", "AB{6}", "{9}"])
def test_passports_of_any_series_are_found_under_their_name(make):
    count = int(make[-2])
    numbers = [make[: make.index("{")] + PEOPLE.digits(count) for _ in range(20)]
    assert "passport" in kinds("护照号码", numbers)


# health and belief in words


@pytest.mark.parametrize("header", ["病种名称", "ICD名称", "dise_name", "主检结论"])
def test_health_is_told_by_many_headers(header):
    told = found(
        table(["姓名", "身份证号", header], lambda: [PEOPLE.name(), PEOPLE.resident_id(1950, 1990), "2型糖尿病"])
    )
    assert "medical" in told[header]


@pytest.mark.parametrize(
    "text", ["患者：王建国，确诊尿毒症三年", "王建国因患肺结核申请救助", "来电人称丈夫瘫痪在床，还有糖尿病"]
)
def test_illness_of_a_person_is_found_in_running_text(text):
    assert "medical" in {kind for _, kind in judged([["通知"], [text]], is_text=True)}


@pytest.mark.parametrize("text", ["高血压患者应当少盐", "本市开展糖尿病筛查", "肺结核防治知识讲座通知"])
def test_illness_of_nobody_is_none(text):
    assert "medical" not in {kind for _, kind in judged([["通知"], [text]], is_text=True)}


def test_belief_in_a_remark_is_found():
    rows = table(["姓名", "部门", "备注"], lambda: [PEOPLE.name(), "后勤", ""])
    rows[5][2], rows[9][2] = "信佛，吃素", "基督徒，周日礼拜"
    assert "religion" in found(rows)["备注"]


def test_grade_and_kind_of_disability_are_health_data():
    told = found(table(["残疾人姓名", "类别", "等级"], lambda: [PEOPLE.name(), "听力", "二级"]))
    assert "medical" in told["类别"] and "medical" in told["等级"]


# children


@pytest.mark.parametrize("header", ["参赛学生", "小选手", "宝宝姓名", "少先队员姓名", "新生姓名", "小队员姓名"])
def test_names_of_children_are_told_by_many_headers(header):
    assert {"person_name", "minor"} <= found(table([header, "编号"], lambda: [PEOPLE.name(), PEOPLE.digits(4)]))[header]


def test_a_primary_school_beside_names_tells_of_children_and_beside_drivers_of_none():
    schools = ["站前小学", "铁东区实验小学", "育才幼儿园"]
    pupils = table(["姓名", "所在学校", "作品"], lambda: [PEOPLE.name(), PEOPLE.random.choice(schools), "家乡"])
    assert "minor" in found(pupils)["所在学校"]
    drivers = table(["驾驶人", "服务学校", "核载"], lambda: [PEOPLE.name(), PEOPLE.random.choice(schools), "36"])
    assert "服务学校" not in found(drivers)


def test_names_in_a_table_of_children_are_theirs_but_for_those_who_teach_them():
    told = found(
        table(
            ["姓名", "出生日期", "教练"],
            lambda: [PEOPLE.name(), f"{PEOPLE.random.randint(2014, 2018)}-05-01", PEOPLE.name()],
        )
    )
    assert "minor" in told["姓名"] and told["教练"] == {"person_name"}


def test_students_of_a_university_are_grown():
    told = found(table(["学生姓名", "学院", "专业班级"], lambda: [PEOPLE.name(), "护理学院", "护理2128班"]))
    assert "minor" not in told["学生姓名"]


# names without their own column


def test_names_behind_the_same_words_are_found():
    subjects = ["语文", "数学", "英语"]
    join = ["", " ", "/"]
    cells = [f"{PEOPLE.random.choice(subjects)}{PEOPLE.random.choice(join)}{PEOPLE.name()}" for _ in range(30)]
    assert judged(column("周一", cells))["周一", "person_name"].rule == "person_name.glued"
    offices = [
        f"{one}{PEOPLE.random.choice(['管理局', '办公室', '服务中心'])}" for one in ["民政", "财政", "教育"] * 10
    ]
    assert not kinds("部门", offices)


@pytest.mark.parametrize(
    "cell", ["<p>{}&nbsp;局长</p>", "失主{}已领", '{{"name":"{}"}}', "联系人：<b>{}</b>", "{}您好，您的申请已通过"]
)
def test_names_are_found_in_markup_and_messages(cell):
    cells = [cell.format(name) for name in ("王建国", "李明辉", "张丽华", "陈志强")]
    assert "person_name" in kinds("内容", [*["正常"] * 20, *cells])


def test_a_password_beside_its_name_is_found_and_a_type_or_placeholder_is_not():
    settings = [
        ["参数", "说明", "值"],
        ["db.password", "", "Tiedong677!wsx"],
        ["page.size", "分页", "20"],
        ["pwd.retry", "次数", "5"],
    ]
    assert ("值", "credential") in judged(settings)
    for value in ("VARCHAR(18)", "${DB_PASSWORD}", "******", "varchar"):
        assert not judged([["字段", "类型"], ["PASSWORD", value], ["NAME", "CHAR(20)"]])


@pytest.mark.parametrize(
    "line",
    [
        "DB_PASSWORD=${DB_PASSWORD}",
        "password: <your-password>",
        "token = os.environ['TOKEN']",
        "postgres://u:$PASS@h/db",
    ],
)
def test_placeholders_are_no_passwords(line):
    assert not judged([[line]], is_text=True)


# what a number stands for


def test_a_row_under_a_number_is_a_person_too():
    make = lambda: [PEOPLE.digits(6), "2022-08-04", "轻型", f"122.{PEOPLE.digits(6)},41.{PEOPLE.digits(6)}"]  # noqa: E731
    told = found(table(["病例编号", "确诊日期", "临床分型", "坐标"], make))
    assert "medical" in told["临床分型"] and "coordinates" in told["坐标"]


def test_samples_have_no_health_data():
    make = lambda: [PEOPLE.digits(12), PEOPLE.name(), "黄瓜", PEOPLE.random.choice(["阴性", "阳性"])]  # noqa: E731
    assert "medical" not in found(table(["检测编号", "摊主", "样品", "判定"], make)).get("判定", set())


def test_blood_and_measures_of_a_check_up_are_health_data():
    pick = PEOPLE.random.choice
    press = lambda: f"{PEOPLE.random.randint(95, 180)}/{PEOPLE.random.randint(55, 99)}"  # noqa: E731
    told = found(
        table(
            ["姓名", "XY", "血", "身高cm", "体检结果"],
            lambda: [PEOPLE.name(), press(), pick(["A", "B", "O", "AB"]), "171", "未见异常"],
        )
    )
    assert all("medical" in told[column] for column in ("XY", "血", "身高cm", "体检结果"))


def test_local_numbers_beside_names_are_landlines_without_a_header():
    rows = [
        ["办公室", PEOPLE.name(), f"{PEOPLE.random.randint(2, 8)}{PEOPLE.digits(6)}", PEOPLE.mobile()]
        for _ in range(40)
    ]
    assert "landline" in found(rows_without_header(rows))[""]


def rows_without_header(rows: Rows) -> Rows:
    return [["", "", "", ""], *rows]


@pytest.mark.parametrize("cell", ["https://a.cn/t20231115_13841212345.html", "http://b.cn/art/13998877665"])
def test_numbers_in_links_are_no_mobiles_and_parameters_for_them_are(cell):
    assert "mobile" not in kinds("公告链接", [*["http://b.cn/x"] * 30, cell])
    calls = [f"http://api.cn/sms?to={PEOPLE.mobile()}&tpl=3" for _ in range(30)]
    assert "mobile" in kinds("callback_url", calls)


def test_recorded_calls_are_called_by_mobiles():
    files = [f"20210614135225_{PEOPLE.mobile()}_{PEOPLE.digits(4)}.wav" for _ in range(30)]
    assert judged(column("录音文件", files))["录音文件", "mobile"].rule == "mobile.in_file"


def test_random_numbers_behind_an_area_code_are_no_landlines():
    codes = [f"0412{PEOPLE.digits(8)}" for _ in range(200)]
    assert "landline" not in kinds("ZDH", codes)


def test_mobiles_under_a_lying_header_are_found():
    assert "mobile" in kinds("金额", [PEOPLE.mobile() for _ in range(200)])


# masks, secrets, texts


@pytest.mark.parametrize("name", ["淳于*", "亓*洋磊", "欧阳**", "司马*鹏", "王*", "王**"])
def test_masked_names_of_any_shape_name_nobody(name):
    assert not kinds("姓名", [name] * 30)


def test_strong_passwords_are_told_without_a_header_for_them():
    words = ["Root", "Admin", "Tiedong", "Zwfw"]
    cells = [f"{PEOPLE.random.choice(words)}{PEOPLE.random.choice('#$@!')}{PEOPLE.digits(5)}xM" for _ in range(20)]
    assert judged(column("KL", cells))["KL", "credential"].rule == "credential.shape"


@pytest.mark.parametrize(
    "line",
    [
        "*/5 * * * * curl -s -u monitor:Xx$84608q http://10.1.1.9:9200/",
        "mysqldump -h 10.1.1.5 -ubackup -pAnnQZMubgqFe zwfw > /data/zwfw.sql",
        "jdbc:oracle:thin:zwuser/Hlw#74827q@10.1.2.29:1521/orcl",
        "rtsp://admin:Hik12345@10.1.1.4:554/ch1",
        "<password>Tie678dong</password>",
    ],
)
def test_passwords_are_found_in_commands_and_connections(line):
    assert ("", "credential") in judged([[line]], is_text=True)


@pytest.mark.parametrize("line", ["第三条 个人信息不得公开，涉密文件由专人保管", "工作秘密与国家秘密的区分培训"])
def test_a_law_or_course_about_secrets_is_no_mark(line):
    assert not judged([[line]], is_text=True)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("朱刚，基督教信徒，教会唱诗班，手机13841212345", "religion"),
        ("我校三年级（4）班学生江艳燕（监护人李辉荣）多次损坏公物", "minor"),
        ("女儿 夏睿琴，8岁，区第二小学二年级学生", "minor"),
        ("李佳莲，青山镇王家村6组，700元", "home_address"),
        ("东至王建国，南至道路", "person_name"),
    ],
)
def test_a_line_tells_of_somebody(line, kind):
    assert kind in {told for _, told in judged([["公开栏"], [line]], is_text=True)}


def test_the_title_tells_that_the_rows_are_children(tmp_path):
    lines = [
        "石桥镇中心小学三年级1班花名册,,",
        "学号,姓名,家长姓名",
        *(f"{at},{PEOPLE.name()},{PEOPLE.name()}" for at in range(20)),
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), "utf-8")
    told = {(one.column, one.kind) for one in scanning.report(path).findings}
    assert {("姓名", "minor"), ("家长姓名", "minor")} <= told


def test_keys_that_are_persons_are_told(tmp_path):
    path = tmp_path / "a.json"
    days = [{"日": str(at), **dict.fromkeys(("韦福洪", "郝德福", "周春婷", "邹立瑞"), "√")} for at in range(5)]
    path.write_text(json.dumps({"data": days}, ensure_ascii=False), "utf-8")
    assert "person_name" in {one.kind for one in scanning.report(path).findings}
    amounts = {PEOPLE.resident_id(): 500 + at for at in range(5)}
    path.write_text(json.dumps({"detail": amounts}, ensure_ascii=False), "utf-8")
    assert "resident_id" in {one.kind for one in scanning.report(path).findings}


def test_a_letter_is_read_whatever_line_it_begins_with(tmp_path):
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "病例", "a@b.example.cn", "c@d.example.cn"
    letter.set_content(f"病例1：杜雪梅，女，身份证{PEOPLE.resident_id()}，诊断肺结核。\n", cte="quoted-printable")
    path = tmp_path / "a.eml"
    path.write_bytes(letter.as_bytes())
    assert {"resident_id", "person_name", "medical"} <= {one.kind for one in scanning.report(path).findings}

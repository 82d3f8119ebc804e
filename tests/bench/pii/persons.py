"""Tables about persons, as agencies keep them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from . import makers as m
from . import words
from .drafts import Draft, Make, Spec

# Where a column may be reported or not, the argument stands beside it.
CARRIED = "minor"  # a pupil's other columns: the column that says "pupil" carries the finding
CARE = "medical"  # hospital department, drug, degree: the diagnosis beside it carries the finding


def serial() -> Spec:
    return Spec("serial", m.serial)


def name(head: str = "name", dirt: str = "", make: Make = m.name, also: str = "", may: str = "") -> Spec:
    return Spec(head, make, f"person_name {also}", may, dirt)


def resident_id(head: str = "id", dirt: str = "", make: Make = m.resident_id, may: str = "", also: str = "") -> Spec:
    return Spec(head, make, f"resident_id {also}", may, dirt)


def mobile(head: str = "mobile", dirt: str = "", make: Make = m.mobile, empty: float = 0.0, may: str = "") -> Spec:
    return Spec(head, make, "mobile", may, dirt, empty)


def address(head: str = "address", dirt: str = "", empty: float = 0.0) -> Spec:
    return Spec(head, m.address, "home_address", "", dirt, empty)


def bank(head: str = "bank", dirt: str = "") -> Spec:
    return Spec(head, m.bank_card, "bank_card", "", dirt)


def plain(head: str, make: Make, empty: float = 0.0) -> Spec:
    return Spec(head, make, empty=empty)


def tables(rng: Random) -> list[Draft]:
    few, many = rng.randrange(8, 120), rng.randrange(200, 900)
    return [
        *_support(few, many),
        *_children(few, many),
        *_health(few, many),
        *_work(few, many),
        *_cases(few, many),
        *_lying(few, many),
    ]


def _support(few: int, many: int) -> Sequence[Draft]:
    return (
        Draft(
            "城市居民最低生活保障对象公示表",
            (
                serial(),
                name(dirt="inner_space padded compound"),
                plain("sex", m.sex),
                resident_id(dirt="old_id spaced"),
                address(),
                plain("保障人口", m.number(1, 6)),
                plain("amount", m.amount(300, 2500)),
                bank(dirt="spaced"),
                mobile(dirt="plus86 full_width", empty=0.1),
            ),
            many,
            shape="title unit total note",
            styles="any",
        ),
        Draft(
            "高龄津贴发放花名册",
            (
                serial(),
                name(dirt="traditional"),
                resident_id(dirt="lower_x old_id"),
                plain("village", m.village),
                plain("age", m.age),
                plain("amount", m.thousands(100, 2000)),
                bank("一卡通账号", dirt="tab"),
                mobile(dirt="glued", empty=0.3),
            ),
            2000,
            shape="title total",
            born=(1926, 1946),
        ),
        Draft(
            "惠农补贴一卡通发放明细",
            (
                serial(),
                plain("street", m.street),
                plain("village", m.village),
                name("户主姓名", dirt="inner_space minority"),
                resident_id("户主身份证号", dirt="apostrophe"),
                plain("补贴面积（亩）", m.amount(1, 60)),
                plain("amount", m.amount()),
                bank(dirt="apostrophe"),
                plain("date", m.date()),
            ),
            20_000,
            forms="csv csv_gb18030 csv_bom xlsx",
            shape="note",
        ),
        Draft(
            "特困人员供养名单",
            (
                name(dirt="masked"),
                resident_id(dirt="masked"),
                address(),
                plain("供养方式", m.one_of("集中", "分散")),
                mobile(dirt="masked", empty=0.1),
            ),
            many,
            shape="blanks",
        ),
        Draft(
            "公租房配租家庭名单",
            (
                serial(),
                name("承租人", dirt="masked_few"),
                resident_id("承租人身份证号", dirt="masked_few"),
                Spec("房屋坐落", m.address, "home_address"),
                name("共同申请人", make=m.other_name, dirt="double"),
                plain("建筑面积", m.amount(30, 90)),
                plain("月租金", m.amount(60, 600)),
                mobile(dirt="double"),
            ),
            few,
            shape="title two_row",
            forms="xlsx xls html_in_xls csv_gb18030",
        ),
        Draft(
            "残疾人两项补贴发放表",
            (
                serial(),
                name(),
                Spec("残疾证号", m.disabled_number, "resident_id", "medical"),
                Spec("残疾类别", m.medical(*words.DISABILITIES), "medical"),
                Spec("残疾等级", m.one_of(*words.GRADES), "", CARE),
                name("监护人", make=m.other_name),
                plain("amount", m.amount(50, 400)),
                mobile(dirt="glued"),
            ),
            many,
            shape="title",
        ),
        Draft(
            "困难残疾人名册_去姓名",
            (
                plain("编号", m.counted_serial(1000)),
                plain("sex", m.sex),
                plain("年龄", m.age),
                plain("street", m.street),
                Spec("残疾类型", m.medical("视力", "听力", "肢体", "智力", "精神"), "medical"),
                Spec("级别", m.one_of("1", "2", "3", "4"), "", CARE),
            ),
            many,
        ),
        Draft(
            "退役军人信息登记表",
            (
                name(),
                plain("sex", m.sex),
                plain("birth", m.birth),
                resident_id(dirt="hidden_signs"),
                plain("nation", m.nation),
                plain("入伍时间", m.date(1960, 2015)),
                address(dirt="padded"),
                mobile(dirt="spaced"),
                Spec("email", m.email, "email", empty=0.5),
            ),
            many,
            styles="any",
        ),
        Draft(
            "城镇失业人员登记",
            (
                name(dirt="latin compound"),
                plain("sex", m.sex_code),
                resident_id(dirt="full_width"),
                plain("原职业", m.one_of(*words.JOBS)),
                mobile(dirt="hidden_signs"),
                plain("date", m.excel_day),
            ),
            2000,
            styles="any",
            shape="repeat",
        ),
        Draft(
            "养老服务补贴对象",
            (
                serial(),
                name(),
                resident_id("老人身份证号"),
                name("紧急联系人", make=m.other_name),
                mobile("紧急联系人电话", make=m.other_mobile),
                Spec("身体状况", m.medical(*words.DISEASES, "失能", "半失能"), "medical"),
                address("居住地址"),
                Spec("经度", m.home_place("lng"), "coordinates"),
                Spec("纬度", m.home_place("lat"), "coordinates"),
            ),
            few,
            forms="csv json xlsx csv_utf16 xml",
        ),
        Draft(
            "临时救助审批表",
            (
                name("救助对象", dirt="name_and_mobile"),
                resident_id(dirt="html"),
                Spec(
                    "救助原因",
                    m.sentence(
                        "本人患{ill}，无力承担医疗费用",
                        "因{ill}住院治疗，家庭困难",
                        share=0.7,
                        other=("家庭遭遇火灾", "突发意外"),
                    ),
                    "medical",
                ),
                plain("amount", m.amount(500, 20_000)),
                Spec(
                    "note",
                    m.sentence(
                        "联系电话{mobile}",
                        "由{other}代领，电话{mobile}",
                        "代领人：{other}，电话{mobile}",
                        "身份证号{id}",
                        share=0.25,
                    ),
                    "mobile person_name resident_id",
                ),
            ),
            many,
        ),
        Draft(
            "农村危房改造对象",
            (
                serial(),
                plain("street", m.street),
                plain("village", m.village),
                name("户主"),
                resident_id("户主证件号"),
                plain("家庭人口", m.number(1, 7)),
                Spec("住房位置X", m.home_place("lng"), "coordinates"),
                Spec("住房位置Y", m.home_place("lat"), "coordinates"),
                plain("危房等级", m.one_of("C级", "D级")),
            ),
            many,
            forms="csv_gb18030 xls et ndjson",
        ),
        Draft(
            "住户分布",
            (
                plain("FID", m.serial),
                name("HZXM"),
                Spec("HJDZ", m.address, "home_address"),
                plain("RKS", m.number(1, 7)),
            ),
            few,
            forms="geojson_home",
        ),
    )


def _children(few: int, many: int) -> Sequence[Draft]:
    child = (2013, 2021)
    return (
        Draft(
            "小学学生花名册",
            (
                serial(),
                name("学生姓名", also="minor"),
                plain("sex", m.sex),
                resident_id("学生身份证号", may=CARRIED),
                Spec("学籍号", m.school_number, "resident_id", CARRIED),
                Spec("班级", m.school_class, "", CARRIED),
                name("家长姓名", make=m.other_name, may=CARRIED),
                mobile("家长电话", make=m.other_mobile, may=CARRIED),
                address(),
            ),
            many,
            born=child,
            shape="title",
        ),
        Draft(
            "义务教育招生录取名单",
            (
                plain("录取编号", m.counted_serial(20250001)),
                name("儿童姓名", also="minor", dirt="inner_space"),
                plain("sex", m.sex),
                Spec("出生日期", m.birth_of_child, "", CARRIED),
                name("监护人姓名", make=m.other_name, may=CARRIED),
                resident_id("监护人身份证号", make=m.other_id, may=CARRIED),
                mobile("监护人手机", make=m.other_mobile, may=CARRIED),
                plain("录取学校", m.school),
            ),
            2000,
            born=(2018, 2019),
        ),
        Draft(
            "儿童预防接种登记",
            (
                serial(),
                name("受种儿童", also="minor"),
                Spec("csrq", m.birth_of_child, "", CARRIED),
                name("监护人", make=m.other_name, may=CARRIED),
                mobile("联系电话", make=m.other_mobile, dirt="double"),
                # A jab that every child gets says little of a person's health.
                Spec("疫苗名称", m.one_of(*words.VACCINES), "", "medical"),
                plain("接种单位", m.hospital),
                plain("接种日期", m.date(2020, 2026)),
            ),
            many,
            born=(2016, 2025),
            shape="blanks",
        ),
        Draft(
            "孤儿和事实无人抚养儿童保障",
            (
                name(also="", may="minor"),
                resident_id(also="minor"),
                plain("amount", m.amount(1000, 2400)),
                plain("district", m.district),
                bank(dirt="spaced"),
            ),
            few,
            born=(2013, 2022),
            title="孤儿和事实无人抚养儿童基本生活保障金发放表",
            shape="title",
            forms="xlsx xls csv docx",
        ),
        Draft(
            "幼儿园在园幼儿",
            (
                name("幼儿姓名", also="minor", dirt="minority"),
                plain("sex", m.sex),
                resident_id("幼儿证件号", may=CARRIED),
                Spec("所在班", m.one_of("大一班", "中二班", "小三班"), "", CARRIED),
                mobile("家长联系方式", make=m.other_mobile, dirt="glued", may=CARRIED),
            ),
            few,
            born=(2019, 2023),
        ),
        Draft(
            "青少年运动员注册",
            (
                name(may="minor"),
                resident_id(also="minor", dirt="padded"),
                plain("项目", m.one_of("乒乓球", "游泳", "柔道", "田径")),
                name("教练员", make=m.other_name),
                plain("注册编号", m.product_code),
            ),
            few,
            born=(2013, 2018),
            forms="csv json xlsx",
        ),
        Draft(
            "新生儿疾病筛查",
            (
                plain("筛查编号", m.digits(10)),
                name("母亲姓名", make=m.other_name, may=CARRIED),
                resident_id("母亲身份证", make=m.other_id),
                Spec("新生儿性别", m.sex, "", CARRIED),
                Spec("新生儿出生日期", m.birth_of_child, "minor"),
                Spec(
                    "筛查结果", m.medical("G6PD缺乏阳性", "先天性甲低可疑", "苯丙酮尿症阴性", "听力未通过"), "medical"
                ),
            ),
            many,
            born=(2023, 2025),
        ),
    )


def _health(few: int, many: int) -> Sequence[Draft]:
    return (
        Draft(
            "门诊慢特病备案人员",
            (
                serial(),
                name(),
                resident_id(),
                Spec("diagnosis", m.medical(*words.DISEASES), "medical"),
                plain("定点医院", m.hospital),
                name("责任医生", make=m.other_name),
                plain("备案日期", m.date()),
                mobile(dirt="plus86"),
            ),
            many,
            styles="named",
        ),
        Draft(
            "住院病案首页摘录",
            (
                plain("病案号", m.digits(8)),
                plain("sex", m.sex_code),
                plain("年龄", m.age),
                Spec("主要诊断", m.medical(*words.DISEASES), "medical"),
                Spec("出院科别", m.one_of("心内科", "神经内科", "普外科", "肿瘤科"), "", CARE),
                plain("总费用", m.amount(2000, 80_000)),
                plain("住院天数", m.number(1, 40)),
            ),
            20_000,
            forms="csv csv_gb18030 tsv csv_unix",
        ),
        Draft(
            "严重精神障碍患者随访",
            (
                name(dirt="masked"),
                Spec("现住址", m.address, "home_address"),
                Spec(
                    "诊断名称", m.medical("精神分裂症", "双相情感障碍", "偏执性精神病", "癫痫所致精神障碍"), "medical"
                ),
                # Which drug somebody takes follows from the diagnosis.
                Spec("用药情况", m.medical(*words.DRUGS), "", CARE),
                name("随访医生", make=m.other_name),
                plain("随访日期", m.date()),
            ),
            few,
        ),
        Draft(
            "传染病报告卡",
            (
                plain("卡片编号", m.digits(16, "2103")),
                name("患者姓名"),
                name("家长姓名", make=m.other_name, may="minor"),
                resident_id("有效证件号", dirt="old_id"),
                plain("sex", m.sex),
                plain("birth", m.birth),
                mobile("联系电话"),
                Spec("现住地址国标", m.address, "home_address"),
                plain("人群分类", m.one_of(*words.JOBS)),
                Spec("疾病名称", m.medical("肺结核", "梅毒", "乙肝", "流行性感冒", "布鲁氏菌病", "艾滋病"), "medical"),
                plain("发病日期", m.date()),
                name("填卡医生", make=m.other_name),
            ),
            many,
            shape="two_row",
            forms="xlsx xls html_in_xls csv",
        ),
        Draft(
            "无偿献血者表彰名单",
            (
                serial(),
                name("献血者姓名", dirt="latin"),
                plain("献血量(ml)", m.one_of("200", "300", "400")),
                # A blood group is a body's mark, though of no illness.
                Spec("血型", m.one_of("A型", "B型", "O型", "AB型"), "", "medical"),
                plain("单位", m.company),
                Spec("passport", m.passport, "passport", empty=0.7),
            ),
            few,
            shape="title note",
        ),
        Draft(
            "家庭医生签约居民",
            (
                name(),
                resident_id(dirt="tab"),
                mobile(dirt="tab"),
                Spec("既往病史", m.medical(*words.DISEASES), "medical", empty=0.5),
                name("签约医生", make=m.other_name),
                plain("签约机构", m.hospital),
                Spec("address", m.address, "home_address"),
            ),
            2000,
            styles="named",
            shape="ragged",
            forms="csv csv_gb18030 csv_bom",
        ),
    )


def _work(few: int, many: int) -> Sequence[Draft]:
    return (
        Draft(
            "机关工作人员通讯录",
            (
                plain("部门", m.agency),
                name(dirt="inner_space"),
                plain("职务", m.one_of("局长", "副局长", "科长", "主任科员", "四级调研员")),
                Spec("landline", m.landline, "landline"),
                mobile(dirt="glued"),
                Spec("email", m.email, "email"),
            ),
            few,
            styles="any",
        ),
        Draft(
            "事业单位公开招聘拟聘用人员公示",
            (
                serial(),
                name(),
                plain("sex", m.sex),
                plain("准考证号", m.digits(11, "21")),
                plain("招聘单位", m.agency),
                plain("笔试成绩", m.amount(50, 90)),
                plain("总成绩", m.amount(50, 90)),
            ),
            few,
            shape="title note",
            forms="xlsx docx html_in_xls",
        ),
        Draft(
            "职称评审通过人员名单",
            (
                serial(),
                name(dirt="compound"),
                plain("工作单位", m.company),
                plain("专业", m.one_of("机械", "冶金", "土木", "园林")),
                plain("资格名称", m.one_of("高级工程师", "工程师")),
            ),
            few,
            forms="docx",
        ),
        Draft(
            "出租汽车驾驶员从业资格",
            (
                name("驾驶员姓名"),
                resident_id("从业资格证号"),
                Spec("plate", m.plate, "plate", dirt="padded full_letters"),
                plain("所属公司", m.company),
                plain("信誉等级", m.one_of("AAA", "AA", "A")),
                mobile(empty=0.2),
            ),
            many,
            styles="named",
        ),
        Draft(
            "教师资格认定结果",
            (
                plain("xh", m.serial),
                name("xm"),
                plain("xb", m.sex),
                resident_id("sfzjh", dirt="masked_few"),
                plain("rkxk", m.one_of("语文", "数学", "英语")),
                plain("zgzh", m.digits(17, "2025")),
                plain("rdjg", m.agency),
            ),
            many,
        ),
        Draft(
            "外国专家来鞍工作许可",
            (
                name(
                    "NAME",
                    make=lambda row: m.of(
                        "person_name", f"{row.rng.choice(words.LATIN_GIVEN)} {row.rng.choice(words.LATIN_FAMILY)}"
                    ),
                ),
                plain("国籍", m.one_of("美国", "日本", "德国", "韩国", "俄罗斯", "印度")),
                Spec("passport", m.passport, "passport", dirt="full_letters"),
                plain("聘用单位", m.company),
                plain("有效期至", m.date(2025, 2026)),
                Spec("email", m.email, "email"),
            ),
            few,
        ),
        Draft(
            "因公出国人员备案",
            (
                name("人员姓名"),
                resident_id(dirt="equals_quoted"),
                Spec("护照号码", m.passport, "passport"),
                plain("出访国家", m.one_of("日本", "韩国", "德国")),
                plain("组团单位", m.agency),
                plain("在外天数", m.number(3, 12)),
            ),
            few,
            forms="csv csv_gb18030 csv_bom",
        ),
        Draft(
            "建筑工人实名制考勤",
            (
                name("工人姓名", dirt="minority double"),
                resident_id(dirt="scientific"),
                bank("工资卡号", dirt="spaced"),
                plain("工种", m.one_of("木工", "钢筋工", "瓦工")),
                plain("进场时间", m.stamp(14)),
                plain("考勤机编号", m.device_number),
                plain("总包单位", m.company),
            ),
            2000,
            styles="any",
        ),
        Draft(
            "社区网格员联系表",
            (
                plain("street", m.street),
                plain("社区", m.one_of("园林社区", "湖西社区", "钢城社区")),
                name("网格员", dirt="name_and_mobile"),
                Spec("联系电话", m.mixed_phone, "mobile landline", dirt="glued"),
            ),
            few,
            shape="merged title",
            forms="xlsx xls",
        ),
        Draft(
            "物业投诉联系人",
            (
                plain("小区名称", m.one_of(*words.ESTATES)),
                plain("物业公司", m.company),
                name("contact"),
                Spec("电话", m.short_landline, "landline", dirt="double"),
            ),
            few,
        ),
        Draft(
            "公积金提取明细",
            (
                plain("个人账号", m.digits(12)),
                name(),
                resident_id(dirt="html"),
                plain("提取金额", m.thousands()),
                Spec("入账卡号", m.bank_card, "bank_card", dirt="glued"),
                plain("提取时间", m.clock),
            ),
            many,
            styles="any",
            shape="quotes",
        ),
        Draft(
            "党员信息统计",
            (
                name(),
                plain("sex", m.sex),
                plain("nation", m.nation),
                plain("学历", m.one_of("本科", "大专", "高中")),
                plain("入党时间", m.excel_day),
                plain("所在党支部", m.one_of("机关第一党支部", "离退休党支部")),
                resident_id("公民身份号码", dirt="padded"),
            ),
            many,
            forms="xlsx csv_utf16 txt_tab",
        ),
        Draft(
            "人才公寓申请",
            (
                name(),
                resident_id(),
                mobile(),
                Spec("email", m.email, "email", dirt="full_width"),
                plain("学校", m.one_of("东北大学", "辽宁科技大学", "大连理工大学")),
                plain("学位", m.one_of("硕士", "博士")),
                plain("申请单位", m.company),
            ),
            many,
            styles="any",
            forms="json ndjson xml xml_attributes",
        ),
    )


def _cases(few: int, many: int) -> Sequence[Draft]:
    return (
        Draft(
            "信访事项登记台账",
            (
                plain("信访编号", m.digits(12, "XF")),
                name("信访人"),
                Spec(
                    "反映内容",
                    m.sentence(
                        "反映人{name}，住{address}，反映楼道堆放杂物，联系电话{mobile}",
                        "{name}来信称拖欠工资，联系人：{name}，手机{mobile}",
                        "业主{name}反映物业费问题，身份证号{id}",
                        "群众反映{address}漏水多年无人维修",
                        share=0.8,
                        other=("反映占道经营", "咨询政策"),
                    ),
                    "person_name mobile home_address resident_id",
                ),
                plain("受理单位", m.agency),
                plain("办理时限", m.number(5, 60)),
                plain("date", m.date()),
            ),
            many,
            forms="csv csv_gb18030 xlsx json",
        ),
        Draft(
            "政务服务便民热线工单",
            (
                plain("工单编号", m.stamp(17)),
                plain("来电时间", m.clock),
                Spec(
                    "工单内容",
                    m.sentence(
                        "市民来电：{address}暖气不热，请尽快处理，回访电话{mobile}",
                        "来电人姓名：{name}，反映路灯不亮，电话：{land}",
                        "车主反映{plate}被拖走，联系人：{name}",
                        share=0.5,
                        other=("咨询医保缴费", "反映公交车间隔时间长", "表扬王家村村委会"),
                    ),
                    "home_address mobile person_name landline plate",
                ),
                plain("承办单位", m.agency),
                plain("满意度", m.one_of("满意", "基本满意", "不满意")),
            ),
            2000,
            forms="csv csv_bom csv_semicolon tsv",
        ),
        Draft(
            "行政处罚决定书公示",
            (
                plain("处罚决定书文号", m.document),
                name("当事人姓名"),
                resident_id("当事人证件号码", dirt="masked"),
                Spec(
                    "违法事实",
                    m.sentence(
                        "{name}驾驶{plate}机动车超限行驶",
                        "当事人{name}未取得许可从事经营",
                        share=0.6,
                        other=("占用消防通道", "未按规定公示"),
                    ),
                    "person_name plate",
                ),
                plain("罚款金额（万元）", m.amount(0, 5)),
                plain("处罚机关", m.agency),
                plain("公示日期", m.date()),
            ),
            many,
        ),
        Draft(
            "失信被执行人名单",
            (
                name("被执行人姓名"),
                Spec("证件号码", m.resident_id, "resident_id partial_mask", dirt="masked"),
                plain("执行法院", m.one_of("铁东区人民法院", "海城市人民法院")),
                plain("案号", lambda row: f"（2024）辽0302执{row.rng.randrange(1, 9999)}号"),
                plain("立案时间", m.date()),
                plain("执行标的", m.thousands()),
            ),
            many,
            shape="title",
        ),
        Draft(
            "欠税公告",
            (
                plain("纳税人名称", m.company),
                Spec("纳税人识别号", m.shop_tax_number, "resident_id"),
                name("legal"),
                Spec("证件号码", m.resident_id, "resident_id"),
                plain("经营地点", m.company_address),
                plain("欠税税种", m.one_of("增值税", "房产税")),
                plain("欠税余额", m.thousands()),
            ),
            few,
            shape="title unit",
            forms="xlsx xls csv_gb18030 docx",
        ),
        Draft(
            "机动车检验到期提醒",
            (
                Spec("plate", m.plate, "plate", dirt="hidden_signs"),
                plain("车辆类型", m.one_of("小型轿车", "重型货车")),
                name("机动车所有人", dirt="compound"),
                mobile(dirt="spaced"),
                plain("到期日", m.date(2025, 2026)),
                plain("车身颜色", m.one_of(*words.COLOURS)),
                plain("品牌", m.one_of(*words.BRANDS)),
            ),
            2000,
            styles="any",
        ),
        Draft(
            "共享停车登记",
            (
                Spec("plate", m.plate, "plate", dirt="double glued"),
                Spec("note", m.sentence("{name}（业主）", "车主{name}，{mobile}", share=0.4), "person_name mobile"),
                plain("泊位", lambda row: f"B{row.rng.randrange(1, 3)}-{row.rng.randrange(100, 999)}"),
            ),
            few,
        ),
        Draft(
            "宗教教职人员信息",
            (
                name(dirt="inner_space"),
                Spec(
                    "法名",
                    lambda row: f"释{row.pick('演', '本', '传', '常')}{row.rng.choice('慧明净悟觉善')}",
                    "",
                    "person_name religion",
                ),
                Spec("教别", m.religion, "religion"),
                plain("sex", m.sex),
                plain("任职场所", m.one_of(*words.TEMPLES)),
                plain("证书编号", m.digits(9)),
            ),
            few,
        ),
        Draft(
            "来鞍人员信息采集",
            (
                name(dirt="minority"),
                plain("nation", m.nation),
                Spec("宗教信仰", m.religion_of_some, "religion"),
                resident_id(),
                Spec("address", m.address, "home_address"),
                mobile(),
                plain("来源地", m.one_of("新疆", "西藏", "河南")),
            ),
            many,
        ),
        Draft(
            "征地补偿到户明细",
            (
                serial(),
                plain("village", m.village),
                name("被征地农户", dirt="double"),
                resident_id(dirt="spaced"),
                plain("地块编号", m.parcel),
                plain("面积", m.amount(0, 9)),
                plain("amount", m.thousands()),
                bank(),
            ),
            many,
            shape="title unit total",
            forms="xlsx xls et excel_in_csv",
        ),
        Draft(
            "垃圾分类积分兑换",
            (
                plain("卡号", m.digits(10)),
                name(dirt="traditional"),
                mobile(dirt="apostrophe"),
                plain("积分", m.number(1, 900)),
                plain("兑换时间", m.stamp(13)),
                plain("流水号", m.transaction),
            ),
            many,
            styles="named",
        ),
    )


def _lying(few: int, many: int) -> Sequence[Draft]:
    """Headers that say something else, or nothing."""
    return (
        Draft(
            "项目验收记录",
            (
                plain("项目名称", m.one_of("道路维修", "管网改造", "亮化工程")),
                plain("编号", m.contract),
                Spec("备注", m.resident_id, "resident_id"),
                Spec("其他", m.mobile, "mobile", dirt="spaced"),
                Spec("单位", m.name, "person_name"),
            ),
            few,
        ),
        Draft(
            "导出数据",
            (
                Spec("地址", m.name, "person_name"),
                Spec("姓名", m.address, "home_address"),
                Spec("编号", m.resident_id, "resident_id"),
                Spec("日期", m.mobile, "mobile"),
            ),
            few,
        ),
        Draft(
            "Sheet1导出",
            (
                plain("A", m.serial),
                Spec("B", m.name, "person_name"),
                Spec("C", m.resident_id, "resident_id"),
                Spec("D", m.bank_card, "bank_card"),
                plain("E", m.amount()),
                Spec("F", m.plate, "plate"),
            ),
            many,
            styles="silent none",
        ),
        Draft(
            "会议签到",
            (
                Spec("单位名称", m.company),
                Spec("姓名", m.name, "person_name", dirt="latin traditional"),
                Spec("签到", m.mobile, "mobile", dirt="glued"),
            ),
            few,
            styles="none zh",
            forms="csv txt_bar xlsx",
        ),
        Draft(
            "市场主体核查",
            (
                plain("company", m.company),
                Spec("身份证号", m.uscc_as_person, "uscc"),
                name("legal"),
                plain("核查结果", m.one_of("正常", "失联")),
            ),
            many,
        ),
        Draft(
            "公务卡还款",
            (
                plain("单位", m.agency),
                Spec("订单号", m.bank_card, "bank_card"),
                plain("交易流水", m.transaction),
                plain("金额", m.amount()),
                Spec("持卡人", m.name, "person_name"),
            ),
            few,
        ),
        Draft(
            "快递柜投递",
            (
                plain("运单号", m.digits(15, "YT")),
                Spec(
                    "收件信息",
                    m.sentence("{name} {mobile} {address}", "{name}，{mobile}，{address}", share=1.0),
                    "person_name mobile home_address",
                ),
                plain("格口", m.number(1, 99)),
            ),
            many,
            styles="zh silent",
        ),
        Draft(
            "活动报名表",
            (
                plain("提交时间", m.clock),
                Spec("1、您的姓名", m.name, "person_name", dirt="minority"),
                Spec("2、您的联系方式：", m.mobile, "mobile", dirt="plus86"),
                Spec("3、身份证号（用于购买保险）", m.resident_id, "resident_id", dirt="lower_x"),
                Spec(
                    "4、是否有过敏史或既往病史",
                    m.medical("青霉素过敏", "哮喘", "高血压", "心脏搭桥术后"),
                    "medical",
                    empty=0.6,
                ),
            ),
            many,
            forms="xlsx csv_bom excel_in_csv",
        ),
        Draft(
            "系统用户导出",
            (
                plain("user_id", m.serial),
                Spec(
                    "login",
                    lambda row: (
                        f"{row.rng.choice(words.PINYIN_FAMILY).lower()}{row.rng.choice(words.PINYIN_GIVEN).lower()}"
                    ),
                    "",
                    "person_name",
                ),
                Spec("real_name", m.name, "person_name"),
                Spec(
                    "password",
                    lambda row: m.of(
                        "credential",
                        f"{row.pick('As', 'Qw', 'Ln')}@{row.rng.randrange(10**5, 10**6)}{row.pick('!', '#', 'x')}",
                    ),
                    "credential",
                ),
                Spec("email", m.email, "email"),
                plain("last_login", m.stamp(10)),
            ),
            few,
            forms="csv json xlsx tsv",
        ),
    )

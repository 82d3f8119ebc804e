"""Tables in which persons, companies and things share a column, or in which little tells them apart."""

from __future__ import annotations

from random import Random

from . import makers as m
from . import words
from .drafts import Cell, Draft, Row, Spec
from .persons import CARE, CARRIED, address, bank, mobile, name, plain, resident_id, serial


def tables(rng: Random) -> list[Draft]:
    few, many = rng.randrange(8, 120), rng.randrange(200, 900)
    return [
        *_shared(few, many),
        *_covered(few, many),
        *_bodies_and_beliefs(few, many),
        *_thin(few, many),
        *_written(few, many),
    ]


def party(row: Row) -> Cell:
    """Whoever was fined: somebody, or a company."""
    row.notes["person"] = row.rng.random() < 0.4
    return m.name(row) if row.notes["person"] else Cell(m.company(row))


def party_number(row: Row) -> Cell:
    return m.resident_id(row) if row.notes["person"] else Cell(m.credit_code(row))


def _shared(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "双公示行政处罚",
            (
                plain("行政处罚决定文书号", m.document),
                Spec("行政相对人名称", party, "person_name"),
                # Companies' codes stand beside persons' numbers by the form's own design.
                Spec("行政相对人代码", party_number, "resident_id", "uscc"),
                plain("违法行为类型", m.one_of("无证经营", "超限运输")),
                plain("罚款金额", m.thousands()),
                plain("处罚机关", m.agency),
                plain("处罚日期", m.date()),
            ),
            many,
            styles="zh",
        ),
        Draft(
            "政府采购供应商收款账户",
            (
                plain("company", m.company),
                plain("开户行", m.one_of("中国工商银行鞍山分行", "鞍山银行铁东支行")),
                # A company's account: no card, and nobody's.
                Spec("收款账号", m.digits(15, "0704"), "", "bank_card"),
                name("财务联系人"),
                Spec("办公电话", m.landline, "landline"),
            ),
            few,
        ),
        Draft(
            "会议室预订",
            (
                plain("会议室", m.one_of("301", "三楼报告厅")),
                plain("预订时间", m.clock),
                Spec("预订人", m.sentence("{name} {mobile}", "{name}({mobile})", share=1.0), "person_name mobile"),
                plain("参会人数", m.number(2, 90)),
            ),
            few,
        ),
        Draft(
            "人大代表建议办理",
            (
                plain("建议编号", m.digits(4, "第")),
                plain(
                    "建议标题",
                    m.one_of("关于整治黄河路停车秩序的建议", "关于建设白云山步道的建议", "关于高新区增设公交的建议"),
                ),
                name("领衔代表"),
                name("附议代表", make=m.other_name, dirt="double"),
                plain("承办单位", m.agency),
                plain("答复日期", m.date()),
            ),
            few,
            shape="title preface",
        ),
        Draft(
            "劳动模范表彰名单",
            (
                serial(),
                name("获奖者", dirt="inner_space"),
                plain("推荐单位", m.company),
                plain("荣誉称号", m.one_of("市劳动模范", "五一劳动奖章")),
            ),
            few,
            shape="title",
            forms="docx xlsx html_in_xls",
        ),
        Draft(
            "建设工程五方责任主体",
            (
                plain("工程名称", m.one_of("翠湖名苑二期", "王石镇卫生院改造", "白云路管廊")),
                plain("建设单位", m.company),
                name("建设单位项目负责人"),
                name("总监理工程师", make=m.other_name),
                resident_id("负责人身份证号码", dirt="spaced"),
                plain("施工许可证号", m.digits(18)),
                plain("合同价（万元）", m.thousands()),
            ),
            few,
            shape="two_row title",
        ),
        Draft(
            "停车场充值流水",
            (
                plain("order_id", m.order_number),
                plain("trade_no", m.transaction),
                Spec("plate", m.plate, "plate", dirt="dotted"),
                plain("pay_time", m.stamp(14)),
                plain("amount", m.amount(1, 90)),
                Spec("phone", m.mobile, "mobile", empty=0.4),
            ),
            2000,
            styles="named",
        ),
        Draft(
            "货车通行证",
            (
                plain("通行证号", m.digits(10)),
                Spec("plate", m.plate, "plate", dirt="dotted full_width"),
                plain("company", m.company),
                name("驾驶人", dirt="padded"),
                mobile(dirt="double"),
                plain("通行路线", m.one_of("黄河路—白云路", "千山中路全线")),
            ),
            many,
            styles="any",
        ),
        Draft(
            "房屋租赁备案",
            (
                plain("备案号", m.contract),
                name("出租人"),
                resident_id("出租人证件号"),
                name("承租人", make=m.other_name),
                resident_id("承租人证件号", make=m.other_id),
                Spec("房屋地址", m.address, "home_address"),
                plain("租金", m.thousands()),
            ),
            many,
            styles="zh",
            forms="csv csv_gb18030 xlsx json",
        ),
    )


def all_masked(kind: str) -> m.Make:
    def make(row: Row) -> str:
        if kind == "name":
            return row.person.name[0] + "*" * (len(row.person.name) - 1)
        text = row.person.id if kind == "id" else row.person.mobile
        return text[:4] + "*" * (len(text) - 8) + text[-4:]

    return make


def _covered(few: int, many: int) -> tuple[Draft, ...]:
    # Masked on every row: nobody is named, though a surname is left.
    covered = Spec("姓名", all_masked("name"), "", "person_name")
    return (
        Draft(
            "交通违法公示_已脱敏",
            (
                covered,
                plain("证件号码", all_masked("id")),
                plain("联系电话", all_masked("mobile")),
                plain("违法行为", m.one_of("酒后驾驶", "超速50%以上")),
                plain("处理日期", m.date()),
            ),
            many,
        ),
        Draft(
            "创业补贴公示",
            (
                serial(),
                name("申请人", dirt="masked_few"),
                Spec("身份证号", all_masked("id")),
                plain("创业项目", m.one_of("白记烧烤", "云帆网络")),
                plain("amount", m.thousands()),
            ),
            few,
            shape="title total",
        ),
        Draft(
            "积分落户公示",
            (
                serial(),
                name(),
                Spec("证件号码", m.resident_id, "resident_id", dirt="masked_stars"),
                plain("积分", m.number(60, 150)),
                plain("用人单位", m.company),
            ),
            many,
            styles="any",
        ),
        Draft(
            "举报奖励发放",
            (
                Spec("举报人", m.name, "person_name", dirt="masked_so_and_so"),
                mobile(dirt="masked_stars"),
                plain("奖励金额", m.amount(100, 5000)),
                plain("案件编号", m.digits(16)),
            ),
            few,
        ),
    )


def both_axes(row: Row) -> Cell:
    lng, lat = m.home_place("lng")(row), m.home_place("lat")(row)
    text = f"{lng[0]},{lat[0]}"
    return m.of("coordinates", text)


def in_seconds(axis: str) -> m.Make:
    """Degrees, minutes and seconds, as a surveyor's device writes them."""

    def make(row: Row) -> Cell:
        value = float(m.home_place(axis)(row)[0])
        minutes = value % 1 * 60
        return m.of("coordinates", f"{int(value)}°{int(minutes)}′{minutes % 1 * 60:.2f}″")

    return make


def _bodies_and_beliefs(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "少数民族村居民信息",
            (
                name(),
                plain("nation", m.nation),
                Spec("信仰宗教", m.religion_of_some, "religion"),
                resident_id(),
                address(),
                plain("政治面貌", m.one_of("群众", "中共党员", "民进会员")),
            ),
            many,
        ),
        Draft(
            "宗教院校学员",
            (
                plain("学员编号", m.digits(8)),
                plain("sex", m.sex),
                plain("年龄", m.age),
                Spec("所属宗教", m.religion, "religion"),
                plain("籍贯", m.one_of("辽宁鞍山", "甘肃临夏")),
            ),
            few,
        ),
        Draft(
            "职业健康检查结果",
            (
                name(dirt="compound"),
                resident_id(),
                plain("用人单位", m.company),
                plain("工种", m.one_of(*words.JOBS)),
                plain("接触危害因素", m.one_of("粉尘", "噪声", "苯")),
                Spec(
                    "检查结论", m.medical("疑似尘肺病", "噪声聋", "目前未见异常", "双肺纹理增粗，建议复查"), "medical"
                ),
            ),
            many,
        ),
        Draft(
            "核酸检测登记",
            (
                name(),
                resident_id(dirt="full_width"),
                mobile(),
                plain("采样点", m.one_of("园林社区采样点", "市中心医院")),
                plain("采样时间", m.clock),
                Spec("检测结果", m.medical("阴性", "阳性"), "medical"),
            ),
            2000,
            styles="zh",
            forms="csv xlsx csv_bom tsv",
        ),
        Draft(
            "孕产妇保健手册",
            (
                plain("建册编号", m.digits(10)),
                name("孕妇姓名"),
                plain("年龄", m.number(20, 45)),
                Spec("高危因素", m.medical("妊娠期糖尿病", "瘢痕子宫", "重度贫血", "无高危因素"), "medical"),
                mobile("丈夫电话", make=m.other_mobile),
                Spec("产后休养地址", m.address, "home_address"),
            ),
            many,
        ),
        Draft(
            "网格入户走访定位",
            (
                name("走访户主"),
                Spec("定位", both_axes, "coordinates"),
                plain("走访时间", m.clock),
                Spec(
                    "走访情况",
                    m.sentence(
                        "{other}患{ill}，行动不便",
                        "家中无人，已电话联系{mobile}",
                        share=0.4,
                        other=("正常", "一切正常"),
                    ),
                    "medical mobile",
                    "person_name",
                ),
            ),
            many,
        ),
        Draft(
            "散居五保户住房测绘",
            (
                name("户主"),
                plain("village", m.village),
                Spec("东经", in_seconds("lng"), "coordinates"),
                Spec("北纬", in_seconds("lat"), "coordinates"),
                plain("建筑面积", m.amount(20, 90)),
            ),
            few,
        ),
        Draft(
            "学生体质健康测试",
            (
                Spec("学籍号", m.school_number, "resident_id", CARRIED),
                plain("sex", m.sex_code),
                Spec("学生出生日期", m.birth_of_child, "minor"),
                Spec("年级编号", m.one_of("11", "12", "13"), "", CARRIED),
                plain("身高", m.amount(110, 170)),
                plain("体重", m.amount(20, 70)),
                # Eyesight and lungs of a child are health data of the plainest kind, and no illness.
                Spec("左眼裸眼视力", m.one_of("4.8", "5.0", "5.1"), "", CARE),
                Spec("肺活量", m.number(900, 3000), "", CARE),
            ),
            2000,
            born=(2013, 2019),
        ),
        Draft(
            "留守儿童信息",
            (
                serial(),
                name("留守儿童姓名", also="minor"),
                resident_id("身份证号", may=CARRIED),
                name("父亲姓名", make=m.other_name, may=CARRIED),
                mobile("父亲手机", make=m.other_mobile, may=CARRIED),
                name("委托监护人", make=m.other_name, may=CARRIED),
                address("家庭住址"),
            ),
            few,
            born=(2013, 2020),
            shape="title two_row",
        ),
        Draft(
            "少年宫报名",
            (
                Spec("child_name", m.name, "person_name minor"),
                Spec("child_birthday", m.birth_of_child, "", CARRIED),
                Spec("guardian", m.other_name, "person_name", CARRIED),
                Spec("guardian_phone", m.other_mobile, "mobile", CARRIED),
                plain("course", m.one_of("绘画", "钢琴", "围棋")),
            ),
            many,
            born=(2014, 2020),
            forms="json csv ndjson xlsx",
        ),
    )


def some_mobile(row: Row) -> Cell:
    """Seven of a thousand remarks hold a number."""
    return (
        Cell("")
        if row.rng.random() > 0.01 and row.number not in (17, 29, 23)
        else Cell(f"请联系{row.person.mobile}", (("mobile", row.person.mobile),))
    )


def _thin(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "供热缴费明细",
            (
                plain("用户编号", m.account_number),
                plain("供热面积", m.amount(40, 200)),
                plain("应缴金额", m.thousands(900, 6000)),
                plain("缴费时间", m.stamp(14)),
                Spec("note", some_mobile, "mobile"),
            ),
            2000,
            styles="zh",
            forms="csv csv_gb18030 xlsx",
        ),
        Draft(
            "名单",
            (Spec("A", m.name, "person_name"), Spec("B", m.resident_id, "resident_id")),
            few,
            styles="none silent",
        ),
        Draft(
            "扫码登记",
            (
                plain("A", m.stamp(13)),
                Spec("B", m.mobile, "mobile"),
                Spec("C", m.name, "person_name", dirt="latin"),
                plain("D", m.amount(35, 38)),
            ),
            many,
            styles="none silent",
        ),
        Draft(
            "奖补资金",
            (
                plain("A", m.company),
                plain("B", m.credit_code),
                plain("C", m.thousands()),
                Spec("D", m.landline, "landline"),
            ),
            few,
            styles="none silent",
        ),
        Draft(
            "物资编码",
            (
                plain("A", m.product_code),
                plain("B", m.barcode),
                plain("C", m.code_with_date),
                plain("D", m.standard),
                plain("E", m.container),
            ),
            many,
            styles="none silent",
        ),
        Draft(
            "传感器",
            (
                plain("A", m.device_number),
                plain("B", m.card_serial),
                plain("C", m.stamp(10)),
                plain("D", m.stamp(17)),
                plain("E", m.change),
            ),
            2000,
            styles="none silent",
        ),
        Draft(
            "人员卡信息",
            (
                Spec("KH", m.bank_card, "bank_card", dirt="full_width"),
                Spec("RYBH", m.resident_id, "resident_id", dirt="padded"),
                plain("FKRQ", m.date()),
            ),
            many,
        ),
        Draft(
            "出入境证件办理",
            (
                plain("受理号", m.digits(15)),
                name("xm"),
                Spec("passport", m.passport, "passport"),
                plain("签发日期", m.date()),
                Spec("寄递地址", m.address, "home_address"),
                mobile("sjh"),
            ),
            many,
            styles="named",
        ),
        Draft(
            "导游人员",
            (
                name(dirt="latin"),
                plain("导游证号", m.product_code),
                plain("语种", m.one_of("普通话", "英语", "韩语")),
                plain("旅行社", m.company),
                mobile("phone", dirt="hidden_signs"),
            ),
            few,
        ),
        Draft(
            "志愿者注册",
            (
                plain("志愿者编号", m.digits(14)),
                name(dirt="minority"),
                Spec("email", m.email, "email"),
                Spec("微信/手机", m.mobile, "mobile", dirt="glued"),
                plain("服务时长", m.amount(0, 900)),
                Spec("证件", m.resident_id, "resident_id", dirt="glued"),
            ),
            many,
            styles="zh",
        ),
        Draft(
            "农机购置补贴",
            (
                plain("street", m.street),
                plain("village", m.village),
                name("购机者姓名", dirt="name_and_mobile"),
                plain("机具型号", m.product_code),
                plain("出厂编号", m.digits(11, "1")),
                plain("amount", m.thousands()),
                bank("社保卡卡号"),
            ),
            2000,
            shape="title unit preface",
        ),
    )


def _written(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "内部督办事项",
            (
                serial(),
                plain("督办事项", m.one_of("棚改", "防汛")),
                plain("责任单位", m.agency),
                Spec(
                    "note",
                    lambda row: (
                        m.of("secrecy_mark", row.pick("内部资料，不得公开", "仅供内部使用", "不得外传"))
                        if row.rng.random() < 0.3 or row.number < 3
                        else ""
                    ),
                    "secrecy_mark",
                ),
            ),
            few,
        ),
        Draft(
            "保密工作培训签到",
            (
                serial(),
                plain("培训内容", m.one_of("国家秘密范围与定密", "商业秘密保护", "机密级计算机管理要求解读")),
                plain("部门", m.one_of("保密办", "机要科", "保密局")),
                name("参训人员"),
            ),
            few,
        ),
        Draft(
            "服务器维护记录",
            (
                plain("IP", lambda row: f"10.{row.rng.randrange(99)}.0.{row.rng.randrange(1, 250)}"),
                plain("操作", m.one_of("重启", "修改密码策略", "更换证书")),
                Spec(
                    "note",
                    lambda row: (
                        m.of(
                            "credential",
                            row.pick(
                                f"root密码:Rt@{row.rng.randrange(10**5, 10**6)}",
                                f"jdbc:mysql://10.1.1.8/db?user=app&password=Pw{row.rng.randrange(10**5, 10**6)}",
                                f"用户名admin 密码Adm#{row.rng.randrange(10**4, 10**5)}",
                            ),
                        )
                        if row.rng.random() < 0.4 or row.number < 4
                        else "无"
                    ),
                    "credential",
                ),
            ),
            few,
        ),
        Draft(
            "法律援助案件",
            (
                plain("案号", m.digits(10)),
                name("受援人"),
                Spec(
                    "案情摘要",
                    m.sentence(
                        "受援人{name}（身份证号{id}）与用人单位劳动争议",
                        "{name}因交通事故致残，{address}居住",
                        share=0.7,
                        other=("咨询离婚", "追索劳动报酬"),
                    ),
                    "person_name resident_id home_address",
                ),
                name("承办律师", make=m.other_name),
                plain("结案日期", m.date()),
            ),
            few,
        ),
        Draft(
            "领导信箱回复",
            (
                plain("信件标题", m.one_of("供暖温度不达标", "高新区公交太少", "关于王家村修路")),
                Spec(
                    "信件内容",
                    m.sentence(
                        "您好，我是{name}，我家住{address}，屋里不热，我的电话{mobile}",
                        "我叫{name}，孩子上学问题请帮忙，邮箱{mail}",
                        share=0.6,
                        other=("建议增加路灯", "感谢王石镇政府"),
                    ),
                    "person_name mobile home_address",
                    "email",
                ),
                plain("回复内容", m.one_of("您好，已转铁东区办理，请拨打12345咨询。", "感谢您的关注。")),
                plain("回复日期", m.date()),
            ),
            many,
            forms="csv json xlsx xml",
        ),
    )

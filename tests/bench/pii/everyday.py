"""Tables with the headers and habits of many offices: roles for names, numbering under the header, things in things."""

from __future__ import annotations

import json
from random import Random

from . import bodies, words
from . import makers as m
from .drafts import Cell, Draft, Make, Row, Spec
from .persons import CARRIED, address, bank, mobile, name, plain, resident_id, serial


def tables(rng: Random) -> list[Draft]:
    few, many = rng.randrange(8, 120), rng.randrange(200, 900)
    return [draft for make in (_roles, _states, _inside, _secrets, _clean) for draft in make(few, many)]


ROLES = words.words_of(
    "户主 收件人 主治医师 委托代理人 执法人员 主讲人 村书记 院长 班主任 项目负责人 法人 报案人 押运员 "
    "主要负责人 检查人员 投保人 被保险人 受益人 权属人 申报人 安全员 河长姓名 网格长 驻村干部 船主 承包人"
)
SUBJECTS = words.words_of("河道巡查 承包地确权 农业保险 校车运行 林权登记 渔船检验")


def several(row: Row) -> Cell:
    people = [row.person.name, *(bodies.name(row.rng, row.person.male) for _ in range(row.rng.randrange(2, 6)))]
    return Cell(row.pick("、", " ", "，", "\n").join(people), tuple(("person_name", one) for one in people))


def and_others(row: Row) -> Cell:
    text = row.person.name + row.pick("等3人", "等5户", "（组长）", "，男，汉族", " 女")
    return Cell(text, (("person_name", row.person.name),))


def _two_roles(subject: str, first: str, second: str, rows: int) -> Draft:
    columns = (
        serial(),
        plain("事项", m.one_of("巡查", "备案", "登记")),
        name(first),
        plain("amount", m.amount()),
        name(second, make=m.other_name),
        plain("date", m.date()),
    )
    return Draft(f"{subject}登记簿", columns, rows)


def _roles(few: int, many: int) -> tuple[Draft, ...]:
    roles = [_two_roles(*each, few) for each in zip(SUBJECTS, ROLES[::4], ROLES[2::4], strict=False)]
    return (
        *roles,
        Draft(
            "课题组成员",
            (
                plain("课题名称", m.one_of("城市更新研究", "菱镁产业升级路径")),
                name("课题负责人"),
                Spec("成员", several, "person_name"),
                plain("立项编号", m.contract),
            ),
            few,
        ),
        Draft(
            "获奖作品",
            (
                plain("作品名称", m.one_of("春到千山", "白云深处", "高炉之歌", "金色年华")),
                Spec("获奖人员", and_others, "person_name"),
                plain("奖项", m.one_of("一等奖", "优秀奖")),
            ),
            few,
        ),
        Draft(
            "工资发放统计表",
            (
                serial(),
                name(),
                bank("工资卡"),
                plain("基本工资", m.thousands(2000, 9000)),
                plain("实发", m.thousands(2000, 9000)),
            ),
            few,
            shape="title unit numbering total",
        ),
        Draft(
            "救灾物资发放签收",
            (
                serial(),
                plain("village", m.village),
                name("领取人"),
                resident_id(),
                plain("大米(kg)", m.number(5, 50)),
                mobile(empty=0.3),
            ),
            many,
            shape="title two_row numbering",
        ),
        Draft(
            "社区矫正对象",
            (
                name(dirt="compound"),
                resident_id(),
                address("矫正地址"),
                plain("罪名", m.one_of("危险驾驶罪", "盗窃罪")),
                mobile("本人手机"),
                name("矫正小组长", make=m.other_name),
            ),
            few,
            shape="blanks",
        ),
        Draft(
            "不动产抵押登记",
            (
                plain("不动产单元号", m.estate_unit),
                name("抵押人", dirt="double"),
                Spec("抵押权人", m.one_of("鞍山银行", "中国建设银行鞍山分行")),
                resident_id("抵押人证件号", dirt="double"),
                plain("债权数额", m.thousands()),
            ),
            many,
        ),
    )


def _states(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "村民健康档案",
            (
                name(),
                plain("sex", m.sex),
                plain("年龄", m.age),
                Spec("健康状况", m.medical("良好", "一般", "高血压", "瘫痪", "患有慢性病"), "medical"),
                plain("文化程度", m.one_of("小学", "初中")),
            ),
            many,
        ),
        Draft(
            "工伤认定决定",
            (
                plain("文号", m.document),
                name("职工姓名"),
                plain("company", m.company),
                Spec("受伤部位及诊断", m.medical("左手食指末节骨折", "腰部软组织挫伤", "双眼电光性眼炎"), "medical"),
                plain("认定日期", m.date()),
            ),
            few,
        ),
        Draft(
            "劳动能力鉴定",
            (
                name(),
                resident_id(),
                Spec("伤残情况", m.medical("右前臂缺失", "颅脑损伤术后", "尘肺贰期"), "medical"),
                plain("结论等级", m.one_of("三级", "七级", "十级")),
            ),
            few,
        ),
        Draft(
            "长期护理保险",
            (
                name(),
                resident_id(),
                Spec("失能原因", m.medical("脑卒中", "阿尔茨海默病", "高位截瘫"), "medical"),
                address("护理地址"),
                mobile("家属电话", make=m.other_mobile),
            ),
            many,
        ),
        Draft(
            "少儿舞蹈考级",
            (
                name(may="minor"),
                Spec("年龄", lambda row: str(2026 - row.person.birth.year), "", CARRIED),
                Spec("家长姓名", m.other_name, "person_name minor"),
                mobile("家长手机", make=m.other_mobile, may=CARRIED),
                plain("级别", m.one_of("一级", "二级")),
            ),
            few,
            born=(2015, 2020),
        ),
        Draft(
            "清真食品从业人员",
            (
                name(dirt="minority"),
                plain("nation", m.one_of("回族", "维吾尔族")),
                Spec("宗教信仰情况", m.religion, "religion"),
                mobile(),
            ),
            few,
        ),
    )


def packed(row: Row) -> Cell:
    """A record in a cell, as systems log it."""
    text = json.dumps({"name": row.person.name, "phone": row.person.mobile, "channel": "wx"}, ensure_ascii=False)
    return Cell(text, (("person_name", row.person.name), ("mobile", row.person.mobile)))


def called_back(row: Row) -> Cell:
    return Cell(f"http://api.example.gov.cn/sms?to={row.person.mobile}&tpl=3", (("mobile", row.person.mobile),))


def _inside(few: int, many: int) -> tuple[Draft, ...]:
    return (
        # The names inside are in JSON in a cell: a line of text with a key for a cue.
        Draft(
            "接口日志",
            (
                plain("request_id", m.digits(16)),
                Spec("ext_info", packed, "mobile", "person_name"),
                plain("ts", m.stamp(13)),
                plain("status", m.one_of("200", "500")),
            ),
            many,
            forms="csv tsv ndjson",
        ),
        Draft(
            "短信回调",
            (plain("id", m.serial), Spec("callback_url", called_back, "mobile"), plain("time", m.clock)),
            many,
            forms="csv json tsv",
        ),
        Draft(
            "微信群接龙",
            (
                plain("序", m.serial),
                Spec(
                    "接龙内容",
                    m.sentence("{name} {mobile}", "{name}，{address}，{mobile}", "{name}{mobile}", share=1.0),
                    "person_name mobile",
                    "home_address",
                ),
            ),
            few,
        ),
        Draft(
            "银行代发失败明细",
            (
                plain("批次号", m.order_number),
                name("户名"),
                bank("账号", dirt="spaced"),
                plain("金额", m.thousands()),
                plain("失败原因", m.one_of("户名不符", "账户冻结")),
            ),
            many,
        ),
        Draft(
            "车辆违停抄告",
            (
                plain("违停时间", m.clock),
                Spec("违停车辆", m.plate, "plate", dirt="glued"),
                plain("路段", m.one_of(*words.ROADS)),
                plain("抓拍设备", m.device_number),
            ),
            many,
        ),
        Draft(
            "访客登记",
            (
                plain("来访时间", m.clock),
                name("来访人"),
                resident_id("有效证件", dirt="masked_few"),
                Spec("车牌", m.plate, "plate", empty=0.6),
                mobile("电话"),
                Spec("被访人", m.other_name, "person_name"),
                plain("事由", m.one_of("办事", "送文件")),
            ),
            many,
        ),
        Draft(
            "境外人员住宿登记",
            (
                name(
                    "英文姓名",
                    make=lambda row: m.of(
                        "person_name",
                        f"{row.rng.choice(words.LATIN_FAMILY).upper()} {row.rng.choice(words.LATIN_GIVEN).upper()}",
                    ),
                ),
                plain("国籍", m.one_of("韩国", "日本", "俄罗斯")),
                Spec("护照号码", foreign_passport, "passport"),
                plain("入住日期", m.date()),
                plain("房号", m.number(201, 999)),
            ),
            few,
        ),
    )


def foreign_passport(row: Row) -> Cell:
    text = row.pick("M{}", "K{}", "{}", "AB{}", "TR{}").format(bodies.digits(row.rng, 8))
    return m.of("passport", text[:9])


def _secrets(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "账号开通清单",
            (
                plain("单位", m.agency),
                plain("用户名", m.digits(4, "as")),
                Spec(
                    "初始密码",
                    lambda row: m.of("credential", f"{row.pick('As', 'Zw')}{row.rng.randrange(10**5, 10**6)}"),
                    "credential",
                ),
                name("使用人"),
                plain("角色", m.one_of("编辑", "审核")),
            ),
            few,
        ),
        Draft(
            "云资源密钥",
            (
                plain("资源", m.one_of("OSS", "短信")),
                Spec(
                    "AccessKey",
                    lambda row: m.of(
                        "credential", "LTAI5t" + "".join(row.rng.choices("ABCDEFGHJKabcdefghjk23456789", k=18))
                    ),
                    "credential",
                ),
                Spec(
                    "Secret",
                    lambda row: m.of("credential", "".join(row.rng.choices("ABCDEFGHJKabcdefghjk23456789", k=30))),
                    "credential",
                ),
                plain("区域", m.one_of("北京", "上海")),
            ),
            few,
            forms="csv xlsx json",
        ),
        Draft(
            "文件定密登记",
            (
                plain("文件标题", m.one_of("年度工作要点", "专项预案")),
                Spec(
                    "定密",
                    lambda row: m.of("secrecy_mark", row.pick("秘密★5年", "机密★10年", "绝密★长期")),
                    "secrecy_mark",
                ),
                plain("承办人处室", m.one_of("办公室", "综合处")),
            ),
            few,
        ),
    )


def _clean(few: int, many: int) -> tuple[Draft, ...]:
    shops: Make = m.shop
    return (
        Draft(
            "政府信息公开目录",
            (
                plain("索引号", m.digits(14, "")),
                plain("信息名称", m.one_of("预算公开", "机构职能", "人事任免办法")),
                plain("公开属性", m.one_of("主动公开", "依申请公开", "不予公开")),
                plain("不予公开理由", m.one_of("", "国家秘密", "商业秘密", "个人隐私")),
                plain("发文字号", m.document),
            ),
            many,
        ),
        Draft(
            "restaurants",
            (
                plain("=name", shops),
                plain("=address", m.company_address),
                plain("=phone", m.hotline),
                plain("lng", m.office_place("lng")),
                plain("lat", m.office_place("lat")),
                plain("score", m.amount(1, 5)),
                plain("=email", m.one_of("")),
            ),
            many,
            forms="csv json ndjson xlsx",
        ),
        Draft(
            "products",
            (
                plain("id", m.serial),
                plain("=name", m.one_of(*words.DISHES, "黄桃罐头", "金针菇")),
                plain("brand", m.one_of(*words.BRANDS)),
                plain("color", m.one_of(*words.COLOURS)),
                plain("sku", m.product_code),
                plain("price", m.amount()),
            ),
            many,
            forms="csv json tsv",
        ),
        Draft(
            "公开招聘岗位",
            (
                plain("岗位代码", m.digits(9)),
                plain("招聘单位", m.agency),
                plain("岗位名称", m.one_of(*words.JOBS)),
                plain("学历要求", m.one_of("本科及以上", "大专")),
                plain("专业要求", m.one_of("临床医学", "护理学", "宗教学", "密码学")),
                plain(
                    "年龄",
                    m.one_of(
                        "35周岁以下",
                    ),
                ),
                Spec("咨询电话", m.landline, "landline"),
            ),
            few,
            shape="title numbering",
        ),
        Draft(
            "体检项目价格",
            (
                plain("项目", m.one_of("肝功能", "乙肝五项", "心电图", "HIV抗体")),
                plain("编码", m.digits(9)),
                plain("价格", m.amount(5, 300)),
                plain("适用人群", m.one_of("儿童", "孕妇", "老年人")),
            ),
            few,
        ),
        Draft(
            "路灯杆号",
            (
                plain("杆号", m.counted_serial(15800000000)),
                plain("道路", m.one_of(*words.ROADS)),
                plain("x", m.office_place("lng")),
                plain("y", m.office_place("lat")),
                plain("功率", m.number(60, 400)),
            ),
            many,
            styles="zh",
        ),
        Draft(
            "地震台站观测",
            (
                plain("台站", m.one_of("岫岩", "海城", "牌楼")),
                plain("发震时刻", m.stamp(17)),
                plain("经度", m.office_place("lng")),
                plain("纬度", m.office_place("lat")),
                plain("震级", m.amount(0, 4)),
                plain("残差", m.change),
            ),
            many,
            styles="named",
        ),
        Draft(
            "公园座椅认捐",
            (
                plain("座椅编号", m.digits(6)),
                plain("认捐单位", m.company),
                plain("寄语", m.one_of("祝家乡越来越好", "万事如意", "平安健康", "阖家幸福")),
                plain("认捐金额", m.thousands()),
            ),
            few,
        ),
        Draft(
            "车位销售",
            (
                plain("车位号", lambda row: f"辽{row.rng.choice('ABC')}区{row.rng.randrange(1, 999):03}"),
                plain("楼盘", m.one_of(*words.ESTATES)),
                plain("面积", m.amount(10, 16)),
                plain("备案价", m.thousands(50_000, 200_000)),
            ),
            few,
        ),
    )

"""Tables that catch whoever reads headers alone, or values alone."""

from __future__ import annotations

from random import Random

from . import bodies, words
from . import makers as m
from .drafts import Cell, Draft, Row, Spec
from .persons import CARRIED, address, bank, mobile, name, plain, resident_id, serial


def tables(rng: Random) -> list[Draft]:
    few, many = rng.randrange(8, 120), rng.randrange(200, 900)
    return [draft for make in (_crying, _joined, _official, _homonyms) for draft in make(few, many)]


def _crying(few: int, many: int) -> tuple[Draft, ...]:
    """Headers that cry wolf over figures and words."""
    return (
        Draft(
            "窗口业务量统计",
            (
                plain("district", m.district),
                plain("身份证办理量", m.number(10, 900)),
                plain("护照办理量", m.number(10, 900)),
                plain("银行卡申领数", m.number(1, 90)),
                plain("手机号变更数", m.number(1, 90)),
                plain("户籍地址变更", m.number(1, 90)),
                plain("新生儿姓名登记数", m.number(1, 90)),
            ),
            few,
            shape="title total",
        ),
        Draft(
            "办事材料清单",
            (
                plain(
                    "事项名称",
                    m.one_of("居民身份证申领", "护照签发", "宗教活动场所登记", "未成年人入户", "银行开户许可"),
                ),
                plain("材料名称", m.one_of("身份证复印件", "户口簿", "学生证", "病历或诊断证明", "银行卡复印件")),
                plain("是否需要身份证", m.one_of("是", "否")),
                plain("份数", m.number(1, 4)),
                plain("联系电话填写要求", m.one_of("填写11位手机号", "填写固定电话")),
            ),
            few,
        ),
        Draft(
            "移动用户发展情况",
            (
                plain("手机号码归属地", m.one_of("辽宁鞍山", "辽宁沈阳")),
                plain("号段", m.digits(4, "139")),
                plain("手机品牌", m.one_of(*words.BRANDS)),
                plain("电话用户数", m.thousands()),
                plain("邮箱容量(MB)", m.number(100, 9000)),
                plain("密码错误次数", m.number(0, 9)),
            ),
            few,
        ),
        Draft(
            "信息项目录",
            (
                plain(
                    "信息项名称",
                    m.one_of("姓名", "身份证号码", "联系电话", "家庭住址", "银行账号", "疾病名称", "宗教信仰"),
                ),
                plain("数据类型", m.one_of("字符型C", "数值型N", "日期型D")),
                plain("数据长度", m.number(1, 200)),
                plain("是否主键", m.one_of("是", "否")),
                plain("脱敏规则", m.one_of("身份证号保留前6后4", "手机号中间四位掩码", "不脱敏")),
                plain("样例", m.one_of("张三", "李四", "", "某某")),
            ),
            many,
        ),
        Draft(
            "抽样核验结果",
            (
                plain("身份证后六位", lambda row: row.person.id[-6:]),
                plain("手机尾号", m.digits(4)),
                plain("出生年份", lambda row: str(row.person.birth.year)),
                plain("核验结果", m.one_of("一致", "不一致")),
            ),
            many,
        ),
        Draft(
            "学校基本情况",
            (
                plain("学校", m.school),
                plain("在校学生", m.number(100, 2000)),
                plain("其中留守儿童", m.number(0, 90)),
                plain("残疾学生", m.number(0, 9)),
                plain("一年级班数", m.number(1, 9)),
                plain("学生近视率", m.change),
                plain("疫苗接种率", m.amount(90, 100)),
            ),
            few,
            shape="title unit total",
        ),
        Draft(
            "传染病月报",
            (
                plain("病种", m.one_of("肺结核", "乙肝", "梅毒", "艾滋病", "流感")),
                plain("发病数", m.number(0, 900)),
                plain("死亡数", m.number(0, 9)),
                plain("发病率(1/10万)", m.amount(0, 90)),
                plain("报告医院", m.hospital),
            ),
            few,
            shape="title total",
        ),
        Draft(
            "医保药品目录",
            (
                plain("药品名称", m.one_of(*words.DRUGS)),
                plain("适应症", m.one_of(*words.DISEASES)),
                plain("剂型", m.one_of("片剂", "注射剂")),
                plain("国药准字", m.digits(8, "国药准字H")),
                plain("支付标准", m.amount(1, 300)),
            ),
            many,
        ),
        Draft(
            "宗教事务许可事项",
            (
                plain("事项", m.one_of("设立宗教活动场所审批", "大型宗教活动审批")),
                plain("宗教类别", m.one_of(*words.RELIGIONS)),
                plain("办理时限", m.number(5, 30)),
                plain("受理机构", m.agency),
            ),
            40,
        ),
        Draft(
            "门牌标准地址库",
            (
                plain("标准地址", m.company_address),
                plain("门牌编码", m.digits(18, "")),
                plain("x", m.office_place("lng")),
                plain("y", m.office_place("lat")),
                plain("用途", m.one_of("商铺", "办公", "厂房")),
            ),
            2000,
            styles="zh",
        ),
        Draft(
            "景区讲解词",
            (
                plain("景点", m.one_of("仙人台", "五佛顶", "玉佛阁")),
                plain("别名", m.one_of("大安", "香岩", "黄云", "白雪", "龙泉")),
                plain("海拔", m.number(100, 700)),
                plain("简介", m.one_of("相传丁令威在此化鹤", "康熙皇帝东巡时登临此处", "始建于唐代，明代重修")),
            ),
            few,
        ),
    )


def with_id(row: Row) -> Cell:
    text = row.pick("{}（{}）", "{} {}", "{}/{}", "{}，身份证号{}").format(row.person.name, row.person.id)
    return Cell(text, (("person_name", row.person.name), ("resident_id", row.person.id)))


def with_phone(row: Row) -> Cell:
    number, kind = (row.person.mobile, "mobile") if row.rng.random() < 0.7 else (bodies.landline(row.rng), "landline")
    return Cell(
        row.pick("{} {}", "{}{}", "{}：{}", "{}\n{}").format(row.person.name, number),
        (("person_name", row.person.name), (kind, number)),
    )


def _joined(few: int, many: int) -> tuple[Draft, ...]:
    """Several things in a cell, or in every cell."""
    return (
        Draft(
            "项目联系人一览",
            (
                plain("项目名称", m.one_of("棚户区改造", "大孤山绿道", "白云小学扩建")),
                Spec("联系人及电话", with_phone, "person_name mobile landline"),
                plain("投资额", m.thousands()),
            ),
            few,
            styles="zh",
        ),
        Draft(
            "当事人信息",
            (
                plain("案由", m.one_of("买卖合同纠纷", "离婚纠纷")),
                Spec("原告", with_id, "person_name resident_id"),
                Spec("被告", m.other_name, "person_name", dirt="double"),
                plain("受理日期", m.date()),
            ),
            many,
        ),
        Draft(
            "收货地址导出",
            (
                plain("订单号", m.order_number),
                Spec(
                    "收货地址",
                    lambda row: Cell(
                        f"{row.person.address} {row.person.mobile}",
                        (("home_address", row.person.address), ("mobile", row.person.mobile)),
                    ),
                    "home_address mobile",
                ),
                name("收货人"),
            ),
            many,
        ),
        Draft(
            "用户表_df",
            (
                plain("", m.serial),
                Spec("user_name", m.name, "person_name"),
                Spec("mobile_no", m.mobile, "mobile", dirt="float_text"),
                Spec("cert_no", m.resident_id, "resident_id"),
                plain("create_time", m.clock),
                plain("is_deleted", m.one_of("0", "1")),
            ),
            many,
            forms="csv csv_unix tsv",
        ),
        Draft(
            "值班安排表",
            (
                plain("日期", m.date(2026, 2026)),
                Spec("带班领导", m.name, "person_name"),
                Spec("值班人员", m.other_name, "person_name", dirt="double"),
                Spec("值班电话", m.landline, "landline"),
                Spec("手机", m.mobile, "mobile", dirt="grouped"),
            ),
            few,
            shape="title",
        ),
        Draft(
            "家庭成员信息",
            (
                plain("户号", m.digits(9)),
                name("成员姓名"),
                plain("与户主关系", m.one_of("户主", "配偶", "子", "女", "母亲")),
                resident_id(dirt="spaced", may="minor"),
                mobile(empty=0.6),
                Spec(
                    "家庭住址及电话",
                    lambda row: Cell(
                        f"{row.person.address}，电话{row.person.mobile}",
                        (("home_address", row.person.address), ("mobile", row.person.mobile)),
                    ),
                    "home_address mobile",
                ),
            ),
            many,
            born=(1940, 2024),
        ),
        Draft(
            "宽表",
            (
                name(),
                *[plain(f"指标{number}", m.one_of("", "", "", "1")) for number in range(1, 60)],
                mobile("联系电话"),
                *[plain(f"备用{number}", m.one_of("")) for number in range(1, 30)],
                resident_id("证照号"),
            ),
            few,
            styles="zh",
            forms="csv xlsx xls csv_gb18030",
        ),
    )


def _official(few: int, many: int) -> tuple[Draft, ...]:
    """Other papers whose number is the resident ID."""
    return (
        Draft(
            "社会保险参保人员",
            (
                name(),
                resident_id("社会保障号码"),
                plain("个人编号", m.digits(10)),
                plain("单位名称", m.company),
                plain("缴费基数", m.thousands(3000, 20_000)),
                bank("社保卡银行账号", dirt="spaced"),
            ),
            2000,
            styles="zh",
        ),
        Draft(
            "驾驶人记分",
            (
                name("驾驶人"),
                resident_id("驾驶证号"),
                plain("档案编号", m.digits(6, "210300")),
                plain("准驾车型", m.one_of("C1", "B2", "A2")),
                plain("累积记分", m.number(0, 12)),
            ),
            many,
        ),
        Draft(
            "新就业形态劳动者",
            (
                name("骑手姓名"),
                resident_id("账号"),
                mobile("登录名"),
                plain("所属平台", m.one_of("平台甲", "平台乙")),
                Spec("电动车号牌", m.digits(6, "鞍"), "", "plate"),
            ),
            many,
        ),
        Draft(
            "港澳通行签注",
            (
                name("xm"),
                Spec("zjhm", m.digits(8, "C"), "", "passport"),
                plain("qzzl", m.one_of("个人旅游", "探亲")),
                mobile("sjhm"),
                plain("slrq", m.date()),
            ),
            few,
        ),
        Draft(
            "道路运输车辆",
            (
                Spec("车牌号码", truck_plate, "plate"),
                plain("道路运输证号", m.digits(12, "2103")),
                plain("业户名称", m.company),
                plain("吨位", m.amount(1, 40)),
                plain(
                    "车辆识别代号",
                    lambda row: "LZZ" + "".join(row.rng.choices("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", k=14)),
                ),
            ),
            many,
            styles="any",
        ),
        Draft(
            "计划生育特殊家庭扶助",
            (
                serial(),
                name("扶助对象"),
                resident_id("公民身份号码", dirt="apostrophe"),
                Spec("户籍地", m.address, "home_address"),
                plain("扶助类别", m.one_of("独生子女死亡", "独生子女伤残")),
                bank("存折账号"),
                plain("amount", m.amount(300, 900)),
            ),
            few,
            shape="title note",
        ),
        Draft(
            "医疗救助台账",
            (
                name("患者"),
                resident_id("医保编号"),
                Spec("病情", m.medical(*words.DISEASES), "medical"),
                plain("住院医院", m.hospital),
                plain("救助金额", m.thousands()),
                address("居住地"),
            ),
            many,
        ),
        Draft(
            "戒毒康复人员管控",
            (
                name(dirt="masked_few"),
                Spec("户籍地详址", m.address, "home_address"),
                Spec("吸毒史", m.medical("海洛因8年", "冰毒3年", "氯胺酮2年"), "", "medical"),
                name("帮教责任人", make=m.other_name),
                mobile("帮教人电话", make=m.other_mobile),
            ),
            few,
        ),
        Draft(
            "教会信徒登记",
            (
                name(),
                plain("sex", m.sex),
                Spec("受洗日期", m.date(1980, 2020), "", "religion"),
                Spec("信仰", m.religion, "religion"),
                mobile(dirt="hidden_signs"),
            ),
            few,
        ),
        Draft(
            "中学毕业生去向",
            (
                name("毕业生", may="minor"),
                Spec("毕业班级", m.one_of("九年一班", "九年二班"), "", CARRIED),
                plain("录取学校", m.one_of("鞍山一中", "鞍钢高中")),
                resident_id(may="minor"),
                name("班主任", make=m.other_name),
            ),
            many,
            born=(2010, 2011),
        ),
    )


def truck_plate(row: Row) -> Cell:
    return m.of("plate", f"辽C{bodies.digits(row.rng, 4)}{row.pick('挂', '学', row.pick(*'ABCDEF'))}")


ROLES_WITHOUT_NAMES = (
    "监护人向户口所在地公安机关申报",
    "任何单位或者个人都有权举报，举报人员都应受到保护",
    "申请人应当提交身份证原件，委托代理人须持授权书",
    "法定代表人于三十日内申请变更登记",
    "负责人和联系人从业经历证明",
    "当事人可在六十日内申请复议，利害关系人及家属可以旁听",
    "户主时间不便的，由家庭成员代办",
    "联系人：由受理窗口指定；联系电话：以公告为准",
    "患者和家属应当配合流行病学调查",
)
"""A role and then a word that begins as a family name does."""


def _homonyms(few: int, many: int) -> tuple[Draft, ...]:
    """Words that begin with a surname."""
    return (
        Draft(
            "古树名木",
            (
                plain(
                    "树种",
                    m.one_of(
                        "黄檗",
                        "白榆",
                        "国槐",
                        "金钱松",
                        "华山松",
                        "高山柏",
                        "梅花",
                        "桂花",
                        "石榴",
                        "水曲柳",
                        "杜松",
                        "康定柳",
                    ),
                ),
                plain("编号", m.digits(11, "2103")),
                plain("树龄", m.number(100, 900)),
                plain("经度", m.office_place("lng")),
                plain("纬度", m.office_place("lat")),
                plain("管护单位", m.agency),
            ),
            many,
        ),
        Draft(
            "农产品价格",
            (
                plain(
                    "品种",
                    m.one_of(
                        "黄瓜",
                        "白菜",
                        "金枪鱼",
                        "石斑鱼",
                        "马铃薯",
                        "余甘子",
                        "熊掌豆",
                        "韭菜",
                        "高粱",
                        "毛豆",
                        "安格斯",
                        "史豆",
                    ),
                ),
                plain("产地", m.short_place),
                plain("均价", m.amount(1, 60)),
                plain("涨跌", m.change),
            ),
            2000,
            styles="zh",
        ),
        Draft(
            "非遗项目",
            (
                plain(
                    "项目名称",
                    m.one_of(
                        "岫岩玉雕",
                        "海城高跷",
                        "鞍山评书",
                        "千山寺庙音乐",
                        "牛庄馅饼",
                        "于氏正骨",
                        "金家皮影",
                        "白氏剪纸",
                    ),
                ),
                plain("类别", m.one_of("传统技艺", "民间文学")),
                name("代表性传承人"),
                plain("保护单位", m.agency),
            ),
            few,
        ),
        Draft(
            "道路名称含义",
            (
                plain("道路", m.one_of("孟泰路", "雷锋路", "王崇伦路", "鲁迅街", "中山路")),
                plain("命名缘由", m.one_of("以劳动模范命名", "以姓氏聚落命名", "沿用旧称")),
                plain("里程", m.amount(1, 20)),
            ),
            few,
        ),
        Draft(
            "车身颜色统计",
            (
                plain("颜色", m.one_of(*words.COLOURS)),
                plain("品牌", m.one_of(*words.BRANDS)),
                plain("数量", m.number(1, 9000)),
            ),
            few,
            styles="silent none",
        ),
        Draft(
            "职业工种目录",
            (
                plain(
                    "职业编码",
                    lambda row: (
                        f"{row.rng.randrange(1, 8)}-{row.rng.randrange(1, 30):02}-{row.rng.randrange(1, 30):02}"
                    ),
                ),
                plain(
                    "职业名称",
                    m.one_of(
                        "钳工",
                        "车工",
                        "焊工",
                        "金工",
                        "石匠",
                        "施工员",
                        "安全员",
                        "管道工",
                        "水工",
                        "查验员",
                        "海员",
                        "丁基橡胶工",
                    ),
                ),
                plain("等级", m.one_of("高级工", "技师")),
            ),
            many,
            styles="silent none",
        ),
        Draft(
            "天气现象",
            (
                plain("站点", m.short_place),
                plain("现象", m.one_of("雷雨", "霜", "晴", "高温", "寒潮", "白露", "黄沙", "温和")),
                plain("气温", m.change),
                plain("时间", m.stamp(10)),
            ),
            many,
            styles="named",
        ),
        Draft(
            "行政区简表",
            (plain("A", m.short_place), plain("B", m.number(10, 900)), plain("C", m.amount(1, 900))),
            few,
            styles="none silent",
        ),
        Draft(
            "药膳配方",
            (plain("A", m.one_of(*words.HERBS)), plain("B", m.one_of(*words.DISHES)), plain("C", m.number(1, 60))),
            few,
            styles="none silent",
        ),
        Draft(
            "办事指南要点",
            (
                plain("事项", m.one_of("户口登记", "民用爆炸物品许可", "测绘成果使用审批")),
                plain("说明", m.one_of(*ROLES_WITHOUT_NAMES)),
                plain("开放条件", m.one_of("申请人依申请开放", "利用人应当签订协议", "经办人向主管部门提出", "无")),
                plain(
                    "保密要求",
                    m.one_of("涉及国家秘密的不予办理", "需要利用属于国家秘密的测绘成果", "为举报人保密", "无"),
                ),
            ),
            many,
        ),
    )

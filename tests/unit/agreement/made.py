"""Facts of agreements that the tests make: nobody's names, codes with valid check digits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

from ckanext.anshan.access.rules import Filter, Kind, Method
from ckanext.anshan.agreement import rules, templates
from ckanext.anshan.agreement.rules import Column, Dataset, Facts, Holder, Party, Side, Signature

AGENCY = Party("鞍山市交通运输局", "11210300001234567A")
COMPANY = Party("辽宁示例数据科技有限公司", "91210300MA0EXAMPL4", Holder.ORGANIZATION)
PERSON = Party("王某某", "2103**********001X", Holder.PERSON)

STOPS = Dataset(
    title="公交线路站点客流量",
    name="anshan-bus-stop-flow",
    version="3",
    agency=AGENCY.name,
    methods=(Method.DOWNLOAD, Method.API),
    tables=("站点客流_2026.csv",),
    columns=(Column("line_no", "线路编号"), Column("stop_name", "站点名称"), Column("rksl", "入口数量")),
    rows=(Filter("区县", ("铁东区", "铁西区")),),
    period="2026年1月至6月",
    aggregates=True,
    daily_quota=1000,
)
OPENING = Facts(
    number="SQ-2026-000123",
    kind=Kind.OPENING,
    agency=AGENCY,
    holders=(COMPANY,),
    datasets=(STOPS,),
    basis="《中华人民共和国数据安全法》第四十三条；与市公共交通企业签订的运营优化服务合同",
    purpose="研究早晚高峰客流分布，优化公交线路和发车间隔",
    product="公交线网优化分析报告和内部辅助决策系统",
    retention="存放于本单位机房的加密磁盘，期满后保存 30 日",
    safeguards=("专人管理账号，双因素登录", "数据加密存储，访问留痕"),
    starts=date(2026, 12, 1),
    ends=date(2027, 11, 30),
    destruction_days=30,
    report_months=6,
    portal="鞍山市公共数据开放平台",
    bureau="鞍山市数据局",
    requirements=("符合网络安全等级保护第二级要求",),
    conditions=("成果公开前报甲方备案",),
)
SHARING = replace(OPENING, kind=Kind.SHARING, holders=(Party("鞍山市应急管理局", "11210300007654321B"),))


def document(facts: Facts = OPENING) -> dict[str, Any]:
    made = rules.build(templates.current(facts.kind), facts)
    assert isinstance(made, dict)
    return made


def large() -> Facts:
    """Five datasets of 60 columns with long names, two applicants."""
    title = (
        "鞍山市城市轨道与地面公共交通换乘客流、站点设施设备运行状态及沿线人口岗位分布综合监测数据集（二〇二六年度修订）"
    )
    columns = tuple(
        Column(
            f"monitoring_point_passenger_flow_statistics_field_number_{n:02}", f"第{n}项换乘通道客流监测统计指标名称"
        )
        for n in range(1, 61)
    )
    one = replace(
        STOPS,
        title=title,
        columns=columns,
        tables=("transfer_passenger_flow_monitoring_2026_first_half_year_revised_edition_v3.csv", "换乘客流.xlsx"),
        whole=("站点平面图.pdf",),
    )
    datasets = tuple(replace(one, title=f"{title}之{n}", name=f"anshan-transfer-{n}") for n in range(1, 6))
    conditions = tuple(
        f"第{n}项附加条件：成果在对外发布之前，应当报送甲方进行备案审查，并保留审查记录" for n in range(1, 13)
    )
    return replace(
        OPENING, holders=(COMPANY, PERSON), datasets=datasets, conditions=conditions, replaces="SQ-2025-000077"
    )


def signed(document: dict[str, Any], *sides: Side) -> list[Signature]:
    """By every party of these sides."""
    own, found = rules.hash_of(document), []
    if Side.HOLDER in sides:
        for n, one in enumerate(document["facts"]["holders"]):
            at = datetime(2026, 11, 30, 1, 2, 3 + n, tzinfo=timezone.utc)
            found.append(Signature(Side.HOLDER, one["name"], "李某（法定代表人）", at, own, n))
    if Side.AGENCY in sides:
        at = datetime(2026, 11, 30, 7, 30, tzinfo=timezone.utc)
        found.append(Signature(Side.AGENCY, document["facts"]["agency"]["name"], "部门负责人", at, own))
    return found

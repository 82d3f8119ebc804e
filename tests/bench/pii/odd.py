"""Files of odd shapes: turned tables, keys and names of parts that are somebody's, several tables in a sheet."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import docx
import pptx
import xlsxwriter
from pptx.util import Cm

from . import bodies, words
from .bodies import Person
from .drafts import kinds

if TYPE_CHECKING:
    from .corpus import Column, Table

ALL = "resident_id mobile person_name home_address minor partial_mask medical"


def make(folder: Path, rng: Random) -> list[Table]:
    makes = (
        _turned,
        _keyed,
        _split,
        _a_sheet_each,
        _named_files,
        _aligned,
        _with_separator,
        _two_tables,
        _hidden_column,
        _letter_of_thanks,
        _clean_split,
        _forms,
        _log,
        _dump,
        _slides,
        _key,
        _mask_rules,
    )
    return [one(folder, [Person(rng) for _ in range(40)], rng) for one in makes]


def _whole(must: str, raw: Mapping[str, Sequence[str]], may: str = ALL, sheet: str = "") -> Column:
    """The truth about a part whose columns have no names to speak of."""
    from .corpus import Column

    held = {kind: frozenset(values) for kind, values in raw.items()}
    return Column("", kinds(must), kinds(may) - kinds(must), {}, held, sheet)


def _file(path: Path, dirt: str, *columns: Column) -> Table:
    from .corpus import Table

    return Table(path, columns, kinds(dirt))


def _names(people: Sequence[Person]) -> list[str]:
    return [one.name for one in people]


def _turned(folder: Path, people: list[Person], rng: Random) -> Table:
    """Fields run down, persons across: the first row isn't a header but names."""
    path, some = folder / "301_拟任人选基本情况.xlsx", people[:8]
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("基本情况")
        page.write_row(0, 0, ("姓名", *_names(some)))
        page.write_row(1, 0, ("身份证号", *(one.id for one in some)))
        page.write_row(2, 0, ("联系电话", *(one.mobile for one in some)))
        page.write_row(3, 0, ("家庭住址", *(one.address for one in some)))
    raw = {
        "person_name": _names(some),
        "resident_id": [one.id for one in some],
        "mobile": [one.mobile for one in some],
        "home_address": [one.address for one in some],
    }
    # Who reads columns sees one ID in each; that there are IDs must be said, of which column is all the same.
    return _file(path, "turned", _whole("resident_id mobile", raw))


def _keyed(folder: Path, people: list[Person], rng: Random) -> Table:
    """Each person is a key, and a key is no place to be forgotten."""
    path = folder / "302_人员索引.json"
    tree = {one.id: {"xm": one.name, "sjh": one.mobile} for one in people}
    path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    raw = {
        "resident_id": [one.id for one in people],
        "person_name": _names(people),
        "mobile": [one.mobile for one in people],
    }
    return _file(path, "keyed", _whole("resident_id person_name mobile", raw))


def _split(folder: Path, people: list[Person], rng: Random) -> Table:
    """Columns and rows apart, as dataframes are saved."""
    path = folder / "303_导出结果.json"
    rows = [[number, one.name, one.id, one.mobile] for number, one in enumerate(people)]
    path.write_text(
        json.dumps({"columns": ["序号", "姓名", "身份证号", "手机号"], "data": rows}, ensure_ascii=False), "utf-8"
    )
    raw = {
        "resident_id": [one.id for one in people],
        "person_name": _names(people),
        "mobile": [one.mobile for one in people],
    }
    return _file(path, "split", _whole("resident_id person_name mobile", raw))


def _clean_split(folder: Path, people: list[Person], rng: Random) -> Table:
    path = folder / "311_监测结果.json"
    rows = [[f"2026-06-{day:02}", rng.randrange(20, 300), rng.choice(words.SHORT_PLACES)] for day in range(1, 29)]
    path.write_text(json.dumps({"columns": ["日期", "AQI", "站点"], "data": rows}, ensure_ascii=False), "utf-8")
    return _file(path, "split", _whole("", {}, ""))


def _a_sheet_each(folder: Path, people: list[Person], rng: Random) -> Table:
    """A sheet for each employee, called by the name."""
    path, some = folder / "304_工资条.xlsx", people[:5]
    from .corpus import Column

    columns: list[Column] = []
    with xlsxwriter.Workbook(path) as book:
        for number, one in enumerate(some):
            name = f"{one.name}{number}"
            page = book.add_worksheet(name)
            page.write_row(0, 0, ("月份", "应发", "实发", "开户账号"))
            card = bodies.bank_card(rng)
            for month in range(1, 13):
                page.write_row(month, 0, (f"2026-{month:02}", rng.randrange(4000, 9000), rng.randrange(3000, 8000)))
                page.write_string(month, 3, card)
            columns.append(Column("", kinds("bank_card"), kinds("person_name"), {}, {"bank_card": frozenset((card,))}))
    return _file(path, "sheet_named_by_person", *columns)


def _named_files(folder: Path, people: list[Person], rng: Random) -> Table:
    """What applicants hand in: the name of each member says whose it is, and its content little."""
    path = folder / "305_申请材料.zip"
    with zipfile.ZipFile(path, "w") as into:
        for one in people:
            into.writestr(f"申请材料/{one.name}_{one.id}.txt", "材料齐全。\n")
    raw = {"resident_id": [one.id for one in people], "person_name": _names(people)}
    return _file(path, "named_members", _whole("resident_id", raw, "person_name"))


def _aligned(folder: Path, people: list[Person], rng: Random) -> Table:
    """Columns of a text kept apart by spaces."""
    path = folder / "306_参会回执.txt"
    lines = [f"{'姓名':<6}{'身份证号':<18}{'手机':<10}", *(f"{one.name:<8}{one.id:<22}{one.mobile}" for one in people)]
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    raw = {
        "resident_id": [one.id for one in people],
        "mobile": [one.mobile for one in people],
        "person_name": _names(people),
    }
    return _file(path, "aligned", _whole("resident_id mobile person_name", raw))


def _with_separator(folder: Path, people: list[Person], rng: Random) -> Table:
    """Excel's own first line of a CSV."""
    from .corpus import Column

    path = folder / "307_报名信息.csv"
    lines = ["sep=;", "姓名;手机号;备注", *(f"{one.name};{one.mobile};无" for one in people)]
    path.write_text("\r\n".join(lines) + "\r\n", "utf-8-sig")
    rows = frozenset(range(2, len(people) + 2))
    columns = [
        Column(
            "姓名",
            kinds("person_name"),
            frozenset(),
            {"person_name": rows},
            {"person_name": frozenset(_names(people))},
            number=0,
        ),
        Column(
            "手机号",
            kinds("mobile"),
            frozenset(),
            {"mobile": rows},
            {"mobile": frozenset(one.mobile for one in people)},
            number=1,
        ),
        Column("备注", frozenset(), number=2),
    ]
    return _file(path, "separator_line", *columns)


def _two_tables(folder: Path, people: list[Person], rng: Random) -> Table:
    """Statistics on top, the list of names below on the same sheet."""
    path = folder / "308_培训情况汇总.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("汇总")
        page.write_row(0, 0, ("区县", "人数", "合格率"))
        for row, district in enumerate(words.DISTRICTS, 1):
            page.write_row(row, 0, (district, rng.randrange(9, 90), "98%"))
        page.write_string(10, 0, "附：参训人员名单")
        page.write_row(11, 0, ("姓名", "身份证号码", "联系电话"))
        for row, one in enumerate(people, 12):
            page.write_row(row, 0, (one.name, one.id, one.mobile))
    raw = {
        "resident_id": [one.id for one in people],
        "mobile": [one.mobile for one in people],
        "person_name": _names(people),
    }
    return _file(path, "two_tables", _whole("resident_id mobile person_name", raw))


def _hidden_column(folder: Path, people: list[Person], rng: Random) -> Table:
    from .corpus import Column

    path = folder / "309_获奖公示.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("公示")
        page.set_column(1, 1, None, None, {"hidden": True})
        page.write_row(0, 0, ("姓名", "身份证号", "奖项"))
        for row, one in enumerate(people, 1):
            page.write_row(row, 0, (one.name, one.id, rng.choice(("一等奖", "二等奖"))))
    rows = frozenset(range(1, len(people) + 1))
    columns = [
        Column(
            "姓名",
            kinds("person_name"),
            frozenset(),
            {"person_name": rows},
            {"person_name": frozenset(_names(people))},
            "公示",
            number=0,
        ),
        Column(
            "身份证号",
            kinds("resident_id"),
            frozenset(),
            {"resident_id": rows},
            {"resident_id": frozenset(one.id for one in people)},
            "公示",
            number=1,
        ),
        Column("奖项", frozenset(), sheet="公示", number=2),
    ]
    return _file(path, "hidden_column", *columns)


def _letter_of_thanks(folder: Path, people: list[Person], rng: Random) -> Table:
    """Running text full of words that begin with a surname, and nobody named in full."""
    path = folder / "310_感谢信.docx"
    paper = docx.Document()
    paper.core_properties.author = ""
    for line in (
        "感谢信",
        "市政务服务中心：",
        "王主任、李科长和张师傅冒着高温抢修，白天黑夜连续施工，黄河路一带居民深受感动。",
        "于是大家商量送上锦旗一面。金秋时节，石桥村村民敬上。",
        "温馨提示：高血压、糖尿病患者请注意防暑，急救请拨120。",
    ):
        paper.add_paragraph(line)
    paper.save(str(path))
    return _file(path, "free_text", _whole("", {}, ""))


def _forms(folder: Path, people: list[Person], rng: Random) -> Table:
    """A filled-in form: labels and values side by side in a table of a document."""
    path, one = folder / "312_困难补助申请表.docx", people[0]
    paper = docx.Document()
    paper.core_properties.author = ""
    paper.add_paragraph("困难补助申请表")
    rows = (
        ("姓名", one.name, "性别", "男" if one.male else "女"),
        ("身份证号", one.id, "联系电话", one.mobile),
        ("家庭住址", one.address, "申请金额", "2000元"),
        ("申请理由", "本人患尿毒症，生活困难", "备注", ""),
    )
    table = paper.add_table(rows=len(rows), cols=4)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    paper.save(str(path))
    raw = {"resident_id": [one.id], "mobile": [one.mobile], "person_name": [one.name], "home_address": [one.address]}
    return _file(path, "form", _whole("resident_id mobile", raw))


def _log(folder: Path, people: list[Person], rng: Random) -> Table:
    path = folder / "313_运行日志.txt"
    lines = [
        f"2026-06-{1 + number % 28:02} 10:{number % 60:02}:00,{rng.randrange(1000)} INFO [http-{number}] "
        f"sms sent to {one.mobile}, cost {rng.randrange(900)}ms"
        for number, one in enumerate(people)
    ]
    path.write_text("\n".join(lines), "utf-8")
    return _file(path, "log", _whole("mobile", {"mobile": [one.mobile for one in people]}, ""))


def _dump(folder: Path, people: list[Person], rng: Random) -> Table:
    """A table as a database writes it out."""
    path = folder / "314_t_person.txt"
    head = "INSERT INTO `t_person` (`id`,`xm`,`sfzh`,`sjh`) VALUES "
    path.write_text(
        "\n".join(f"{head}({number},'{one.name}','{one.id}','{one.mobile}');" for number, one in enumerate(people)),
        "utf-8",
    )
    raw = {
        "resident_id": [one.id for one in people],
        "mobile": [one.mobile for one in people],
        "person_name": _names(people),
    }
    return _file(path, "dump", _whole("resident_id mobile", raw, "person_name"))


def _slides(folder: Path, people: list[Person], rng: Random) -> Table:
    path, one, other = folder / "315_工作汇报.pptx", people[0], people[1]
    show = pptx.Presentation()
    show.core_properties.author = ""
    first = show.slides.add_slide(show.slide_layouts[5])
    first.shapes.add_textbox(Cm(1), Cm(3), Cm(20), Cm(2)).text_frame.text = "全年办件12345件，满意率98%"
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes.add_textbox(Cm(1), Cm(3), Cm(20), Cm(2)).text_frame.text = f"联系人：{one.name}  电话：{one.mobile}"
    notes = second.notes_slide.notes_text_frame
    assert notes is not None
    notes.text = f"群众{other.name}，身份证号{other.id}，需回访"
    show.save(str(path))
    raw = {"person_name": [one.name, other.name], "mobile": [one.mobile], "resident_id": [other.id]}
    return _file(path, "slides", _whole("person_name mobile resident_id", raw))


def _key(folder: Path, people: list[Person], rng: Random) -> Table:
    """What a private key looks like; this one opens nothing."""
    path = folder / "316_证书.txt"
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = ["".join(rng.choices(signs, k=64)) for _ in range(12)]
    path.write_text("\n".join(("-----BEGIN RSA PRIVATE KEY-----", *body, "-----END RSA PRIVATE KEY-----", "")), "utf-8")
    return _file(path, "free_text", _whole("credential", {"credential": body}))


def _mask_rules(folder: Path, people: list[Person], rng: Random) -> Table:
    """How to mask, with examples that are masked."""
    path = folder / "317_脱敏规范.docx"
    paper = docx.Document()
    paper.core_properties.author = ""
    for line in (
        "数据脱敏工作规范",
        "一、身份证号保留前六位和后四位，如210302********1234。",
        "二、手机号码隐藏中间四位，如138****5678。",
        "三、姓名保留姓氏，如王**、欧阳*。",
        "四、标有秘密、机密字样的文件不得上传。",
        "五、违反规定的，依照《个人信息保护法》第二十八条处理。",
    ):
        paper.add_paragraph(line)
    paper.save(str(path))
    return _file(path, "free_text", _whole("", {}, "secrecy_mark"))

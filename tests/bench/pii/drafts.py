"""What a table is drafted from: columns that make cells, cells that know what they hold, and dirt that keeps count."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from . import bodies, words
from .bodies import Person


class Cell(NamedTuple):
    text: str
    holds: tuple[tuple[str, str], ...] = ()  # kind and the value without its dirt
    raw: Any = None  # what a workbook stores instead of the text: a number, a date


@dataclass
class Row:
    """One record while its cells are made."""

    rng: Random
    number: int  # from 1
    person: Person
    notes: dict[str, Any] = field(default_factory=dict)

    def pick(self, *options: Any) -> Any:
        return self.rng.choice(options)


Make = Callable[[Row], "Cell | str"]


@dataclass(frozen=True)
class Spec:
    """A column; kinds and dirt are names with spaces between.

    ``head`` is a key of HEADS, or the header itself, after = where it is such a key too.
    """

    head: str
    make: Make
    must: str = ""
    may: str = ""
    dirt: str = ""
    empty: float = 0.0


@dataclass(frozen=True)
class Draft:
    """A table before it is written. ``shape`` names what stands around the records."""

    name: str
    specs: Sequence[Spec]
    rows: int
    shape: str = ""
    forms: str = "any"
    styles: str = "zh"
    born: tuple[int, int] = (1936, 2005)
    sheet: str = ""
    hidden: bool = False
    title: str = ""
    title_kinds: str = ""


HEADS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "id": {
        "zh": (
            "身份证号",
            "身份证号码",
            "公民身份号码",
            "居民身份证号",
            "证件号码",
            "身份证件号码",
            "有效证件号码",
            "身份证",
            "证件号",
            "本人身份证号",
            "身份证号码（必填）",
            "身份證號碼",
            "*身份证号\n（18位）",
            "身份证 号",
        ),
        "py": ("sfzh", "SFZHM", "ZJHM", "gmsfhm", "sfz", "SFZJH"),
        "en": ("ID_NO", "id_card", "idNumber", "identity_no", "CERT_NO", "ID Card No."),
    },
    "name": {
        "zh": ("姓名", "姓  名", "人员姓名", "申请人", "申请人姓名", "本人姓名", "名字", "人员名称", "姓\n名", "姓名*"),
        "py": ("xm", "XM", "xingming", "ryxm"),
        "en": ("name", "NAME", "full_name", "PERSON_NAME", "realName"),
    },
    "mobile": {
        "zh": (
            "手机号",
            "手机号码",
            "联系电话",
            "联系方式",
            "电话",
            "移动电话",
            "手机",
            "本人电话",
            "联系电话（手机）",
            "聯繫電話",
            "*手机号码",
            "联系\n电话",
            "电话号码",
        ),
        "py": ("lxdh", "sjh", "SJHM", "LXFS", "dhhm"),
        "en": ("phone", "mobile", "TEL", "phone_no", "Mobile Phone", "contactPhone"),
    },
    "landline": {
        "zh": ("固定电话", "办公电话", "联系电话", "电话", "座机", "咨询电话", "单位电话"),
        "py": ("gddh", "bgdh", "zxdh"),
        "en": ("office_tel", "telephone", "Tel.", "landline"),
    },
    "address": {
        "zh": (
            "家庭住址",
            "现住址",
            "户籍地址",
            "住址",
            "居住地址",
            "户口所在地详细地址",
            "家庭地址",
            "通讯地址",
            "常住地址",
            "现居住地址（详细到门牌号）",
            "住　址",
            "详细住址",
        ),
        "py": ("jtzz", "XZZ", "hjdz", "zz"),
        "en": ("home_address", "address", "ADDR", "residence"),
    },
    "bank": {
        "zh": (
            "银行卡号",
            "银行账号",
            "开户账号",
            "社保卡银行账号",
            "一卡通账号",
            "发放账号",
            "卡号",
            "惠农一卡通卡号",
        ),
        "py": ("yhkh", "YHZH", "khzh"),
        "en": ("bank_card", "account_no", "CARD_NO", "bankAccount"),
    },
    "plate": {
        "zh": ("车牌号", "号牌号码", "车牌号码", "机动车号牌", "车号", "车辆号牌"),
        "py": ("cph", "HPHM", "cphm"),
        "en": ("plate_no", "car_no", "vehicle_plate", "PLATE"),
    },
    "email": {
        "zh": ("电子邮箱", "邮箱", "电子邮件", "E-mail", "联系邮箱"),
        "py": ("dzyx", "yx", "YOUXIANG"),
        "en": ("email", "EMAIL", "mail", "e_mail"),
    },
    "passport": {
        "zh": ("护照号码", "护照号", "出入境证件号码", "证件号码"),
        "py": ("hzh", "HZHM"),
        "en": ("passport_no", "PASSPORT", "Passport Number"),
    },
    "legal": {
        "zh": ("法定代表人", "法人代表", "负责人", "经营者", "法定代表人姓名", "企业负责人", "法定代表人（负责人）"),
        "py": ("fddbr", "FRDB", "fzr"),
        "en": ("legal_person", "LEGAL_REP", "owner"),
    },
    "contact": {
        "zh": ("联系人", "经办人", "联络员", "业务联系人", "填报人", "责任人"),
        "py": ("lxr", "jbr", "LXR"),
        "en": ("contact", "CONTACT_NAME", "contactPerson"),
    },
    "uscc": {
        "zh": ("统一社会信用代码", "社会信用代码", "信用代码", "统一社会信用代码/注册号", "纳税人识别号"),
        "py": ("tyshxydm", "XYDM", "shxydm"),
        "en": ("uscc", "credit_code", "USCC_CODE", "org_code"),
    },
    "sex": {"zh": ("性别",), "py": ("xb", "XB"), "en": ("sex", "gender")},
    "birth": {
        "zh": ("出生日期", "出生年月日", "生日"),
        "py": ("csrq", "CSRQ"),
        "en": ("birthday", "birth_date", "DOB"),
    },
    "nation": {"zh": ("民族",), "py": ("mz",), "en": ("nation", "ethnic")},
    "serial": {"zh": ("序号", "编号", "No."), "py": ("xh", "XH"), "en": ("id", "no", "seq")},
    "date": {
        "zh": ("登记日期", "受理日期", "发放日期", "办理时间", "日期"),
        "py": ("djrq", "slsj"),
        "en": ("date", "reg_date"),
    },
    "amount": {"zh": ("金额（元）", "发放金额", "补贴金额(元)", "金额"), "py": ("je", "BTJE"), "en": ("amount", "AMT")},
    "district": {
        "zh": ("县（市）区", "所属区县", "区域", "行政区划"),
        "py": ("ssqx", "XZQH"),
        "en": ("district", "region"),
    },
    "street": {
        "zh": ("街道（乡镇）", "所属街道", "乡镇", "镇街"),
        "py": ("ssjd", "JDXZ"),
        "en": ("street", "township"),
    },
    "village": {"zh": ("村（社区）", "行政村", "村名", "所属村"), "py": ("xzc", "cm"), "en": ("village", "VILLAGE")},
    "company": {
        "zh": ("企业名称", "单位名称", "市场主体名称", "公司名称", "当事人名称"),
        "py": ("qymc", "DWMC"),
        "en": ("company", "ORG_NAME"),
    },
    "note": {"zh": ("备注", "说明", "其他", "备注信息"), "py": ("bz", "BZ"), "en": ("remark", "note", "MEMO")},
    "diagnosis": {
        "zh": ("诊断", "病种", "疾病名称", "入院诊断", "患病情况", "主要诊断", "门诊慢特病病种", "所患疾病"),
        "py": ("zd", "BZMC", "jbmc"),
        "en": ("diagnosis", "DISEASE", "illness"),
    },
}
SILENT = ("字段{}", "col_{}", "Unnamed: {}", "F{}", "列{}", "Column{}", "V{}", "field{}")


def kinds(names: str) -> frozenset[str]:
    return frozenset(names.split())


def cell(made: Cell | str) -> Cell:
    return made if isinstance(made, Cell) else Cell(made)


def text_of(made: Cell, text: str) -> Cell:
    return Cell(text, made.holds)


# ---- dirt of one cell: what it is called, on what share of the rows, and what it does

Dirty = Callable[[Random, Cell, Row], Cell]
WIDE = str.maketrans({code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def _spaced(rng: Random, made: Cell, row: Row) -> Cell:
    text, sign = made.text, rng.choice((" ", " ", "-", "\u00a0"))
    cuts = (6, 14) if len(text) == 18 else (3, 7) if len(text) == 11 else (4, 8, 12, 16)
    parts = [text[a:b] for a, b in zip((0, *cuts), (*cuts, len(text)), strict=True)]
    return text_of(made, sign.join(filter(None, parts)))


def _double(rng: Random, made: Cell, row: Row) -> Cell:
    kind = made.holds[0][0] if made.holds else ""
    other = {
        "mobile": row.person.parent.mobile,
        "resident_id": row.person.parent.id,
        "person_name": row.person.parent.name,
        "landline": bodies.landline(rng),
        "plate": bodies.plate(rng),
        "email": bodies.email(rng),
    }.get(kind)
    if other is None:
        return made
    sign = rng.choice(("、", "/", "\n", ",", "；", " "))
    return Cell(f"{made.text}{sign}{other}", (*made.holds, (kind, other)))


def _masked(rng: Random, made: Cell, row: Row) -> Cell:
    text = made.text
    if re.fullmatch(r"[\u4e00-\u9fff·]{2,}", text):
        return Cell(text[0] + "*" * (len(text) - 1))
    if len(text) == 18:
        return Cell(text[:6] + "*" * 8 + text[14:])
    return Cell(text[:3] + "*" * (len(text) - 7) + text[-4:])


def _masked_stars(rng: Random, made: Cell, row: Row) -> Cell:
    """With another sign, and more of it."""
    sign, left = rng.choice("＊×●x"), rng.choice((3, 6))
    return Cell(made.text[:left] + sign * (len(made.text) - left - 2) + made.text[-2:])


def _so_and_so(rng: Random, made: Cell, row: Row) -> Cell:
    return Cell(made.text[0] + rng.choice(("某", "某某", "先生", "女士")))


def _html(rng: Random, made: Cell, row: Row) -> Cell:
    shapes = ("<p>{}</p>", '<span style="color:red">{}</span>', "{}<br/>", "&nbsp;{}", "<td>{}</td>")
    return text_of(made, rng.choice(shapes).format(made.text))


def _scientific(rng: Random, made: Cell, row: Row) -> Cell:
    return Cell(f"{float(re.sub('[^0-9]', '0', made.text)):.5E}".replace("E+", "E+"))


def _hidden_signs(rng: Random, made: Cell, row: Row) -> Cell:
    sign, cut = rng.choice("\u200b\ufeff\u200d\u202c\u200e"), rng.randrange(len(made.text) + 1)
    return text_of(made, made.text[:cut] + sign + made.text[cut:])


def _glued(rng: Random, made: Cell, row: Row) -> Cell:
    kind = made.holds[0][0] if made.holds else ""
    words_of = {
        "mobile": ("电话{}", "手机号{}（本人）", "联系方式：{}", "{}微信同号", "{}家属"),
        "resident_id": ("身份证{}", "证号:{}号", "{}（已核）"),
        "person_name": ("{}（户主）", "户主{}", "{}同志", "{}(已故)"),
        "bank_card": ("农行{}", "卡号{}", "{}（工行）"),
        "landline": ("办公室{}", "{}（传真同号）"),
        "plate": ("{}（蓝）", "车牌{}"),
    }
    return text_of(made, rng.choice(words_of.get(kind, ("{}",))).format(made.text))


def _name_and_mobile(rng: Random, made: Cell, row: Row) -> Cell:
    shape = rng.choice(("{}{}", "{} {}", "{}（{}）", "{}\n{}", "{}/{}", "{}电话{}"))
    return Cell(shape.format(made.text, row.person.mobile), (*made.holds, ("mobile", row.person.mobile)))


def _name(rng: Random, name: str) -> Cell:
    return Cell(name, (("person_name", name),))


def _inner_space(rng: Random, made: Cell, row: Row) -> Cell:
    if len(made.text) == 2:
        return text_of(made, made.text[0] + rng.choice((" ", "  ", "\u3000")) + made.text[1])
    return text_of(made, " ".join(made.text)) if len(made.text) == 3 and rng.random() < 0.3 else made


def _latin_name(rng: Random, made: Cell, row: Row) -> Cell:
    foreign = f"{rng.choice(words.LATIN_GIVEN)} {rng.choice(words.LATIN_FAMILY)}"
    pinyin = f"{rng.choice(words.PINYIN_FAMILY)} {rng.choice(words.PINYIN_GIVEN)}"
    return _name(rng, rng.choice((foreign, pinyin, pinyin.upper(), foreign.upper())))


def _unzeroed(rng: Random, made: Cell, row: Row) -> Cell:
    return text_of(made, made.text.lstrip("0"))


DIRT: Mapping[str, tuple[float, Dirty]] = {
    "full_width": (0.2, lambda rng, made, row: text_of(made, made.text.translate(WIDE))),
    "spaced": (0.25, _spaced),
    "plus86": (
        0.2,
        lambda rng, made, row: text_of(made, rng.choice(("+86", "+86 ", "86-", "0086", "0", "86")) + made.text),
    ),
    "tab": (0.9, lambda rng, made, row: text_of(made, made.text + "\t")),
    "apostrophe": (0.7, lambda rng, made, row: text_of(made, rng.choice("''‘`") + made.text)),
    "equals_quoted": (0.95, lambda rng, made, row: text_of(made, f'="{made.text}"')),
    "scientific": (0.15, _scientific),
    "lower_x": (1.0, lambda rng, made, row: text_of(made, made.text.lower())),
    "old_id": (
        0.3,
        lambda rng, made, row: (
            Cell(row.person.old_id, (("resident_id", row.person.old_id),)) if row.person.birth.year < 1990 else made
        ),
    ),
    "double": (0.12, _double),
    "masked": (0.6, _masked),
    "masked_few": (0.08, _masked),
    "masked_stars": (0.5, _masked_stars),
    "masked_so_and_so": (0.4, _so_and_so),
    "dotted": (0.5, lambda rng, made, row: text_of(made, f"{made.text[:2]}{rng.choice('·-. •')}{made.text[2:]}")),
    "html": (0.15, _html),
    "hidden_signs": (0.3, _hidden_signs),
    "glued": (0.35, _glued),
    "name_and_mobile": (0.06, _name_and_mobile),
    "inner_space": (0.6, _inner_space),
    "minority": (0.1, lambda rng, made, row: _name(rng, rng.choice(words.MINORITY))),
    "compound": (
        0.08,
        lambda rng, made, row: _name(
            rng, rng.choice(words.COMPOUND_SURNAMES) + "".join(rng.choices(words.GIVEN_MALE, k=rng.choice((1, 2))))
        ),
    ),
    "latin": (0.08, _latin_name),
    "traditional": (0.5, lambda rng, made, row: _name(rng, made.text.translate(words.TRADITIONAL))),
    "padded": (
        0.4,
        lambda rng, made, row: text_of(made, rng.choice((" {}", "{} ", "\u3000{}", "{}  ")).format(made.text)),
    ),
    "unzeroed": (0.5, _unzeroed),
    "float_text": (1.0, lambda rng, made, row: text_of(made, f"{made.text}.0")),
    "grouped": (0.5, lambda rng, made, row: text_of(made, f"{int(made.text):,}" if made.text.isdigit() else made.text)),
    "full_letters": (0.3, lambda rng, made, row: text_of(made, made.text.translate(WIDE))),
}
ADDS = {"name_and_mobile": "mobile"} | dict.fromkeys(
    ("masked", "masked_few", "masked_stars", "masked_so_and_so"), "partial_mask"
)
"""What a column holds besides when it has this dirt."""


def soil(rng: Random, name: str, column: list[Cell], rows: list[Row]) -> None:
    """Put one kind of dirt on its share of a column's cells, three at least."""
    share, dirty = DIRT[name]
    full = [number for number, made in enumerate(column) if made.holds]
    wanted = min(len(full), max(4, round(share * len(full))))
    if name.startswith("masked"):
        wanted = min(wanted, max(len(full) - 5, 1))
    for number in rng.sample(full, wanted):
        column[number] = dirty(rng, column[number], rows[number])

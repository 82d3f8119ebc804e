"""The city of the demo: its agencies and entries, worked out from the tables in ``data/``. Plain Python."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..catalogue import uscc, vocabularies
from .files import NOTE, WRITERS
from .tables import Column, Table, read, table

CITY = "210300"
OPENING = {"open": "unconditional", "on": "conditional", "shut": "closed"}
LEVELS = {"open": ("general_1", "general_1", "general_2"), "on": ("general_2", "general_3"), "shut": ("general_3",)}
GRAVE = "ogi14"  # what endangers public security is important data
FORMS = {"xlsx": "spreadsheet", "xls": "spreadsheet", "csv": "spreadsheet", "csv-gb": "spreadsheet"} | {
    "json": "self-describing", "geojson": "self-describing", "xml": "self-describing"
} | {"pdf": "document", "zip": "document", "png": "image", "jpg": "image", "-": "database"}  # fmt: skip
SUMMARIES = (
    "{agency}在履行职责过程中形成的{title}，覆盖{scope}，包括{items}等{count}个信息项，{cycle}更新。",
    "收录{scope}的{title}，提供{items}等内容，由{agency}采集并负责更新，更新周期为{cycle}。",
    "{title}，空间范围为{scope}。主要信息项：{items}。数据由{agency}核准，{cycle}更新一次。",
    "为方便公众查询和社会利用，{agency}整理了{scope}的{title}，含{items}等{count}项。",
)
NOT_OPEN = ("{agency}的{title}，包括{items}等信息项。依据《{basis}》{article}，{why}。",)
SCOPE = "全市公共管理和服务机构"
KEYWORDS = re.compile("公交|停车|养老|医院|学校|空气质量|企业|许可|名录|统计|价格|预算|就业|社保|医保|食品|旅游")


@dataclass(frozen=True)
class Agency:
    id: str
    name: str
    office: str
    industry: str
    system: str
    uscc: str
    phone: str


@dataclass(frozen=True)
class Demo:
    """One entry with what its files are made of."""

    entry: Mapping[str, Any]
    agency: Agency
    table: Table
    kinds: tuple[str, ...]
    versions: int

    @property
    def code(self) -> str:
        return self.entry["code"]


@cache
def agencies() -> tuple[Agency, ...]:
    made = enumerate(read("agencies")["agencies"], 1)
    return tuple(Agency(**row, uscc=_uscc(number), phone=f"0412-0000{number:03d}") for number, row in made)


def _uscc(number: int) -> str:
    """A well formed, invented code: both check characters are right, the letters MBXY show what it is."""
    body = f"MBXY{number:04d}"
    first17 = f"11{CITY}{body}{_organization_digit(body)}"
    return first17 + uscc.check_character(first17)


def _organization_digit(body: str) -> str:
    """Check character of an organization code, GB 11714."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(letter, 36) * weight for letter, weight in zip(body, weights, strict=True))
    return "0123456789X0"[11 - total % 11]


@cache
def entries() -> tuple[Demo, ...]:
    return tuple(demo for agency in agencies() for demo in _of_agency(agency))


def _of_agency(agency: Agency) -> Iterator[Demo]:
    number = 0
    before: dict[str, str] = {}  # theme -> code of the entry before
    for line in read("entries")[agency.id]:
        title, *cells = (cell.strip() for cell in line.split("|"))
        for district in _districts(title):
            number += 1
            code = f"{agency.uscc}{number:015d}"
            yield _demo(agency, code, title, district, cells, before.get(cells[2], ""))
            before[cells[2]] = code


def _districts(title: str) -> Sequence[str]:
    return [term.id for term in vocabularies.children("districts", CITY)] if "{区}" in title else [CITY]


def _demo(agency: Agency, code: str, title: str, district: str, cells: Sequence[str], related: str) -> Demo:
    text, opening, theme, cycle, files = cells
    kinds = files.split()
    versions = 2 if "+2" in kinds else 1
    kinds = tuple(kind for kind in kinds if kind in WRITERS)
    made = table(text)
    title = title.replace("{区}", vocabularies.label("districts", district))
    facts = _Facts(agency, code, title, district, made, opening, theme, cycle, kinds)
    return Demo(facts.entry() | {"related_entries": [related] if related else []}, agency, made, kinds, versions)


@dataclass(frozen=True)
class _Facts:
    agency: Agency
    code: str
    title: str
    district: str
    table: Table
    opening: str
    theme: str
    cycle: str
    kinds: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.opening.split()[0]

    @property
    def law(self) -> Mapping[str, str]:
        return read("laws")["laws"][self.opening.split()[1]]

    def choose(self, options: Sequence[Any], what: str) -> Any:
        return random.Random(f"{self.code}/{what}").choice(options)

    def entry(self) -> dict[str, Any]:
        return self._identity() | self._responsibility() | self._content() | self._sharing() | self._opening()

    def _identity(self) -> dict[str, Any]:
        library, sub = read("agencies")["libraries"].get(self.theme, ("department", _department(self.agency)))
        return {
            "code": self.code,
            "title": self.title,
            "notes": self._summary(),
            "provider": self.agency.name,
            "uscc": self.agency.uscc,
            "classification": library,
            "classification_sub": sub,
            "themes": [vocabularies.term("themes", self.theme)],
            "tags": _tags(self.title, self.table),
        }

    def _responsibility(self) -> dict[str, Any]:
        basis = read("laws")["collection"].get(self.agency.id, read("laws")["collection_otherwise"])
        return {
            "collecting_agency": self.agency.name,
            "approving_agency": self.agency.name,
            "provider_office": self.agency.office,
            "provider_phone": self.agency.phone,
            "source_system": self.agency.system,
            "collection_basis": basis,
        }

    def _content(self) -> dict[str, Any]:
        endings = list(dict.fromkeys(WRITERS[kind][0] for kind in self.kinds)) or ["database"]
        return {
            "data_form": FORMS[self.kinds[0] if self.kinds else "-"],
            "data_formats": endings,
            "industry": self.agency.industry,
            "district": self.district,
            "time_start": f"{self.choose(('2018', '2020', '2023'), 'start')}-01-01",
            "time_end": "2026-10-31",
            "update_cycle": vocabularies.term("update_cycles", self.cycle),
            "information_items": [self._item(column) for column in self.table.columns],
        }

    def _sharing(self) -> dict[str, Any]:
        if self.kind == "open":
            return {"sharing_class": "unconditional", "sharing_scope": SCOPE, "sharing_method": "平台直接获取"}
        basis = f"《{self.law['title']}》{self.law['article']}"
        if self.kind == "shut" and self.opening.endswith(GRAVE):
            return {"sharing_class": "closed", "sharing_basis": basis}
        return {
            "sharing_class": "conditional",
            "sharing_scope": "因履行职责确有需要的公共管理和服务机构",
            "sharing_method": "经提供部门同意后由平台交换",
            "sharing_conditions": "写明使用依据、目的、范围和期限，经提供部门审核同意",
            "sharing_basis": basis,
        }

    def _opening(self) -> dict[str, Any]:
        level = "important" if self.kind == "shut" and self.opening.endswith(GRAVE) else ""
        made = {
            "opening_class": OPENING[self.kind],
            "security_level": level or self.choose(LEVELS[self.kind], "level"),
            "license_id": {"open": "cc-by", "on": "other-closed"}.get(self.kind, "notspecified"),
        }
        return made | (self._basis() if self.kind != "open" else {})

    def _basis(self) -> dict[str, Any]:
        made = {f"opening_basis_{name}": self.law[name] for name in ("title", "number", "article")}
        if self.kind == "shut":
            return made
        for name in ("methods", "requirements", "safeguards", "conditions"):
            made |= self.choose(read("laws")[name], name)
        return made | self._own().get("entry", {})

    def _own(self) -> Mapping[str, Any]:
        """What this entry says in its own words."""
        return read("laws")["own"].get(self.title, {})

    def _item(self, column: Column) -> dict[str, str]:
        return _item(column) | self._own().get("items", {}).get(column.title, {})

    def _summary(self) -> str:
        facts = {
            "agency": self.agency.name,
            "title": self.title,
            "scope": "各县（市）区" if self.district == CITY else vocabularies.label("districts", self.district),
            "items": "、".join(column.title for column in self.table.columns[:5]),
            "count": len(self.table.columns),
            "cycle": self.cycle,
        }
        if self.kind != "open":
            facts |= {"basis": self.law["title"], "article": self.law["article"], "why": self.law["why"]}
        return self.choose(SUMMARIES if self.kind == "open" else NOT_OPEN, "summary").format(**facts) + NOTE


def _department(agency: Agency) -> str:
    return {"disabled-federation": "mass-organizations", "cyberspace-office": "party-bodies"}.get(
        agency.id, "public-institutions" if agency.id == "housing-fund" else "government-departments"
    )


def _tags(title: str, made: Table) -> list[str]:
    words = [made.word] if made.word else [column.title for column in made.columns[1:4]]
    words += KEYWORDS.findall(title)
    words = [word.partition("（")[0] for word in words]  # CKAN takes no brackets in a tag
    return [word for word in dict.fromkeys(words) if 2 <= len(word) <= 20]


def _item(column: Column) -> dict[str, str]:
    given = {
        "name": column.title,
        "column": column.name,
        "type": column.type,
        "length": column.length,
        "unit": column.unit,
        "meaning": column.meaning,
        "sensitive": "yes" if column.sensitive else "no",
    }
    return {name: value for name, value in given.items() if value}

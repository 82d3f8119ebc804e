"""A labelled corpus of invented government files, and the truth about each of their columns.

The same seed makes the same corpus; another one makes other values, other headers, other formats and other dirt for the
same tables, so that nothing can be learnt by heart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import cycle
from pathlib import Path
from random import Random

from . import drafts, everyday, files, mixed, odd, persons, special, things, traps, words
from .bodies import Person
from .drafts import ADDS, HEADS, SILENT, Cell, Draft, Row, Spec, kinds
from .files import FORMS, KEYED, SHEETS, Sheet

ANY_FORM = (
    *(
        "csv",
        "csv_gb18030",
        "xlsx",
        "csv_bom",
        "xls",
        "json",
        "csv_utf16",
        "xlsx",
        "tsv",
        "csv_gb18030",
        "excel_in_csv",
    ),
    *("xml", "csv_semicolon", "txt_tab", "xlsx", "ndjson", "html_in_xls", "csv_unix", "docx", "xls", "txt_bar", "csv"),
    *(
        "csv_gb18030",
        "xml_attributes",
        "et",
        "zip",
        "csv_mac",
        "csv_utf16be",
        "csv_quoted",
        "csv_broken",
        "csv_gz",
        "hive",
    ),
    *("ods", "zip_of_xlsx", "csv_bom", "xlsx"),
)
ANY_STYLE = ("zh", "py", "none", "en", "silent")
NAMED = ("py", "zh", "en")
PAPER = 150  # rows of a table in a document


@dataclass(frozen=True)
class Column:
    """What is true of a column, or of a whole part of a file where ``where`` is empty."""

    where: str  # the header as printed, or "#3"
    must: frozenset[str]
    may: frozenset[str] = frozenset()
    values: Mapping[str, frozenset[int]] = field(default_factory=dict)  # kind → rows that truly hold it
    raw: Mapping[str, frozenset[str]] = field(default_factory=dict)  # kind → the values themselves, without dirt
    sheet: str = ""
    member: str = ""  # of an archive
    number: int | None = None  # from 0; None where the format knows names only


@dataclass(frozen=True)
class Table:
    """A file. ``dirt`` names what is wrong with it."""

    path: Path
    columns: Sequence[Column]
    dirt: frozenset[str]


def make(folder: Path, seed: int = 1, most: int | None = None) -> list[Table]:
    """Write the corpus into ``folder``, with at most so many records in a table."""
    rng = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    every = [*persons.tables(rng), *things.tables(rng), *mixed.tables(rng), *traps.tables(rng), *everyday.tables(rng)]
    if most:
        every = [replace(draft, rows=min(draft.rows, most)) for draft in every]
    forms, styles = _shuffled(ANY_FORM, rng), {"any": _shuffled(ANY_STYLE, rng), "named": _shuffled(NAMED, rng)}
    made = [
        _file(folder, f"{number:03}_", group, form, styles, rng)
        for number, (group, form) in enumerate(_grouped(every, forms, rng), 1)
    ]
    return [*made, *special.make(folder, rng), *odd.make(folder, rng)]


def _shuffled(options: Sequence[str], rng: Random) -> Iterator[str]:
    return cycle(rng.sample(options, len(options)))


def _grouped(every: list[Draft], forms: Iterator[str], rng: Random) -> Iterator[tuple[list[Draft], str]]:
    """Most drafts are a file; some are sheets of one workbook, the last one hidden, or members of one archive."""
    free = [draft for draft in every if draft.forms == "any" and draft.styles == "zh" and draft.rows < 1000]
    together = rng.sample(free, 12)
    for start, form in zip(range(0, 12, 3), ("xlsx", "xls", "zip", "xlsx"), strict=True):
        first, second, third = together[start : start + 3]
        yield [first, second, replace(third, hidden=form == "xlsx")], form
    for draft in every:
        if draft not in together:
            yield [draft], _form(draft, forms, rng)


def _form(draft: Draft, forms: Iterator[str], rng: Random) -> str:
    if draft.forms != "any":
        return rng.choice(draft.forms.split())
    form = next(forms)
    while (form == "docx" and draft.rows > PAPER) or (form in KEYED | {"docx"} and _needs_rows(draft)):
        form = next(forms)
    return form


def _needs_rows(draft: Draft) -> bool:
    return "none" in draft.styles or bool(draft.title_kinds)


def _file(
    folder: Path, prefix: str, group: list[Draft], form: str, styles: Mapping[str, Iterator[str]], rng: Random
) -> Table:
    if form.startswith("geojson"):
        return special.geojson(folder / f"{prefix}{group[0].name}.geojson", group[0], form, rng)
    built = [_sheet(draft, form, _style(draft, form, styles, rng), rng) for draft in group]
    ending, write = FORMS[form]
    path = folder / f"{prefix}{group[0].name}{ending}"
    write(path, [sheet for sheet, _, _ in built], rng)
    columns = [column for _, found, _ in built for column in found]
    if form == "pdf":
        columns = special.by_page(built[0][0], columns)
    return Table(path, columns, frozenset().union(form.split("_in_"), *(dirt for _, _, dirt in built)))


def _style(draft: Draft, form: str, styles: Mapping[str, Iterator[str]], rng: Random) -> str:
    style = next(styles[draft.styles]) if draft.styles in styles else rng.choice(draft.styles.split())
    while style == "none" and form in KEYED:
        style = next(styles["any"])
    return style


# ---- one sheet


def _sheet(draft: Draft, form: str, style: str, rng: Random) -> tuple[Sheet, list[Column], frozenset[str]]:
    rows = [Row(rng, number, Person(rng, *draft.born)) for number in range(1, draft.rows + 1)]
    filled = [_filled(spec, rows, rng) for spec in draft.specs]
    if form in SHEETS:
        filled = [_typed(column, rng) for column in filled]
    heads = _heads(draft.specs, style, form, rng)
    shape = set() if form in KEYED else set(draft.shape.split())
    sheet, places = _laid_out(draft, shape, heads, filled, style, rng)
    dirt = {name for spec in draft.specs for name in spec.dirt.split()} | shape | {f"headers_{style}"}
    columns = [
        _column(draft, spec, column, number, heads[number], places, form, style)
        for number, (spec, column) in enumerate(zip(draft.specs, filled, strict=True))
    ]
    if draft.title_kinds:
        columns.append(Column("", kinds(draft.title_kinds), sheet=sheet.name if form in SHEETS else ""))
    return sheet, columns, frozenset(dirt)


def _filled(spec: Spec, rows: list[Row], rng: Random) -> list[Cell]:
    """A column's cells with their dirt; some clerks write words for nothing."""
    column = [drafts.cell(spec.make(row)) for row in rows]
    gap = spec.empty or (0.03 if spec.must and rng.random() < 0.4 else 0.0)
    for name in spec.dirt.split():
        drafts.soil(rng, name, column, rows)
    nothing = rng.choice((words.NONE, ("",), ("无",), ("NULL", "")))
    return [
        Cell(rng.choice(nothing)) if number > 3 and rng.random() < gap else made for number, made in enumerate(column)
    ]


NUMBER = re.compile(r"-?(0|[1-9]\d{0,10})(\.\d+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _typed(column: list[Cell], rng: Random) -> list[Cell]:
    """A workbook may hold numbers and days instead of texts."""
    texts = [made.text for made in column if made.text]
    if texts and rng.random() < 0.5 and all(map(NUMBER.fullmatch, texts)):
        return [made._replace(raw=float(made.text)) if made.text else made for made in column]
    if texts and rng.random() < 0.5 and all(map(DAY.fullmatch, texts)):
        return [made._replace(raw=datetime.fromisoformat(made.text)) if made.text else made for made in column]
    return column


def _heads(specs: Sequence[Spec], style: str, form: str, rng: Random) -> list[str]:
    if style in ("silent", "none"):
        shape = rng.choice(SILENT)
        return [_printed(shape.format(number), form) for number in range(1, len(specs) + 1)]
    heads: list[str] = []
    for spec in specs:
        options = HEADS.get(spec.head, {}).get(style, (spec.head.removeprefix("="),))
        fresh = [head for head in options if _printed(head, form) not in heads] or [f"{options[0]}2"]
        heads.append(_printed(rng.choice(fresh), form))
    return heads


def _printed(head: str, form: str) -> str:
    return files.element(head) if form.startswith("xml") else head


def _laid_out(
    draft: Draft, shape: set[str], heads: list[str], filled: list[list[Cell]], style: str, rng: Random
) -> tuple[Sheet, list[int]]:
    """The rows of a sheet, and in which of them each record stands."""
    width = len(heads)
    sheet = Sheet(draft.sheet or draft.name, list(_above(draft, shape, heads, rng)), heads, hidden=draft.hidden)
    header = [Cell(head) for head in heads]
    if style != "none":
        sheet.rows.append(header)
    sheet.first = len(sheet.rows)
    if "numbering" in shape and style != "none":
        sheet.rows.append([Cell(str(number)) for number in range(1, width + 1)])
    if "two_row" in shape and width > 3:
        sheet.merges.append((sheet.first - 2, sheet.first - 2, 1, 2))
    places = []
    gaps = set(rng.sample(range(2, draft.rows), min(4, draft.rows - 2))) if "blanks" in shape else set()
    for number, record in enumerate(zip(*filled, strict=True)):
        if number in gaps:
            sheet.rows.append([Cell("")] * width)
        if "repeat" in shape and number and number % 60 == 0 and style != "none":
            sheet.rows.append(header)
        places.append(len(sheet.rows))
        sheet.rows.append(_ruffled(list(record), shape, number, rng))
    if "merged" in shape:
        _merge(sheet, places, rng)
    sheet.rows.extend(_below(shape, width, filled))
    return sheet, places


def _above(draft: Draft, shape: set[str], heads: list[str], rng: Random) -> Iterator[list[Cell]]:
    rest = [Cell("")] * (len(heads) - 1)
    if "title" in shape:
        yield [Cell(draft.title or f"鞍山市{rng.choice(('', '铁东区', '千山区'))}{draft.name}"), *rest]
    if "preface" in shape:
        for line in (
            "填表说明：",
            "1.本表由各单位据实填写，不得漏项。",
            "2.联系电话请填写手机号码，证件号码请填写18位身份证号。",
        ):
            yield [Cell(line), *rest]
    if "unit" in shape:
        unit = f"单位：{rng.choice(('元', '万元、人'))}"
        yield [Cell(f"填报单位：{rng.choice(words.AGENCIES)}"), *rest[:-1], Cell(unit)]
    if "two_row" in shape and len(heads) > 3:
        yield [Cell(""), Cell("基本信息"), *[Cell("")] * (len(heads) - 3), Cell("其他情况")]


def _below(shape: set[str], width: int, filled: list[list[Cell]]) -> Iterable[list[Cell]]:
    rest = [Cell("")] * (width - 1)
    if "total" in shape:
        yield [Cell("合计"), *rest[:-1], Cell(str(len(filled[0])))]
    if "note" in shape:
        yield [Cell("注：本表数据截至2026年6月30日，由填报单位负责解释。"), *rest]


def _ruffled(record: list[Cell], shape: set[str], number: int, rng: Random) -> list[Cell]:
    if "ragged" in shape and number % 9 == 4:
        record = [*record, *[Cell("")] * rng.randrange(1, 4)]
    if "quotes" in shape and number % 11 == 5:
        last = record[-1]
        record[-1] = last._replace(text=f'{last.text}"', raw=None)
    return record


def _merge(sheet: Sheet, places: list[int], rng: Random) -> None:
    """The first column says a street once for two to four rows."""
    start = 0
    while start < len(places):
        end = min(start + rng.randrange(1, 5), len(places))
        for place in places[start + 1 : end]:
            sheet.rows[place][0] = Cell("")
        if end - start > 1:
            sheet.merges.append((places[start], places[end - 1], 0, 0))
        start = end


def _column(
    draft: Draft, spec: Spec, column: list[Cell], number: int, head: str, places: list[int], form: str, style: str
) -> Column:
    keyed = form in KEYED
    must = kinds(spec.must) | {ADDS[name] for name in spec.dirt.split() if name in ADDS}
    holds: dict[str, set[int]] = {kind: set() for kind in must - {"partial_mask", "minor"}}
    raw: dict[str, set[str]] = {kind: set() for kind in must - {"partial_mask"}}
    for record, made in enumerate(column):
        for kind, value in made.holds:
            if kind in holds:
                holds[kind].add(record if keyed else places[record])
                raw[kind].add(value)
    may = kinds(spec.may) | ({"formula"} if "equals_quoted" in spec.dirt else set())
    # A remark that holds a kind in a row or two by chance must not be counted on.
    never = {kind for kind, rows in holds.items() if not rows}
    return Column(
        f"#{number + 1}" if style == "none" else head,
        must - never,
        may - must | never,
        {kind: frozenset(rows) for kind, rows in holds.items() if rows},
        {kind: frozenset(values) for kind, values in raw.items() if values},
        (draft.sheet or draft.name)[:31] if form in SHEETS else "",
        f"{draft.name}.csv" if form == "zip" else "",
        None if keyed else number,
    )

"""DOCX and PPTX: tables as tables, paragraphs as lines, and what isn't seen on the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ..pieces import Notice, Place, Read, Reading
from . import tables, workbook_parts
from .package import Package, local, named

CHANGED = {"del", "moveFrom"}
HIDDEN_TEXT = {"vanish", "webHidden", "specVanish"}
BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
WORDS_BESIDE = r"^word/(header|footer|footnotes|endnotes|comments|glossary/document)[^/]*\.xml$"
NOTES_BESIDE = (
    r"^ppt/(notesslides/[^/]*|comments/[^/]*|handoutmasters/[^/]*|notesmasters/[^/]*|slidemasters/[^/]*)\.xml$"
)


def read(path: Path, place: Place, reading: Reading) -> Read:
    with Package(path, place, reading) as package:
        yield from _slides(package) if package.matching(r"^ppt/.*\.xml$") else _document(package)
        yield from _links(package)
        yield from package.the_rest()


def _document(package: Package) -> Read:
    main = package.main("word/document.xml")
    parts = [main, *(one for one in package.matching(WORDS_BESIDE) if one != main.lower())]
    persons: set[str] = set()
    for number, part in enumerate(parts):
        name = "" if part == main else part.rsplit("/", 1)[-1].removesuffix(".xml")
        here = package.place.at(name) if name else package.place
        yield from package.part(part, lambda part, here=here: _words(package, part, here, persons), name)
        package.reading.progress((number + 1) / (len(parts) + 1))
    if persons:
        yield Notice("author", "author.reviewer", package.place.at("comments and changes"), len(persons))
        yield from tables.text(package.place.at("comments and changes"), sorted(persons), package.reading)


def _words(package: Package, part: str, here: Place, persons: set[str]) -> Read:
    root = package.tree(part)
    persons.update(filter(None, (named(one, "author") for one in root.iter() if isinstance(one.tag, str))))
    yield from _tables(root, here)
    outside, removed, unseen = _Lines(root), [], []
    yield from tables.text(here, outside.lines(), package.reading)
    for one in root.iter():
        name = local(one)
        if name in ("delText", "delInstrText"):
            removed.append(one.text or "")
        elif name in HIDDEN_TEXT and named(one, "val", "1") not in ("0", "false", "off"):
            run = one.getparent().getparent() if one.getparent() is not None else None
            unseen.append(text_of(run) if run is not None and local(run) == "r" else "")
    yield from _hidden(package, here, "deleted text", "hidden.deleted_text", removed)
    yield from _hidden(package, here, "hidden text", "hidden.text", unseen)
    if here.part.startswith("comments") and (count := sum(1 for one in root if local(one) == "comment")):
        yield Notice("hidden", "hidden.comments", here, count)


def _hidden(package: Package, here: Place, part: str, rule: str, words: list[str]) -> Read:
    words = [one for one in words if one.strip()]
    if words:
        place = here.at(" ".join(filter(None, (here.part, part))))
        yield Notice("hidden", rule, place, len(words))
        yield from tables.text(place, ["".join(words)] if rule == "hidden.deleted_text" else words, package.reading)


def _tables(root: etree._Element, here: Place) -> Read:
    """Each table, also one inside another, without those inside it."""
    for number, one in enumerate(each for each in root.iter() if local(each) == "tbl"):
        rows = [
            [text_of(cell, without="tbl").strip() for cell in row.iter() if local(cell) == "tc" and _of(cell, one)]
            for row in one.iter()
            if local(row) == "tr" and _of(row, one)
        ]
        name = " ".join(filter(None, (here.part, f"table {number + 1}")))
        yield from tables.table(here.at(name), [row for row in rows if row])


def _of(inner: etree._Element, table: etree._Element) -> bool:
    return next((one for one in inner.iterancestors() if local(one) == "tbl"), None) is table


def text_of(root: etree._Element, without: str = "") -> str:
    """The words below an element, with line ends between paragraphs."""
    kept: list[str] = []
    waiting: list[etree._Element | str] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            kept.append(one)
            continue
        name = local(one)
        if (name == without and one is not root) or name in ("Fallback", "delText"):
            continue
        if name in ("t", "instrText"):
            kept.append(one.text or "")
        kept.append(BREAKS.get(name, ""))
        if name == "p":
            waiting.append("\n")
        waiting += reversed(one)
    return "".join(kept).rstrip("\n")


class _Lines:
    """The paragraphs outside of tables; text boxes are paragraphs of their own."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root

    def lines(self) -> Iterator[str]:
        inside = 0
        for event, one in etree.iterwalk(self.root, events=("start", "end")):
            name = local(one)
            if name == "tbl":
                inside += 1 if event == "start" else -1
            elif name == "p" and event == "start" and not inside:
                yield from text_of(one, without="p").splitlines()


def _slides(package: Package) -> Read:
    main = package.main("ppt/presentation.xml")
    slides = package.matching(r"^ppt/slides/slide[^/]*\.xml$")
    slides.sort(key=lambda name: int("".join(re.findall(r"\d+", name)) or 0))
    package.taken.add(main.lower())
    hidden = _Count()
    for number, part in enumerate(slides):
        here = package.place.at(f"slide {re.sub(r'[^0-9]', '', part) or number + 1}")
        yield from package.part(part, lambda part, here=here: _slide(package, part, here, hidden), here.part)
        package.reading.progress((number + 1) / (len(slides) + 1))
    if hidden.number:
        yield Notice("hidden", "hidden.slides", package.place, hidden.number)
    for part in package.matching(NOTES_BESIDE):
        here = package.place.at(part.removeprefix("ppt/").removesuffix(".xml"))
        yield from package.part(part, lambda part, here=here: _beside(package, part, here), here.part)


class _Count:
    number = 0


def _slide(package: Package, part: str, here: Place, hidden: _Count) -> Read:
    root = package.tree(part)
    hidden.number += named(root, "show", "1") in ("0", "false")
    yield from _tables(root, here)
    yield from tables.text(here, _Lines(root).lines(), package.reading)
    described = [named(one, "descr") or named(one, "title") for one in root.iter() if local(one) == "cNvPr"]
    yield from tables.text(here.at(f"{here.part} descriptions"), described, package.reading)


def _beside(package: Package, part: str, here: Place) -> Read:
    root = package.tree(part)
    yield from _tables(root, here)
    lines = [*_Lines(root).lines(), *(one.text or "" for one in root.iter() if local(one) == "text")]
    if "comments" in part and lines:
        yield Notice("hidden", "hidden.comments", here)
    yield from tables.text(here, lines, package.reading)


def _links(package: Package) -> Read:
    """Where the document leads to, or takes something from."""
    outside = [
        one
        for part in package.matching(r"^(word|ppt)/.*\.rels$")
        for one in package.relations(part.replace("_rels/", "").removesuffix(".rels"))
        if one.outside
    ]
    links = [one.target for one in outside if one.type == "hyperlink"]
    drawn: Callable[[str], bool] = workbook_parts.is_odd
    if odd := sum(map(drawn, links)):
        yield Notice("link", "link.hyperlink_scheme", package.place.at("links"), odd)
    if len(outside) > len(links):
        yield Notice("link", "link.outside", package.place.at("links"), len(outside) - len(links))
    yield from tables.text(package.place.at("links"), (one.target for one in outside), package.reading)

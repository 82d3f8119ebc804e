"""An Office file as a ZIP of parts: who points to whom, and the words of the parts that nobody looks at."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ..pieces import Notice, Place, Read, Reading
from . import inside, tables
from .unreadable import Unreadable

SECURE: Mapping[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
}
PROGRAMS = re.compile(
    r"(?i)^(openpyxl|xlsxwriter|python-(docx|pptx)|apache poi|un-?named|wps|wps office.*|kingsoft.*|libreoffice.*|"
    r"microsoft (office|excel|word|powerpoint).*|(pdf)?(anonymous|unspecified|unknown)|powerpoint 演示文稿)$"
)
"""What programs write where a person's name belongs."""

AUTHORS = {"creator", "lastModifiedBy", "Manager", "Company", "initial-creator", "printed-by"}
TECHNICAL = {
    *(
        "Application",
        "AppVersion",
        "Template",
        "DocSecurity",
        "ScaleCrop",
        "SharedDoc",
        "HyperlinksChanged",
        "LinksUpToDate",
    ),
    *("TotalTime", "Pages", "Words", "Characters", "CharactersWithSpaces", "Lines", "Paragraphs", "Slides", "Notes"),
    *(
        "HiddenSlides",
        "MMClips",
        "PresentationFormat",
        "revision",
        "created",
        "modified",
        "i4",
        "creation-date",
        "date",
    ),
    *(
        "editing-duration",
        "editing-cycles",
        "generator",
        "lastPrinted",
        "Producer",
        "Creator",
        "CreationDate",
        "ModDate",
    ),
}
"""Properties that say nothing about people."""

WITHOUT_WORDS = re.compile(
    r"(?i)(^\[content_types\]\.xml|\.rels|/printersettings\d*\.bin|/theme\d*\.xml|/calcchain\.(xml|bin)|/styles\.(xml|bin)|"
    r"/(fonttable|settings|websettings|stylesWithEffects|numbering|viewprops|presprops|tablestyles|metadata)\.xml|"
    r"/fonts/.*|\.(odttf|fntdata)|/activex\d*\.bin|/binaryindex\d*\.bin|slidelayout\d*\.xml|slidemaster\d*\.xml|"
    r"/(style|colors)\d+\.xml|/itemprops\d+\.xml|^mimetype|^manifest\.rdf|thumbnails?/.*|docprops/thumbnail\..*)$"
)
"""Parts that hold looks, not words."""

DRAWN = (".emf", ".wmf", ".svg", ".wdp", ".pct")
FILM = (".mp4", ".mp3", ".wav", ".avi", ".wmv", ".mov", ".m4a", ".wma")
MODEL = re.compile(r"(?i)xl/model/.*\.data$")
MACROS = re.compile(r"(?i)(vbaproject\.bin|(^|/)macrosheets/|^basic/.+/(?!script-l[bc]\.xml).+\.xml$)")


@dataclass(frozen=True)
class Relation:
    id: str
    type: str  # the last word of its address
    target: str  # a part, or an address outside
    outside: bool


class Package:
    """The parts of an Office file; names are compared without regard to case, as Office does."""

    def __init__(self, path: Path, place: Place, reading: Reading) -> None:
        self.archive = zipfile.ZipFile(path)
        self.place, self.reading = place, reading
        self.parts = {one.filename.lstrip("/").replace("\\", "/").lower(): one for one in self.archive.infolist()}
        self.taken: set[str] = set()

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self.archive.close()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self.parts

    def open(self, part: str) -> IO[bytes]:
        self.taken.add(part.lower())
        entry = self.parts.get(part.lower())
        if entry is None:
            raise Unreadable("damaged")
        if entry.flag_bits & 1:
            raise Unreadable("encrypted")
        return self.archive.open(entry)

    def tree(self, part: str) -> etree._Element:
        """A part as a tree, where it is no larger than what may be read whole."""
        return tree(self.open(part), self.reading.limits.whole)

    def relations(self, part: str) -> list[Relation]:
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", name + ".rels").lower()
        if rels not in self.parts:
            return []
        return [
            Relation(
                one.get("Id", ""),
                one.get("Type", "").rstrip("/").rsplit("/", 1)[-1],
                one.get("Target", "")
                if one.get("TargetMode") == "External"
                else _target(folder, one.get("Target", "")),
                one.get("TargetMode") == "External",
            )
            for one in self.tree(rels)
            if isinstance(one.tag, str)
        ]

    def matching(self, pattern: str) -> list[str]:
        wanted = re.compile(pattern, re.I)
        return sorted(one for one in self.parts if wanted.search(one))

    def main(self, usual: str) -> str:
        """The part that the package is about."""
        found = [one.target for one in self.relations("") if one.type == "officeDocument" and one.target in self]
        return found[0] if found else usual

    def part(self, part: str, read: Callable[[str], Read], name: str = "") -> Read:
        """Runs a reader of a part; one that fails is a notice, and the other parts are still read."""
        self.taken.add(part.lower())
        try:
            yield from read(part)
        except Unreadable as refusal:
            yield Notice("unreadable", f"unreadable.{refusal.why}", self.place.at(name or part), facts=refusal.facts)
        except (etree.LxmlError, zipfile.BadZipFile, OSError, ValueError, EOFError, KeyError, RuntimeError):
            yield Notice("unreadable", "unreadable.part", self.place.at(name or part), facts={"part": part})
        except Exception:  # zlib.error, struct.error, ...: whatever a damaged part provokes is the same to people
            yield Notice("unreadable", "unreadable.part", self.place.at(name or part), facts={"part": part})

    def properties(self) -> Read:
        """Who made the file, as it says itself."""
        found: list[tuple[str, str]] = []
        for part in self.matching(r"^docprops/.*\.xml$|^meta\.xml$"):
            try:
                root = self.tree(part)
            except Exception:
                yield Notice("unreadable", "unreadable.part", self.place.at("properties"), facts={"part": part})
                continue
            found += [
                (named(one, "name") or local(one), one.text or "") for one in root.iter() if isinstance(one.tag, str)
            ]
        yield from authors(found, self.place, self.reading)

    def the_rest(self) -> Read:
        """Every part that no reader has taken: words as text, files inside as members."""
        yield from self.properties()
        for name, entry in self.parts.items():
            if name in self.taken or entry.is_dir() or WITHOUT_WORDS.search("/" + name) or WITHOUT_WORDS.search(name):
                continue
            if MACROS.search(name):
                yield Notice("hidden", "hidden.macro", self.place.at("macros"))
            if MODEL.search(name):
                yield Notice("unreadable", "unreadable.data_model", self.place.at(name))
            elif name.endswith((".xml", ".vml")):
                yield from self.part(name, self._words)
            elif name.endswith(DRAWN + FILM):
                if name.endswith(FILM):
                    yield Notice("unreadable", "unreadable.unknown_type", self.place.at(name), facts={"type": "film"})
            elif not name.endswith("vbaproject.bin"):
                yield from self.part(name, self._inside)

    def _words(self, part: str) -> Read:
        with self.open(part) as stream:
            yield from tables.text(self.place.at(part), words(stream), self.reading)

    def _inside(self, part: str) -> Read:
        if notice := inside.enter(self.place, self.reading):
            yield notice
            return
        entry = self.parts[part]
        name = posixpath.basename(entry.filename)
        with self.open(part) as stream, inside.share(self.reading, 1.0, 1.0):
            for item in inside.member(stream, name, entry.compress_size, self.place, self.reading):
                # A part is seldom called what it is: oleObject1.bin may hold anything.
                if not (isinstance(item, Notice) and item.rule == "type_mismatch.extension"):
                    yield item


def tree(stream: IO[bytes], limit: int) -> etree._Element:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unreadable("limit_whole", limit=limit >> 20)
    if b"<!ENTITY" in data:
        raise Unreadable("entities")
    parser = etree.XMLParser(**SECURE)
    return etree.parse(BytesIO(data), parser).getroot()


BLOCKS = {"p", "si", "text", "comment", "definedName", "threadedComment", "cm", "v", "formula1", "formula2"}
RUNS = {"t", "r", "span", "a", "s", "tab", "instrText"}
SPOKEN = {"v", "author", "displayName", "userId", "name", "u", "connection", "command", "sourceFile", "alt", "descr"}
"""Attributes that may hold words of people; ``v`` is a value of a pivot cache."""


def words(stream: IO[bytes], attributes: Iterable[str] = SPOKEN) -> Iterator[str]:
    """The words of any XML part, a block a line, as a stream."""
    wanted = set(attributes)
    kept: list[str] = []
    for event, one in etree.iterparse(stream, events=("start", "end"), **SECURE):
        name = local(one)
        if event == "start":
            if one.getparent() is None and one.getroottree().docinfo.internalDTD is not None:
                raise Unreadable("entities")
            if one.attrib:
                yield from (text for key, text in one.attrib.items() if _plain(key) in wanted and _is_word(text))
            continue
        kept.append(one.text or "")
        if name not in RUNS:
            if line := "".join(kept).strip():
                yield line
            kept = []
        one.clear(keep_tail=True)
        while one.getprevious() is not None and one.getparent() is not None:
            del one.getparent()[0]
        if one.tail:
            kept.append(one.tail)
            one.tail = None


def _is_word(text: str | bytes) -> bool:
    return len(text) > 1 and not str(text).startswith(("{", "http://schemas."))


def authors(found: Iterable[tuple[str, str]], place: Place, reading: Reading) -> Read:
    """Properties as text, and a notice where they name a person."""
    given = [(name, value.strip()) for name, value in found if value and value.strip() and name not in TECHNICAL]
    count = sum(1 for name, value in given if name in AUTHORS and not PROGRAMS.match(value))
    if count:
        yield Notice("author", "author.property", place.at("properties"), count)
    yield from tables.text(place.at("properties"), (value for _, value in given), reading)


def local(one: etree._Element) -> str:
    """The name of an element without its namespace; empty for comments."""
    return _plain(one.tag) if isinstance(one.tag, str) else ""


def named(one: etree._Element, name: str, usual: str = "") -> str:
    """An attribute, whatever its namespace."""
    return next((str(value) for key, value in one.attrib.items() if _plain(key) == name), usual)


def _plain(name: Any) -> str:
    return str(name).rsplit("}", 1)[-1]


def _target(folder: str, target: str) -> str:
    path = target if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(path).lstrip("/")

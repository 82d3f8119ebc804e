"""Atom and RSS of a list of datasets. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from xml.etree import ElementTree

ATOM, DC, XML = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/dc/elements/1.1/",
    "http://www.w3.org/XML/1998/namespace",
)
CHINA = timezone(timedelta(hours=8))
UNREADABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml"}
DATA_LANGUAGE = "zh-Hans"

ElementTree.register_namespace("atom", ATOM)
ElementTree.register_namespace("dc", DC)


@dataclass(frozen=True)
class File:
    url: str
    mimetype: str
    size: int


@dataclass(frozen=True)
class Item:
    id: str
    title: str
    text: str
    url: str
    agency: str
    issued: str  # the day from which the data is open
    modified: datetime  # in UTC, without a zone
    themes: Sequence[str] = ()
    files: Sequence[File] = ()


@dataclass(frozen=True)
class Feed:
    title: str
    about: str
    url: str  # its own address
    page: str  # of the page that shows the same
    language: str
    items: Sequence[Item]
    pages: Mapping[str, str] = field(default_factory=dict)  # first, previous, next, last: addresses


def write(feed: Feed, kind: str) -> bytes:
    """As ``atom`` or ``rss``."""
    root = _atom(feed) if kind == "atom" else _rss(feed)
    return ElementTree.tostring(root, "utf-8", xml_declaration=True)


def _atom(feed: Feed) -> ElementTree.Element:
    root = ElementTree.Element("feed", {"xmlns": ATOM, f"{{{XML}}}lang": feed.language})
    _add(root, "id", feed.url)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.about)
    _add(root, "updated", _instant(max((each.modified for each in feed.items), default=datetime(2022, 1, 1))))
    for rel, url in (("self", feed.url), ("alternate", feed.page), *feed.pages.items()):
        kind = {"type": TYPES["atom"]} if rel != "alternate" else {"type": "text/html"}
        _add(root, "link", rel=rel, href=url, **kind)
    for each in feed.items:
        _entry(root, each)
    return root


def _entry(root: ElementTree.Element, item: Item) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", f"urn:uuid:{item.id}")
    _add(entry, "title", item.title).set(f"{{{XML}}}lang", DATA_LANGUAGE)
    _add(entry, "link", rel="alternate", type="text/html", href=item.url)
    _add(entry, "updated", _instant(item.modified))
    if item.issued:
        _add(entry, "published", _midnight(item.issued).isoformat())
    _add(_add(entry, "author"), "name", item.agency)
    _add(entry, "summary", item.text).set(f"{{{XML}}}lang", DATA_LANGUAGE)
    for theme in item.themes:
        _add(entry, "category", term=theme)
    for file in item.files:
        _add(entry, "link", rel="enclosure", href=file.url, type=file.mimetype, length=str(file.size))


def _rss(feed: Feed) -> ElementTree.Element:
    root = ElementTree.Element("rss", {"version": "2.0"})
    channel = ElementTree.SubElement(root, "channel")
    for name, text in (("title", feed.title), ("link", feed.page), ("description", feed.about)):
        _add(channel, name, text)
    _add(channel, "language", feed.language)
    ElementTree.SubElement(channel, f"{{{ATOM}}}link", rel="self", href=feed.url, type=TYPES["rss"])
    for each in feed.items:
        _rss_item(channel, each)
    return root


def _rss_item(channel: ElementTree.Element, item: Item) -> None:
    made = ElementTree.SubElement(channel, "item")
    for name, text in (("title", item.title), ("link", item.url), ("description", item.text)):
        _add(made, name, text)
    _add(made, "guid", f"urn:uuid:{item.id}").set("isPermaLink", "false")
    when = _midnight(item.issued) if item.issued else item.modified.replace(tzinfo=timezone.utc)
    _add(made, "pubDate", format_datetime(when))
    ElementTree.SubElement(made, f"{{{DC}}}creator").text = readable(item.agency)
    for theme in item.themes:
        _add(made, "category", theme)
    for file in item.files[:1]:  # RSS knows one
        _add(made, "enclosure", url=file.url, type=file.mimetype, length=str(file.size))


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, name, attributes)
    made.text = readable(text) or None
    return made


def readable(text: str) -> str:
    """Without the characters that XML can't hold."""
    return UNREADABLE.sub("", text)


def _instant(moment: datetime) -> str:
    return moment.replace(tzinfo=timezone.utc, microsecond=0).isoformat()


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), CHINA)

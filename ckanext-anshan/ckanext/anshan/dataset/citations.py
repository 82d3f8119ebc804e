"""How a dataset is cited: finished texts, with the version, its day and today's (article 35). Plain Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    sign: f"\\{sign}" for sign in "&%$#_{}"
}


@dataclass(frozen=True)
class Cited:
    """What a citation is made of."""

    author: str  # the agency
    title: str
    version: int
    released: date
    portal: str
    address: str
    today: date
    name: str = ""  # of the dataset in addresses


def all_styles(cited: Cited) -> Sequence[Mapping[str, str]]:
    """Each as ``style`` and finished ``text``; the one that is usual in China first."""
    return (
        {"style": "GB/T 7714", "text": gb_t_7714(cited)},
        {"style": "APA", "text": apa(cited)},
        {"style": "BibTeX", "text": bibtex(cited)},
    )


def gb_t_7714(cited: Cited) -> str:
    """As GB/T 7714-2015 has data on the web: [DS/OL], the day of the version, the day of access in brackets."""
    days = f"{cited.released.isoformat()}[{cited.today.isoformat()}]"
    return f"{cited.author}. {cited.title}：第 {cited.version} 版[DS/OL]. {cited.portal}, {days}. {cited.address}."


def apa(cited: Cited) -> str:
    """As the seventh edition has a data set that may change: with the day on which it was retrieved."""
    day = f"{MONTHS[cited.today.month - 1]} {cited.today.day}, {cited.today.year}"
    return (
        f"{cited.author}. ({cited.released.year}). {cited.title} (Version {cited.version}) [Data set]. {cited.portal}."
        f" Retrieved {day}, from {cited.address}"
    )


def bibtex(cited: Cited) -> str:
    fields = {
        "author": f"{{{escaped(cited.author)}}}",
        "title": f"{{{escaped(cited.title)}}}",
        "version": str(cited.version),
        "year": str(cited.released.year),
        "date": cited.released.isoformat(),
        "publisher": escaped(cited.portal),
        "url": cited.address,
        "urldate": cited.today.isoformat(),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@dataset{{{key(cited)},\n{lines}}}"


def key(cited: Cited) -> str:
    """Letters and digits alone, the same for the same version."""
    return f"{re.sub('[^A-Za-z0-9]+', '-', cited.name).strip('-') or 'dataset'}-v{cited.version}"


def escaped(text: str) -> str:
    return "".join(SPECIAL.get(letter, letter) for letter in text)

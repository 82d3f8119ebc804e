"""Which article a refusal rests on, and what can be done against it: proposals, which the judge may change."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk

from ..catalogue import messages as catalogue
from .offering import Matter
from .rules import Ground, Kind

OPENING: Mapping[Ground, int] = {
    Ground.NOT_ELIGIBLE: 27,
    Ground.USE_NOT_ALLOWED: 27,
    Ground.MORE_THAN_NEEDED: 27,
    Ground.SAFEGUARDS: 27,
    Ground.NO_BASIS: 27,
    Ground.NOT_SUPPLEMENTED: 27,
    Ground.SECURITY: 28,
    Ground.BREACHED_BEFORE: 35,
}
SHARING: Mapping[Ground, int] = {
    **dict.fromkeys(OPENING, 21),
    Ground.USE_NOT_ALLOWED: 22,
    Ground.MORE_THAN_NEEDED: 22,
    Ground.NO_BASIS: 22,
    Ground.BREACHED_BEFORE: 22,
}
SUGGESTED = (21, 22, 27, 28, 35)


def measures(number: int) -> str:
    """An article of the regulation, as it is cited in an answer."""
    return tk._("Article {number} of the Measures of Anshan for the Management of Public Data (trial)").format(
        number=number, numeral=catalogue.numeral(number)
    )


def article(ground: Ground, kind: Kind, matter: Matter) -> str:
    """What a refusal on this ground most likely rests on; of a law, the one that the entry names."""
    number = _number(ground, kind)
    return measures(number) if number else next(iter(bases(matter)), "")


def short(ground: Ground, kind: Kind, matter: Matter) -> str:
    """The same in a few characters."""
    number = _number(ground, kind)
    return catalogue.article(number) if number else next(iter(bases(matter)), "")


def _number(ground: Ground, kind: Kind) -> int | None:
    return (OPENING if kind is Kind.OPENING else SHARING).get(ground)


def bases(matter: Matter) -> list[str]:
    """What the entries name as the basis of their class."""
    found = []
    for one in matter.offered.values():
        fields = one.offer.metadata.get("fields") or one.offer.metadata
        said = [str(fields.get(f"opening_basis_{name}") or "") for name in ("title", "article")]
        found.append("".join(said).strip())
    return list(dict.fromkeys(text for text in found if text))


def articles(matter: Matter) -> list[str]:
    return [*bases(matter), *(measures(number) for number in SUGGESTED)]


def of(kind: Kind) -> str:
    """What somebody can do who doesn't agree with a refusal."""
    if kind is Kind.SHARING:
        return tk._(
            "If you don't agree, you can ask the data bureau of the city to settle it (article 6 of the Measures), or"
            " apply again once what the answer names is there."
        )
    return tk._(
        "If you don't agree with this answer, you can apply to the people's government for administrative"
        " reconsideration within 60 days of receiving it, or bring an action before a people's court within six months"
        " (Administrative Reconsideration Law, Administrative Litigation Law). You can also lodge a complaint about"
        " your rights on this portal, or apply again once what the answer names is there."
    )

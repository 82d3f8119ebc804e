"""The one error a user of the launcher sees: what is wrong, where, and how to mend it, in English and in Chinese."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

I18N = Path(__file__).resolve().parents[4] / "i18n"


def N_(msgid: str) -> str:
    """Marks a sentence for translation where it stands."""
    return msgid


@cache
def chinese() -> gettext.NullTranslations:
    return gettext.translation("ckanext-anshan", I18N, ["zh_Hans_CN"], fallback=True)


class Problem(Exception):
    """Something that stops the launcher, in words for the person at the keyboard; ``facts`` fill their braces."""

    def __init__(self, what: str, mend: str = "", **facts: object) -> None:
        self.what, self.mend, self.facts = what, mend, facts
        english, chinese = self._told(what, mend), self._told(*map(self._translated, (what, mend)))
        super().__init__(english if chinese == english else f"{english}\n{chinese}")

    def _told(self, what: str, mend: str) -> str:
        return f"{what}\n  {mend}".format(**self.facts) if mend else what.format(**self.facts)

    @staticmethod
    def _translated(sentence: str) -> str:
        return chinese().gettext(sentence) if sentence else ""


def both(what: str, mend: str = "", **facts: object) -> str:
    """A sentence in English and in Chinese for whoever sits at the keyboard, where nothing is wrong."""
    return str(Problem(what, mend, **facts))


def beside(what: str, **facts: object) -> str:
    """The same in one line."""
    return " · ".join(both(what, "", **facts).splitlines())

"""What was probably meant by a word that no result holds: one that sounds the same, or lacks or has one letter more.

Plain Python. The suggestion is cut out of the results themselves, so it tells nobody what they may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from . import pinyin
from .query import LATIN, PIECE, words
from .synonyms import fold

READ = 200
"""Characters of each text that are compared; beyond them it would take longer than the search."""
LONG_ENOUGH = 4
"""Characters from which on one too many or too few is taken for a slip."""


def did_you_mean(q: str, texts: Sequence[str]) -> str | None:
    """The query with its misspelt words mended, or None.

    >>> did_you_mean("空汽质量", ["全市空气质量月报"])
    '空气质量'
    """
    folded = [fold(text[:READ]) for text in texts]
    text = words(q)
    if LATIN.fullmatch(text):
        return _from_pinyin(text.replace(" ", ""), folded)
    pieces = PIECE.findall(text)
    mended = [_mend(piece, folded) for piece in pieces]
    return " ".join(mended) if mended != pieces else None


def _mend(piece: str, texts: Sequence[str]) -> str:
    if not pinyin.HAN.fullmatch(piece) or len(piece) < 2 or any(piece in text for text in texts):
        return piece
    found = Counter(part for text in texts for part in _alike(piece, text))
    return found.most_common(1)[0][0] if found else piece


def _alike(piece: str, text: str) -> Iterable[str]:
    """The parts of the text that a person who typed the piece may have meant."""
    for run in pinyin.HAN.findall(text):
        for length in (len(piece) - 1, len(piece), len(piece) + 1):
            for start in range(len(run) - length + 1):
                part = run[start : start + length]
                if _same_sound(piece, part) if length == len(piece) else _one_off(piece, part):
                    yield part


def _same_sound(piece: str, part: str) -> bool:
    """Characters that differ are homophones, or nearly so; one at least is the same."""
    different = [(one, other) for one, other in zip(piece, part, strict=True) if one != other]
    return 0 < len(different) <= max(1, len(piece) // 2) and all(_near(*pair) for pair in different)


def _near(one: str, other: str) -> bool:
    return _blurred(one) == _blurred(other)


def _blurred(letter: str) -> str:
    """The sound without what is often mixed up: zh and z, n and ng."""
    sound = pinyin.syllables(letter)[0]
    for exact, blurred in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        sound = sound.replace(exact, blurred)
    return sound


def _one_off(piece: str, part: str) -> bool:
    """The longer one becomes the shorter when one letter inside is left out."""
    shorter, longer = sorted((piece, part), key=len)
    if len(shorter) < LONG_ENOUGH or (shorter[0], shorter[-1]) != (longer[0], longer[-1]):
        return False
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(1, len(longer) - 1))


def _from_pinyin(letters: str, texts: Sequence[str]) -> str | None:
    """The Chinese that whole syllables stand for in the results."""
    spellings = pinyin.spellings(letters)
    found = Counter(part for text in texts for part in _spelt(spellings, text))
    return found.most_common(1)[0][0] if found else None


def _spelt(spellings: Sequence[str], text: str) -> Iterable[str]:
    for run in pinyin.HAN.findall(text):
        sounds = pinyin.syllables(run)
        for spelling in spellings:
            length = spelling.count("'")
            for start in range(len(run) - length + 1):
                if len(sounds) == len(run) and "'".join(sounds[start : start + length]) + "'" == spelling:
                    yield run[start : start + length]

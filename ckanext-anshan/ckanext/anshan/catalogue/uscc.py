"""The unified social credit code, GB 32100-2015. Plain Python."""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
SHAPE = re.compile(r"[0-9A-Z]{18}")


def shaped(code: str) -> bool:
    return bool(SHAPE.fullmatch(code))


def check_character(first17: str) -> str:
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def valid(code: str) -> bool:
    """False for some codes that agencies really use: warn, don't refuse."""
    if not shaped(code) or any(character not in ALPHABET for character in code):
        return False
    return check_character(code[:17]) == code[17]

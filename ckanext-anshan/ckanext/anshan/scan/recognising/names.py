"""Whether some characters have the form of a Chinese person's name, by the dictionaries of family and given names."""

from __future__ import annotations

import re
from functools import lru_cache

from . import known

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]"
ALL_HAN = re.compile(f"{HAN}+")
NOT_AT_END = re.compile(
    r"(?:小学|中学|大学|学校|医院|公司|商店|超市|药店|饭店|宾馆|广场|花园|小区|新村|大街|大道|胡同|工程|项目|中心|银行)$"
)
NOT_LAST = frozenset(
    "村屯庄区县市镇乡路街店厂社站局所校院组馆园桥河山沟岭湾楼馆场部处科室委办队行司品类型号位级族寺庙庵观堂湖泉港岛洲坡洼甸"
)
NOT_LAST_OF_THREE = NOT_LAST - frozenset("山泉河桥行品")
"""What a place, an office or a thing ends with, and hardly a name of two or three characters."""


TITLED = re.compile(
    rf"{HAN}(?:先生|女士|小姐|同志|老师|师傅|大爷|大妈|阿姨|大姐|大哥|医生|同学|某某|局长|科长|主任|书记)"
)
"""A family name alone names nobody."""
LONGEST_NAME = 4  # characters


def is_name(text: str) -> bool:
    """Whether a text has the form of a Chinese person's name: a family name and one or two characters."""
    surnames = known.words("surnames.txt")
    if not 2 <= len(text) <= 4 or "某" in text or text in known.words("not_names.txt") or not ALL_HAN.fullmatch(text):
        return False
    if TITLED.fullmatch(text):
        return False
    if len(text) == 4 and NOT_AT_END.search(text):
        return False
    if text[-1] in (NOT_LAST_OF_THREE if len(text) > 2 else NOT_LAST):
        return False
    if text[:2] in surnames and len(text) > 2:
        return True
    return text[0] in surnames and (len(text) < 4 or text[1] in surnames)


def is_given(text: str) -> bool:
    """Whether a name of that form ends with characters that people are often called."""
    given = known.words("given_names.txt")
    length = 2 if text[:2] in known.words("surnames.txt") and len(text) > 2 else 1
    return any(sign in given for sign in text[length:])


@lru_cache(maxsize=1 << 16)
def is_surely_name(text: str) -> bool:
    """A name all of whose given characters are in the dictionary."""
    if not 2 <= len(text) <= LONGEST_NAME:
        return False
    start = 2 if len(text) > 2 and text[:2] in known.words("surnames.txt") else 1
    return is_name(text) and text[0] not in ORDINARY and set(text[start:]) <= known.words("given_names.txt")


ORDINARY = frozenset("依都由么火回者经线普初未占从后别相能须养通全公应有关计利用向当时即")
"""Family names that are far more often something else in a sentence."""

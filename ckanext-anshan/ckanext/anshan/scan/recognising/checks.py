"""Whether one number is what it seems: check digits, dates and beginnings. ``numbers.py`` says the same of arrays."""

from __future__ import annotations

import datetime

from . import known

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
ID_CHECKS = "10X98765432"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # GB 32100
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
OLDEST = 1890  # year of birth


def is_shaped_resident_id(number: str, today: datetime.date) -> bool:
    """18 characters with a province and a day of birth that can be."""
    return len(number) == 18 and int(number[:2]) in known.provinces() and _is_day(number[6:14], today)


def is_resident_id(number: str, today: datetime.date) -> bool:
    """As above, and the check character fits (GB 11643)."""
    number = number.upper()
    return is_shaped_resident_id(number, today) and id_check(number[:17]) == number[17]


def id_check(body: str) -> str:
    """The check character of 17 digits."""
    return ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True)) % 11]


def is_old_resident_id(number: str, today: datetime.date) -> bool:
    """15 digits as they were given until 1999: no century, no check character."""
    return len(number) == 15 and int(number[:2]) in known.provinces() and _is_day(f"19{number[6:12]}", today)


def is_resident_day(eight: str) -> bool:
    """Whether eight digits are a day on which somebody may have been born."""
    return _is_day(eight, datetime.date(9999, 12, 31))


def _is_day(eight: str, today: datetime.date) -> bool:
    try:
        day = datetime.date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return False
    return datetime.date(OLDEST, 1, 1) <= day <= today


def is_mobile(number: str) -> bool:
    return len(number) == 11 and int(number[:3]) in known.mobiles() and len(set(number[3:])) > 1


def is_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    odd, even = number[-1::-2], number[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0


def begins_as_card(number: str) -> bool:
    return number.startswith(known.cards().get(len(number), ())) if number else False


def is_bank_card(number: str) -> bool:
    return begins_as_card(number) and is_luhn(number) and len(set(number[6:])) > 2


def is_uscc(code: str) -> bool:
    """Unified social credit code of an organization (GB 32100)."""
    if len(code) != 18 or set(code) - set(USCC_CHARACTERS):
        return False
    total = sum(USCC_CHARACTERS.index(sign) * weight for sign, weight in zip(code, USCC_WEIGHTS, strict=False))
    return USCC_CHARACTERS[(31 - total % 31) % 31] == code[17]


def is_area(code: str) -> bool:
    """An area code with its 0."""
    return code.startswith("0") and code[1:].isdigit() and int(code[1:]) in known.areas()

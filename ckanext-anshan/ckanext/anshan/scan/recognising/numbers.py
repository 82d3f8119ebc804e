"""Resident IDs, mobiles, landlines, bank cards, e-mail: found in a stretch of bytes with a few operations on all of it.

A run of digits is bounded by whatever isn't a digit, so that numbers glued to Chinese characters are found too.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..pieces import Numbers
from . import known
from .checks import ID_WEIGHTS, OLDEST

PAD = 64
"""Zero bytes behind the data, so that a look beyond its end sees nothing."""
SHORTEST = 7  # digits of a run that is looked at
USUAL_DOMAIN = 20  # characters

Bytes = NDArray[np.uint8]
Truths = NDArray[np.bool_]
NOWHERE: Numbers = np.zeros(0, np.int64)


class Spans(NamedTuple):
    """Where a signal stands in the data."""

    starts: Numbers
    ends: Numbers


def padded(data: bytes) -> Bytes:
    return np.frombuffer(data + bytes(PAD), np.uint8)


def find(seen: Bytes, today: datetime.date) -> Iterator[tuple[str, Spans]]:
    """Signals and where they stand.

    ``resident_id`` is a whole one, ``resident_id?`` one whose check character is wrong; likewise ``bank_card``.
    ``digits11`` (beginning with 1), ``digits15`` are all runs of that length: what the found ones are compared with.
    ``grouped`` is a blank or hyphen with three digits before and three behind it.
    """
    digits = digits_of(seen)
    yield "grouped", _spans(_grouped(seen, digits), 1)
    starts, lengths = runs(digits)
    if len(starts):
        yield from _resident_ids(seen, starts, lengths, today)
        yield from _old_resident_ids(seen, starts, lengths, today)
        yield from _mobiles(seen, starts, lengths)
        yield from _cards(seen, starts, lengths, today)
        yield "landline", _landlines(seen, starts, lengths)
    yield "email", emails(seen)


class Bits:
    """A truth for each byte of the data as one long integer: a million of them are combined in one operation."""

    def __init__(self, truths: Truths) -> None:
        self.bytes = -(-len(truths) // 8)
        self.value = int.from_bytes(np.packbits(truths).tobytes(), "big")

    def places(self, value: int) -> Numbers:
        """Where the bits of a value made of these stand."""
        if not value:
            return NOWHERE
        return np.flatnonzero(np.unpackbits(np.frombuffer(value.to_bytes(self.bytes, "big"), np.uint8)).view(np.bool_))


def digits_of(seen: Bytes) -> Bits:
    return Bits((seen - 48) < 10)


def runs(digits: Bits) -> tuple[Numbers, Numbers]:
    """Where runs of at least seven digits begin, and how long they are."""
    two = digits.value & (digits.value << 1)
    four = two & (two << 2)
    seven = four & (four << 3)  # the first digits of seven
    edges = digits.places(seven ^ (seven >> 1))  # each first one, and behind each last one
    return edges[::2], edges[1::2] + SHORTEST - 1 - edges[::2]


def _grouped(seen: Bytes, digits: Bits) -> Numbers:
    gaps, value = Bits((seen == ord(" ")) | (seen == ord("-"))), digits.value
    before, after = (value >> 1) & (value >> 2) & (value >> 3), (value << 1) & (value << 2) & (value << 3)
    return gaps.places(gaps.value & before & after)


def window(seen: Bytes, starts: Numbers, width: int) -> Bytes:
    """The bytes from each start on, as rows."""
    return np.lib.stride_tricks.sliding_window_view(seen, width)[starts]


def _spans(starts: Numbers, length: int) -> Spans:
    return Spans(starts, starts + length)


def _resident_ids(seen: Bytes, starts: Numbers, lengths: Numbers, today: datetime.date) -> Iterator[tuple[str, Spans]]:
    after = seen[starts + lengths]
    is_x = (lengths == 17) & ((after | 32) == ord("x"))
    at = starts[(lengths == 18) | is_x | (lengths == CERTIFICATE)]
    at = at[_is_apart(seen, at, 18)]
    if not len(at):
        return
    digits = (window(seen, at, 18) - 48).astype(np.int64)
    shaped = _is_province(digits) & _is_day(digits[:, 6:10] @ [1000, 100, 10, 1], digits[:, 10:14], today)
    at, digits = at[shaped], digits[shaped]
    wanted = (12 - digits[:, :17] @ np.array(ID_WEIGHTS) % 11) % 11
    given = np.where(digits[:, 17] > 9, 10, digits[:, 17])
    right = (wanted == given) & _ends_as_certificate(seen, at + 18)
    yield "resident_id", _spans(at[right], 18)
    yield "resident_id?", _spans(at[~right], 18)


CERTIFICATE = 20
"""Digits of a disability certificate: a resident ID, one of seven kinds, one of four grades."""


def _ends_as_certificate(seen: Bytes, at: Numbers) -> Truths:
    """Whether no digit stands behind an ID, or a kind and a grade of disability do."""
    kind, grade = seen[at], seen[at + 1]
    alone = (kind - 48) >= 10
    is_one = (kind >= ord("1")) & (kind <= ord("7")) & (grade >= ord("1")) & (grade <= ord("4"))
    return alone | (is_one & ((seen[at + 2] - 48) >= 10))


def _is_letter(signs: Bytes) -> Truths:
    return ((signs | 32) >= ord("a")) & ((signs | 32) <= ord("z"))


def _is_apart(seen: Bytes, at: Numbers, length: int) -> Truths:
    """Whether no Latin letter follows: what goes on is a code."""
    return ~_is_letter(seen[at + length])


def _is_province(digits: Numbers) -> Truths:
    return _table(known.provinces(), 100)[digits[:, 0] * 10 + digits[:, 1]]


def _is_day(year: Numbers, monthday: Numbers, today: datetime.date) -> Truths:
    month, day = monthday[:, 0] * 10 + monthday[:, 1], monthday[:, 2] * 10 + monthday[:, 3]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87])[month] + (leap & (month == 2))
    latest = today.year * 10_000 + today.month * 100 + today.day
    return (day > 0) & (day <= last) & (year >= OLDEST) & (year * 10_000 + month * 100 + day <= latest)


def _old_resident_ids(
    seen: Bytes, starts: Numbers, lengths: Numbers, today: datetime.date
) -> Iterator[tuple[str, Spans]]:
    at = starts[lengths == 15]
    at = at[_is_apart(seen, at, 15)]
    if not len(at):
        return
    digits = (window(seen, at, 15) - 48).astype(np.int64)
    fits = _is_province(digits) & _is_day(1900 + digits[:, 6] * 10 + digits[:, 7], digits[:, 8:12], today)
    yield "old_resident_id", _spans(at[fits], 15)
    yield "digits15", _spans(at, 15)


def _mobiles(seen: Bytes, starts: Numbers, lengths: Numbers) -> Iterator[tuple[str, Spans]]:
    """11 digits; 86, 0086 or 0 may stand in front."""
    first, second = seen[starts], seen[starts + 1]
    plain = starts[lengths == 11]
    with_86 = starts[(lengths == 13) & (first == ord("8")) & (second == ord("6"))] + 2
    with_zeros = (
        starts[
            (lengths == 15)
            & (first == ord("0"))
            & (second == ord("0"))
            & (seen[starts + 2] == ord("8"))
            & (seen[starts + 3] == ord("6"))
        ]
        + 4
    )
    with_zero = starts[(lengths == 12) & (first == ord("0")) & (second == ord("1"))] + 1
    begins = np.concatenate((plain, with_86 - 2, with_zeros - 4, with_zero - 1))
    at = np.concatenate((plain, with_86, with_zeros, with_zero))
    apart = ~_is_in_word(seen, begins) & ~_is_quantity(seen, at + 11)
    at = np.sort(at[apart])
    at = at[~_is_in_word(seen, at) & ~_is_in_code(seen, at) & _is_apart(seen, at, 11) & ~_has_decimals(seen, at + 11)]
    at = at[seen[at] == ord("1")]
    yield "digits11", _spans(at, 11)
    if len(at):
        digits = (window(seen, at, 3) - 48).astype(np.int64)
        rest = window(seen, at + 3, 8)
        real = _table(known.mobiles(), 1000)[digits @ [100, 10, 1]] & (rest != rest[:, :1]).any(axis=1)
        yield "mobile", _spans(at[real], 11)


def _is_in_word(seen: Bytes, at: Numbers) -> Truths:
    """Whether a Latin letter, an underscore or a decimal point stands before: part of a code or of a fraction."""
    before = np.where(at > 0, seen[at - 1], 0)
    letter = before | 32
    point = (before == ord(".")) & ((np.where(at > 1, seen[at - 2], 0) - 48).astype(np.uint8) < 10)
    return ((letter >= ord("a")) & (letter <= ord("z"))) | (before == ord("_")) | point


def _is_quantity(seen: Bytes, after: Numbers) -> Truths:
    """Whether a unit follows: 元, 万, 吨, 亩."""
    three = window(seen, after, 3).astype(np.int64) @ [1 << 16, 1 << 8, 1]
    return np.isin(three, (0xE58583, 0xE4B887, 0xE590A8, 0xE4BAA9))


def _is_in_code(seen: Bytes, at: Numbers) -> Truths:
    """Whether a hyphen and a digit or letter stand before: the tail of ``ASHT-2026-…``, but not of ``86-…``."""
    hyphen = (at > 1) & (seen[at - 1] == ord("-"))
    before, country = seen[at - 2], (seen[at - 2] == ord("6")) & (seen[at - 3] == ord("8"))
    letter = before | 32
    return hyphen & (((before - 48) < 10) | ((letter >= ord("a")) & (letter <= ord("z")))) & ~country


def _has_decimals(seen: Bytes, after: Numbers) -> Truths:
    """Whether a fraction follows that isn't the ``.0`` which spreadsheets leave behind whole numbers."""
    digit = (seen[after + 1] - 48) < 10
    more = (seen[after + 2] - 48) < 10
    return (seen[after] == ord(".")) & digit & (more | (seen[after + 1] != ord("0")))


def _cards(seen: Bytes, starts: Numbers, lengths: Numbers, today: datetime.date) -> Iterator[tuple[str, Spans]]:
    good: list[Spans] = []
    bad: list[Spans] = []
    long = starts[(lengths >= 16) & (lengths <= 19)]
    yield "digits16", _spans(long, 16)
    for length in known.cards():
        at = starts[lengths == length]
        if len(at):
            first = (window(seen, at, 6) - 48).astype(np.int64) @ [100_000, 10_000, 1000, 100, 10, 1]
            at = at[_card_beginnings(length)[first]]
        if not len(at):
            continue
        at = at[~_is_in_word(seen, at) & _is_apart(seen, at, length)]
        digits = (window(seen, at, length) - 48).astype(np.int64)
        if length == 18:  # one resident ID in ten passes as a card
            is_id = _is_province(digits) & _is_day(digits[:, 6:10] @ [1000, 100, 10, 1], digits[:, 10:14], today)
            at, digits = at[~is_id], digits[~is_id]
        passes = _is_luhn(digits) & (digits[:, 6:] != digits[:, 6:7]).any(axis=1)
        good.append(_spans(at[passes], length))
        bad.append(_spans(at[~passes], length))
    yield "bank_card", _joined(good)
    yield "bank_card?", _joined(bad)


@cache
def _card_beginnings(length: int) -> Truths:
    """Of every six digits, whether a card number of this length begins with them."""
    table = np.zeros(1_000_000, bool)
    for beginning in known.cards()[length]:
        table[int(beginning.ljust(6, "0")) : int(beginning.ljust(6, "9")) + 1] = True
    return table


def _is_luhn(digits: Numbers) -> Truths:
    twice = digits[:, -2::-2] * 2
    return (digits[:, -1::-2].sum(axis=1) + (twice - 9 * (twice > 9)).sum(axis=1)) % 10 == 0


def _joined(parts: list[Spans]) -> Spans:
    if not parts:
        return Spans(NOWHERE, NOWHERE)
    starts, ends = np.concatenate([one.starts for one in parts]), np.concatenate([one.ends for one in parts])
    order = np.argsort(starts)
    return Spans(starts[order], ends[order])


def _landlines(seen: Bytes, starts: Numbers, lengths: Numbers) -> Spans:
    """``0412-5551234``, ``(0412)5551234``, ``04125551234``; 7 or 8 digits behind an area code that exists."""
    short = (lengths == 7) | (lengths == 8)
    gap = seen[starts - 1]
    apart = short & (starts > 3) & ((gap == ord("-")) | (gap == ord(")")) | (gap == ord(" ")))
    found = [_with_area(seen, starts[apart], lengths[apart], 1)]
    whole = (lengths >= 10) & (lengths <= 12) & (seen[starts] == ord("0"))
    found.append(_glued(seen, starts[whole], lengths[whole]))
    return _joined(found)


def _with_area(seen: Bytes, at: Numbers, lengths: Numbers, gap: int) -> Spans:
    four, three = np.maximum(at - gap - 4, 0), np.maximum(at - gap - 3, 0)
    is_four, is_three = _is_area(seen, four, 4), _is_area(seen, three, 3)
    begins = np.where(is_four, four, three)
    ok = is_four | (is_three & (lengths == 8))
    ok &= (seen[at] >= ord("2")) & ~_is_in_word(seen, begins)
    ok &= ~_goes_on(seen, begins - 1, -1) & ~_goes_on(seen, at + lengths, 1)
    return Spans(begins[ok], (at + lengths)[ok])


def _goes_on(seen: Bytes, at: Numbers, step: int) -> Truths:
    """Whether a blank or hyphen and then more digits stand there: a longer number in groups."""
    gap = (seen[at] == ord(" ")) | (seen[at] == ord("-"))
    return gap & ((seen[at + step] - 48) < 10) & ((seen[at + 2 * step] - 48) < 10) & (at > 1)


def _is_in_path(seen: Bytes, at: Numbers) -> Truths:
    """Whether a slash and a letter stand before: part of an address on the web."""
    return (seen[at - 1] == ord("/")) & _is_letter(seen[at - 2])


def _glued(seen: Bytes, at: Numbers, lengths: Numbers) -> Spans:
    """Eight digits behind an area code of three, seven or eight behind one of four."""
    ok = ~_is_in_word(seen, at) & ~_is_in_path(seen, at) & ~_is_in_code(seen, at)
    ok &= ~_is_letter(seen[at + lengths])
    four, three = _is_area(seen, at, 4) & (lengths >= 11), _is_area(seen, at, 3) & (lengths == 11)
    ok &= (four & (seen[at + 4] >= ord("2"))) | (three & (seen[at + 3] >= ord("2")))
    return Spans(at[ok], (at + lengths)[ok])


def _is_area(seen: Bytes, at: Numbers, width: int) -> Truths:
    digits = window(seen, at, width) - 48
    before = np.where(at > 0, seen[at - 1], 0)
    value = digits[:, 1:].astype(np.int64) @ ([100, 10, 1] if width == 4 else [10, 1])
    exists = _table(known.areas(), 1000)[np.minimum(value, 999)]
    return (digits < 10).all(axis=1) & (digits[:, 0] == 0) & exists & ~((before - 48).astype(np.uint8) < 10)


def emails(seen: Bytes) -> Spans:
    """Where an at sign stands between a local part and a domain with a top level of letters; from that sign on."""
    at = np.flatnonzero(seen == ord("@"))
    at = at[at > 0]
    at = at[_of_local()[seen[at - 1]] & _of_domain()[seen[at + 1]]]
    if not len(at):
        return Spans(at, at)
    lengths = _domains(seen, at, USUAL_DOMAIN)
    long = lengths == USUAL_DOMAIN
    lengths[long] = _domains(seen, at[long], PAD - 1)
    return Spans(at[lengths > 0], (at + 1 + lengths)[lengths > 0])


def _domains(seen: Bytes, at: Numbers, width: int) -> Numbers:
    """How long the domain behind each at sign is, at most ``width``; 0 where it is none."""
    right = window(seen, at + 1, width)
    inside = _of_domain()[right]
    length = np.where(inside.all(axis=1), width, np.argmin(inside, axis=1))
    dots = (right == ord(".")) & (np.arange(width) < length[:, None])
    last = np.where(dots.any(axis=1), width - 1 - np.argmax(dots[:, ::-1], axis=1), 0)
    top = right[np.arange(len(at)), np.minimum(last + 1, width - 1)] | 32
    is_one = (last > 0) & (length - last > 2) & (top >= ord("a")) & (top <= ord("z"))
    return np.where(is_one | (length == width), length, 0)


@cache
def _table(members: frozenset[int], size: int) -> Truths:
    table = np.zeros(size, bool)
    table[list(members)] = True
    return table


@cache
def _of_domain() -> Truths:
    return _table(frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"), 256)


@cache
def _of_local() -> Truths:
    return _of_domain() | _table(frozenset(b"_+%"), 256)

"""Numbers of invented persons with right check digits, and what the scanner says of a few cells."""

from __future__ import annotations

import csv
import datetime
import io
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import strategies as st

from ckanext.anshan.scan import heading, judging
from ckanext.anshan.scan.judging import Found
from ckanext.anshan.scan.pieces import Batch
from ckanext.anshan.scan.recognising import checks, known, words
from ckanext.anshan.scan.tally import Column, Tally

TODAY = datetime.date(2026, 11, 29)
DIGITS = "0123456789"
TRIES = 25
PLATE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ" + DIGITS
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

AROUND = st.text("住在鞍山的人说已：，。；！（）、《》\n\"'|/<>[]{}*#=~\t&", max_size=5)
"""What may stand right beside a number without being part of it."""


def given(*values: Any, tries: int = TRIES, **named: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """As Hypothesis has it, with few examples, and as long for each as a busy machine needs."""
    few = hypothesis.settings(max_examples=tries, deadline=None)
    return lambda test: few(hypothesis.given(*values, **named)(test))


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


days = st.dates(datetime.date(1930, 1, 1), datetime.date(2026, 11, 28))
provinces = st.sampled_from(sorted(known.provinces())).map(str)
bodies = st.builds(
    lambda province, area, day, order: f"{province}{area}{day:%Y%m%d}{order}", provinces, digits(4), days, digits(3)
)
resident_ids = bodies.map(lambda body: body + checks.id_check(body))
wrong_ids = st.builds(
    lambda body, by: body + checks.ID_CHECKS[(checks.ID_CHECKS.index(checks.id_check(body)) + by) % 11],
    bodies,
    st.integers(1, 10),
)
old_days = st.dates(datetime.date(1930, 1, 1), datetime.date(1999, 9, 30))
old_ids = st.builds(
    lambda province, area, day, order: f"{province}{area}{day:%y%m%d}{order}", provinces, digits(4), old_days, digits(3)
)
mobiles = st.builds(
    "{}{}".format, st.sampled_from(sorted(known.mobiles())), digits(8).filter(lambda one: len(set(one)) > 1)
)
no_mobiles = st.builds("1{}{}".format, digits(2).filter(lambda two: int(f"1{two}") not in known.mobiles()), digits(8))
landlines = st.builds(
    lambda area, first, rest, form: form.format(f"0{area}", first + rest),
    st.sampled_from(sorted(area for area in known.areas() if area > 99)),
    st.sampled_from("23456789"),
    st.one_of(digits(6), digits(7)),
    st.sampled_from(["{}-{}", "({}){}", "{}{}", "{} {}"]),
)
emails = st.builds(
    "{}@{}.{}".format,
    st.from_regex(r"[a-z][a-z0-9_.]{0,8}[a-z0-9]", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", fullmatch=True),
    st.sampled_from(["com", "cn", "com.cn", "net", "org.cn", "info"]),
)
plates = st.builds(
    lambda province, letter, number: province + letter + number,
    st.sampled_from(PROVINCES),
    st.sampled_from(LETTERS),
    st.one_of(
        st.text(PLATE_SIGNS, min_size=5, max_size=5),
        st.builds("{}{}".format, st.text(PLATE_SIGNS, min_size=4, max_size=4), st.sampled_from("挂学警港澳")),
        st.builds("{}{}{}".format, st.sampled_from("DF"), st.sampled_from(PLATE_SIGNS), digits(4)),
        st.builds("{}{}".format, digits(5), st.sampled_from("DF")),
    ),
)
passports = st.one_of(
    st.builds("{}{}".format, st.sampled_from("EGDPS"), digits(8)),
    st.builds("E{}{}".format, st.sampled_from(LETTERS), digits(7)),
    st.builds("{}{}".format, st.sampled_from(["14", "15"]), digits(7)),
    st.builds("{}{}".format, st.sampled_from("HM"), digits(8)),
)
usccs = st.text(checks.USCC_CHARACTERS, min_size=15, max_size=15).map(lambda body: uscc(f"91{body}"))


def luhn(body: str) -> str:
    """The number with its check digit."""
    return next(body + last for last in DIGITS if checks.is_luhn(body + last))


def uscc(body: str) -> str:
    """The code with its check character."""
    total = sum(
        checks.USCC_CHARACTERS.index(sign) * weight for sign, weight in zip(body, checks.USCC_WEIGHTS, strict=True)
    )
    return body + checks.USCC_CHARACTERS[(31 - total % 31) % 31]


def _is_varied(card: str) -> bool:
    return len(set(card[6:])) > 2 and not checks.is_shaped_resident_id(card, TODAY)


bank_cards = st.builds(
    lambda length, body: luhn("62" + body[: length - 3]), st.sampled_from([16, 17, 18, 19]), digits(16)
).filter(_is_varied)


class Invented:
    """The same, many at once and without Hypothesis, from a seed."""

    def __init__(self, seed: int = 6) -> None:
        self.random = random.Random(seed)

    def digits(self, count: int) -> str:
        return "".join(self.random.choices(DIGITS, k=count))

    def day(self, first: int = 1940, last: int = 2005) -> str:
        return f"{self.random.randint(first, last)}{self.random.randint(1, 12):02}{self.random.randint(1, 28):02}"

    def resident_id(self, first: int = 1940, last: int = 2005) -> str:
        body = f"2103{self.digits(2)}{self.day(first, last)}{self.digits(3)}"
        return body + checks.id_check(body)

    def dated_code(self) -> str:
        return f"2103{self.digits(2)}{self.day()}{self.digits(4)}"

    def mobile(self) -> str:
        return f"{self.random.choice(sorted(known.mobiles()))}{self.digits(8)}"

    def card(self) -> str:
        return luhn("6222" + self.digits(14))

    def name(self) -> str:
        return self.random.choice("王李张刘陈杨赵黄周吴徐孙") + self.random.choice(
            ["建国", "淑兰", "伟", "丽华", "志强", "秀英", "敏", "桂芝"]
        )

    def plate(self) -> str:
        return f"辽C{self.digits(5)}"


def tallied(rows: Sequence[Sequence[str]], is_text: bool = False, own: tuple[tuple[str, str], ...] = ()) -> Tally:
    """The counts of a table whose first rows may be its header, or of lines."""
    found = heading.Heading((), 0) if is_text else heading.find(rows[:40])
    tally = Tally(found.names, found.first, is_text, words.automaton(own), TODAY)
    tally.add(Batch.of_rows(rows))
    return tally


def judged(rows: Sequence[Sequence[str]], is_text: bool = False) -> dict[tuple[str, str], Found]:
    """Column and kind of each finding, with the finding."""
    found = judging.judge(tallied(rows, is_text))
    return {("+".join(one.names) if one.column is None else one.column.header, one.kind): one for one in found}


def column(header: str, cells: Iterable[str]) -> list[list[str]]:
    """A table of two columns, the first of which numbers the rows."""
    return [["序号", header], *([str(number), cell] for number, cell in enumerate(cells, 1))]


def kinds(header: str, cells: Iterable[str]) -> set[str]:
    """What a column of these cells is found to hold."""
    return {kind for (name, kind) in judged(column(header, cells)) if name == header}


def signals(*cells: str) -> Column:
    """What was seen in cells without any header."""
    tally = Tally((), 0, False, words.automaton(), TODAY)
    tally.add(Batch.of_rows([[cell] for cell in cells]))
    return tally.column(0)


def written(path: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> Path:
    """A CSV file of these rows."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path

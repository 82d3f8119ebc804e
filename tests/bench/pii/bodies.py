"""Numbers and names of people who don't exist: invented bodies, check digits by the published rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from . import words

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
BINS = (
    *("621700", "622848", "622202", "621226", "623668", "621483", "622188", "621098", "623052", "622908", "955880"),
    *("436742", "601382", "621661", "623094", "625904", "622588", "621785", "622262", "621669", "623158", "621449"),
)
MOBILE = tuple(
    str(head)
    for head in (
        *range(130, 140),
        *range(145, 154),
        *range(155, 160),
        *(162, 165, 166, 167),
        *range(170, 179),
        *range(180, 194),
        *range(195, 200),
    )
)
AREAS = ("0412", "0412", "0412", "024", "010", "021", "0571", "0755", "0991", "0351")
TODAY = date(2026, 6, 30)


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def with_check(body: str) -> str:
    """The 18 signs of a resident ID from its first 17."""
    total = sum(int(sign) * weight for sign, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def uscc(rng: Random) -> str:
    body = rng.choice(("91", "91", "91", "92", "12", "52")) + rng.choice(list(words.DISTRICTS.values())) + "MA"
    body += "".join(rng.choices(USCC_SIGNS, k=7))
    total = sum(USCC_SIGNS.index(sign) * weight for sign, weight in zip(body, USCC_WEIGHTS, strict=True))
    return body + USCC_SIGNS[-total % 31]


def luhn(body: str) -> str:
    total = 0
    for place, sign in enumerate(reversed(body)):
        doubled = int(sign) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def bank_card(rng: Random) -> str:
    return luhn(rng.choice(BINS) + digits(rng, rng.choice((9, 12, 12, 12))))


def mobile(rng: Random) -> str:
    return rng.choice(MOBILE) + digits(rng, 8)


def local_number(rng: Random) -> str:
    return rng.choice("25678") + digits(rng, 6)


def landline(rng: Random) -> str:
    area = rng.choice(AREAS)
    number = local_number(rng) if len(area) == 4 and area != "0571" else rng.choice("2568") + local_number(rng)
    shape = rng.choice(("{}-{}", "{}-{}", "{}-{}", "{}{}", "({}){}", "{} {}", "{}—{}", "（{}）{}"))
    return shape.format(area, number) + (rng.choice(("转801", "-8012")) if rng.random() < 0.04 else "")


def passport(rng: Random) -> str:
    return rng.choice("EEG") + digits(rng, 8) if rng.random() < 0.7 else "E" + rng.choice("ABCDEFGHJK") + digits(rng, 7)


def plate(rng: Random) -> str:
    head = rng.choice(
        (
            "辽C",
            "辽C",
            "辽C",
            "辽A",
            "辽B",
            rng.choice("京津冀晋蒙吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新") + rng.choice("ABCDEFH"),
        )
    )
    if rng.random() < 0.25:
        return head + rng.choice("DF") + digits(rng, 5)
    tail = rng.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", weights=[6] * 10 + [1] * 24, k=5)
    return head + "".join(tail[:4]) + (rng.choice("学警挂") if rng.random() < 0.03 else tail[4])


def email(rng: Random) -> str:
    name = rng.choice((*words.PINYIN_FAMILY, "as")).lower() + rng.choice(words.PINYIN_GIVEN).lower()
    host = rng.choice(("163.com", "qq.com", "126.com", "sina.com.cn", "example.cn"))
    return f"{name}{rng.choice(('', '_', '.'))}{rng.randrange(1, 9999)}@{host}"


def day(rng: Random, first: int, last: int) -> date:
    start = date(first, 1, 1)
    return start + timedelta(rng.randrange((date(last, 12, 28) - start).days))


def name(rng: Random, male: bool, child: bool = False) -> str:
    """A family name and a given one; a few families are rare, a few given names are signs that hardly anybody knows."""
    odd = rng.random()
    if odd < 0.012:
        family = rng.choice(words.COMPOUND_SURNAMES)
    elif odd < 0.03:
        family = rng.choice(words.RARE_SURNAMES)
    else:
        family = rng.choice(words.COMMON_SURNAMES if rng.random() < 0.6 else words.SURNAMES)
    signs = words.GIVEN_NEW if child and rng.random() < 0.7 else words.GIVEN_MALE if male else words.GIVEN_FEMALE
    if rng.random() < 0.08:
        signs = words.GIVEN_RARE
    if odd > 0.985:
        family += rng.choice(words.COMMON_SURNAMES)  # both parents' names
    return family + "".join(rng.choices(signs, k=1 if rng.random() < (0.15 if child else 0.35) else 2))


def address(rng: Random, district: str) -> str:
    """Of a dwelling, in the ways in which clerks write it; of some in another province."""
    if rng.random() < 0.2:
        return far_address(rng)
    estate, road, house = rng.choice(words.ESTATES), rng.choice(words.ROADS), rng.randrange(1, 300)
    unit, door = rng.randrange(1, 6), f"{rng.randrange(1, 19)}0{rng.randrange(1, 5)}"
    village = rng.choice(words.STREETS) + rng.choice(words.VILLAGES)
    return rng.choice(
        (
            f"辽宁省鞍山市{district}{road}{house}号{unit}单元{door}室",
            f"鞍山市{district}{road}{house}栋{unit}单元{door}号",
            f"{district}{road}{house}-{unit}-{door}",
            f"{district}{estate}{rng.randrange(1, 40)}号楼{unit}单元{door}",
            f"{estate}{rng.randrange(1, 40)}栋{unit}-{door}",
            f"辽宁省{district}{village}{rng.randrange(1, 12)}组",
            f"{village}{rng.randrange(1, 9)}组{rng.randrange(1, 200)}号",
            f"{district}{rng.choice(words.STREETS)}{road}{house}号",
        )
    )


def far_address(rng: Random) -> str:
    place, estate, road = rng.choice(list(words.FAR)), rng.choice(words.FAR_ESTATES), rng.choice(words.FAR_ROADS)
    house, door = rng.randrange(1, 2000), f"{rng.randrange(1, 33)}0{rng.randrange(1, 5)}"
    return rng.choice(
        (
            f"{place}{road}{house}号{estate}{rng.randrange(1, 30)}幢{door}室",
            f"{place}{road}{house}弄{rng.randrange(1, 90)}号{door}室",
            f"{place}{rng.choice(words.FAR_VILLAGES)}{rng.randrange(1, 20)}组{rng.randrange(1, 200)}号",
            f"{place}{rng.choice(words.FAR_VILLAGES)}",
            f"{place}{road}{house}号附{rng.randrange(1, 9)}号",
            f"{place}{road}{rng.choice('ABCxyz')}座 {digits(rng, 6)}",
            f"{place}{estate}{rng.choice('ABC一二三')}区{rng.randrange(1, 30)}-{door}",
        )
    )


@dataclass
class Person:
    """Somebody invented; what belongs together fits together."""

    rng: Random
    first: int = 1936  # born in this year at the earliest
    last: int = 2005

    @cached_property
    def male(self) -> bool:
        return self.rng.random() < 0.52

    @cached_property
    def birth(self) -> date:
        return day(self.rng, self.first, self.last)

    @cached_property
    def district(self) -> str:
        return self.rng.choice(list(words.DISTRICTS))

    @cached_property
    def name(self) -> str:
        return name(self.rng, self.male, child=self.first > 2008)

    @cached_property
    def id(self) -> str:
        area = words.DISTRICTS[self.district] if self.rng.random() < 0.8 else self.rng.choice(words.OTHER_AREAS)
        serial = f"{self.rng.randrange(0, 99):02}{self.rng.randrange(0, 5) * 2 + self.male}"
        return with_check(f"{area}{self.birth:%Y%m%d}{serial}")

    @cached_property
    def old_id(self) -> str:
        return self.id[:6] + self.id[8:17]

    @cached_property
    def mobile(self) -> str:
        return mobile(self.rng)

    @cached_property
    def address(self) -> str:
        return address(self.rng, self.district)

    @cached_property
    def parent(self) -> Person:
        return Person(self.rng, 1978, 1994)

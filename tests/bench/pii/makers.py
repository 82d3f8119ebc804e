"""What stands in a column: makers of cells that know which personal data they hold."""

from __future__ import annotations

from datetime import timedelta

from . import bodies, words
from .drafts import Cell, Make, Row


def of(kind: str, text: str) -> Cell:
    return Cell(text, ((kind, text),))


# ---- persons
def name(row: Row) -> Cell:
    return of("person_name", row.person.name)


def resident_id(row: Row) -> Cell:
    return of("resident_id", row.person.id)


def mobile(row: Row) -> Cell:
    return of("mobile", row.person.mobile)


def landline(row: Row) -> Cell:
    return of("landline", bodies.landline(row.rng))


def short_landline(row: Row) -> Cell:
    return of("landline", bodies.local_number(row.rng))


def mixed_phone(row: Row) -> Cell:
    return mobile(row) if row.rng.random() < 0.6 else landline(row)


def bank_card(row: Row) -> Cell:
    return of("bank_card", bodies.bank_card(row.rng))


def passport(row: Row) -> Cell:
    return of("passport", bodies.passport(row.rng))


def plate(row: Row) -> Cell:
    return of("plate", bodies.plate(row.rng))


def email(row: Row) -> Cell:
    return of("email", bodies.email(row.rng))


def address(row: Row) -> Cell:
    return of("home_address", row.person.address)


def other_name(row: Row) -> Cell:
    return of("person_name", row.person.parent.name)


def other_mobile(row: Row) -> Cell:
    return of("mobile", row.person.parent.mobile)


def other_id(row: Row) -> Cell:
    return of("resident_id", row.person.parent.id)


def sex(row: Row) -> str:
    return "男" if row.person.male else "女"


def sex_code(row: Row) -> str:
    return "1" if row.person.male else "2"


def birth(row: Row) -> str:
    return f"{row.person.birth:%Y-%m-%d}"


def birth_of_child(row: Row) -> Cell:
    return of("minor", f"{row.person.birth:%Y-%m-%d}")


def birth_serial(row: Row) -> str:
    return str((row.person.birth - bodies.date(1899, 12, 30)).days)


def age(row: Row) -> str:
    return str(bodies.TODAY.year - row.person.birth.year)


def nation(row: Row) -> str:
    return row.rng.choices(words.NATIONS, weights=(70, 15, 4, 3, 3, 2, 1))[0]


def disabled_number(row: Row) -> Cell:
    """A disability certificate's number is the resident ID, a digit for the kind, a digit for the degree."""
    return Cell(f"{row.person.id}{row.rng.randrange(1, 8)}{row.rng.randrange(1, 5)}", (("resident_id", row.person.id),))


def school_number(row: Row) -> Cell:
    """The national number of a pupil is G and the resident ID."""
    return Cell(f"G{row.person.id}", (("resident_id", row.person.id),))


def shop_tax_number(row: Row) -> Cell:
    """A one-person business pays taxes under its owner's resident ID; a company under its credit code."""
    return resident_id(row) if row.rng.random() < 0.45 else Cell(bodies.uscc(row.rng))


def home_place(axis: str) -> Make:
    """Where somebody lives, to a few metres; both axes of one place."""

    def make(row: Row) -> Cell:
        low, high = (122.85, 123.10) if axis == "lng" else (41.02, 41.20)
        value = f"{row.rng.uniform(low, high):.6f}"
        return of("coordinates", value)

    return make


def office_place(axis: str) -> Make:
    def make(row: Row) -> str:
        return home_place(axis)(row).text  # type: ignore[union-attr]

    return make


def medical(*options: str) -> Make:

    def make(row: Row) -> Cell:
        found = row.rng.choice(options)
        return Cell(found) if found.startswith("无") else of("medical", found)

    return make


def religion(row: Row) -> Cell:
    return of("religion", row.rng.choice(words.RELIGIONS))


def religion_of_some(row: Row) -> Cell:
    """Most have none, and a row that says so tells nobody apart."""
    return religion(row) if row.rng.random() < 0.2 else Cell("无宗教信仰")


def school_class(row: Row) -> str:
    return f"{row.pick('一', '二', '三', '四', '五', '六')}年级{row.rng.randrange(1, 9)}班"


def uscc_as_person(row: Row) -> Cell:
    return of("uscc", bodies.uscc(row.rng))


def sentence(*shapes: str, share: float = 0.3, other: tuple[str, ...] = ("", "", "已核实", "材料齐全")) -> Make:
    """A remark; ``share`` of the rows have one of the shapes, in which names of makers stand in braces."""
    known = {
        "name": ("person_name", lambda row: row.person.name),
        "other": ("person_name", lambda row: row.person.parent.name),
        "mobile": ("mobile", lambda row: row.person.mobile),
        "id": ("resident_id", lambda row: row.person.id),
        "card": ("bank_card", lambda row: bodies.bank_card(row.rng)),
        "address": ("home_address", lambda row: row.person.address),
        "plate": ("plate", lambda row: bodies.plate(row.rng)),
        "land": ("landline", lambda row: bodies.landline(row.rng)),
        "ill": ("medical", lambda row: row.rng.choice(words.DISEASES)),
        "mail": ("email", lambda row: bodies.email(row.rng)),
    }

    def make(row: Row) -> Cell:
        if row.rng.random() >= share and row.number > 4:
            return Cell(row.rng.choice(other))
        shape = row.rng.choice(shapes)
        values = {key: (kind, value(row)) for key, (kind, value) in known.items() if f"{{{key}}}" in shape}
        return Cell(shape.format(**{key: text for key, (_, text) in values.items()}), tuple(values.values()))

    return make


# ---- what holds nothing of a person
def serial(row: Row) -> str:
    return str(row.number)


def one_of(*options: str) -> Make:
    return lambda row: row.rng.choice(options)


def number(low: int, high: int) -> Make:
    return lambda row: str(row.rng.randrange(low, high))


def amount(low: int = 50, high: int = 90_000) -> Make:
    return lambda row: f"{row.rng.uniform(low, high):.2f}"


def thousands(low: int = 1_000, high: int = 9_000_000) -> Make:
    return lambda row: f"{row.rng.uniform(low, high):,.2f}"


def date(first: int = 2019, last: int = 2026) -> Make:
    def make(row: Row) -> str:
        one = bodies.day(row.rng, first, last)
        return row.rng.choice((f"{one:%Y-%m-%d}",)) if row.number % 7 else f"{one:%Y/%m/%d}"

    return make


def excel_day(row: Row) -> str:
    return str(row.rng.randrange(36526, 46200))


def stamp(width: int) -> Make:
    """A moment in 10, 13, 14 or 17 digits."""

    def make(row: Row) -> str:
        one = bodies.day(row.rng, 2018, 2026)
        if width < 14:
            return str(row.rng.randrange(1_514_764_800, 1_798_761_600)) + bodies.digits(row.rng, width - 10)
        clock = f"{row.rng.randrange(24):02}{row.rng.randrange(60):02}{row.rng.randrange(60):02}"
        return f"{one:%Y%m%d}{clock}" + bodies.digits(row.rng, width - 14)

    return make


def digits(count: int, head: str = "", tail: str = "") -> Make:
    return lambda row: head + bodies.digits(row.rng, count) + tail


def code_with_date(row: Row) -> str:
    """Eighteen digits like a resident ID's, whose check digit is as it comes."""
    area, day = row.rng.choice(list(words.DISTRICTS.values())), bodies.day(row.rng, 1990, 2025)
    return f"{area}{day:%Y%m%d}{bodies.digits(row.rng, 4)}"


def order_number(row: Row) -> str:
    return f"{bodies.day(row.rng, 2019, 2026):%Y%m%d}{bodies.digits(row.rng, 10)}"


def transaction(row: Row) -> str:
    return "62" + bodies.digits(row.rng, 17)


def card_serial(row: Row) -> str:
    """An ICCID: nineteen digits with a valid Luhn digit, and no bank card."""
    return bodies.luhn("898600" + bodies.digits(row.rng, 12))


def device_number(row: Row) -> str:
    return bodies.luhn("86" + bodies.digits(row.rng, 12))


def barcode(row: Row) -> str:
    body = row.rng.choice(("690", "692", "693", "695")) + bodies.digits(row.rng, 9)
    total = sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(body))
    return body + str(-total % 10)


def account_number(row: Row) -> str:
    """A customer's number at the waterworks: eleven digits that begin with 1."""
    return "1" + bodies.digits(row.rng, 10)


def counted_serial(start: int) -> Make:
    return lambda row: str(start + row.number)


def standard(row: Row) -> str:
    head = row.pick("GB/T ", "GB ", "ISO ", "DB21/T ", "HJ ", "JT/T ", "YY/T ")
    return f"{head}{row.rng.randrange(100, 43999)}{row.pick('', '.1', '.2')}-{row.rng.randrange(1990, 2026)}"


def credit_code(row: Row) -> str:
    return bodies.uscc(row.rng)


def old_tax_number(row: Row) -> str:
    return row.rng.choice(list(words.DISTRICTS.values())) + bodies.digits(row.rng, 9)


def product_code(row: Row) -> str:
    return row.rng.choice("EGDP") + bodies.digits(row.rng, 8)


def container(row: Row) -> str:
    return row.pick("COSU", "MSKU", "CBHU", "TEMU") + bodies.digits(row.rng, 7)


def contract(row: Row) -> str:
    return f"ASHT-{row.rng.randrange(2018, 2026)}-{bodies.digits(row.rng, row.pick(4, 6, 11))}"


def document(row: Row) -> str:
    head = row.pick("鞍政办发", "鞍教发", "鞍民函", "鞍卫健", "辽应急", "鞍公（秘）")
    return f"{head}〔{row.rng.randrange(2015, 2026)}〕{row.rng.randrange(1, 300)}号"


def parcel(row: Row) -> str:
    area = row.rng.choice(list(words.DISTRICTS.values()))
    return f"{area}{bodies.digits(row.rng, 6)}{row.pick('GB', 'JB', 'GX')}{bodies.digits(row.rng, 5)}"


def estate_unit(row: Row) -> str:
    return f"{parcel(row)}F{bodies.digits(row.rng, 8)}"


def company(row: Row) -> str:
    place = row.pick("鞍山", "鞍山市", "辽宁", "海城", "台安县", "岫岩")
    form = row.pick("有限公司", "有限责任公司", "股份有限公司", "厂")
    return f"{place}{row.rng.choice(words.COMPANY_WORDS)}{row.rng.choice(words.TRADES)}{form}"


def shop(row: Row) -> str:
    family = row.rng.choice(words.COMMON_SURNAMES)
    sign = row.pick("{}记包子铺", "老{}家饭店", "{}姐美发", "小{}五金", "好日子超市", "万家福商店").format(family)
    return row.pick("铁东区", "铁西区", "海城市") + sign


def company_address(row: Row) -> str:
    return (
        f"辽宁省鞍山市{row.rng.choice(list(words.DISTRICTS))}{row.rng.choice(words.ROADS)}{row.rng.randrange(1, 400)}号"
    )


def office_address(row: Row) -> str:
    place = f"{row.rng.choice(list(words.DISTRICTS))}{row.rng.choice(words.ROADS)}{row.rng.randrange(1, 400)}号"
    return place + row.pick("", "", "政务服务大厅二楼", "院内")


def village(row: Row) -> str:
    return row.rng.choice(words.VILLAGES)


def short_place(row: Row) -> str:
    return row.rng.choice(words.SHORT_PLACES)


def district(row: Row) -> str:
    return row.person.district


def street(row: Row) -> str:
    return row.rng.choice(words.STREETS)


def agency(row: Row) -> str:
    return row.rng.choice(words.AGENCIES)


def school(row: Row) -> str:
    return row.rng.choice(words.SCHOOLS)


def hospital(row: Row) -> str:
    return row.rng.choice(words.HOSPITALS)


def hotline(row: Row) -> str:
    return row.pick(
        "12345",
        "110",
        "120",
        "119",
        "12348",
        "12333",
        "12315",
        "95598",
        f"400-{bodies.digits(row.rng, 3)}-{bodies.digits(row.rng, 4)}",
        f"800{bodies.digits(row.rng, 7)}",
        f"400{bodies.digits(row.rng, 7)}",
    )


def website(row: Row) -> str:
    host = (
        f"www.{row.rng.choice(words.PINYIN_GIVEN).lower()}{row.rng.randrange(99)}.{row.pick('com', 'gov.cn', 'com.cn')}"
    )
    return f"http{row.pick('', 's')}://{host}/{row.pick('', 'index.html', 'a/2024/1.html')}"


def change(row: Row) -> str:
    return row.pick(
        f"-{row.rng.uniform(0, 30):.1f}",
        f"+{row.rng.uniform(0, 30):.1f}%",
        f"-{row.rng.randrange(1, 90)}",
        f"{row.rng.uniform(0, 9):.2f}",
    )


def ruled(row: Row) -> str:
    return row.pick("=====", "- 无", "-", "——", "+", "@", "-- 待补 --", "= =", "-1", "+86")


def clock(row: Row) -> str:
    moment = bodies.day(row.rng, 2024, 2026) + timedelta(0)
    return f"{moment:%Y-%m-%d} {row.rng.randrange(24):02}:{row.rng.randrange(60):02}:{row.rng.randrange(60):02}"

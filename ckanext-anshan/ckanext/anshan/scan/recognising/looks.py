"""What one cell looks like, as far as its column's name and its neighbours then have to say what that means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from . import checks, known, prose, secrets
from .names import HAN, NOT_LAST, TITLED, is_given, is_name, is_surely_name
from .patterns import ADDRESS, DETAIL, HOME, MOBILE, PLATE
from .patterns import PASSPORT as PASSPORT_INSIDE

SPACED = re.compile(rf"{HAN}(?:[ \u3000]+{HAN}){{1,2}}")
DOTTED = re.compile(rf"{HAN}{{2,8}}(?:[·•・‧.]{HAN}{{2,8}})+")
LATIN = re.compile(
    r"[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f'-]+(?:[ ·,]+[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f'.-]*){1,3}"
)
SEXAGESIMAL = re.compile(
    r"[EWNS东北]?\s*(\d{1,3})[°度]\s*(\d{1,2})[′'分]\s*(\d{1,2}(?:\.\d+)?)(?:″|′′|''|\"|秒)?\s*[EWNS东北]?"
)
BEGINS = re.compile(rf"({HAN}{{2,3}}?)(?=[因患系在称说驾与]|住院|未|反映|来信|来电|家住)")
AUTHOR = re.compile(r"(?<=.{2})(?:主编|编著|等著|著|撰|译|绘|摄)$")
OF_DYNASTY = re.compile(r"[(（\[〔【](?:[唐宋元明清汉晋隋金辽]|民国|先秦|南北朝|五代)[)）\]〕】]")
"""Before the name of an author who died long ago."""
SPEAKS = re.compile(rf"^\S*\s*\d\d:\d\d(?::\d\d)?\s+{HAN}{{2,3}}$")
"""In a chat that was written out: when somebody spoke, and who."""
SETTLEMENT = re.compile(
    rf"{HAN}{{2,}}(?:省|自治区|市|区|县|镇|乡|街道|社区|路|街){HAN}{{1,12}}(?:村|屯|庄|嘎查|寨|堡|小区|组|家园|花园)"
)
BEHIND_HOUSE = re.compile(
    r"[路街道巷里区园苑号楼院栋座元室村组屯]\d{1,5}(?:[- ]\d{1,4})*(?:-(?=1\d{10}(?!\d)))?(1\d{10})(?![\d号室户-])"
)
"""A mobile that only a hyphen parts from the number of a house or flat, or nothing does."""
RESIDENCE = re.compile(
    r"单元|\d+-\d+-\d+|[村屯庄堡].{0,4}组|组\d+号|(?:小区|花园|家园|苑|里|新村|华庭|府|城)\D{0,4}\d+(?:号楼|栋|幢|#|-)"
)
"""Where people live rather than work."""
FLAT = re.compile(r"单元|\d\s*室|-\d+-\d+|-\d{3,4}(?!\d)|[栋幢楼]\d{3,4}(?!\d)|[组屯]\s*\d+号|组$|户$")
"""A flat, or a house in a village: more than a building of an estate."""
SETTLED = re.compile(r"[村屯庄寨堡查区组园]")
NUMBERED = re.compile(r"\d\s*(?:[号栋幢座单组门室弄楼层户#]|-\d)|[A-Za-z]座")
"""Quick to tell that an address may stand there."""
DEPARTMENT = re.compile(r"(?:科|科室|医院|病房|门诊|中心|防治所|工程|项目|专业|学科|建设|改造|维修|批号|所|站|局)$")
AROUND = re.compile(r"[(（][^)）]*[)）]|[*＊\"'“”‘’【】\[\]<>]")
TITLE = re.compile(r"(?:之子|之女|先生|女士|同志|老师|同学|小姐)$")
IN_THOUSANDS = re.compile(r"(1\d,\d{3},\d{3},\d{3})(?:\.0)?")
PUPILS = re.compile(
    rf"{HAN}{{2,15}}(?:小学|幼儿园).{{0,6}}(?:[班队])|(?:[男女]子)?(?:小学|幼儿|学前|儿童|少儿|少年|初中)[低中高]?(?:年级|年段|段)?[甲乙丙A-C]?组|(?:[小初][一二三四五六七八九]|[一二三四五六七八九1-9]年级?)\s*[(（]?[1-9]\d?[)）]?\s*班|(?:大|中|小|托|学前)[一二三四五六1-9]班"
)
"""A class of a nursery, or of a school up to the ninth year, or a group of a contest for such; 高一3班 is none."""
DISABILITY = re.compile(r"(?:视力|听力|言语|语言|肢体|智力|精神|多重)(?:残疾)?(?:[一二三四]级)?")
GROWN_CLASS = re.compile(r"高中?[一二三123]|大[一二三四]$|研[一二三]|\d{4}级")
SCHOOL_OF_CHILDREN = re.compile(
    rf"{HAN}{{2,20}}(?:小学校?|幼儿园|托儿所|学前班)(?:[(（].{{1,10}}[)）]|{HAN}{{1,4}}校区)?"
)
DISEASE_TOLD = re.compile(
    r"患|还有|在床|携带者|[体力神语障重][一二三四]级|行动不便|服药|确诊|诊断|罹患|病史|术后|感染|残疾[一二三四]级"
    r"|残疾等级|残疾类别|查出|因病"
)
CHILD = re.compile(
    r"(?:女儿|儿子|孩子|之子|之女|孙子|孙女|学生|儿童|幼儿)[^。；\n]{0,20}?(?<!\d)(?:[1-9]|1[0-3])岁"
    r"|[一二三四五六七八九]年级[（(]?\d{1,2}[)）]?班学生(?!花名册|名单|名册|人数|家长|会)|弃婴|被遗弃"
    rf"|^\s*{HAN}{{2,3}}[，,](?:男|女)[，,]20(?:1[4-9]|2\d)[-年.]"
    r"|(?<!\d)(?:[1-9]|1[0-3])岁[^。；\n]{0,12}(?:小学|幼儿|儿童|女儿|儿子)"
)
"""A child and its age, class or birth, as a text tells of them."""
BELIEVER = re.compile(
    r"信仰?(?:佛|道|基督|天主|伊斯兰|东正)|信教|(?:教|基督|佛教|天主教)徒|穆斯林|受洗|皈依|居士|做礼拜|周日礼拜"
)
SUFFERER = re.compile(
    r"本人|自述|来访人|我(?:父|母|妻|丈夫|儿|女|爱人|是|因|患)|该[男女]|其(?:父|母|妻|夫|子|女)|患者[：:]"
    r"|(?:来电|反映|申请)人|丈夫|妻子|父亲|母亲|儿子|女儿|孩子"
)
STRONGLY = re.compile(r"自述|来访人|来电人称|本人(?!健康)|致[左右]?侧?[^，。]{0,8}(?:骨折|受伤)")
ILLNESS_LABELLED = re.compile(
    r"^\s*(?:入院|出院|主要|初步|临床)?(?:诊断|病情|疾病|病种|残疾等级|残疾类别|主诉|既往史|过敏史)\S{0,4}[：:]\s*\S"
)
LATIN_AS_ONE = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,}){1,2}")
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
PAIR = re.compile(
    r"[(\[]?\s*(?:POINT\s*\()?\s*(-?\d{1,3}\.\d+)\s*[,，;；\s/]\s*(-?\d{1,3}\.\d+)\s*\)?[)\]]?", re.IGNORECASE
)
SCIENTIFIC = re.compile(r"[1-9](?:\.\d+)?[eE]\+?1[0-9]")
PASSPORT = re.compile(
    r"(?:[CEGDPSKMHTcegdpskmht]\d{8}|[CDEMPScdemps][A-HJ-NP-Za-hj-np-z]\d{7}|1[45]\d{7}|[HMhm]\d{8}(?:\d{2})?)"
)
PERMIT = re.compile(r"[A-Za-z]{1,3}\d{5,9}[A-Za-z]?|[A-Za-z]\d[A-Za-z0-9]{5,7}|\d{8,9}")
"""A passport of any country, or a permit: under such a header only."""
SHORT_PHONE = re.compile(r"(?:([1-9]\d{1,2})[- )])?[2-9]\d{2,3}[- ]?\d{4}(?:[-转]\d{1,4})?")
STRONG = re.compile(r"(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=\D*\d)(?=[^#$@!%^&*]*[#$@!%^&*])[^\s/:,;<>]{8,24}")
"""Letters of both cases, digits and signs: a password, and hardly a code."""
FILE_OF_CALL = re.compile(r"(?:[\w-]*[_-])?(1\d{10})(?:[_-][\w-]*)?\.(?:wav|mp3|amr|m4a|mp4|jpe?g|png|pdf|docx?)")
"""The name of a file with a telephone number in it, such as a recorded call."""
FLAT_NUMBER = re.compile(r"\d{1,3}[-#]\d{1,2}[-#]\d{3,4}")
"""Building, stairs and flat, as beside the name of an estate."""
BLOOD_PRESSURE = re.compile(r"(?:[89]\d|1\d\d|2[0-4]\d)/(?:[4-9]\d|1[0-3]\d)")
LOCAL_PHONE = re.compile(r"(?!20\d{6})[2-8]\d{6,7}")
BIRTH = re.compile(
    r"((?:19|20)\d\d)[-/.年]?(0?[1-9]|1[0-2])?(?:[-/.月]?(0?[1-9]|[12]\d|3[01]))?日?(?:[ T]\d\d?:\d\d(?::\d\d)?)?"
)
COMPOUND = "|".join(sorted(word for word in known.words("surnames.txt") if len(word) == 2))
MASKED_NAME = re.compile(
    rf"{HAN}[*＊×某○Xx]{{1,2}}|{HAN}{{2}}[*＊×]{{2}}|{HAN}{{1,2}}[*＊×某○]{{1,2}}{HAN}{{1,2}}|(?:{COMPOUND})[*＊×]"
)
MASKED_NUMBER = re.compile(r"[\dA-Za-z]{0,10}\d[*＊×●•xX]{3,}[\dA-Za-z]{0,6}")
MASKED = re.compile(r"[*＊×●•]{2,}|(?<=\d)[xX]{3,}")
"""Anywhere in a cell; the two above are all of it."""
SHORT_HAN = re.compile(f"{HAN}{{2,4}}")
ENDS = re.compile(r"[、，,;；/\n|与诉]| 和 |及")
CHINA = ((73.0, 136.0), (3.0, 54.0))  # degrees of longitude, of latitude


@lru_cache(maxsize=1 << 16)
def look(text: str) -> frozenset[str]:
    """As ``looks``; a column says the same again and again."""
    return frozenset(looks(text)) if text else frozenset({"blank"})


def looks(text: str) -> Iterator[str]:
    """Names of what a cell looks like: ``name``, ``address``, ...; ``text`` is tidy and without outer spaces."""
    if text in _set("blank"):
        yield "blank"
        return
    if text.isascii():
        yield from _latin(text)
    else:
        yield from _chinese(text)
    if MASKED_NAME.fullmatch(text) or MASKED_NUMBER.fullmatch(text):
        yield from ("masked", "masked_value")
    elif MASKED.search(text):
        yield "masked"
    if len(text) >= 9 and not PASSPORT.fullmatch(text) and PASSPORT_INSIDE.search(text.upper()):
        yield "passport_inside"
    if 7 <= len(text) <= 12 and PLATE.fullmatch(text.upper()):
        yield "plate_written"
    if text.lower() in _set("beliefs"):
        yield "religion"


def _latin(text: str) -> Iterator[str]:
    if NUMBER.fullmatch(text):
        yield from _number(text)
    elif PAIR.fullmatch(text):
        yield from _pair(text)
    elif found := IN_THOUSANDS.fullmatch(text):
        yield "in_thousands"
        if checks.is_mobile(found.group(1).replace(",", "")):
            yield "mobile_in_thousands"
    elif SCIENTIFIC.fullmatch(text):
        yield "scientific"
    elif LATIN.fullmatch(text) or LATIN_AS_ONE.fullmatch(text):
        yield "foreign_name"
    if PASSPORT.fullmatch(text):
        yield "passport"
    elif PERMIT.fullmatch(text):
        yield "permit"
    if len(text) == 18 and _is_of_organization(text) and checks.is_uscc(text.upper()):
        yield "uscc"
    if secrets.is_password(text):
        yield "password"
    if text in _set("blood_types"):
        yield "medical"
    if FLAT_NUMBER.fullmatch(text):
        yield "flat_number"
    if BLOOD_PRESSURE.fullmatch(text):
        yield "blood_pressure"
    if text in ("A", "B", "O", "AB"):
        yield "blood_letter"
    if BIRTH.fullmatch(text):
        yield "date"
    if STRONG.fullmatch(text):
        yield "strong_password"
    if len(text) > 14 and (found := FILE_OF_CALL.fullmatch(text)) and checks.is_mobile(found.group(1)):
        yield "mobile_in_file"
    if LOCAL_PHONE.fullmatch(text):
        yield "local_phone"
    if (found := SHORT_PHONE.fullmatch(text)) and (not found.group(1) or int(found.group(1)) in known.areas()):
        yield "short_phone"


def _is_of_organization(code: str) -> bool:
    """One in 31 resident IDs passes as a credit code too: digits alone are one only if they begin like a company's."""
    return not code[:17].isdigit() or (
        code[:2] in ("91", "92", "93", "12", "11") and not checks.is_resident_day(code[6:14])
    )


def _number(text: str) -> Iterator[str]:
    yield "number"
    whole, _, fraction = text.partition(".")
    if fraction:
        yield from _degrees(float(text), len(fraction))
    elif len(whole) <= 4 and not whole.startswith(("-", "+")):
        yield "small_number"


def _degrees(value: float, decimals: int) -> Iterator[str]:
    (west, east), (south, north) = CHINA
    if decimals >= 4 and west <= value <= east:
        yield "longitude"
    if decimals >= 4 and south <= value <= north:
        yield "latitude"


def _pair(text: str) -> Iterator[str]:
    found = PAIR.fullmatch(text)
    if not found:
        return
    one, two = found.groups()
    kinds = [set(_degrees(float(part), len(part.partition(".")[2]))) for part in (one, two)]
    if ("longitude" in kinds[0] and "latitude" in kinds[1]) or ("latitude" in kinds[0] and "longitude" in kinds[1]):
        yield "position"


def _chinese(text: str) -> Iterator[str]:
    if LATIN.fullmatch(text):
        yield "foreign_name"
    if found := SEXAGESIMAL.fullmatch(text):
        degrees, minutes, seconds = map(float, found.groups())
        yield from _degrees(degrees + minutes / 60 + seconds / 3600, 4)
    if _begins_with_name(text):
        yield "name_begins"
    if SPEAKS.search(text) and is_surely_name(text[-3:].strip()):
        yield "name_begins"
    if any(True for _ in prose.listed(text)):
        yield "names_listed"
    if prose.glued(text):
        yield "name_glued"
    if len(text) <= 30 and not MASKED_NAME.fullmatch(text):
        yield from _names(text)
    if len(text) >= 5:
        yield from _places(text)
    if len(text) >= 14 and (found := BEHIND_HOUSE.search(text)) and checks.is_mobile(found.group(1)):
        yield "mobile_behind_house"
    if _ends_as_organization(text):
        yield "organization"
    if _one_of("diseases").search(text) and not DEPARTMENT.search(text):
        yield "medical"
        if ILLNESS_LABELLED.search(text):
            yield "illness_labelled"
        if STRONGLY.search(text):
            yield "illness_of"
        if DISEASE_TOLD.search(text):
            yield "medical_told"
            if SUFFERER.search(text) or _begins_with_name(text) or prose.has_name(text, False):
                yield "illness_of"
    elif _one_of("vaccines").search(text) or text in _set("blood_types"):
        yield "medical"
    if text in ("公", "母", "雄", "雌", "公牛", "母牛", "公羊", "母羊"):
        yield "sex_of_animal"
    if _is_belief_of_somebody(text):
        yield "belief_of"
    if CHILD.search(text):
        yield "child_told"
    if BELIEVER.search(text):
        yield "religion_told"
    if len(text) <= 12 and _one_of("religions").search(text):
        yield "religion"
    if BIRTH.fullmatch(text):
        yield "date"
    if _one_of("minors").search(text):
        yield "school_class"
    if PUPILS.fullmatch(text):
        yield "class_of_pupils"
    if DISABILITY.fullmatch(text):
        yield "disability"
    if text in ("健康", "良好", "身体健康", "一般", "正常", "健康或良好"):
        yield "healthy"
    if GROWN_CLASS.match(text):
        yield "grown_class"
    if SCHOOL_OF_CHILDREN.fullmatch(text):
        yield "school_of_children"


def _is_belief_of_somebody(text: str) -> bool:
    """Whether a line names a religion and a person, and is no rule or report."""
    if not _one_of("religions").search(text) or OF_OFFICES.search(text):
        return False
    return bool(MOBILE.search(text)) or prose.has_name(text, False)


OF_OFFICES = re.compile(r"第.{1,3}条|场所|管理|政策|事务|协会|工作|法律|条例")


def _begins_with_name(text: str) -> bool:
    found = BEGINS.match(text) if len(text) >= 8 else None
    return bool(found) and is_surely_name(found.group(1))


def _places(text: str) -> Iterator[str]:
    if not NUMBERED.search(text) or not ADDRESS.search(text):
        if SETTLED.search(text) and SETTLEMENT.search(text):
            yield "settlement"
        return
    yield "address"
    if FLAT.search(text):
        yield "flat"
    if RESIDENCE.search(text):
        yield "residence"
    detailed = DETAIL.search(text)
    if detailed:
        yield "detail"
    if HOME.search(text) or _begins_list_of_homes(text) or (detailed and MOBILE.search(text)):
        yield "home_told"


def _begins_list_of_homes(text: str) -> bool:
    """Whether a name and a place of a village or flat begin the line: 王建国，青山镇王家村6组，700元."""
    parts = re.split(r"[，,、\s]+", text.strip(), maxsplit=2)
    return len(parts) > 1 and is_surely_name(parts[0]) and bool(DETAIL.search(parts[1]))


def _names(text: str) -> Iterator[str]:
    """``name`` has the form of one; ``called`` also the characters; ``maybe_name`` is enough under a name's header."""
    bare = AROUND.sub("", text)
    parts = [part.strip() for part in ENDS.split(bare) if part.strip()]
    first = re.split(r"[\s(（:：0-9]", parts[0])[0] if parts else ""
    if TITLED.fullmatch(first) or OF_DYNASTY.match(text):
        return
    first = TITLE.sub("", first) if len(first) > 3 else first
    first = AUTHOR.sub("", first)
    if SPACED.fullmatch(text):
        first = re.sub(r"\s", "", text)
    if DOTTED.fullmatch(text):
        yield from ("name", "called", "maybe_name")
    elif is_name(first):
        yield "maybe_name"
        if len(first) == len(TITLE.sub("", re.sub(r"\s", "", bare))) or (len(parts) > 1 and all(map(is_name, parts))):
            yield "name"
        if is_given(first):
            yield "called"
    elif SHORT_HAN.fullmatch(first) and first not in _set("organizations") and not _ends_as_organization(first):
        yield "maybe_name" if first[0] in known.words("surnames.txt") and first[-1] not in NOT_LAST else "word"


def _ends_as_organization(text: str) -> bool:
    return len(text) > 3 and text.rstrip(")）").endswith(_tuple("organizations"))


def birth_year(text: str) -> int:
    """The year of a date or of a resident ID; 0 where there is none."""
    if found := BIRTH.fullmatch(text):
        return int(found.group(1))
    if len(text) == 18 and text[:17].isdigit():
        return int(text[6:10])
    return 0


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(str(word) for word in known.table("sensitive.yaml")[name])


@cache
def _one_of(name: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_set(name), key=len, reverse=True))))


@cache
def _tuple(name: str) -> tuple[str, ...]:
    return tuple(known.table("sensitive.yaml")[name])

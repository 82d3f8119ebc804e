"""The printed agreement: the whole text and nothing else, the font inside, the same bytes each time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timezone
from functools import cache
from typing import Any

import pypdfium2
import pypdfium2.raw
import pytest

from ckanext.anshan.agreement import fonts, printing, rules, wording
from ckanext.anshan.agreement.rules import Side, Standing, State
from tests.unit.agreement import made

pytestmark = pytest.mark.usefixtures("with_request_context")

URL = "https://data.anshan.example/agreement/verify"
BOTH = (Side.HOLDER, Side.AGENCY)
FACTS = {"one": made.OPENING, "sharing": made.SHARING, "large": made.large()}
MARGIN_TOP, MARGIN_BOTTOM = 60, 68  # points: between them is what the document says


@cache
def document(name="one"):
    return made.document(FACTS[name])


@cache
def printed(name="one", sides=BOTH, standing=None):
    found = document(name)
    return printing.pdf(found, made.signed(found, *sides), URL, standing)


def pages(content):
    return list(pypdfium2.PdfDocument(content))


def body(page):
    """The text between head and foot of a page."""
    _, height = page.get_size()
    return page.get_textpage().get_text_bounded(bottom=MARGIN_BOTTOM, top=height - MARGIN_TOP)


def letters(page: Any) -> list[Any]:
    return list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]))


def squeezed(text):
    """Without what lines are broken by."""
    return re.sub(r"[\s\u200b\ufffe\u00ad\x02]", "", text)


def whole(content):
    return squeezed("".join(map(body, pages(content))))


def chinese(document, signatures):
    """What the Chinese half says, in its order."""
    said = [document["title"]["zh"], "申请编号", document["number"]]
    said += [one["zh"] for one in document["preamble"]]
    for clause in document["clauses"]:
        said += [clause["name"]["zh"], clause["heading"]["zh"], *(one["zh"] for one in clause["paragraphs"])]
    own = rules.hash_of(document)
    said += ["签署", wording.standing(rules.standing_of(document, signatures))["zh"]]
    said += [
        t for row in wording.signature_rows(document, signatures) for t in (row.side["zh"], row.name, row.said["zh"])
    ]
    said += ["核验", "验证码", rules.code_of(own, document["number"]), "扫码或者打开网址，输入验证码核验", URL]
    said += ["文本摘要（SHA-256）", own]
    for schedule in document["schedules"]:
        said += [schedule["name"]["zh"], schedule["heading"]["zh"]]
        said += [row[part]["zh"] for row in schedule["rows"] for part in ("label", "value")]
        labels = schedule["labels"]
        said += [labels["caption"]["zh"], *(labels[name]["zh"] for name in ("n", "title", "name"))]
        said += [t for n, one in enumerate(schedule["columns"], 1) for t in (str(n), one["title"], one["name"])]
    return squeezed("".join(said))


def english(document):
    for part in (document["preamble"], *(clause["paragraphs"] for clause in document["clauses"])):
        yield from (squeezed(one["en"]) for one in part)


@pytest.mark.parametrize("name", ["one", "sharing"])
def test_the_chinese_half_is_the_document_and_nothing_else(name):
    found = document(name)
    text, title = whole(printed(name)), squeezed(found["title"]["en"])
    assert text[: text.index(title)] == chinese(found, made.signed(found, *BOTH))


def test_a_long_one_leaves_nothing_out():
    """Its tables go over pages, each with the head repeated."""
    found = document("large")
    head = squeezed("".join(found["schedules"][0]["labels"][name]["zh"] for name in ("n", "title", "name")))
    text, title = whole(printed("large")).replace(head, ""), squeezed(found["title"]["en"])
    assert text[: text.index(title)] == chinese(found, made.signed(found, *BOTH)).replace(head, "")


@pytest.mark.parametrize("name", FACTS)
def test_the_translation_is_whole(name):
    text = whole(printed(name))
    assert [one for one in english(document(name)) if one not in text] == []


@pytest.mark.parametrize("name", FACTS)
def test_nothing_runs_over_the_edge(name):
    for page in pages(printed(name)):
        width, _ = page.get_size()
        boxes = [one.get_bounds() for one in letters(page)]
        assert min(box[0] for box in boxes) > 60
        assert max(box[2] for box in boxes) < width - 60


def test_no_heading_is_left_alone_at_the_foot_of_a_page():
    headings = {squeezed(one["name"]["zh"] + one["heading"]["zh"]) for one in document("large")["clauses"]}
    for page in pages(printed("large")):
        assert squeezed(body(page).strip().splitlines()[-1]) not in headings


def test_the_same_agreement_is_the_same_file():
    found = document()
    assert printing.pdf(found, made.signed(found, *BOTH), URL) == printed()
    assert printed(sides=()) != printed()


def test_code_and_page_are_at_the_foot_of_each_page():
    found = document()
    code = rules.code_of(rules.hash_of(found), found["number"])
    all_pages = pages(printed())
    for n, page in enumerate(all_pages, 1):
        foot = page.get_textpage().get_text_bounded(top=MARGIN_BOTTOM)
        assert code in foot
        assert f"第{n}页，共{len(all_pages)}页" in squeezed(foot)


def test_title_language_and_structure_are_in_it():
    content = printed()
    known = pypdfium2.PdfDocument(content).get_metadata_dict()
    assert known["Title"] == "鞍山市公共数据开放利用协议 SQ-2026-000123"
    assert known["Author"] == made.AGENCY.name
    assert known["CreationDate"] == "D:20261130073000Z"
    assert pypdfium2.raw.FPDFCatalog_IsTagged(pypdfium2.PdfDocument(content).raw)
    assert re.search(rb"/Lang\s*\(zh-CN\)", content)


def test_the_font_is_inside_and_only_what_of_it_is_needed():
    used = [one.get_font() for page in pages(printed()) for one in letters(page)]
    assert all(font.is_embedded and re.fullmatch(r"[A-Z]{6}\+NotoSans.*", font.get_base_name()) for font in used)
    assert len(printed()) < 400_000


@pytest.mark.parametrize(
    ("sides", "standing", "mark"),
    [
        ((), None, "未生效"),
        ((Side.HOLDER,), None, "未生效"),
        (BOTH, Standing(State.SUSPENDED), "已暂停"),
        (BOTH, Standing(State.REVOKED, datetime(2027, 1, 2, tzinfo=timezone.utc), "转让数据", "第十四条"), "已撤销"),
        (BOTH, Standing(State.ENDED), "已终止"),
        (BOTH, Standing(State.VOID), "作废"),
    ],
)
def test_what_is_not_in_force_is_marked_on_each_page(sides, standing, mark):
    for page in pages(printed(sides=sides, standing=standing)):
        assert mark in squeezed(page.get_textpage().get_text_bounded())


def test_what_is_in_force_bears_no_mark():
    largest = max(one.get_font_size() for page in pages(printed()) for one in letters(page))
    marked = max(one.get_font_size() for page in pages(printed(sides=())) for one in letters(page))
    assert largest < 20 < 60 < marked


def test_a_reason_is_told():
    revoked = Standing(State.REVOKED, datetime(2027, 1, 2, tzinfo=timezone.utc), "向他人转让数据", "本协议第十四条")
    text = whole(printed(standing=revoked))
    assert "2027年1月2日08:00:00" in text
    assert "理由：向他人转让数据（依据：本协议第十四条）" in text


def test_a_sign_that_the_font_has_not_is_named():
    found = made.document(
        replace(
            made.OPENING,
            purpose="研究𠮷祥路 🚌 客流",
            holders=(replace(made.COMPANY, name="#strong[*x*] $a$ @b \\ <c>"),),
        )
    )
    text = whole(printing.pdf(found, [], URL))
    assert "研究[U+20BB7]祥路[U+1F68C]客流" in text
    assert squeezed("#strong[*x*] $a$ @b \\ <c>") in text


def test_without_the_font_nothing_is_printed(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.anshan.theme.libraries", "")
    with pytest.raises(fonts.NoFont):
        fonts.paths()


def test_the_code_in_the_picture_is_the_address():
    """Drawn as dark modules; its size says how much it holds."""
    drawn = printing._qr(URL)
    assert drawn.startswith("<svg")
    assert drawn != printing._qr(URL + "?code=1")

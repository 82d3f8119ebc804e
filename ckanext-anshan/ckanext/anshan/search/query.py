"""What is asked of Solr for what a person typed.

Plain Python. Three kinds of text come in: a code, Latin letters that may be pinyin, initials or English, and all else.
The query that goes out is put together from words without any syntax, so Solr can't refuse it, whatever was typed.

Chinese is asked for two characters at a time: each pair is looked up in every field and counts where it weighs most;
half of the pairs are enough, since about half of them lie across two words. Whole phrases and words count on top.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from . import pinyin
from .synonyms import fold, key, others

Params = dict[str, Any]

LONGEST = 120
PART_NEEDED = 3
MOST = 24
"""Terms of one query; what a person typed beyond them is left out."""
CODE = re.compile(r"[0-9a-z]{15,40}", re.ASCII)
DIGITS_OF_A_CODE = 8
LATIN = re.compile(r"[a-z][a-z ]{1,60}")
INITIALS = re.compile(r"[a-hj-tw-z]{2,10}")
SYNTAX = re.compile(r"[^\w.%\s-]+|_|(?<!\w)[.%-]+|[.-]+(?!\w)")
PIECE = re.compile(r"[㐀-鿿]+|[^\s㐀-鿿]+")

FIELD = re.compile(r"([^\s()+\-!:\\*]+)(?<!\\):")
QUOTED = re.compile(r'"[^"]*"|[\[{][^\[\]{}]*[\]}]')

AGENCY = re.compile(r"[㐀-鿿a-z]+(?:局|委|委员会|办|办公室|中心|支队|总队|分局|厅|联合会)")

FIELDS = "title^9 zh_synonyms^4 zh_related^2 zh_agency^2.5 notes^4 zh_items^1.5 zh_more^1.5"
LATIN_FIELDS = "title^9 zh_synonyms^7 zh_related^2 zh_agency^3 notes^4 zh_items^1.5 zh_more^1.5"
TIE = "0.15"
BOOST = (
    "sum(1,product(0.06,recip(ms(NOW/DAY,metadata_modified),3.17e-11,1,1)),product(0.02,log(sum(1,max(0,use_count)))))"
)
"""At most 6 % for freshness and a few for use: they order what is equally good, no more."""
KIND_OF_DATA = re.compile(r"(?<=..)(?:名单|清单|名录|目录|列表|信息|数据|情况|统计|查询|一览表?|大全|下载)+$")
"""What people add to a subject to say that they want data of it; most titles end so, or don't, by chance."""
OPERATORS = ("and", "or", "not")
EVERYTHING = ("", "*", '""', "''")
"""What CKAN takes for no question at all."""
NOTHING = "-*:*"
TAKEN = ("defType", "qf", "mm", "tie", "bf", "boost")


def ours(params: Mapping[str, Any]) -> bool:
    """Whether the search is one for people, and not one with syntax of its own, which goes CKAN's way."""
    q = params.get("q")
    if not isinstance(q, str) or ":" in q or q.strip() in EVERYTHING:
        return False
    return not any(params.get(name) for name in TAKEN)


def fields(q: str) -> list[str]:
    """The names before a colon, outside quotation marks and ranges.

    >>> fields('title:公交 AND notes:"a:b" AND metadata_modified:[2024-01-01T00:00:00Z TO NOW]')
    ['title', 'notes', 'metadata_modified']
    """
    return FIELD.findall(QUOTED.sub(" ", q))


def bare(q: str) -> str:
    """What was typed as a text that is no syntax to anyone; a lone sign where it holds no word, which finds nothing."""
    return words(q) or "-"


def unread(q: str) -> str:
    """What Solr couldn't read as a query, as a text without the names of fields: title:(公交 is 公交."""
    return bare(FIELD.sub(" ", q))


def words(q: str) -> str:
    """The text of a query, folded, with nothing in it that means anything to Solr."""
    return " ".join(SYNTAX.sub(" ", fold(q[:LONGEST])).split())


def build(q: str) -> Params:
    """The parameters of the search for what was typed; nothing is found for what holds no word."""
    text = words(q)
    if not text:
        return {"q": NOTHING}
    if _is_code(text):
        return _params([f"exact_code:{key(text)}"], "exact_code", 1)
    if LATIN.fullmatch(text):
        return _params([*_exact(text), *text.split()[:MOST], *_typed(text)], LATIN_FIELDS, 1)
    pieces = [piece for piece in PIECE.findall(text) if piece.strip(".%-")]
    agencies = [piece for piece in pieces if AGENCY.fullmatch(piece)] if len(pieces) > 1 else []
    subjects = [piece for piece in pieces if piece not in agencies]
    terms = [pairs(piece) for piece in subjects]
    needed = [each for each in terms if not _is_by_the_way(each[0])]
    enough = sum((len(each) + PART_NEEDED - 1) // PART_NEEDED for each in needed)
    plain = [term for each in terms for term in each][:MOST]
    latin = [clause for piece in subjects if LATIN.fullmatch(piece) for clause in _typed(piece)]
    clauses = [*plain, *_exact(text), *_phrases(_with_stems(subjects)), *latin[:MOST], *_agencies(agencies)]
    return _params(clauses, FIELDS, min(enough, len(plain)) or 1)


def _is_by_the_way(term: str) -> bool:
    """A year, a letter, an operator of other searches: it orders what is found and excludes nothing."""
    return term.isdecimal() or term in OPERATORS or (len(term) == 1 and term.isascii())


def _is_code(text: str) -> bool:
    """A code, perhaps in groups: 11210300 MB1A00000 0…; letters alone are pinyin, however many."""
    bare = key(text)
    in_groups = all(re.search(r"\d", group) for group in text.split())
    return in_groups and bool(CODE.fullmatch(bare)) and len(re.findall(r"\d", bare)) >= DIGITS_OF_A_CODE


def pairs(piece: str) -> list[str]:
    """Each two neighbouring characters of Chinese; all else stays whole.

    >>> pairs("停车场")
    ['停车', '车场']
    """
    if len(piece) < 3 or not pinyin.HAN.fullmatch(piece):
        return [piece]
    return list(dict.fromkeys(piece[start : start + 2] for start in range(len(piece) - 1)))


def _with_stems(pieces: Iterable[str]) -> list[str]:
    """高新企业名单 is asked for as a whole, and as 高新企业 too."""
    return list(dict.fromkeys(form for piece in pieces for form in (piece, KIND_OF_DATA.sub("", piece))))


def _phrases(pieces: Iterable[str]) -> Iterable[str]:
    for piece in list(pieces)[:MOST]:
        if len(piece) > 2:
            yield f'"{piece}"^1.5'
            yield f"zh_title_words:({piece})^5"
            yield f"zh_notes_words:({piece})^2.5"
            yield f'zh_title_sound:"{piece}"^3'
            yield f'zh_notes_sound:"{piece}"^1.5'
        yield f'exact_agency:"{key(piece)}"^8'
        yield f'exact_item:"{key(piece)}"^4'


def _agencies(pieces: Iterable[str]) -> Iterable[str]:
    """Beside other words, the name of an agency says whose data is wanted, not what its title holds."""
    for piece in list(pieces)[:MOST]:
        yield f'exact_agency:"{key(piece)}"^6'
        yield f'zh_agency:"{piece}"^3'


def _exact(text: str) -> Iterable[str]:
    yield f'exact_title:"{key(text)}"^=30'
    if LATIN.fullmatch(text):
        yield f'exact_agency:"{key(text)}"^8'


def _typed(text: str) -> Iterable[str]:
    """As pinyin, where the letters are whole syllables; as initials, where they can be."""
    letters = text.replace(" ", "")
    forms = [*pinyin.spellings(letters), *([letters] if INITIALS.fullmatch(letters) else [])]
    for form in forms:
        yield f"typed_title:{form}*^=40"
        yield f"typed_more:{form}*^=25"
        yield f"typed_notes:{form}*^=15"


def _params(clauses: Iterable[str], fields: str, enough: int) -> Params:
    """Joined by OR, or CKAN's ``q.op`` would make every clause a must."""
    q = " OR ".join(clauses)
    return {"q": q, "defType": "edismax", "qf": fields, "mm": str(enough), "tie": TIE, "boost": BOOST}


def resembles(q: str, title: str) -> bool:
    """Whether a title is of the kind that was asked for: half of the pairs of characters are in it.

    >>> resembles("养老机构床位", "享受补贴的养老机构名册"), resembles("养老机构", "公交站点")
    (True, False)
    """
    wanted = [pair for piece in PIECE.findall(words(q)) for pair in pairs(piece) if len(pair) > 1]
    found = sum(pair in fold(title) for pair in wanted)
    return 0 < len(wanted) <= 2 * found


def parts(q: str) -> list[str]:
    """What else may be searched for when all of it finds nothing: pieces of it, the longest first, and their synonyms.

    >>> parts("龙潭虎穴")[:3]
    ['龙潭虎', '潭虎穴', '龙潭']
    """
    pieces = [piece for piece in PIECE.findall(words(q)) if len(piece) > 1]
    whole = [piece for piece in pieces if len(pieces) > 1 or not pinyin.HAN.fullmatch(piece)]
    runs = [piece for piece in pieces if pinyin.HAN.fullmatch(piece)]
    cut = [run[at : at + size] for size in (4, 3, 2) for run in runs for at in range(len(run) - size + 1)]
    same = [word for piece in runs for word in others(piece).same if pinyin.HAN.fullmatch(word)]
    return [each for each in dict.fromkeys([*whole, *same, *cut]) if each != words(q)][:MOST]

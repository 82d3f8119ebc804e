"""Derives the Solr configuration from the schema inside the installed CKAN.

CKAN's types and the name of the schema stay as they are; title and notes are analysed as Chinese, and our types,
fields and the copies into them are added. Runs without a CKAN configuration:
``python -m ckanext.anshan.search.configset --out DIR``.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from .synonyms import FOLDER, groups, simplified

# Width and case are folded (NFKC), traditional characters become simplified ones, both before the text is cut.
FOLD = (
    '<charFilter class="solr.ICUNormalizer2CharFilterFactory" form="nfkc_cf"/>'
    '<charFilter class="solr.MappingCharFilterFactory" mapping="traditional.txt"/>'
)
STEM = '<filter class="solr.EnglishMinimalStemFilterFactory"/>'
CUT = '<tokenizer class="solr.StandardTokenizerFactory"/>'
PAIRS = '<filter class="solr.CJKBigramFilterFactory" outputUnigrams="{single}"/>'
SOUND = '<charFilter class="solr.MappingCharFilterFactory" mapping="sounds.txt"/>'
WORDS = '<tokenizer class="solr.HMMChineseTokenizerFactory"/>'


def _pairs(single: str, *before: str) -> str:
    return "".join((FOLD, *before, CUT, PAIRS.format(single=single), STEM))


# Two characters at a time: what is typed needn't be a word. ``zh_sound`` has one character for all that sound alike, so
# homophones match; its tokens stand where those of ``zh_pairs`` stand, or edismax wouldn't ask both for the same part
# of a query. (ICU's Han-Latin transform does this too, but makes indexing 40 times slower.)
TYPES = {
    "zh_pairs": (_pairs("true"), _pairs("false")),
    "zh_sound": (_pairs("true", SOUND), _pairs("false", SOUND)),
    "zh_words": (FOLD + WORDS + STEM, FOLD + WORDS + STEM),
}
EXACT = '<fieldType name="exact" class="solr.StrField" omitNorms="true" docValues="false"/>'

HAN = range(0x4E00, 0x9FA6)

FIELDS = {
    "zh_title_sound": ("zh_sound", False),
    "zh_title_words": ("zh_words", False),
    "zh_synonyms": ("zh_pairs", True),
    "zh_related": ("zh_pairs", True),
    "zh_agency": ("zh_pairs", True),
    "zh_notes_sound": ("zh_sound", False),
    "zh_notes_words": ("zh_words", False),
    "zh_items": ("zh_pairs", True),
    "zh_more": ("zh_pairs", True),
    "exact_title": ("exact", True),
    "exact_agency": ("exact", True),
    "exact_item": ("exact", True),
    "exact_code": ("exact", True),
    "typed_title": ("exact", True),
    "typed_more": ("exact", True),
    "typed_notes": ("exact", True),
    "use_count": ("pint", False),
}
KEPT = ("use_count",)
"""Fields that can be read back: what the index still says of the use is compared with what was counted since."""
RETYPED = {"title": "zh_pairs", "notes": "zh_pairs"}
"""CKAN's own fields that are analysed as Chinese too, so that ``title:公交`` finds what it says."""
COPIES = (
    ("title", "zh_title_sound"),
    ("title", "zh_title_words"),
    ("tags", "zh_more"),
    ("res_name", "zh_more"),
    ("res_description", "zh_more"),
)


def installed_schema() -> Path:
    spec = find_spec("ckan")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("CKAN is not installed in this environment: install the portal's lock file first.")
    return Path(spec.submodule_search_locations[0]) / "config" / "solr" / "schema.xml"


def schema(source: Path) -> bytes:
    """CKAN's schema with ours in it."""
    tree = etree.parse(str(source), etree.XMLParser(remove_blank_text=True))
    root = tree.getroot()
    types, fields = root.find("types"), root.find("fields")
    if types is None or fields is None:
        raise RuntimeError(f"{source} has no <types> and <fields>: this CKAN's schema is not known to the portal.")
    types.extend(etree.fromstring(_type(name, *chains)) for name, chains in TYPES.items())
    types.append(etree.fromstring(EXACT))
    for field in fields.iterfind("field"):
        field.set("type", RETYPED.get(field.get("name"), field.get("type")))
    fields[:0] = [_field(name, *kind) for name, kind in FIELDS.items()]
    root.extend(etree.Element("copyField", {"source": source, "dest": dest}) for source, dest in COPIES)
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, pretty_print=True)


@cache
def field_names() -> frozenset[str]:
    """Every field of the index that has a name of its own."""
    fields = etree.parse(str(installed_schema())).iterfind("fields/field")
    return frozenset({*FIELDS, *(field.get("name") for field in fields)})


def _type(name: str, index: str, query: str) -> str:
    analyzers = f'<analyzer type="index">{index}</analyzer><analyzer type="query">{query}</analyzer>'
    return f'<fieldType name="{name}" class="solr.TextField" positionIncrementGap="100">{analyzers}</fieldType>'


def _field(name: str, kind: str, many: bool) -> etree._Element:
    about = {"name": name, "type": kind, "indexed": "true", "stored": str(name in KEPT).lower()}
    about["multiValued"] = str(many).lower()
    return etree.Element("field", about)


def sounds() -> Iterable[tuple[str, str]]:
    """Each Chinese character and the one that stands for all of its sound."""
    first: dict[str, str] = {}
    for number in HAN:
        reading = to_normal(PINYIN_DICT.get(number, "").split(",")[0])
        if reading and first.setdefault(reading, chr(number)) != chr(number):
            yield chr(number), first[reading]


def _mapping(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f'"{one}" => "{other}"\n' for one, other in pairs)


def write(out: Path) -> list[Path]:
    """Write the whole configuration set; what is there already is replaced."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "schema.xml").write_bytes(schema(installed_schema()))
    shutil.copy(FOLDER / "solrconfig.xml", out / "solrconfig.xml")
    lines = [", ".join(group.words) for group in groups() if not group.wider]
    (out / "synonyms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (out / "traditional.txt").write_text(
        _mapping((chr(one), other) for one, other in simplified().items()), encoding="utf-8"
    )
    (out / "sounds.txt").write_text(_mapping(sounds()), encoding="utf-8")
    (out / "stopwords.txt").write_text("", encoding="utf-8")
    (out / "protwords.txt").write_text("", encoding="utf-8")
    return sorted(out.iterdir())


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the Solr configuration set of the portal.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    for path in write(parser.parse_args().out):
        print(path)


if __name__ == "__main__":
    main()

"""The gettext catalogues below ``i18n/``: what they must hold, and whether they hold it.

One domain carries two kinds of message: those of this extension, and those of CKAN and ckanext-scheming that CKAN's own
Chinese catalogue lacks or puts in other words than ours. A plugin's catalogue wins over CKAN's, so nothing is patched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

DOMAIN = "ckanext-anshan"
LOCALES = ("zh_Hans_CN", "en")
PACKAGE = Path(__file__).parents[1]
I18N = (PACKAGE / "i18n").resolve()
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "ungettext": (1, 2), "P_": (1, 2)}
METHODS = [
    ("**/tests/**", "ignore"),
    ("**/vendor/**", "ignore"),
    ("**.min.js", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "ckan"),
    ("**/templates/**.txt", "ckan"),
    ("**.js", "javascript"),
]
HEADER = "# Written by: ckan anshan words update. Translate here, then run: ckan anshan words compile"
SLOT = re.compile(r"%\(\w+\)[sdr]|%[sdri]|\{[^{}\s]*\}|</?[a-zA-Z]+")


class Finding(NamedTuple):
    """One thing that is wrong with a catalogue: which, how (a code), and the message it is about."""

    locale: str
    code: str
    msgid: str


def po_path(locale: str) -> Path:
    return I18N / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def pot_path() -> Path:
    return I18N / f"{DOMAIN}.pot"


def read(path: Path, locale: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def forms(message: Message) -> tuple[str, ...]:
    """The texts of a message: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def is_translated(message: Message | None) -> bool:
    return message is not None and bool(forms(message)) and all(forms(message))


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {name} is not installed")
    return Path(spec.origin).parent


def _extract(folder: Path, prefix: str, into: Catalog) -> None:
    for name, _line, ids, _comments, context in extract_from_dir(folder, METHODS, keywords=KEYWORDS):
        if ids and (isinstance(ids, str) or all(ids)):
            into.add(ids, locations=[(f"{prefix}/{name}", 0)], context=context)


def of_this_extension() -> Catalog:
    found = Catalog()
    _extract(PACKAGE, "ckanext/anshan", found)
    return found


def of_ckan() -> Catalog:
    """Every message of CKAN, its bundled extensions (but the examples) and ckanext-scheming, as installed."""
    found = Catalog()
    for message in messages(read(_package("ckan") / "i18n" / "ckan.pot")):
        places = [(name, 0) for name, _ in message.locations if "/example_" not in name]
        if places:
            found.add(message.id, locations=places, context=message.context)
    for package in ("ckan", "ckanext.scheming"):
        _extract(_package(package), package.replace(".", "/"), found)
    return found


def ckan_po_path(locale: str) -> Path:
    return _package("ckan") / "i18n" / locale / "LC_MESSAGES" / "ckan.po"


def translated_by_ckan(locale: str = "zh_Hans_CN") -> set[str]:
    return {singular(message) for message in messages(read(ckan_po_path(locale), locale)) if is_translated(message)}


def reworded() -> set[str]:
    """What our Chinese catalogue holds already; a message of CKAN stays there though CKAN translates it too."""
    path = po_path("zh_Hans_CN")
    return {singular(message) for message in messages(read(path, "zh_Hans_CN"))} if path.exists() else set()


def template() -> Catalog:
    """What each of our catalogues must hold today."""
    wanted = Catalog(project=DOMAIN, charset="utf-8")
    skipped = translated_by_ckan() - reworded()
    for message in messages(of_ckan()):
        if singular(message) not in skipped:
            wanted.add(message.id, locations=message.locations, context=message.context)
    for message in messages(of_this_extension()):
        wanted.add(message.id, locations=message.locations, context=message.context)
    return wanted


def _write(catalogue: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.fuzzy, catalogue.header_comment = False, HEADER
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = DOMAIN
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, sort_output=True, omit_header=False, include_lineno=False)
    path.write_bytes(b"".join(line for line in buffer.getvalue().splitlines(True) if b"-Date: " not in line))


def update() -> list[str]:
    """Writes the template and brings both catalogues to it; returns what is missing.

    English is its own translation, unless it was reworded.
    """
    wanted = template()
    for locale in LOCALES:
        path = po_path(locale)
        catalogue = read(path, locale) if path.exists() else Catalog(locale=locale, project=DOMAIN, charset="utf-8")
        catalogue.update(wanted, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if locale == "en":
            _say_it_as_written(catalogue)
        _write(catalogue, path)
    _write(wanted, pot_path())
    return [singular(m) for m in messages(read(po_path("zh_Hans_CN"), "zh_Hans_CN")) if not is_translated(m)]


def _say_it_as_written(catalogue: Catalog) -> None:
    """CKAN's groups are our themes and its organizations our agencies: what was reworded in the file stays."""
    for message in messages(catalogue):
        if not is_translated(message):
            message.string = message.id


def compile_all() -> list[Path]:
    """Writes the ``.mo`` files beside the ``.po``; they are kept in git, so that an installation needs no step."""
    written = []
    for locale in LOCALES:
        path = po_path(locale).with_suffix(".mo")
        path.write_bytes(compiled(locale))
        written.append(path)
    return written


def compiled(locale: str) -> bytes:
    buffer = BytesIO()
    write_mo(buffer, read(po_path(locale), locale))
    return buffer.getvalue()


def slots(text: str) -> Counter[str]:
    """The places a translation must keep: ``%(name)s``, ``%s``, ``{name}`` and the tags of HTML."""
    return Counter(SLOT.findall(text.replace("{numeral}", "{number}")))  # a number in Chinese words


def keeps_slots(message: Message) -> bool:
    """Each form against the id it translates; Chinese has one form for both, which answers to the plural."""
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    told = forms(message)
    return all(slots(text) == slots(source) for text, source in zip(told, ids[-len(told) :], strict=True))


def _findings_of(message: Message, locale: str) -> Iterator[Finding]:
    if not is_translated(message):
        yield Finding(locale, "missing", singular(message))
    elif message.fuzzy:
        yield Finding(locale, "fuzzy", singular(message))
    elif not keeps_slots(message):
        yield Finding(locale, "placeholders", singular(message))


def _drift(wanted: Iterable[str], held: set[str], locale: str) -> Iterator[Finding]:
    wanted = set(wanted)
    yield from (Finding(locale, "not_extracted", msgid) for msgid in sorted(wanted - held))
    yield from (Finding(locale, "unused", msgid) for msgid in sorted(held - wanted))


def check() -> list[Finding]:
    """Everything that keeps the catalogues from being whole: empty is good."""
    wanted = {singular(message) for message in messages(template())}
    found: list[Finding] = []
    for locale in LOCALES:
        held = list(messages(read(po_path(locale), locale)))
        found += _drift(wanted, {singular(message) for message in held}, locale)
        found += [finding for message in held for finding in _findings_of(message, locale)]
        if not _is_compiled(locale):
            found.append(Finding(locale, "not_compiled", po_path(locale).name))
    return found


def _is_compiled(locale: str) -> bool:
    path = po_path(locale).with_suffix(".mo")
    if not path.exists():
        return False
    with path.open("rb") as file:
        held = read_mo(file)
    return _table(held) == _table(read(po_path(locale), locale))


def _table(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    return {singular(message): forms(message) for message in messages(catalogue) if is_translated(message)}

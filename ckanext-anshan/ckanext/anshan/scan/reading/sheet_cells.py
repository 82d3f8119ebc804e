"""The cells of an XLSX sheet, straight from its XML, as a stream.

A chunk of XML is cut by the positions of its angle brackets and quotes, for all cells at once; a chunk that is written
in an unusual way is read cell by cell. Memory stays at a few chunks however long the sheet is.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from html import unescape
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ..pieces import SEPARATOR, Batch, Even, Numbers
from .tables import of_cells
from .unreadable import Unreadable

CHUNK = 4 << 20
LONGEST = 64 << 20  # bytes between two rows
EDGE = 8 << 20  # bytes kept of what stands before and after the rows
SHARED = 384 << 20  # bytes of shared strings that are kept
DIGITS = 15  # a spreadsheet keeps so many of a number
OPEN, CLOSE, QUOTE, SPACE, SLASH, ENTITY, ESCAPE = 60, 62, 34, 32, 47, 38, 95
SPACED = '<t xml:space="preserve">'
Bytes = NDArray[np.uint8]

_CELL = re.compile(r"<c\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(?:/>|>(.*?)</c\s*>)", re.S)
_ROW = re.compile(r"<row\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.S)
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_VALUE = re.compile(r"<v\b[^>]*>(.*?)</v\s*>", re.S)
_TEXT = re.compile(r"<t\b[^>/]*>(.*?)</t\s*>", re.S)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh\s*>", re.S)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_STRING = re.compile(r"<si\b[^>]*?(?:/>|>(.*?)</si\s*>)", re.S)
_PLAIN_STRING = re.compile(r"<si><t(?: xml:space=\"preserve\")?(?:/>|>([^<]*)</t>)</si>")
_HIDDEN_ROW = re.compile(rb"<row\b[^>]*?\s(?:hidden\s*=\s*[\"'](?:1|true)[\"']|ht\s*=\s*[\"']0(?:\.0+)?[\"'])")
_FORMULA = re.compile(r"<f\b[^>]*>([^<]+)</f\s*>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Styles:
    """What of a workbook's styles changes how a number reads."""

    dates: frozenset[int] = frozenset()  # numbers of cell formats that show a date or time
    since_1904: bool = False


@dataclass
class Seen:
    """What the stream met on its way through a sheet."""

    edges: bytearray = field(default_factory=bytearray)  # the XML before and after the rows
    hidden_rows: int = 0
    long_numbers: int = 0
    formulas: list[str] = field(default_factory=list)  # only suspects, see ``suspect``
    ordinary: int = 0  # formulas that only calculate
    rows: int = 0
    cells: int = 0
    whole: bool = False


class Strings:
    """A workbook's shared strings as one stretch of UTF-8."""

    def __init__(self) -> None:
        self.data: Bytes = np.empty(0, np.uint8)
        self.starts: Numbers = np.empty(0, np.int64)
        self.lengths: Numbers = np.empty(0, np.int64)
        self.used = np.empty(0, np.bool_)
        self.left_out = 0

    @classmethod
    def of(cls, stream: IO[bytes] | None) -> Strings:
        self = cls()
        blobs: list[bytes] = []
        lengths: list[Numbers] = []
        kept = 0
        for xml in _cut(stream, b"</si>", b"</si>") if stream is not None else ():
            texts = _strings(xml.decode("utf-8", "replace"))
            if kept > SHARED:
                self.left_out += len(texts)
                continue
            blob = SEPARATOR.join(texts)
            if blob.count(SEPARATOR) != max(len(texts) - 1, 0):
                blob = SEPARATOR.join(one.replace(SEPARATOR, " ") for one in texts)
            data = (blob + SEPARATOR).encode("utf-8", "replace") if texts else b""
            ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(SEPARATOR))
            blobs.append(data)
            lengths.append(np.diff(ends, prepend=-1) - 1)
            kept += len(data)
        self.data = np.frombuffer(b"".join(blobs), np.uint8)
        self.lengths = np.concatenate(lengths) if lengths else self.lengths
        self.starts = np.cumsum(self.lengths + 1) - self.lengths - 1
        self.used = np.zeros(len(self.lengths), np.bool_)
        return self

    def __len__(self) -> int:
        return len(self.lengths)

    def text(self, number: int) -> str:
        if not 0 <= number < len(self):
            return ""
        self.used[number] = True
        start = self.starts[number]
        return self.data[start : start + self.lengths[number]].tobytes().decode("utf-8", "replace")

    def orphans(self) -> Iterator[str]:
        """Those that no cell shows."""
        for number in np.flatnonzero(~self.used):
            start = self.starts[number]
            yield self.data[start : start + self.lengths[number]].tobytes().decode("utf-8", "replace")


class _References(dict[str, str]):
    """Characters by how XML refers to them."""

    def __missing__(self, reference: str) -> str:
        if len(self) > 100_000:
            self.clear()
        self[reference] = text = unescape(reference)
        return text


_REFERENCES = _References()


def suspect(formula: str) -> bool:
    """Whether a formula reaches out of the workbook or starts something."""
    return bool(_REACHING.search(formula))


_REACHING = re.compile(
    r"(?i)\b(?:HYPERLINK|WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTHTML|IMPORTFEED|IMPORTRANGE|RTD|DDE|IMAGE|CALL|EXEC|"
    r"REGISTER(?:\.ID)?|FILTERXML|SQL\.REQUEST)\s*\(|^\s*[=+@-]?\s*['\"]?\w[\w. ]*['\"]?\|"
)


def cells(stream: IO[bytes], strings: Strings, styles: Styles, seen: Seen, limit: int) -> Iterator[Batch]:
    """The cells that hold something, in batches; ``seen`` is filled on the way.

    :param limit: of cells; a sheet with more ends there with ``Unreadable``
    """
    number = Shown(styles, seen)
    for xml in _rows_of(stream, seen):
        if b"hidden" in xml or b' ht="0' in xml:
            seen.hidden_rows += len(_HIDDEN_ROW.findall(xml))
        if b"<f" in xml:
            found = _FORMULA.findall(xml.decode("utf-8", "replace"))
            suspects = [text for one in found if suspect(text := unescape(one))]
            seen.formulas += suspects[: 1000 - len(seen.formulas)]
            seen.ordinary += len(found) - len(suspects)
        before = seen.rows
        batch = _Chunk(xml).batch(strings, number, before)
        if batch is None:
            seen.rows = before
            batch = _one_by_one(xml.decode("utf-8", "replace"), strings, number, before)
        batch, seen.rows = batch
        seen.cells += len(batch)
        if len(batch):
            yield batch
        if seen.cells > limit:
            raise Unreadable("limit_cells", limit=limit)


def _rows_of(stream: IO[bytes], seen: Seen) -> Iterator[bytes]:
    """The XML of whole rows; what stands around them goes to ``seen.edges``."""
    inside = False
    last = b""
    for xml in _cut(stream, b"<row", b"</c>"):
        last = (last + xml[-4096:].rstrip())[-64:]
        if not inside:
            at = xml.find(b"<sheetData")
            if at < 0:
                _keep(seen, xml)
                continue
            _keep(seen, xml[:at])
            xml, inside = xml[at + 10 :], True
        at = xml.rfind(b"</sheetData")
        if at >= 0:
            _keep(seen, xml[at:])
            xml, inside = xml[:at], False
        yield xml
    seen.whole = b"</worksheet" in last or b"sheet>" in last


def _keep(seen: Seen, xml: bytes) -> None:
    seen.edges += xml[: max(EDGE - len(seen.edges), 0)]


def _cut(stream: IO[bytes], mark: bytes, second: bytes) -> Iterator[bytes]:
    """Chunks of XML that end before the last ``mark`` that opens something, or behind the last that closes it."""
    rest = b""
    prefix: bytes | None = None
    decode = None
    while chunk := stream.read(CHUNK):
        if prefix is None:
            decode, prefix = _manner(chunk)
        if decode is not None:
            chunk = decode(chunk)
        data = rest + chunk
        if prefix:
            data = data.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
        at = data.rfind(mark)
        at = at + len(mark) if at >= 0 and mark.startswith(b"</") else at
        if at <= 0 and len(data) > LONGEST // 4:
            at = data.rfind(second) + len(second)
        if at <= len(second) and len(data) > LONGEST:
            raise Unreadable("damaged")
        if at > 0:
            yield data[:at]
            rest = data[at:]
        else:
            rest = data
    if rest:
        yield rest


def _manner(head: bytes) -> tuple[Callable[[bytes], bytes] | None, bytes]:
    """How to make UTF-8 of the rest, and the prefix of the names, such as ``x:``."""
    decode = None
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        decode = lambda data: decoder.decode(data).encode("utf-8", "replace")  # noqa: E731
        head = codecs.decode(head[:4096], "utf-16", "replace").encode("utf-8", "replace")
    found = re.search(rb"<(\w+:)(?:worksheet|sst)\b", head[:4096])
    return decode, found[1] if found else b""


def _strings(xml: str) -> list[str]:
    plain = _PLAIN_STRING.findall(xml)
    if len(plain) != xml.count("<si"):
        return [plain_text(one) for one in _STRING.findall(xml)]
    return [_unescaped(one) for one in plain] if "&" in xml or "_x" in xml else plain


def plain_text(xml: str) -> str:
    """The text of a string of several runs, without how it is pronounced."""
    if "<rPh" in xml:
        xml = _PHONETIC.sub("", xml)
    return "".join(_unescaped(one) for one in _TEXT.findall(xml))


def _unescaped(text: str) -> str:
    if "<![CDATA[" in text:
        text = _CDATA.sub(lambda found: found[1].replace("&", "&amp;"), text)
    if "&" in text:
        text = _REFERENCE.sub(lambda found: _REFERENCES[found[0]], text)
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Shown:
    """How a stored number reads to a person."""

    def __init__(self, styles: Styles, seen: Seen) -> None:
        self.dates = styles.dates
        self.date_list = np.array(sorted(styles.dates), np.int64)
        self.origin = datetime(1904, 1, 1) if styles.since_1904 else datetime(1899, 12, 30)
        self.seen = seen
        self.date = lru_cache(100_000)(self._date)

    def text(self, stored: str, style: int) -> str:
        return self.date(stored) if style in self.dates else self.number(stored)

    def number(self, stored: str) -> str:
        if stored.isdigit() and len(stored) <= DIGITS:
            return stored
        try:
            value = float(stored)
        except ValueError:
            return stored
        if 1e15 <= abs(value) < 1e24:
            self.seen.long_numbers += 1
            return stored if stored.isdigit() else f"{value:.0f}"
        short = f"{value:.{DIGITS}g}"
        if "e" not in short:
            return short
        return f"{value:.20f}".rstrip("0").rstrip(".") if 1e-9 < abs(value) < 1e15 else short

    def _date(self, stored: str) -> str:
        try:
            value = float(stored)
            if not 0 <= value < 2_958_466:
                return self.number(stored)
            moment = self.origin + timedelta(seconds=round(value * 86400))
        except (ValueError, OverflowError):
            return stored
        if value < 1:
            return f"{moment:%H:%M:%S}"
        return moment.date().isoformat() if moment.time() == datetime.min.time() else moment.isoformat(" ")


class _Chunk:
    """A chunk as positions of its marks."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.bytes = np.frombuffer(xml + bytes(32), np.uint8)
        self.opens = np.flatnonzero(self.bytes == OPEN)
        self.next = self.bytes[self.opens + 1]
        self.behind = self.bytes[self.opens + 2]

    def batch(self, strings: Strings, number: Shown, before: int) -> tuple[Batch, int] | None:
        """None where the chunk isn't written as every program in use writes it.

        :param before: rows that ended before this chunk
        """
        found = self._marks()
        if found is None:
            return None
        cells, which = found
        numbered = self._rows(before)
        if numbered is None:
            return None
        row_at, row_numbers = numbered
        last = int(row_numbers[-1]) + 1 if len(row_numbers) else before
        if not len(which):
            return Batch(b"", *(np.empty(0, np.int64) for _ in range(4))), last
        starts = self.opens[which] + np.where(self.behind[which] == SPACE, len(SPACED), 3)
        if (self.bytes[starts - 1] != CLOSE).any() or (self.bytes[starts - 2] == SLASH).any():
            return None
        ends = self.opens[np.minimum(which + 1, len(self.opens) - 1)]
        owner = np.searchsorted(cells, starts) - 1
        if owner[0] < 0 or (np.diff(owner) < 1).any() or (ends < starts).any():
            return None
        owners = cells[owner]
        read = self._attributes(owners)
        if read is None:
            return None
        columns, styles, types = read
        row = np.searchsorted(row_at, owners) - 1
        rows = np.where(row >= 0, row_numbers[np.maximum(row, 0)] if len(row_numbers) else 0, max(before - 1, 0))
        return self._gather(strings, number, starts, ends, styles, types, rows, columns), last

    def _marks(self) -> tuple[Numbers, Numbers] | None:
        """Where cells begin, and which of the opening brackets begin a value or a text."""
        cell, value, text = (self.next == ord(letter) for letter in "cvt")
        odd = (self.next == ord("!")) | ((self.next == ord("r")) & (self.behind != ord("o")))
        odd |= cell & (self.behind != SPACE)
        odd |= value & (self.behind != CLOSE)
        odd |= text & (self.behind != CLOSE) & (self.behind != SPACE)
        return None if odd.any() else (self.opens[cell], np.flatnonzero(value | text))

    def _rows(self, before: int) -> tuple[Numbers, Numbers] | None:
        """Where rows begin, and their numbers from 0."""
        at = self.opens[(self.next == ord("r")) & (self.bytes[self.opens + 2] == ord("o"))]
        if not len(at):
            return at, at
        names = self.bytes[at[:, None] + np.arange(5, 8)]
        if not (names == np.frombuffer(b'r="', np.uint8)).all():
            return None
        numbers = _digits(self.bytes, at + 8, 8)
        if numbers is None or (numbers < 1).any() or (np.diff(numbers) < 1).any() or numbers[0] <= before:
            return None
        return at, numbers - 1

    def _attributes(self, owners: Numbers) -> tuple[Numbers, Numbers, Numbers] | None:
        """Column, style and type (a letter) of each cell: ``<c r="B2" s="1" t="s">``."""
        tag = self.bytes
        quotes = np.flatnonzero(tag == QUOTE)
        first = np.searchsorted(quotes, owners)
        if first[-1] + 5 >= len(quotes):
            quotes = np.append(quotes, np.full(8, len(tag) - 16))
        if (quotes[first] != owners + 5).any() or (tag[owners + 3] != ord("r")).any():
            return None
        columns = _letters(tag, owners + 6)
        styles = np.zeros(len(owners), np.int64)
        types = np.full(len(owners), ord("n"), np.int64)
        close = quotes[first + 1]
        for step in (2, 4):
            more = np.flatnonzero(tag[close + 1] == SPACE)
            if not len(more):
                break
            name, opened, ended = tag[close[more] + 2], quotes[first[more] + step], quotes[first[more] + step + 1]
            if (opened != close[more] + 4).any():
                return None
            is_style = name == ord("s")
            if is_style.any():
                found = _digits(tag, opened[is_style] + 1, 5)
                if found is None:
                    return None
                styles[more[is_style]] = found
            is_type = name == ord("t")
            if not (is_style | is_type).all():
                return None
            types[more[is_type]] = np.where(
                ended[is_type] - opened[is_type] == 2, tag[opened[is_type] + 1], ord("S")
            )  # "s", "b", "e", "d", "n"; S for the longer "str"
            close = close.copy()
            close[more] = ended
        return (columns, styles, types) if (tag[close + 1] == CLOSE).all() else None

    def _gather(
        self,
        strings: Strings,
        number: Shown,
        starts: Numbers,
        ends: Numbers,
        styles: Numbers,
        types: Numbers,
        rows: Numbers,
        columns: Numbers,
    ) -> Batch:
        """The texts side by side: most by copying bytes, those that need a look one by one."""
        lengths = ends - starts
        shared = types == ord("s")
        source = starts.copy()
        if shared.any():
            index = _digits(self.bytes, starts[shared], 9)
            if index is None:
                index = np.array(
                    [_int(self.xml[a:b]) for a, b in zip(starts[shared], ends[shared], strict=True)], np.int64
                )
            there = index < len(strings)
            index = np.where(there, index, 0)
            if len(strings):
                strings.used[index[there]] = True
                source[shared] = strings.starts[index]
                lengths[shared] = np.where(there, strings.lengths[index], 0)
            else:
                lengths[shared] = 0
        special = self._special(number, lengths, styles, types, starts, ends)
        looked_at = self._looked_at(number, special, starts, ends, styles, types)
        lengths[special] = [len(one) for one in looked_at]
        after = np.cumsum(lengths + 1)
        begin = after - lengths - 1
        data = np.full(int(after[-1]), ord(SEPARATOR), np.uint8)
        plain = ~shared
        plain[special] = False
        _copy(data, begin[plain], self.bytes, source[plain], lengths[plain])
        if len(strings):
            _copy(data, begin[shared], strings.data, source[shared], lengths[shared])
        if len(special):
            sizes = lengths[special]
            _copy(data, begin[special], np.frombuffer(b"".join(looked_at), np.uint8), np.cumsum(sizes) - sizes, sizes)
        return _even(data.tobytes(), begin, begin + lengths, rows, columns)

    def _looked_at(
        self, number: Shown, cells: Numbers, starts: Numbers, ends: Numbers, styles: Numbers, types: Numbers
    ) -> list[bytes]:
        xml = self.xml
        given = zip(*(one[cells].tolist() for one in (starts, ends, styles, types)), strict=True)
        return [
            _shown(xml[start:end].decode("utf-8", "replace"), chr(kind), style, number)
            .replace(SEPARATOR, " ")
            .encode("utf-8", "replace")
            for start, end, style, kind in given
        ]

    def _special(
        self, number: Shown, lengths: Numbers, styles: Numbers, types: Numbers, starts: Numbers, ends: Numbers
    ) -> Numbers:
        """Dates, logical values, numbers that aren't shown as they are stored, texts with entities."""
        plain = types == ord("n")
        odd = lengths > DIGITS
        for back in range(2, 6):  # 1E-5, 2.1E+17
            odd |= (self.bytes[ends - back] | 32 == ord("e")) & (lengths > back)
        odd |= (self.bytes[ends - 1] == ord("0")) & (self.bytes[ends - 2] == ord("."))
        if number.dates:
            odd |= np.isin(styles, number.date_list)
        found = (plain & odd) | (types == ord("b")) | (types == ord("d"))
        texts = types == ord("S")
        if texts.any():
            marks = np.flatnonzero((self.bytes == ENTITY) | (self.bytes == ESCAPE))
            found |= texts & (np.searchsorted(marks, ends) > np.searchsorted(marks, starts))
        return np.flatnonzero(found)


def _even(data: bytes, starts: Numbers, ends: Numbers, rows: Numbers, columns: Numbers) -> Batch:
    """A batch, with the plainer arithmetic where no cell is missing."""
    count = int(rows[-1] - rows[0]) + 1
    width = int(columns.max()) + 1
    if count * width == len(rows) and (columns == np.tile(np.arange(width), count)).all():
        return Even(data, starts, ends, width, int(rows[0]))
    return Batch(data, starts, ends, rows, columns)


def _copy(to: Bytes, at: Numbers, source: Bytes, start: Numbers, lengths: Numbers) -> None:
    """Stretches of ``source`` to their places, all at once."""
    total = int(lengths.sum())
    if not total:
        return
    step = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    to[np.repeat(at, lengths) + step] = source[np.repeat(start, lengths) + step]


def _digits(data: Bytes, at: Numbers, most: int) -> Numbers | None:
    """The whole numbers that begin there; None where one has no digit or more than ``most``."""
    value = np.zeros(len(at), np.int64)
    going = np.ones(len(at), np.bool_)
    for place in range(most + 1):
        digit = data[at + place].astype(np.int64) - 48
        going &= (digit >= 0) & (digit <= 9)
        if not going.any():
            return value if place else None
        if (place == 0 and not going.all()) or place == most:
            return None
        value = np.where(going, value * 10 + digit, value)
    return value


def _letters(data: Bytes, at: Numbers) -> Numbers:
    """Numbers from 0 of the columns whose letters begin there."""
    value = np.zeros(len(at), np.int64)
    going = np.ones(len(at), np.bool_)
    for place in range(3):
        letter = data[at + place].astype(np.int64) - 64
        going &= (letter >= 1) & (letter <= 26)
        value = np.where(going, value * 26 + letter, value)
    return np.maximum(value - 1, 0)


def _int(text: bytes | str) -> int:
    try:
        return max(int(text), 0)
    except ValueError:
        return 1 << 40


def _shown(stored: str, kind: str, style: int, number: Shown) -> str:
    if kind == "n":
        return number.text(stored, style)
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(stored, stored)
    if kind == "d":
        return stored.replace("T00:00:00", "").replace("T", " ").rstrip("Z")
    return _unescaped(stored)


def _one_by_one(xml: str, strings: Strings, number: Shown, before: int) -> tuple[Batch, int]:
    """The same for XML written in any order of attributes, with texts in the cells, without numbers of rows, ..."""
    texts: list[str] = []
    rows: list[int] = []
    columns: list[int] = []
    marks = sorted([*_ROW.finditer(xml), *_CELL.finditer(xml)], key=lambda found: found.start())
    last, column = before - 1, -1
    for found in marks:
        given = _attributes(found[1])
        if found.re is _ROW:
            last = last + 1 if "r" not in given else max(_int(given["r"]) - 1, 0) % (1 << 22)
            column = -1
            continue
        place = re.match(r"([A-Z]{1,3})(\d*)", given.get("r", ""))
        column = _column(place[1]) if place else column + 1
        if text := _cell(found[2] or "", given, strings, number):
            texts.append(text)
            rows.append(max(last, 0))
            columns.append(column)
    return of_cells(texts, np.array(rows, np.int64), np.array(columns, np.int64)), last + 1


def _attributes(xml: str) -> dict[str, str]:
    return {name: one or two for name, one, two in _ATTRIBUTE.findall(xml)}


@lru_cache(20_000)
def _column(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value - 1


def _cell(body: str, given: dict[str, str], strings: Strings, number: Shown) -> str:
    kind = given.get("t", "n")
    value = _VALUE.search(body)
    if value is None or kind == "inlineStr":
        return plain_text(body) if "<t" in body else _unescaped(value[1]) if value else ""
    stored = _unescaped(value[1]).strip() if kind != "str" else value[1]
    if kind == "s":
        return strings.text(_int(stored))
    style = _int(given.get("s", "0"))
    return _shown(stored, kind if kind in "nbd" else "S", style, number)

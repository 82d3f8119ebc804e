"""Letters and pages saved as one file (EML, MHTML): their head as text, each part as a member."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from io import BytesIO
from pathlib import Path

from ..pieces import Place, Read, Reading
from . import inside, tables
from .unreadable import Unreadable

NAMES = {"text/html": "page.html", "text/plain": "text.txt", "message/rfc822": "letter.eml"}


def read(path: Path, place: Place, reading: Reading) -> Read:
    if path.stat().st_size > reading.limits.whole:
        raise Unreadable("limit_whole", limit=reading.limits.whole >> 20)
    with path.open("rb") as file:
        letter = BytesParser(_class=EmailMessage, policy=policy.compat32).parse(file)  # type: ignore[arg-type]
    yield from tables.text(place.at("head"), (f"{name}: {value}" for name, value in letter.items()), reading)
    for part in letter.walk():
        if part.is_multipart():
            continue
        if notice := inside.enter(place, reading):
            yield notice
            return
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            name = part.get_filename() or NAMES.get(part.get_content_type(), "part")
            yield from inside.member(BytesIO(data), str(name), 0, place, reading)

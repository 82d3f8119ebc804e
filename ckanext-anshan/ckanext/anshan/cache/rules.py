"""Which requests every visitor would get the same answer to, and which answers may be kept.

Plain Python on what WSGI gives: a request is its ``environ``, an answer its status and its list of headers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from http import HTTPStatus
from typing import Any, NamedTuple

from ..theme import looks

Headers = list[tuple[str, str]]

PAGE_BYTES = 2 * 1024 * 1024  # the largest answer that is kept
ADDRESS_LENGTH = 2048  # characters of the longest address that is kept
WORTH_COMPRESSING = 500  # bytes

# Headers by which somebody shows who they are, or asks for something else than the page.
PASSING = (
    "HTTP_AUTHORIZATION",
    "HTTP_X_GRANT_TOKEN",
    "HTTP_RANGE",
    "HTTP_ORIGIN",  # the answer names it, where the portal lets other sites' scripts read
    "HTTP_HX_REQUEST",  # a part of the page
    "HTTP_X_REQUESTED_WITH",
    "HTTP_TRANSFER_ENCODING",  # something is sent along
    "REMOTE_USER",
)
NEVER = ("/api/3/action/status_show", "/api/action/status_show")  # whoever asks wants to know how it is now
ASSETS = ("/anshan/look/", "/anshan/libraries/", "/webassets/", "/base/")  # the same for whoever asks
NO_LOOK = looks.Look("", "")
CHOICES = {looks.THEME_COOKIE: ("", *looks.THEMES), looks.LOOK_COOKIE: ("", *looks.LOOKS)}
STATUSES = {HTTPStatus.OK, HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}  # a 404 may hide a refusal
VARIES_BY = ("Accept-Encoding", "Authorization", "Cookie", "HX-Request", "Origin")
TOLD_APART = {name.lower() for name in (*VARIES_BY, "Accept", "X-Requested-With")}
UNKEPT = {"set-cookie", "content-disposition", "content-encoding", "content-range", "www-authenticate"}
PERSONAL_TYPES = ("text/html", "application/json", "text/csv", "xml")
TEXT = re.compile(r"text/|application/(.*\+)?(json|javascript|xml|manifest)|image/svg", re.IGNORECASE)

WRITES = re.compile(r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+"?(?!SET\b)(\w+)', re.I)
SEEN = re.compile(r'\s*UPDATE "user" SET last_active=\S+ WHERE', re.I)

# Tables that are written while people merely look or type, and that no visitor's page shows within its lifetime.
UNSHOWN = {
    "anshan_audit_event",
    "anshan_audit_head",
    "anshan_audit_person",
    "anshan_applicants_event",  # of applicants nothing is public
    "anshan_applicants_login",
    "anshan_applicants_member",
    "anshan_applicants_organization",
    "anshan_applicants_person",
    "anshan_access_counted",
    "anshan_application_agreement",
    "anshan_application_application",  # the register of results may be a minute late
    "anshan_application_attachment",
    "anshan_application_deputy",
    "anshan_application_event",
    "anshan_application_item",
    "anshan_application_message",
    "anshan_application_opinion",
    "anshan_application_party",
    "anshan_application_report",
    "anshan_application_signature",
    "anshan_application_version",
    "anshan_access_delivery",  # of grants nothing is public
    "anshan_access_download",  # the number of downloads may be a minute late
    "anshan_access_token",
    "anshan_access_usage",
    "anshan_catalogue_draft",  # what is being typed
    "anshan_catalogue_import",
    "anshan_catalogue_import_entry",
    "anshan_catalogue_import_problem",
    "anshan_inspection_remedy",
    "anshan_inspection_report",  # reports are their agency's and the offices'
    "anshan_inspection_sketch",
    "anshan_inspection_word",
    "anshan_review_event",  # of the review the public sees what is released
    "anshan_review_remark",
    "anshan_review_signature",
    "anshan_review_submission",
    "anshan_people_notice",  # on personal pages only
    "anshan_sharing_event",  # of what agencies share nothing is public
    "anshan_sharing_feedback",
    "anshan_sharing_return",
    "anshan_release_damage",
    "anshan_workflow_outbox",
    "api_token",  # when it was last used
    "dashboard",  # when its owner looked at it
}

# Pages that say the same to everybody, but for the parts of their frame that know who reads.
SHARED = re.compile(
    r"(/en|/zh_Hans_CN)?/(((dataset|district|group)(/[\w.-]+)?|organization)/?"
    r"|open-list|applications/results|statistics|regulation|help|about|accessibility|developers)?"
)
UNASKED = "anshan.cache.unasked"  # in the environ of a request that nobody made: its page is made to be kept
READERS_PARTS = (b"head", b"account", b"menu")


class Key(NamedTuple):
    """What tells one answer from another."""

    scheme: str
    host: str
    path: str
    query: str
    look: looks.Look
    accept: str

    @property
    def is_asset(self) -> bool:
        return self.path.startswith(ASSETS)


class Encoding(Enum):
    PLAIN = ""
    GZIP = "gzip"


def key(environ: Mapping[str, Any], ignored: Collection[str] = (), passing: Collection[str] = PASSING) -> Key | None:
    """The name of what every visitor would be answered, or None: this request is for the portal itself.

    :param ignored: names of cookies that say nothing about who asks · :param passing: names that mustn't be there
    """
    path, query = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    if not _is_plain_look(environ) or len(path) + len(query) > ADDRESS_LENGTH or path in NEVER:
        return None
    host, accept = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", ""), environ.get("HTTP_ACCEPT", "")
    if path.startswith(ASSETS):
        return Key(environ["wsgi.url_scheme"], host, path, query, NO_LOOK, "")
    look = _look(environ.get("HTTP_COOKIE", ""), ignored)
    if look is None or any(name in environ for name in passing):
        return None
    return Key(environ["wsgi.url_scheme"], host, path, query, look, _accepted(accept))


def _is_plain_look(environ: Mapping[str, Any]) -> bool:
    """Whether a whole address is asked for, and nothing sent along."""
    sent = environ.get("CONTENT_LENGTH") not in (None, "", "0")
    return environ["REQUEST_METHOD"] in ("GET", "HEAD") and not sent and "HTTP_RANGE" not in environ


def _look(cookies: str, ignored: Collection[str]) -> looks.Look | None:
    """What the reader chose; None where a cookie says more about them than that, or says it in another way."""
    chosen: dict[str, str] = {}
    for one in cookies.split(";") if cookies else ():
        name, _, value = one.strip().partition("=")
        if name in CHOICES and value in CHOICES[name] and name not in chosen:
            chosen[name] = value
        elif name not in ignored:
            return None
    return looks.chosen(chosen.get(looks.THEME_COOKIE), chosen.get(looks.LOOK_COOKIE))


def _accepted(accept: str) -> str:
    """Browsers say it in many ways that they want a page."""
    return "" if accept in ("", "*/*") or re.match(r"text/html *(,|$)", accept) else accept[:200]


def as_visitor(environ: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same request without the cookies that say who asks; None where not everybody gets the same page."""
    if environ["REQUEST_METHOD"] != "GET" or not SHARED.fullmatch(environ.get("PATH_INFO", "")):
        return None
    left_out = ("HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
    chosen = [one for one in environ.get("HTTP_COOKIE", "").split(";") if one.strip().partition("=")[0] in CHOICES]
    kept = {name: value for name, value in environ.items() if name not in left_out}
    return kept | {UNASKED: True} | ({"HTTP_COOKIE": ";".join(chosen)} if chosen else {})


def as_anybody(environ: Mapping[str, Any]) -> dict[str, Any]:
    """The same request without a session, which would send its cookie along with a file that is for everybody."""
    return {name: value for name, value in environ.items() if name != "HTTP_COOKIE"}


def put_in(body: bytes, parts: Mapping[bytes, bytes]) -> bytes:
    """The page with a reader's own parts instead of the visitor's: in the first place of each name, the frame's."""
    for name, part in parts.items():
        before, opening, rest = body.partition(b"<!--reader:%s-->" % name)
        _, closing, after = rest.partition(b"<!--/reader:%s-->" % name)
        if closing:
            body = b"".join((before, opening, part, closing, after))
    return body


def is_public(key: Key, status: int, headers: Headers) -> bool:
    """Whether an answer says that it is for everybody and is neither a download nor one visitor's alone."""
    given = _joined(headers)
    if key.is_asset and (status != HTTPStatus.OK or _type(headers).startswith("text/html")):
        return False  # asked for by whomever: only the file itself is sure to be the same for all
    control = _words(given.get("cache-control", ""))
    return (
        status in STATUSES
        and not given.keys() & UNKEPT
        and "public" in control
        and not control & {"private", "no-store", "no-cache"}
        and _words(given.get("vary", "")) <= TOLD_APART
    )


def fits(headers: Headers) -> bool:
    """Whether an answer isn't known to be too large before it is read."""
    return int(_joined(headers).get("content-length", 0)) <= PAGE_BYTES


def has_token(headers: Headers, body: bytes, field: bytes) -> bool:
    """Whether a page holds the token that a form sends back in this field: it belongs to one visitor."""
    return _type(headers).startswith("text/html") and field in body


def kept_headers(key: Key, headers: Headers, etag: str) -> Headers:
    """The headers of an answer that is for everybody, without its length."""
    left_out = {"content-length", "etag", "vary"}
    kept = [(name, value) for name, value in lasting_headers(headers) if name.lower() not in left_out]
    return [*kept, ("ETag", f'W/"{etag}"'), ("Vary", _vary(key, headers))]


def lasting_headers(headers: Headers) -> Headers:
    """The headers with the age that ``immutable`` means."""
    return [(name, _control(value) if name.lower() == "cache-control" else value) for name, value in headers]


def _vary(key: Key, headers: Headers) -> str:
    if key.is_asset:
        return "Accept-Encoding"
    given = _joined(headers).get("vary", "").replace(" ", "").split(",")
    return ", ".join(sorted({*given, *VARIES_BY} - {""}))


def _control(value: str) -> str:
    """CKAN gives every answer an age of 0; what has its content in its address never changes."""
    return "public, max-age=31536000, immutable" if "immutable" in _words(value) else value


def personal_headers(headers: Headers) -> Headers:
    """The headers of a page that isn't for everybody: nobody keeps it, not even the browser of a shared computer."""
    if not any(one in _type(headers) for one in PERSONAL_TYPES) or "content-disposition" in _joined(headers):
        return headers
    return [*((k, v) for k, v in headers if k.lower() != "cache-control"), ("Cache-Control", "private, no-store")]


def is_worth_compressing(headers: Headers, size: int) -> bool:
    return size >= WORTH_COMPRESSING and TEXT.match(_type(headers)) is not None


def encoding(accepted: str) -> Encoding:
    """What the reader's ``Accept-Encoding`` lets us send.

    >>> encoding("br, gzip;q=0.5"), encoding("gzip;q=0")
    (<Encoding.GZIP: 'gzip'>, <Encoding.PLAIN: ''>)
    """
    for one in accepted.lower().split(","):
        name, _, quality = one.replace(" ", "").partition(";q=")
        if name in ("gzip", "*"):
            return Encoding.PLAIN if re.fullmatch(r"0(\.0*)?", quality) else Encoding.GZIP
    return Encoding.PLAIN


def is_known(if_none_match: str, etag: str) -> bool:
    """Whether the reader's ``If-None-Match`` says that they have it."""
    return bool(if_none_match) and (if_none_match.strip() == "*" or f'"{etag}"' in if_none_match)


def lifetime(seconds: int, now: datetime) -> float:
    """How long a page made now may be kept: not into the next day, since pages name today's date."""
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return min(seconds, (tomorrow - now).total_seconds())


def is_shown(statement: str) -> bool:
    """Whether a statement changes what a visitor may see.

    >>> is_shown('UPDATE package SET title=...'), is_shown("SELECT 1"), is_shown("INSERT INTO anshan_workflow_outbox")
    (True, False, False)
    """
    written = (found[1].lower() for found in WRITES.finditer(statement))
    return any(table not in UNSHOWN for table in written) and not SEEN.match(statement)


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by their small names, with the values of one given twice in one."""
    found: dict[str, str] = {}
    for name, value in headers:
        low = name.lower()
        found[low] = f"{found[low]}, {value}" if low in found else value
    return found


def _words(value: str) -> set[str]:
    return {word.partition("=")[0].strip().lower() for word in value.split(",")} - {""}


def _type(headers: Headers) -> str:
    return _joined(headers).get("content-type", "").lower()

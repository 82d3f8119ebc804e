"""What every answer tells the browser not to do. Plain Python.

No script and no style stands in a page itself, and none has a nonce: a kept page is the same for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

YEAR_SECONDS = 365 * 24 * 3600

PAGE: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # the small pictures in CKAN's own sheet
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "frame-src": "blob:",  # a document is shown as a copy, see preview.js
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
FILE: Mapping[str, str] = dict.fromkeys(("default-src", "base-uri", "form-action", "frame-ancestors"), "'none'")
"""Whatever is no page: opened by itself it runs and fetches nothing."""

RECAPTCHA_HOSTS = ("https://www.recaptcha.net", "https://www.google.com")  # the first is reached from China too
RECAPTCHA: Mapping[str, str] = {
    "script-src": " ".join(
        f"{host}/recaptcha/" for host in (*RECAPTCHA_HOSTS, "https://www.gstatic.cn", "https://www.gstatic.com")
    ),
    "frame-src": " ".join(f"{host}/recaptcha/" for host in RECAPTCHA_HOSTS),
}
ASKS_WHETHER_HUMAN = frozenset({"user.login", "user.register", "user.request_reset"})
"""Pages whose forms CKAN puts Google's reCAPTCHA into, where it has a key for it."""

PERMISSIONS = ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
EVERYWHERE: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in PERMISSIONS),
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_OTHER_SITES = frozenset({"api", "anshan_data", "feeds", "anshan_developers", "resource"})
"""Blueprints whose data other sites may show and read; the rest is for this portal's own pages."""


def policy(rules: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


@lru_cache
def page_policy(images: tuple[str, ...] = (), recaptcha: bool = False) -> str:
    """Of a page of the portal.

    :param images: other places that pictures may come from · :param recaptcha: whether a form asks Google's
    """
    more = {"img-src": " ".join(images), **(RECAPTCHA if recaptcha else {})}
    return policy({name: f"{sources} {more.get(name, '')}".strip() for name, sources in PAGE.items()})


def of(is_page: bool, blueprint: str, is_https: bool, allowed: str = "") -> dict[str, str]:
    """The headers of an answer, for what it hasn't said itself.

    :param is_page: one of the portal's own, not a file that somebody uploaded · :param blueprint: that gave it
    :param allowed: a page's policy, where it is another than ``PAGE_POLICY``
    """
    is_shared = blueprint in FOR_OTHER_SITES and not is_page
    found = {
        "Content-Security-Policy": (allowed or PAGE_POLICY) if is_page else FILE_POLICY,
        **EVERYWHERE,
        "Cross-Origin-Resource-Policy": "cross-origin" if is_shared else "same-origin",
    }
    if is_https:
        found["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    return found


PAGE_POLICY, FILE_POLICY = policy(PAGE), policy(FILE)

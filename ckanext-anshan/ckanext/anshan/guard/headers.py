"""What every answer tells the browser not to do. Plain Python.

No script and no style stands in a page itself, and none has a nonce: a kept page is the same for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping

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


def of(is_page: bool, blueprint: str, is_https: bool) -> dict[str, str]:
    """The headers of an answer, for what it hasn't said itself.

    :param is_page: one of the portal's own, not a file that somebody uploaded · :param blueprint: that gave it
    """
    is_shared = blueprint in FOR_OTHER_SITES and not is_page
    found = {
        "Content-Security-Policy": PAGE_POLICY if is_page else FILE_POLICY,
        **EVERYWHERE,
        "Cross-Origin-Resource-Policy": "cross-origin" if is_shared else "same-origin",
    }
    if is_https:
        found["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    return found


PAGE_POLICY, FILE_POLICY = policy(PAGE), policy(FILE)

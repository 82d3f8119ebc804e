"""The sitemap: an index, and pages of addresses in every language. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
MOST_URLS = 50_000  # of one page, by the protocol
PER_PAGE = 10_000
"""Datasets of one page: in two languages 20,000 addresses and 9 MB, where the protocol allows 50,000 and 50."""


def pages(count: int) -> int:
    """How many pages so many datasets fill."""
    return -(-count // PER_PAGE)


def index(base: str, count: int) -> str:
    """The list of pages: one of the portal's own, then those of the datasets."""
    names = ["pages", *(str(number) for number in range(1, pages(count) + 1))]
    lines = (f"<sitemap><loc>{escape(f'{base}/sitemap-{name}.xml')}</loc></sitemap>\n" for name in names)
    return f"{HEAD}<sitemapindex {SPACES}>\n{''.join(lines)}</sitemapindex>\n"


def page(paths: Iterable[tuple[str, str]], bases: Mapping[str, str]) -> Iterator[str]:
    """Addresses in every language, each with its other languages.

    :param paths: path and day of the last change, or "" · :param bases: front page by language, the default first
    """
    yield f"{HEAD}<urlset {SPACES}>\n"
    for path, changed in paths:
        others = "".join(map(_other, bases, (base + path for base in bases.values())))
        others += _other("x-default", next(iter(bases.values())) + path)
        when = f"<lastmod>{changed}</lastmod>" if changed else ""
        for base in bases.values():
            yield f"<url><loc>{escape(base + path)}</loc>{when}{others}</url>\n"
    yield "</urlset>\n"


def _other(language: str, url: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang={quoteattr(language)} href={quoteattr(url)}/>'

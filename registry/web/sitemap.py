"""The addresses of all pages worth finding, as a site map (sitemaps.org, protocol 0.9). Reads the index."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from xml.sax.saxutils import escape

from registry.index.index import Index
from registry.web.shapes.base import moment

MOST = 50_000
"""Addresses in one site map, by the protocol; the newest commons of a larger site are left to its pages."""

_AT_ONCE = 500
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
)


def sitemap(index: Index, names: tuple[str, ...], base: str) -> bytes:
    """Start page, commons with how they decide, and policies.

    Policies that speak of what their front matter warns of are left out.
    """
    lines = islice(_lines(index, names), MOST)
    return (
        _HEAD + "".join(f"<url><loc>{escape(base)}{line}</url>\n" for line in lines) + "</urlset>\n"
    ).encode()


def _lines(index: Index, names: tuple[str, ...]) -> Iterator[str]:
    yield "/</loc>"
    for name in names:
        for page in ("", "/proposals", "/members", "/charter", "/ostrom"):
            yield f"/{name}{page}</loc>"
        after = None
        while listed := index.listed(name, after=after, limit=_AT_ONCE):
            for policy in listed:
                # Search engines are asked to leave those pages out; naming them here would say otherwise.
                if not policy.warnings:
                    yield f"/{policy.address}</loc><lastmod>{moment(policy.updated_at)}</lastmod>"
            after = listed[-1].slug

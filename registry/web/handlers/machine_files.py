"""Files that programs look for by name: `llms.txt`, `robots.txt`, `sitemap.xml`.

No words of strangers stand in them: a language model would take those for the site's own.
"""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from registry.web.rendered import REVALIDATE, TEXT, Rendered
from registry.web.site import Asked, Site
from registry.web.sitemap import sitemap
from registry.web.visit import Visits

LISTED = 20
"""Commons named in `llms.txt`; the API lists all."""

_XML = "application/xml"


@get("/llms.txt", sync_to_thread=True, include_in_schema=False)
def llms(request: Asked, site: NamedDependency[Site]) -> Response[Any]:
    """What this site is and how to use it, for a language model or its tools (llmstxt.org)."""

    def make(visits: Visits) -> Rendered:
        names = visits.catalogue.names
        first = next(iter(visits.index.newest(limit=1)), None)
        values: dict[str, Any] = {
            "base": _base(request),
            "names": names[:LISTED],
            "more": max(0, len(names) - LISTED),
            "commons": first.commons if first else "starter",
            "slug": first.slug if first else "spam",
            "version": first.version if first else "1.0.0",
        }
        return _rendered(site.templates.render("llms.txt", **values), TEXT)

    return site.page(request, make)


@get("/robots.txt", sync_to_thread=True, include_in_schema=False)
def robots(request: Asked, site: NamedDependency[Site]) -> Response[Any]:
    """What crawlers may read (RFC 9309)."""
    return site.page(
        request, lambda _: _rendered(site.templates.render("robots.txt", base=_base(request)), TEXT)
    )


@get("/sitemap.xml", sync_to_thread=True, include_in_schema=False)
def site_map(request: Asked, site: NamedDependency[Site]) -> Response[Any]:
    """All pages of policies."""
    return site.page(
        request,
        lambda visits: _rendered(sitemap(visits.index, visits.catalogue.names, _base(request)), _XML),
    )


def _base(request: Asked) -> str:
    return str(request.base_url).rstrip("/")


def _rendered(body: bytes, media_type: str) -> Rendered:
    return Rendered.of(body.rstrip() + b"\n", media_type, {"cache-control": REVALIDATE})


ROUTES: list[Any] = [llms, robots, site_map]

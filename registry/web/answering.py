"""Answers of pages that deal with one person: never kept, perhaps leading elsewhere. Touches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response

from registry.web.rendered import PRIVATE, TEXT, Rendered, respond


def own(rendered: Rendered, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[Any]:
    """A page that is for whoever asked, and for nobody else."""
    stated = {**rendered.headers, **(headers or {}), "cache-control": PRIVATE}
    return respond(rendered._replace(headers=stated), status)


def see_other(location: str, headers: Mapping[str, str] | None = None) -> Response[Any]:
    """Leads on after a form was taken in: going back or loading again sends nothing twice."""
    stated = {"location": location, "cache-control": PRIVATE, **(headers or {})}
    return respond(Rendered.of(b"", TEXT, stated), 303)

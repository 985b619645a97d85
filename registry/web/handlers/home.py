"""The start page: what this is, how to find a policy, the commons, and what changed last."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from registry.index.entries import EventEntry
from registry.index.index import Index
from registry.web.cards import cards
from registry.web.changes import page_of
from registry.web.paging import after_key
from registry.web.rendered import Rendered
from registry.web.shapes.base import moment
from registry.web.site import Asked, Site
from registry.web.visit import Visits

NEWEST = 6
COMMONS = 12
CHANGES = 8
_LOOKED_AT = 100
"""Events among which the newest changes are looked for: a benchmark bot may have recorded many runs."""

_CHANGES = frozenset({"founded", "child_founded", "published", "imported", "enacted", "undone", "redacted"})


class _Listed(NamedTuple):
    name: str
    policies: int
    updated_at: str | None


class _Change(NamedTuple):
    commons: str
    page: str
    sentence: str
    at: str


@get("/", sync_to_thread=True, include_in_schema=False)
def home(request: Asked, site: NamedDependency[Site], cursor: FromQuery[str | None] = None) -> Response[Any]:
    """Bounded numbers of everything, from the index alone: it opens no commons."""

    def make(visits: Visits) -> Rendered:
        index, names = visits.index, visits.catalogue.names
        part = after_key(names, cursor, COMMONS, "commons")
        newest = index.newest(limit=NEWEST)
        return site.html(
            "home.html",
            policies=index.count(None),
            newest=cards(newest, index.policy),
            example=newest[0] if newest else None,
            commons=[_listed(index, name) for name in names[part.start : part.end]],
            total=len(names),
            part=part,
            changes=_changes(index),
            base=str(request.base_url).rstrip("/"),
        )

    return site.page(request, make)


def _listed(index: Index, name: str) -> _Listed:
    last = index.events(commons=name, limit=1)
    return _Listed(name, index.count(name), moment(last[0].at) if last else None)


def _changes(index: Index) -> list[_Change]:
    events = (event for event in index.events(limit=_LOOKED_AT) if event.type in _CHANGES)
    return [_change(event) for event, _ in zip(events, range(CHANGES), strict=False)]


def _change(event: EventEntry) -> _Change:
    return _Change(event.commons, page_of(event, None), event.sentence, moment(event.at))

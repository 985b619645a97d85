"""The API's event streams: a commons, or all of them, as they go on (server-sent events)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from litestar import get
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import HeaderParameter, QueryParameter

from registry.web.event_stream import EVENTS, EventStream
from registry.web.handlers.api_parameters import AHEAD, BAD, NOT_FOUND_OR_BAD, STREAM_REFUSALS, CommonsPath
from registry.web.news import follow, start_of_all, start_of_one
from registry.web.positions import MOST_BYTES, Position
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits
from registry.web.visitors import visitor_of

Since = Annotated[
    str | None,
    QueryParameter(
        description="The `id` of an event to go on after, 0 for all; left out, the stream begins now.",
        required=False,
        max_length=MOST_BYTES,
    ),
]
LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        description="What a browser sends when it comes back: the last `id` it had. Counts before `since`.",
        required=False,
        max_length=MOST_BYTES,
    ),
]


def _events(example: str) -> dict[int, ResponseSpec]:
    return {
        200: ResponseSpec(
            str,
            description="Events until you leave; `data` is a `ChangeShape`. Comments keep the line open.",
            media_type=EVENTS,
            generate_examples=False,
            examples=[Example(value=example)],
        )
    }


@get(
    "/commons/{commons:str}/events",
    tags=["Changes"],
    summary="Stream a commons",
    responses={
        **_events("id: 12\nevent: published\ndata: {...}\n\n"),
        **NOT_FOUND_OR_BAD,
        **AHEAD,
        **STREAM_REFUSALS,
    },
)
async def stream_commons(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    since: Since = None,
    last_event_id: LastEventId = None,
) -> EventStream:
    """Its events as they happen: `event` is the type, `id` the number in the log, to go on from."""
    name = commons_name(commons)
    return await _stream(
        request, site, lambda visits: start_of_one(visits, name, last_event_id or since or None)
    )


@get(
    "/events",
    tags=["Changes"],
    summary="Stream all commons",
    responses={
        **_events("id: starter=12,starter/teens=3\nevent: published\ndata: {...}\n\n"),
        **BAD,
        **AHEAD,
        **STREAM_REFUSALS,
    },
)
async def stream_all(
    request: Asked, site: NamedDependency[Site], since: Since = None, last_event_id: LastEventId = None
) -> EventStream:
    """The events of all commons in one. An `id` says where you stand in each, and resumes without loss.

    Events have no `id` where there are so many commons that it would pass 4,096 characters: compare the
    list of commons after coming back.
    """
    return await _stream(request, site, lambda visits: start_of_all(visits, last_event_id or since or None))


async def _stream(request: Asked, site: Site, start: Callable[[Visits], Position]) -> EventStream:
    _, position = await sync_to_thread(site.library.fresh, start)
    return EventStream(
        site.streams, visitor_of(request.scope), partial(follow, site.news, site.streams, position)
    )


ROUTES: list[Any] = [stream_commons, stream_all]

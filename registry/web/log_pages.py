"""The log in pages, newest first. A page costs its own entries, however long the log is."""

from __future__ import annotations

import re
from itertools import islice

from registry.store.errors import LogError, StoreError
from registry.store.log import newest_first, read_entry
from registry.web.paging import read_cursor, write_cursor
from registry.web.refusals import BadCursorError
from registry.web.shapes.base import Page
from registry.web.shapes.commons import EventShape, event_shape
from registry.web.visit import Visit

_PLACE = re.compile(r"(\d{1,9}):([0-9a-f]{40})")


def log_page(visit: Visit, cursor: str | None, size: int) -> Page[EventShape]:
    """`size` entries from the head or from where the cursor says. Raises `BadCursorError`."""
    of = f"log {visit.name}"
    start = visit.head if cursor is None else _start(visit, read_cursor(cursor, of))
    entries = list(islice(newest_first(visit.repository.reader, start), size + 1))
    following = None
    if len(entries) > size:
        last = entries.pop()
        following = write_cursor(of, f"{last.event.seq}:{last.commit}")
    return Page(
        items=tuple(event_shape(visit.name, entry) for entry in entries),
        total=visit.state.seq,
        next=following,
    )


def _start(visit: Visit, place: str) -> str:
    """The log commit that a cursor names. The log is never rewritten, so its place stays true."""
    match = _PLACE.fullmatch(place)
    if match is None:
        raise BadCursorError
    try:
        entry, _ = read_entry(visit.repository.reader, match[2])
    except (LogError, StoreError) as error:
        # It may name any object of the repository; only an entry of the log is given out.
        raise BadCursorError from error
    if entry.event.seq != int(match[1]):
        raise BadCursorError
    return match[2]

"""What is new for those who follow a stream, read once for all who stand at the same place, and as bytes.

Reads the index in threads that end with the read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import NamedTuple

import msgspec
from litestar.response.sse import ServerSentEventMessage

from governance.errors import GovernanceError
from registry.index.errors import IndexingError
from registry.store.errors import StoreError
from registry.web.changes import change_shapes, check_position
from registry.web.positions import Position, read_number, read_numbers
from registry.web.refusals import UnknownCommonsError
from registry.web.streams import Streams
from registry.web.tailing import Listener
from registry.web.visit import Library, Visits

AT_ONCE = 100
"""Events read at a time, so that one who reads a long log from its beginning holds little of it."""

_KEPT_READS = 64
_HEARTBEAT = b":\n\n"

_log = logging.getLogger("registry.web")


class Change(NamedTuple):
    """An event, ready to be sent."""

    commons: str
    seq: int
    at: int
    type: str
    data: bytes


class News:
    """Gives readers what they have not seen. For one event loop."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._serial = -1
        self._reads: dict[tuple[str, int], asyncio.Task[tuple[Change, ...]]] = {}

    async def after(self, position: Position) -> list[Change] | None:
        """What comes after `position`, oldest first; None where its commons is gone or was set back."""
        stand = await asyncio.to_thread(self._library.index.serials)
        served = self._library.catalogue
        # What is served but not taken in yet is not gone.
        if any(stand[name] < seq for name, seq in position.at.items() if name in stand):
            return None
        if not position.wide and not any(name in served for name in position.at):
            return None
        names = stand if position.wide else position.at
        moved = [name for name in names if stand.get(name, 0) > position.at.get(name, 0)]
        found = [change for name in moved for change in await self._read(name, position.at.get(name, 0))]
        return sorted(found, key=lambda change: (change.at, change.commons, change.seq))

    async def _read(self, commons: str, since: int) -> tuple[Change, ...]:
        if self._serial != self._library.index.serial or len(self._reads) >= _KEPT_READS:
            self._serial = self._library.index.serial
            self._reads.clear()
        reading = self._reads.get((commons, since))
        if reading is None:
            reading = asyncio.create_task(asyncio.to_thread(self._changes, commons, since))
            self._reads[commons, since] = reading
        # One who leaves while it is read takes it away from nobody.
        try:
            return await asyncio.shield(reading)
        except Exception:
            # What failed once may be read the next time.
            self._reads.pop((commons, since), None)
            raise

    def _changes(self, commons: str, since: int) -> tuple[Change, ...]:
        entries = self._library.index.events(commons=commons, after=since, limit=AT_ONCE, newest_first=False)
        _, shapes = self._library.fresh(lambda visits: change_shapes(visits.to(commons), entries))
        return tuple(
            Change(commons, entry.seq, entry.at, entry.type, msgspec.json.encode(shape))
            for entry, shape in zip(entries, shapes, strict=True)
        )


def start_of_one(visits: Visits, commons: str, since: str | None) -> Position:
    """Where a stream of one commons begins: after the event of this id, or now.

    Raises `BadQueryError`, `AheadOfLogError`, `UnknownCommonsError`.
    """
    visit = visits.to(commons)
    if since is None:
        return Position({commons: visits.index.serials().get(commons, 0)}, wide=False)
    seq = read_number(since)
    check_position(visits.index, visit, seq)
    return Position({commons: seq}, wide=False)


def start_of_all(visits: Visits, since: str | None) -> Position:
    """Where the stream of all commons begins. Raises `BadQueryError`, `AheadOfLogError`."""
    stand = visits.index.serials()
    if since is None:
        return Position(stand, wide=True)
    known = {name: seq for name, seq in read_numbers(since).items() if name in visits.catalogue}
    for name, seq in known.items():
        if seq > stand.get(name, 0):
            check_position(visits.index, visits.to(name), seq)
    return Position(known, wide=True)


async def follow(
    news: News, streams: Streams, position: Position, listener: Listener
) -> AsyncGenerator[bytes, None]:
    """The bytes of a stream that goes on from `position`, until the server or its commons ends."""
    yield b"retry: %d\n\n" % streams.limits.retry_ms
    try:
        while not streams.ended:
            found = await news.after(position)
            if found is None:
                return
            for change in found:
                position.at[change.commons] = change.seq
                yield _message(change, position.id)
            if not found and not await listener.wait(streams.limits.heartbeat_seconds):
                yield _HEARTBEAT
    except UnknownCommonsError:
        return
    except (IndexingError, StoreError, GovernanceError) as error:
        # The reader comes back, and finds either the answer or a refusal in words.
        _log.warning("an event stream ends: %s", error)


def _message(change: Change, id_: str | None) -> bytes:
    return ServerSentEventMessage(data=change.data, event=change.type, id=id_, sep="\n").encode()

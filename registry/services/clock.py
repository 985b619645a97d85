"""Looks at the host's clock as a commons sees it, and takes an operator's word that it is right."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import ClockConfirmed
from registry.store.clock import check_clock, confirm_checkpoint, read_checkpoint
from registry.store.errors import ClockError
from registry.store.objects import Change
from registry.store.repository import Repository
from registry.store.writer import write_durably


class ClockReading(NamedTuple):
    """UTC seconds now and at the last act of this host (None before any); `refused` says why acts wait."""

    now: int
    last: int | None
    last_event: int
    refused: str | None


def read_clock(repository: Repository) -> ClockReading:
    """How the clock stands. Changes nothing."""
    last_event = repository.state().at
    checkpoint = read_checkpoint(repository.paths.clock)
    refused: str | None = None
    try:
        check_clock(repository.paths.clock, repository.clock, last_event)
    except ClockError as error:
        refused = str(error)
    return ClockReading(repository.clock.now(), checkpoint.wall if checkpoint else None, last_event, refused)


def confirm_clock(repository: Repository, *, actor: str) -> bool:
    """Lets acts go on after a jump, and records that `actor` vouched for the clock.

    False when there was nothing to confirm. Raises what the rules refuse; the clock is then as unknown
    as before.
    """
    reading = read_clock(repository)
    if reading.refused is None or reading.last is None:
        return False
    path = repository.paths.clock
    former = path.read_bytes()
    confirm_checkpoint(path, repository.clock)

    def decide(_state: Commons | None, _change: Change, at: int) -> Draft:
        assert reading.last is not None
        return Draft(type="clock_confirmed", actor=actor, payload=ClockConfirmed(last=reading.last, now=at))

    try:
        repository.act(decide)
    except BaseException:
        with suppress(OSError):
            write_durably(path, former)
        raise
    return True

"""The state of a commons at one log commit, brought forward as the log goes on.

Reads objects; reads and writes the snapshot.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from governance.commons import Commons
from governance.replay import apply
from registry.store import log, snapshot
from registry.store.errors import LogError
from registry.store.reader import Reader

_NEAR = 64
"""Up to this many new events are read one by one, which costs less than a process for all of them."""


class View(NamedTuple):
    """The commons as it stands at one log commit; `state` is None before the founding."""

    head: str | None
    state: Commons | None


def advance(reader: Reader, saved_at: Path, seen: View, head: str | None) -> View:
    """The view at `head`, from the one seen last or a saved one. Raises `LogError` for a broken log."""
    if head is None:
        return View(None, None)
    if seen.head is None and (saved := snapshot.load_snapshot(saved_at)):
        seen = View(saved.head, saved.state)
    try:
        return _replay(reader, saved_at, seen, head)
    except LogError:
        if seen.head is None:
            raise
        # A view of another log (a restored backup): from scratch, which settles it.
        return _replay(reader, saved_at, View(None, None), head)


def _replay(reader: Reader, saved_at: Path, seen: View, head: str) -> View:
    state, count = seen.state, 0
    near = log.since(reader, head, seen.head, _NEAR)
    entries = log.oldest_first(reader, head, seen.head) if near is None else iter(near)
    for entry in entries:
        state = apply(state, entry.event, entry.digest)
        count += 1
    if state is not None and count >= snapshot.EVERY:
        snapshot.save_snapshot(saved_at, head, state)
    return View(head, state)

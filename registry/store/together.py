"""Acts as they are asked for and decided, and which of those that wait go together. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from governance.commons import Commons
from governance.events import Draft, Event
from registry.store import log
from registry.store.line import Waiting
from registry.store.objects import Change, GitObject
from registry.store.view import View


class Acted(NamedTuple):
    """What an act left: its place in the log and the state after it."""

    entry: log.LogEntry
    state: Commons


Around = Callable[[Acted], None]
"""Work on either side of moving the refs, done under the lock."""

Vouch = Callable[[Commons | None, Event], Event]
"""Given the state and an event that nobody signed: the event with the registry's signature, or as it is."""

Decide = Callable[[Commons | None, Change, int], Draft]
"""Given the state, a change to add objects to and the time: the event to record, or an exception."""


class Decided(NamedTuple):
    """A decision, taken with the log at `head`."""

    head: str | None
    change: Change
    acted: Acted


class Asked(NamedTuple):
    """What is to be recorded, and what was decided of it before the lock."""

    decide: Decide
    before: Around | None
    after: Around | None
    decided: Decided | None


WaitingAct = Waiting[Asked, Acted]


class Together(NamedTuple):
    """Acts that follow each other in the log, and all their objects."""

    acts: tuple[tuple[WaitingAct, Acted], ...]
    objects: dict[str, GitObject]


def decided_together(
    prepare: Callable[[Decide, View], tuple[Change, Acted]], view: View, waiting: Sequence[WaitingAct]
) -> Together:
    """Decides one after another, each on what the last one left; gives the first that go together.

    Whoever moves another ref than the log is the last of them. So the refs of the last event are all that
    a crash can leave behind, as after a single act, and nobody reads objects that are not stored yet. Work
    around the move is done for one act alone. Whoever is refused is told so.
    """
    acts: list[tuple[WaitingAct, Acted]] = []
    objects: dict[str, GitObject] = {}
    for one in waiting:
        decide, before, after, decided = one.asked
        alone = before is not None or after is not None
        if alone and acts:
            break
        if decided is None or decided.head != view.head:
            try:
                decided = Decided(view.head, *prepare(decide, view))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is for who asked
                one.refused(error)
                continue
        acts.append((one, decided.acted))
        objects |= decided.change.objects
        view = View(decided.acted.entry.commit, decided.acted.state)
        if alone or decided.acted.entry.event.moves:
            break
    return Together(tuple(acts), objects)

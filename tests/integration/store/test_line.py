"""Threads that act in one commons at the same time: what is recorded together, and what each is told."""

from __future__ import annotations

import threading

import pytest

from governance.commons import Commons
from governance.errors import RefusedError
from governance.events import Draft
from registry.services.verify import verify
from registry.store import log
from registry.store.errors import BusyError
from registry.store.objects import Change
from registry.store.repository import Repository
from tests.support.acts import Held, Steps, nest, release, together, wait_until


def test_recorded_together(roost: Repository) -> None:
    """Four acts that wait for a fifth are durable with one sync of each kind and one move of the refs."""
    steps = Steps()
    held = Held(steps)
    roost.fault = held
    assert together(roost, held, "c") == []
    assert steps.seen.count("refs: move") == 2
    assert steps.seen.count("objects: sync") == 2
    head = roost.head()
    assert head is not None
    entries = list(log.oldest_first(roost.reader, head))
    assert [entry.event.seq for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert {entry.event.type for entry in entries[1:5]} == {"child_founded"}
    assert verify(roost).failure is None
    assert not roost.lags()


def test_another_ref_ends_what_goes_together(roost: Repository) -> None:
    """After a release others wait for the next move: a crash may leave the refs of one event behind alone."""
    held = Held(steps := Steps())
    roost.fault = held
    acts = [lambda: nest(roost, "a"), lambda: release(roost, "Text."), lambda: nest(roost, "b")]
    threads = [threading.Thread(target=act) for act in acts]
    for place, thread in enumerate(threads):
        thread.start()
        if place == 0:
            assert held.reached.wait(30)
        else:
            wait_until(lambda place=place: len(roost._line._waiting) == place)
    held.go_on.set()
    for thread in threads:
        thread.join()
    assert steps.seen.count("refs: move") == 3
    assert roost.state().seq == 4
    assert verify(roost).failure is None


def test_one_that_is_refused_does_not_hold_up_the_others(roost: Repository) -> None:
    """Whoever the rules refuse, in view of those before them, is told so; the others are recorded."""
    nest(roost, "taken")
    held = Held(Steps())
    roost.fault = held
    refused: list[BaseException] = []

    def tried(name: str) -> None:
        try:
            nest(roost, name)
        except RefusedError as error:
            refused.append(error)

    threads = [
        threading.Thread(target=tried, args=(name,)) for name in ("first", "second", "second", "third")
    ]
    for place, thread in enumerate(threads):
        thread.start()
        if place == 0:
            assert held.reached.wait(30)
        else:
            wait_until(lambda place=place: len(roost._line._waiting) == place)
    held.go_on.set()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert roost.state().seq == 5
    assert verify(roost).failure is None


def test_whoever_waits_too_long_is_told(roost: Repository) -> None:
    """And nothing of theirs is recorded later."""
    held = Held(Steps())
    roost.fault = held
    roost._lock_seconds = 0.05
    first = threading.Thread(target=nest, args=(roost, "first"))
    first.start()
    assert held.reached.wait(30)
    with pytest.raises(BusyError):
        nest(roost, "late")
    held.go_on.set()
    first.join()
    nest(roost, "next")
    assert roost.state().seq == 3


def test_a_bug_in_one_decision_is_its_own(roost: Repository) -> None:
    """What a decision raises, whatever it is, is raised to who asked, and the commons goes on."""

    def broken(_state: Commons | None, _change: Change, _at: int) -> Draft:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        roost.act(broken)
    nest(roost, "next")
    assert roost.state().seq == 2

"""Attacks on the log itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as with_fields

from governance.errors import RefusedError
from governance.events import Event
from governance.replay import fold
from tests.support.lived import lived
from tests.support.switching import without_refusal


def rewritten() -> list[Event]:
    """The log with one ballot turned round, and everything after it as it was."""
    events = list(lived())
    cast = [index for index, event in enumerate(events) if event.type == "ballot_cast"]
    at = next(index for index in cast if events[index].payload.choice == "no")  # type: ignore[attr-defined]
    events[at] = replace(events[at], payload=with_fields(events[at].payload, choice="yes"))
    return events


def test_log_rewritten() -> None:
    """An event that was changed does not fit what follows it."""
    with pytest.raises(RefusedError, match="`prev` is not the digest of the event before"):
        fold(rewritten())


def test_log_rewritten_succeeds_without() -> None:
    """Without the chain, it is stopped by the count alone; without that as well, by nothing."""
    with (
        without_refusal("`prev` is not the digest"),
        pytest.raises(RefusedError, match="the tally is not the one"),
    ):
        fold(rewritten())
    with without_refusal("`prev` is not the digest", "the tally is not the one"):
        assert fold(rewritten()) is not None


@pytest.mark.parametrize("gap", [1, 40, 90])
def test_events_left_out(gap: int) -> None:
    """A log that lacks an event stops there."""
    events = list(lived())
    with pytest.raises(RefusedError, match=f"number {gap + 2} does not follow {gap}"):
        fold(events[:gap] + events[gap + 1 :])

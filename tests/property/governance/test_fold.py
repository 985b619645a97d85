"""Properties of logs: how they fold, and that nothing in one can be changed, dropped or moved unseen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from governance.commons import Commons
from governance.errors import MalformedEventError, RefusedError
from governance.events import Draft, Event, decode_event, encode_event, event_digest
from governance.minutes import sentence
from governance.payloads import payload_json
from governance.replay import apply, fold
from policies.canonical import canonical_bytes
from tests.unit.governance.history import (
    MAIN,
    RUNS,
    after,
    confirming,
    founding,
    importing,
    nesting,
    publishing,
    release,
    reporting,
    running,
)

SLUGS = ("spam", "scams", "hate-speech")


@st.composite
def logs(draw: st.DrawFn, *, least: int = 1) -> list[Event]:
    """A log of up to fourteen events, each allowed where it stands."""
    state, event = after(None, founding())
    events = [event]
    number = 1000
    for _ in range(draw(st.integers(least - 1, 13))):
        number += 10
        draft = draw(st.sampled_from(_possible(state, number)))
        state, event = after(state, draft, at=state.at + draw(st.integers(0, 10**6)))
        events.append(event)
    return events


def _possible(state: Commons, number: int) -> list[Draft]:
    main = int(state.refs[MAIN], 16)
    runs = state.refs.get(RUNS)
    drafts = [confirming(now=number + 10**10), nesting(f"roost/child-{number}")]
    for slug in SLUGS:
        policy = state.policies.get(slug)
        version = f"1.{len(policy.releases) if policy else 0}.0"
        made = release(slug, version, commit=number + 1, tag=number + 2, content=number)
        drafts.append(publishing(made, main=main))
        drafts.append(importing(made, main=main, commits=(number, number + 1)))
        if policy:
            content = int(policy.latest.content, 16)
            old = int(runs, 16) if runs else None
            drafts.append(running(slug, old=old, commit=number + 3, content=content))
            drafts.append(reporting(slug, content=content))
    return drafts


@given(logs())
def test_step_by_step_equals_from_scratch(events: list[Event]) -> None:
    """A state built one event at a time equals the one folded from the whole log, at every length."""
    state: Commons | None = None
    for count, event in enumerate(events, 1):
        state = apply(state, event, event_digest(encode_event(event)))
        assert state == fold(events[:count])
        assert state.seq == count


@given(logs(), st.data())
def test_a_prefix_goes_on(events: list[Event], data: st.DataObject) -> None:
    """From the state at any point on, the rest of the log gives the same end."""
    cut = data.draw(st.integers(1, len(events)))
    state = fold(events[:cut])
    for event in events[cut:]:
        state = apply(state, event, event_digest(encode_event(event)))
    assert state == fold(events)


@given(logs())
def test_reading_back(events: list[Event]) -> None:
    """Every event reads back from its bytes as itself, and has one line in the minutes."""
    assert [decode_event(encode_event(event)) for event in events] == events
    assert all("\n" not in sentence(event) and not sentence(event).endswith(".") for event in events)


@given(logs())
def test_bytes_are_canonical(events: list[Event]) -> None:
    """The fast encoder gives the canonical form of `policies.canonical`, byte for byte."""
    for event in events:
        value = {
            "v": 1,
            "seq": event.seq,
            "type": event.type,
            "at": event.at,
            "actor": event.actor,
            "charter": event.charter,
            "payload": payload_json(event.payload),
            "moves": [{"ref": move.ref, "old": move.old, "new": move.new} for move in event.moves],
            "prev": event.prev,
            "key": event.key,
        }
        assert encode_event(event) == canonical_bytes(value)


@given(logs(least=3), st.data())
def test_dropped_event(events: list[Event], data: st.DataObject) -> None:
    """A log that lacks an event in its middle does not fold."""
    gap = data.draw(st.integers(0, len(events) - 2))
    assert _refused(events[:gap] + events[gap + 1 :])


@given(logs(least=3), st.data())
def test_swapped_events(events: list[Event], data: st.DataObject) -> None:
    """A log with two events in the other order does not fold."""
    at = data.draw(st.integers(0, len(events) - 2))
    assert _refused([*events[:at], events[at + 1], events[at], *events[at + 2 :]])


@given(logs(least=3), st.data())
def test_changed_event(events: list[Event], data: st.DataObject) -> None:
    """An event that was changed in any way does not fit what follows it."""
    at = data.draw(st.integers(0, len(events) - 2))
    assert _refused([*events[:at], replace(events[at], at=events[at].at + 1), *events[at + 1 :]])


@given(logs(), st.data())
def test_changed_byte(events: list[Event], data: st.DataObject) -> None:
    """Bytes with one of them changed are refused, or are another event's with another digest."""
    raw = encode_event(data.draw(st.sampled_from(events)))
    place = data.draw(st.integers(0, len(raw) - 1))
    other = bytes([data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]))])
    spoilt = raw[:place] + other + raw[place + 1 :]
    try:
        read = decode_event(spoilt)
    except MalformedEventError:
        return
    assert encode_event(read) == spoilt
    assert event_digest(spoilt) != event_digest(raw)


@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    """Whatever bytes are read, they are an event or are refused by name."""
    try:
        read = decode_event(raw)
    except MalformedEventError:
        return
    assert encode_event(read) == raw


def _refused(events: list[Event]) -> bool:
    try:
        fold(events)
    except RefusedError:
        return True
    return False

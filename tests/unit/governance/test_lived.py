"""A commons that has lived through everything: one log with an event of every type."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from governance.events import decode_event, encode_event, event_digest
from governance.minutes import SENTENCES, sentence
from governance.moves import MOVABLE
from governance.payloads import TYPES, payload_json, read_payload
from governance.replay import apply, fold
from tests.support.lived import lived

GOLDEN = Path(__file__).parent / "golden"
FIRST_OF_EACH = {event.type: event for event in reversed(lived())}


def test_every_type() -> None:
    """It holds every type of event; each has its refs and its sentence."""
    assert {event.type for event in lived()} == TYPES.keys() == MOVABLE.keys() == SENTENCES.keys()


def test_golden_bytes() -> None:
    """Every event has the bytes that it had when it was first written, and reads back as itself."""
    raw = (GOLDEN / "lived.jsonl").read_bytes().splitlines()
    assert [encode_event(event) for event in lived()] == raw
    assert [decode_event(line) for line in raw] == list(lived())


def test_golden_minutes() -> None:
    """Every event has the sentence that it had: wording is part of a commit's id."""
    said = [f"{event.seq} {event.type}: {sentence(event)}" for event in lived()]
    assert said == (GOLDEN / "lived.minutes.txt").read_text("utf-8").splitlines()


def test_sentences_are_lines() -> None:
    """A sentence is one line without a full stop, and holds nothing but facts of its event."""
    for event in lived():
        said = sentence(event)
        assert said == said.strip()
        assert "\n" not in said
        assert not said.endswith(".")


@pytest.mark.parametrize("type_", TYPES)
def test_payload_there_and_back(type_: str) -> None:
    """A payload's plain JSON leaves out what says nothing, and reads back as the same payload."""
    payload = FIRST_OF_EACH[type_].payload
    plain = payload_json(payload)
    assert isinstance(plain, dict)
    assert all(value not in (None, [], (), {}) for value in plain.values())
    assert read_payload(type_, msgspec.json.encode(plain)) == payload


def test_step_by_step() -> None:
    """A state built event by event equals the one folded from the log as it is read."""
    state = None
    for event in lived():
        state = apply(state, event, event_digest(encode_event(event)))
    assert state == fold(decode_event(encode_event(event)) for event in lived())


def test_nothing_is_owed() -> None:
    """All that fell due in it was recorded."""
    state = fold(lived())
    assert state is not None
    assert not state.agenda or state.agenda[0].at > state.at

"""The envelope and its one canonical form."""

from __future__ import annotations

from pathlib import Path

import pytest

from governance.errors import MalformedEventError
from governance.events import MAX_EVENT_BYTES, decode_event, encode_event, event_digest, place
from policies.canonical import sha256_hex
from tests.unit.governance.history import START, history, oid, running, sha

GOLDEN = Path(__file__).parent / "golden"
EVENTS = {event.type: event for event in history()}


def golden(type_: str) -> bytes:
    return (GOLDEN / f"{type_}.json").read_bytes().removesuffix(b"\n")


@pytest.mark.parametrize("type_", EVENTS)
def test_golden_bytes(type_: str) -> None:
    """Each type of the record has the bytes it had when it was first written, and reads back equal."""
    assert encode_event(EVENTS[type_]) == golden(type_)
    assert decode_event(golden(type_)) == EVENTS[type_]


def test_digest() -> None:
    """An event's digest is the SHA-256 of its bytes, and the next event's `prev`."""
    first, second, *_ = history()
    assert event_digest(encode_event(first)) == sha256_hex(golden("founded")) == second.prev


FOUNDED = golden("founded")
SPOILT = {
    "unknown type": (FOUNDED.replace(b'"founded"', b'"crowned"'), "type", "'crowned' is not one of founded,"),
    "unknown field": (FOUNDED.replace(b'"v":1', b'"v":1,"x":1'), "event.json", "unknown field `x`"),
    "unknown payload field": (
        FOUNDED.replace(b'"founder":"ana"', b'"founder":"ana","mood":"good"'),
        "payload",
        "unknown field `mood`",
    ),
    "missing field": (FOUNDED.replace(b'"key":null,', b""), "event.json", "missing required field `key`"),
    "float": (FOUNDED.replace(b"1767225600", b"1767225600.0"), "event.json", "Expected `int`, got `float`"),
    "exponent": (FOUNDED.replace(b'"seq":1', b'"seq":1e0'), "event.json", "Expected `int`, got `float`"),
    "negative number": (FOUNDED.replace(b'"seq":1', b'"seq":-1'), "event.json", ">= 0"),
    "year 10000": (FOUNDED.replace(b"1767225600", b"253402300800"), "event.json", "<= 253402300799"),
    "another format": (FOUNDED.replace(b'"v":1', b'"v":2'), "v", "format 2 is not known"),
    "wrong order": (
        FOUNDED.replace(b'"key":null,', b"").replace(b"{", b'{"key":null,', 1),
        "event.json",
        "not the canonical form",
    ),
    "white space": (FOUNDED.replace(b",", b", ", 1), "event.json", "not the canonical form"),
    "new line at the end": (FOUNDED + b"\n", "event.json", "not the canonical form"),
    "escaped spelling": (
        FOUNDED.replace(b'"roost"', b'"ro\\u006fst"'),
        "event.json",
        "not the canonical form",
    ),
    "the same field twice": (
        FOUNDED.replace(b'"seq":1', b'"seq":1,"seq":1'),
        "event.json",
        "not the canonical form",
    ),
    "default spelt out": (
        FOUNDED.replace(b'"preset"', b'"parent":null,"preset"'),
        "event.json",
        "not the canonical form",
    ),
    "trailing value": (FOUNDED + b"{}", "event.json", "malformed"),
    "byte-order mark": (b"\xef\xbb\xbf" + FOUNDED, "event.json", "malformed"),
    "not UTF-8": (FOUNDED.replace(b"roost", b"ro\xffst"), "payload", "utf-8"),
    "lone surrogate": (FOUNDED.replace(b'"roost"', b'"\\ud800"'), "event.json", "malformed"),
    "array": (b"[]", "event.json", "Expected `object`, got `array`"),
    "empty": (b"", "event.json", "truncated"),
    "nested too deeply": (
        FOUNDED.replace(b'"roost"', b"[" * 100_000 + b"]" * 100_000),
        "event.json",
        "recursion",
    ),
    "upper-case handle": (FOUNDED.replace(b'"actor":"ana"', b'"actor":"Ana"'), "event.json", "$.actor"),
    "handle over two lines": (
        FOUNDED.replace(b'"actor":"ana"', b'"actor":"ana\\n"'),
        "event.json",
        "$.actor",
    ),
    "the id that means none": (FOUNDED.replace(oid(1).encode(), oid(0).encode()), "event.json", "$.moves"),
    "too long": (FOUNDED + b" " * MAX_EVENT_BYTES, "event.json", "is over the limit of 8388608"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_refused(name: str) -> None:
    """Bytes that are not the canonical form of a known event are refused with the place and the rule."""
    raw, place_, rule = SPOILT[name]
    assert raw != FOUNDED
    with pytest.raises(MalformedEventError) as refused:
        decode_event(raw)
    assert refused.value.place == place_
    assert rule.lower() in refused.value.rule.lower()


def test_place() -> None:
    """A draft gets its number, time, charter and link from where it is placed."""
    draft = running()
    event = place(draft, seq=7, at=START, charter=oid(9), prev=sha(8))
    assert (event.seq, event.at, event.charter, event.prev) == (7, START, oid(9), sha(8))
    assert (event.type, event.actor, event.payload, event.moves) == (
        "run_recorded",
        "ana",
        draft.payload,
        draft.moves,
    )

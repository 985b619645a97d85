"""A log from before anybody decided together still folds to what it did then.

`golden/old/` was written by the program at commit 8edc7c2 (`tests/support/year.py`): its events, and what its
own fold and minutes made of them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from immutables import Map

from governance.events import decode_event, encode_event
from governance.minutes import sentence
from governance.replay import fold

OLD = Path(__file__).parent / "golden" / "old"
RAW = (OLD / "log.jsonl").read_bytes().splitlines()
THEN = json.loads((OLD / "state.json").read_text("utf-8"))


def test_bytes() -> None:
    """Every event reads, and has the same bytes again."""
    assert [encode_event(decode_event(raw)) for raw in RAW] == RAW


def test_minutes() -> None:
    """Every sentence is as it was: it is part of its commit's id."""
    assert [sentence(decode_event(raw)) for raw in RAW] == THEN["minutes"]


@pytest.mark.parametrize("field", THEN["state"])
def test_state(field: str) -> None:
    """Each part of the state that there was is as it was."""
    state = fold(map(decode_event, RAW))
    assert plain(getattr(state, field)) == THEN["state"][field]


def test_who_belongs() -> None:
    """Its founder is its one member, and nothing waits."""
    state = fold(map(decode_event, RAW))
    assert state is not None
    assert list(state.people.members) == [state.founder]
    assert (state.registry, state.agenda, state.proposals) == (None, (), Map())


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, Map):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    return value
